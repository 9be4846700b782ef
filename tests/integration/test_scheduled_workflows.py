"""The nightly workflows that README shows, run by a shell as they stand: each tells a change once."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from export_contracts.catalogue import contract as contracts
from export_contracts.cli.main import main
from export_contracts.drift import sides
from export_contracts.resources import cassettes

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
NIGHT = README[README.index("### Every night") : README.index("## Verify a delivery")]
BLOCKS = re.findall(r"```(?:yaml|sh)?\n(.*?)```", NIGHT, re.DOTALL)
GITHUB, GITLAB, CRON = (
    next(one for one in BLOCKS if word in one) for word in ("runs-on", "artifacts", "17 3 * * * cd")
)

TOOL = """#!/bin/sh
[ "$*" = "$(cat asked)" ] || exit 64
cat drift.told
exit "$(cat drift.code)"
"""
"""Says what the real command said when it was asked the same, and starts faster."""
GH = """#!/bin/sh
case "$1 $2" in
  "issue list") cat issues.md 2>/dev/null ;;
  "issue create") while [ "$1" != --body-file ]; do shift; done; cat "$2" >> issues.md; echo issue >> told.log ;;
esac
"""
MAIL = "#!/bin/sh\ncat >> mails.md; echo mail >> told.log\n"
QUIET = "#!/bin/sh\nexit 0\n"


@pytest.fixture(scope="module")
def night():
    """(a recording, its shape) as a baseline."""
    file = cassettes() / "braze" / "reference-second_export.yaml"
    return file, sides.load(contracts.load("braze"), str(file)).shape


@pytest.fixture
def room(tmp_path, night):
    """A folder with the recording of the night, and the programs that the steps call."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, text in (("export-contracts", TOOL), ("gh", GH), ("mail", MAIL),
                       ("pipx", QUIET), ("pip", QUIET)):  # fmt: skip
        (programs / name).write_text(text, encoding="utf-8")
        (programs / name).chmod(0o755)
    (tmp_path / "night.yaml").write_bytes(night[0].read_bytes())
    return tmp_path


def baseline(room, shape, capsys, *, words=(), limit=None):
    """Let the night be compared with a baseline as it was, or one that makes it a drift. `words`: what a step asks."""
    changed = json.loads(json.dumps(shape))
    if limit is not None:
        changed["limits"] = {"x-ratelimit-limit": [limit]}
    (room / "braze.shape.json").write_text(json.dumps(changed), encoding="utf-8")
    asked = [str(room / one) if "." in one else one for one in words]
    code = main([one.replace("live.toml", "night.yaml") for one in asked if one != "--live"])
    (room / "drift.told").write_text(capsys.readouterr().out, encoding="utf-8")
    (room / "drift.code").write_text(str(code), encoding="utf-8")
    (room / "asked").write_text(" ".join(words), encoding="utf-8")


def run(room, script, **more):
    paths = f"{room / 'bin'}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PATH": paths, **more}
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", script], cwd=room, env=env, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stderr


def github(room):
    """One run of the job, step after step."""
    output = room / "output"
    output.write_text("", encoding="utf-8")
    for step in yaml.safe_load(GITHUB)["jobs"]["drift"]["steps"]:
        told = dict(re.findall(r"(\w+)=(.*)", output.read_text(encoding="utf-8")))
        wanted = re.fullmatch(r"steps\.drift\.outputs\.code == '(\d)'", step.get("if", ""))
        if "run" in step and (wanted is None or told.get("code") == wanted[1]):
            code, said = run(room, step["run"], GITHUB_OUTPUT=str(output))
            assert code == 0, said


def cron(room):
    """One night of the script."""
    return run(room, CRON.partition("# nightly.sh\n")[2])[0]


def told(room):
    log = room / "told.log"
    return len(log.read_text(encoding="utf-8").split()) if log.exists() else 0


ASKED = "drift braze braze.shape.json live.toml --live --fail-on breaking"


@pytest.mark.parametrize("nightly", [github, cron])
def test_a_change_is_told_once_and_another_one_too(room, night, nightly, capsys):
    counts = []
    for limit in (None, 9_999_999, 9_999_999, None, 9_999_999, 8_888_888):
        baseline(room, night[1], capsys, words=[*ASKED.split(), "--markdown"], limit=limit)
        nightly(room)
        counts.append(told(room))
    assert counts == [0, 1, 1, 1, 1, 2]


def test_gitlab_shows_each_change_as_a_failed_test(room, night, capsys):
    from junitparser import JUnitXml

    script = "\n".join(yaml.safe_load(GITLAB)["drift"]["script"])
    words = [*ASKED.split(), "--junit", "drift.xml"]
    baseline(room, night[1], capsys, words=words)
    assert run(room, script)[0] == 0
    baseline(room, night[1], capsys, words=words, limit=9_999_999)
    assert run(room, script)[0] == 1
    suite = next(iter([JUnitXml.fromfile(str(room / "drift.xml"))]))
    assert (suite.tests, suite.failures) == (1, 1)


@pytest.mark.parametrize("code", [2, 3])
def test_trouble_of_ours_is_told_as_trouble_and_opens_nothing(room, night, capsys, code):
    baseline(room, night[1], capsys, words=[*ASKED.split(), "--markdown"])
    (room / "drift.code").write_text(str(code), encoding="utf-8")
    assert cron(room) == code
    step = next(one for one in yaml.safe_load(GITHUB)["jobs"]["drift"]["steps"] if one.get("id") == "drift")
    assert run(room, step["run"], GITHUB_OUTPUT=str(room / "output"))[0] == code
    assert told(room) == 0
