"""What a gate reads before its command may start: whatever only a judge or a rare request needs comes later."""

import os
import subprocess
import sys

import pytest

LATER = (
    "importlib.metadata",  # looks through every installed distribution
    "jsonschema_rs",
    "jsonpatch",
    "http.client",
    "sqlite3",
    "trustme",  # another process makes the certificates meanwhile
    "cryptography",
    "export_contracts.targets.target",
    "export_contracts.judge",
    "export_contracts.catalogue.clauses",
    "export_contracts.checks",
    "export_contracts.report",
)
OPEN = """
import sys
from export_contracts.cli.main import main
from export_contracts.gate import passage

def started(*_args, **_options):
    print(*sys.modules)
    raise SystemExit

passage.run = started
main(["gate", sys.argv[1], "--", "true"])
"""


@pytest.mark.parametrize("vendor", ["adobe", "apsis", "bloomreach", "braze"])
def test_a_command_does_not_wait_for_what_judges_it(vendor, tmp_path):
    command = [sys.executable, "-S", "-c", OPEN, vendor]
    paths = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}  # without -S, site may import some of them
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, cwd=tmp_path, env=paths)
    read = done.stdout.split()
    assert f"export_contracts.vendors.{vendor}.reference" in read, done.stderr
    assert [one for one in LATER if one in read] == []
    assert [one for one in read if one.startswith(f"export_contracts.vendors.{vendor}.checks")] == []
