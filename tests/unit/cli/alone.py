"""The command as a process of its own, with the made-up vendor alone."""

import sys
from pathlib import Path

CODE = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent.parent)!r})
from export_contracts.catalogue import plugins
plugins._packages = lambda: {{"sample": "sample_vendor"}}
from export_contracts.cli.main import main
sys.exit(main())
"""
COMMAND = [sys.executable, "-c", CODE]
