"""The command against servers of its own: known deviations end to end, and Ctrl-C in the middle of a run."""

import json
import signal
import socket
import subprocess
import time

import pytest
from alone import COMMAND
from test_serve import serving

TARGET = """
vendor = "sample"
url = "{url}"
[ids]
list_id = "list-1"
[secrets]
token = "canary-token"
[[deviations]]
clause = "{clause}"
reason = "ticket 5"
until = {until}
"""


@pytest.mark.parametrize(
    ("clause", "until", "code", "state"),
    [
        ("SMP-001", "2999-01-31", 0, "tolerated"),
        ("SMP-001", "2020-01-31", 1, "past"),
        ("SMP-002", "2999-01-31", 1, "over"),
    ],
)
def test_known_deviations(tmp_path, clause, until, code, state):
    with serving("sample", "--mutant", "SMP-001:omits-id", "--json") as server:
        url = json.loads(server.stdout.readline())["vendors"]["sample"]["url"]
        (tmp_path / "target.toml").write_text(TARGET.format(url=url, clause=clause, until=until))
        words = [*COMMAND, "check", "sample", "--target", "target.toml", "--json"]
        done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
    results = json.loads(done.stdout)
    assert (done.returncode, [one["state"] for one in results["deviations"]]) == (code, [state])
    assert "canary-token" not in done.stdout


def test_ctrl_c_leaves_the_partial_report_at_once(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        words = [
            *COMMAND,
            "check",
            "sample",
            "--url",
            url,
            "--token",
            "canary-token",
            "--list-id",
            "1",
            "--report",
            "r",
        ]
        silent.settimeout(300)
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        with subprocess.Popen(words, cwd=tmp_path, **pipes) as run, silent.accept()[0]:
            time.sleep(0.2)
            run.send_signal(signal.SIGINT)
            started = time.monotonic()
            out, err = run.communicate()
    assert time.monotonic() - started < 25  # one silent answer alone would have taken 30
    assert (run.returncode, err) == (3, "")
    assert "interrupted" in out
    assert json.loads((tmp_path / "r" / "results.json").read_text())["footer"]["complete"] is False
