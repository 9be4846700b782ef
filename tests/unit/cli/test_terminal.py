"""What differs between a terminal and a pipe: colour and progress, nothing else."""

import os
import pty
import re
import subprocess

from alone import COMMAND

WORDS = [*COMMAND, "check", "sample", "--report"]


def read(handle):
    pieces = []
    while True:
        try:
            piece = os.read(handle, 65536)
        except OSError:  # the other end of a pseudo-terminal is closed
            break
        if not piece:
            break
        pieces.append(piece)
    os.close(handle)
    return b"".join(pieces).decode()


def run_on_a_terminal(command, **environment):
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", **environment}
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment) as done:
        os.close(theirs)
        shown = read(ours)
    assert done.returncode == 0
    return shown


def test_a_terminal_gets_colour_and_progress(tmp_path):
    shown = run_on_a_terminal([*WORDS, str(tmp_path)])
    assert "\x1b[" in shown
    assert "checking sample" in shown


def test_no_color_is_respected(tmp_path):
    shown = run_on_a_terminal([*WORDS, str(tmp_path)], NO_COLOR="1")
    assert re.search("\x1b\\[[0-9;]*3[0-9]m", shown) is None


def test_a_pipe_gets_plain_text_and_no_progress(tmp_path):
    done = subprocess.run([*WORDS, str(tmp_path)], capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0
    assert done.stderr == ""
    assert "\x1b" not in done.stdout
    assert "checking sample" not in done.stdout
