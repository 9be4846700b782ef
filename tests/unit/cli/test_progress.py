from __future__ import annotations

import io
import sys
import threading

from export_contracts.cli import progress as module
from export_contracts.cli.progress import progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def terminal(monkeypatch):
    """Stderr from here on; in a fixture it would be pytest's again by the time of the test."""
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(module, "PERIOD", 0.0)
    return stream


def test_a_terminal_is_told_what_was_done_last(monkeypatch):
    stream = terminal(monkeypatch)
    with progress("verifying", threads=False) as say:
        say("3 of [4] files")
    assert "verifying: 3 of [4] files" in stream.getvalue()


def test_without_threads_this_process_may_fork(monkeypatch):
    terminal(monkeypatch)
    before = threading.active_count()
    with progress("verifying", threads=False) as say:
        say("half")
        assert threading.active_count() == before
    with progress("checking"):
        assert threading.active_count() == before + 1


def test_a_pipe_is_told_nothing(monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    with progress("verifying", threads=False) as say:
        say("half")
    assert stream.getvalue() == ""
