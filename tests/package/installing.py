"""Commands run as strangers run them: in a process of their own, away from the checkout."""

import os
import subprocess
from pathlib import Path

CHECKOUT = Path(__file__).parent.parent.parent


def run(*words, **more):
    """Output of a command that has to succeed."""
    done = subprocess.run(
        [str(word) for word in words], capture_output=True, text=True, check=False, timeout=600, **more
    )
    assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def environment(**more):
    """This process's environment without whatever leads back to the checkout."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "EXPORT_CONTRACTS_"))}
    return {**kept, **more}
