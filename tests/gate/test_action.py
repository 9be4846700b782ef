"""The GitHub Action's steps, run as the shell scripts that they are."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from export_contracts.catalogue import strict_yaml

ACTION = Path(__file__).parents[2] / ".github/actions/gate/action.yml"
SEND = """
import json, os, sys, urllib.request
env = lambda name: os.environ["EXPORT_CONTRACTS_BRAZE_" + name]
body = {"segment_id": env("SEGMENT_ID"), "fields_to_export": ["email"], "output_format": sys.argv[1]}
headers = {"Authorization": "Bearer " + env("TOKEN"), "Content-Type": "application/json"}
request = urllib.request.Request(env("URL") + "/users/export/segment", json.dumps(body).encode(), headers)
try:
    urllib.request.urlopen(request)
except urllib.error.HTTPError:
    pass
"""


@pytest.fixture
def steps(tmp_path):
    """Runs a step by name; `export-contracts` is this checkout's, found on the PATH."""
    tools = tmp_path / "bin"
    tools.mkdir()
    main = "import sys; from export_contracts.cli.main import main; sys.exit(main())"
    command = tools / "export-contracts"
    command.write_text(f"#!/bin/sh\nexec '{sys.executable}' -c '{main}' \"$@\"\n")
    command.chmod(0o755)
    action = strict_yaml.load(ACTION)

    def run(name, **inputs):
        step = next(one for one in action["runs"]["steps"] if one["name"] == name)
        given = {key: one.get("default", "") for key, one in action["inputs"].items()} | inputs
        told = {key: given.get(key.lower(), "") for key in step["env"]}
        environment = {**os.environ, **told, "PATH": f"{tools}:{os.environ['PATH']}"}
        environment["GITHUB_STEP_SUMMARY"] = str(tmp_path / "summary.md")
        words = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        return subprocess.run(
            words, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False
        )

    return run


@pytest.mark.parametrize(("form", "code"), [("zip", 0), ("csv", 1)])
def test_the_steps_gate_a_command_and_leave_a_summary(steps, tmp_path, form, code):
    script = tmp_path / "client.py"
    script.write_text(SEND)
    assert steps("Install").returncode == 0
    done = steps("Gate", vendor="braze", command=f"'{sys.executable}' client.py {form}")
    assert done.returncode == code, done.stdout + done.stderr
    results = json.loads((tmp_path / "export-contracts-report/results.json").read_text())
    assert results["requests"][0]["verdict"] == ("fail" if code else "pass")
    assert steps("Summary").returncode == 0
    assert "Braze" in (tmp_path / "summary.md").read_text()
