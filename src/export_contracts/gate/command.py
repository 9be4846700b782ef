"""Runs the command under the gate in a process group of its own, and leaves none of it behind."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import FrameType
from typing import Any

from export_contracts.errors import EngineError, UsageError

GRACE_SECONDS = 3.0
STOPPING = tuple(getattr(signal, one) for one in ("SIGTERM", "SIGHUP") if hasattr(signal, one))
"""Signals by which a gate is told to stop, besides the user's own Ctrl-C."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How the command ended: its exit code, negative for a signal, and whether we had to stop it."""

    code: int
    timed_out: bool = False

    @property
    def sentence(self) -> str:
        """One sentence for a report."""
        if self.timed_out:
            return "the command did not end in time and was stopped"
        if self.code < 0:
            return f"the command was ended by {_name(-self.code)}"
        return f"the command exited with {self.code}"


def _name(number: int) -> str:
    """What a signal is called; those for real time have numbers only."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def run(
    command: Sequence[str], variables: Mapping[str, str], timeout: float | None = None, *, quiet: bool = False
) -> Ended:
    """Run `command` with `variables` added to our environment; its output is the user's to see.

    `quiet` sends all of it to stderr, for when stdout carries a document.

    Raises UsageError where it cannot be started. An interruption stops the whole group first.
    """
    with _group(lambda: _started(command, variables, quiet=quiet)) as process, terminable():
        try:
            return Ended(process.wait(timeout))
        except subprocess.TimeoutExpired:
            return Ended(process.poll() or -signal.SIGKILL, timed_out=True)


def _started(command: Sequence[str], variables: Mapping[str, str], *, quiet: bool) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(  # noqa: S603 - running the user's command is what a gate does
            list(command),
            env={**os.environ, **variables},
            start_new_session=True,
            stdout=sys.stderr if quiet else None,
        )
    except FileNotFoundError:
        raise UsageError(
            f"The command {command[0]!r} was not found.", hint="Write it after --, as you would in a shell."
        ) from None
    except OSError as error:
        raise UsageError(f"The command {command[0]!r} cannot be started: {error.strerror}.") from None


@contextlib.contextmanager
def _group(start: Callable[[], subprocess.Popen[bytes]]) -> Iterator[subprocess.Popen[bytes]]:
    with contextlib.ExitStack() as end:
        with undisturbed():  # one heard while the command starts would leave it behind
            process = start()
            end.callback(_ended, process)
        yield process


def _ended(process: subprocess.Popen[bytes]) -> None:
    with undisturbed():
        for number in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(GRACE_SECONDS)


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Whoever presses Ctrl-C twice does not want anything to outlive the gate: signals are heard at the end of it."""
    heard: list[int] = []
    try:
        before = _handling((signal.SIGINT, *STOPPING), lambda number, _: heard.append(number))
    except ValueError:  # not in the main thread: no signal arrives here
        yield
        return
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
    if heard:
        signal.raise_signal(heard[0])


def _handling(signals: Sequence[signal.Signals], handler: Callable[[int, FrameType | None], None]) -> Mapping[int, Any]:
    """Have the signals handled, and return who handled each before; one that is ignored stays so, as nohup has it."""
    heard = [one for one in signals if signal.getsignal(one) is not signal.SIG_IGN]
    return {one: signal.signal(one, handler) for one in heard}


class Stopped(EngineError):
    """The gate was told to stop while it was at work."""


@contextlib.contextmanager
def terminable() -> Iterator[None]:
    """SIGTERM and SIGHUP become `Stopped` within the block, once, so that the clean-up runs and is left to run."""

    def stop(number: int, _frame: object) -> None:
        signal.signal(number, signal.SIG_IGN)
        raise Stopped(f"The gate was told to stop ({signal.Signals(number).name}).")

    try:
        before = _handling(STOPPING, stop)
    except ValueError:  # not in the main thread, as in a pytest fixture: signals are the host's affair
        yield
        return
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
