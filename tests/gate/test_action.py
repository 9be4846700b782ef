"""The GitHub Action's steps and the README's job for GitLab, run as the shell scripts that they are."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from export_contracts.catalogue import strict_yaml

ACTION = Path(__file__).parents[2] / ".github/actions/gate/action.yml"
README = ACTION.parents[3] / "README.md"
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


def tool(folder, name, line):
    """A program of that name, in a folder for the PATH."""
    program = folder / name
    program.write_text(f"#!/bin/sh\n{line}\n")
    program.chmod(0o755)


@pytest.fixture
def tools(tmp_path):
    """A folder for the PATH in which `export-contracts` is this checkout's."""
    folder = tmp_path / "bin"
    folder.mkdir()
    main = "import sys; from export_contracts.cli.main import main; sys.exit(main())"
    tool(folder, "export-contracts", f"exec '{sys.executable}' -c '{main}' \"$@\"")
    return folder


@pytest.fixture
def steps(tmp_path, tools):
    """Runs a step by name."""
    action = strict_yaml.load(ACTION)

    def run(name, **inputs):
        step = next(one for one in action["runs"]["steps"] if one["name"] == name)
        given = {key: one.get("default", "") for key, one in action["inputs"].items()} | inputs
        told = {key: given.get(key.lower(), "") for key in step["env"]}
        environment = {**os.environ, **told, "PATH": f"{tools}:{os.environ['PATH']}"}
        environment["GITHUB_STEP_SUMMARY"] = str(tmp_path / "summary.md")
        words = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        return subprocess.run(
            words, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300, check=False
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


def gitlab_job():
    """The README's job for GitLab, as YAML reads it."""
    blocks = README.read_text(encoding="utf-8").split("```yaml\n")[1:]
    jobs = [strict_yaml.parse(one.partition("```")[0], name="README.md") for one in blocks]
    return next(one["contracts"] for one in jobs if isinstance(one, dict) and "contracts" in one)


@pytest.mark.parametrize(("form", "code"), [("zip", 0), ("csv", 1)])
def test_the_job_for_gitlab_gates_and_leaves_what_it_promises(tools, tmp_path, form, code):
    (tmp_path / "client.py").write_text(SEND)
    tool(tools, "pip", 'echo "pip $*"')
    tool(tools, "npm", f"exec '{sys.executable}' client.py {form}")
    job = gitlab_job()
    done = subprocess.run(
        ["sh", "-e", "-c", "\n".join(job["script"])],
        cwd=tmp_path,
        env={**os.environ, "PATH": f"{tools}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert "pip install export-contracts" in done.stdout
    assert all((tmp_path / one).is_dir() for one in job["artifacts"]["paths"])
    suite = ET.parse(tmp_path / job["artifacts"]["reports"]["junit"]).getroot()
    assert bool(list(suite.iter("failure"))) is bool(code)
