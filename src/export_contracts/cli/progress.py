"""Progress of long work on stderr, and only where stderr is a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:  # imported where there is a terminal
    from rich.console import Console

PERIOD: Final = 0.1
"""Seconds at least between two pictures of a line that no thread keeps moving."""


@contextmanager
def progress(doing: str, *, threads: bool = True) -> Iterator[Callable[[str], None]]:
    """A line that changes while work goes on; call what it gives with what was done last.

    Without `threads` it moves only when called, and leaves this process free to fork.
    """
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.markup import escape

    console = Console(stderr=True)
    if not threads:
        with _still(console, doing) as say:
            yield say
        return
    with console.status(escape(doing)) as status:
        yield lambda done: status.update(escape(f"{doing}: {done}"))


@contextmanager
def _still(console: Console, doing: str) -> Iterator[Callable[[str], None]]:
    from rich.live import Live
    from rich.spinner import Spinner
    from rich.text import Text

    spinner = Spinner("dots", Text(doing), style="status.spinner")
    with Live(spinner, console=console, transient=True, auto_refresh=False) as live:
        shown = 0.0

        def say(done: str) -> None:
            nonlocal shown
            if time.monotonic() - shown < PERIOD:
                return
            shown = time.monotonic()
            spinner.update(text=Text(f"{doing}: {done}"))
            live.refresh()

        live.refresh()
        yield say
