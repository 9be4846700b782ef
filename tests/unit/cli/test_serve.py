"""`serve` as a process of its own: tells where it is, serves, checks itself by the line it prints, ends cleanly."""

import json
import os
import shlex
import signal
import subprocess
from contextlib import contextmanager

from alone import COMMAND


@contextmanager
def serving(*words):
    command = [*COMMAND, "serve", *words, "--port", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield server
    finally:
        server.send_signal(signal.SIGTERM)
        out, err = server.communicate(timeout=60)
        assert err == "", out


def test_json_says_where_it_is():
    with serving("sample", "--json") as server:
        said = json.loads(server.stdout.readline())
        assert said["vendors"]["sample"]["url"].startswith("http://127.0.0.1:")
        assert said["control"].startswith("http://127.0.0.1:")
        assert "list_id" in said["vendors"]["sample"]["settings"]
    assert server.returncode == 0  # told to end by the very next thing it hears


def test_the_line_it_prints_checks_it(tmp_path):
    with serving("sample") as server:
        lines = [server.stdout.readline() for _ in range(4)]
        words = shlex.split(lines[-1])
        assert words[:3] == ["export-contracts", "check", "sample"]
        checked = subprocess.run(
            [*COMMAND, *words[1:], "--json"],
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
            cwd=tmp_path,
            env={**os.environ, "NO_PROXY": "*"},
        )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert json.loads(checked.stdout)["runs"][0]["origin"] == "live"


def test_a_port_in_use_is_one_sentence(run):
    with serving("sample", "--json") as server:
        port = json.loads(server.stdout.readline())["vendors"]["sample"]["url"].rpartition(":")[2]
        code, _, err = run("serve", "sample", "--port", port)
    assert code == 2
    assert f"Port {port} of 127.0.0.1 cannot be listened at" in err
