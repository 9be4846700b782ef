"""Progress of long work on stderr, and only where stderr is a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress(doing: str) -> Iterator[Callable[[str], None]]:
    """A line that changes while work goes on; call what it gives with what was done last."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.markup import escape

    console = Console(stderr=True)
    with console.status(escape(doing)) as status:
        yield lambda done: status.update(escape(f"{doing}: {done}"))
