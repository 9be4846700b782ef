from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from export_contracts.errors import UsageError
from export_contracts.gate.command import Ended, Stopped, run, terminable, undisturbed


def test_exit_code_and_variables_pass_through():
    ended = run([sys.executable, "-c", "import os, sys; sys.exit(int(os.environ['CODE']))"], {"CODE": "7"}, 20)
    assert ended.code == 7
    assert ended.sentence == "the command exited with 7"


def test_a_command_that_does_not_exist_is_a_usage_error():
    with pytest.raises(UsageError, match=r"'no-such-command' was not found"):
        run(["no-such-command"], {}, 5)


def test_a_command_that_never_ends_is_stopped_with_its_children(tmp_path):
    script = f"sleep 600 & echo $! > {tmp_path}/child; wait"
    started = time.monotonic()
    ended = run(["sh", "-c", script], {}, 1.5)
    assert ended.timed_out
    assert time.monotonic() - started < 10
    child = int((tmp_path / "child").read_text())
    command = Path(f"/proc/{child}/cmdline")
    assert not command.exists() or b"sleep" not in command.read_bytes()


def test_a_command_that_is_killed_is_told_of():
    ended = run(["sh", "-c", "kill -9 $$"], {}, 10)
    assert ended.sentence == "the command was ended by SIGKILL"


def test_a_signal_without_a_name_has_its_number():
    assert Ended(-35).sentence == "the command was ended by signal 35"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_heard_while_the_command_starts_leaves_nothing_behind(monkeypatch, number):
    started = []

    class Hurried(subprocess.Popen):
        def __init__(self, *words, **options):
            super().__init__(*words, **options)
            started.append(self)
            signal.raise_signal(number)

    monkeypatch.setattr(subprocess, "Popen", Hurried)
    with terminable(), pytest.raises((KeyboardInterrupt, Stopped)):
        run(["sleep", "600"], {})
    ended = started[0].poll()
    started[0].kill()  # where it was left behind, it shall not spoil the next test, too
    started[0].wait()
    assert ended is not None


def test_a_signal_that_nohup_ignores_stays_ignored():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with terminable(), undisturbed():
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def disturbed(done, error=None):
    with undisturbed():
        signal.raise_signal(signal.SIGINT)
        done.append("cleaned")
        if error is not None:
            raise error


def test_a_signal_is_heard_when_what_must_not_be_disturbed_is_done():
    done, before = [], signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        disturbed(done)
    assert done == ["cleaned"]
    assert signal.getsignal(signal.SIGINT) is before


def test_what_went_wrong_is_not_replaced_by_a_signal():
    with pytest.raises(ValueError, match="first"):
        disturbed([], ValueError("first"))
