"""Who examines the files: this process, or several. What a crew tells does not depend on how many it is.

Processes are forked from a server that has imported everything once, where the system can do that.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Final

from export_contracts.checks.delivered import Examined
from export_contracts.errors import ExportContractsError
from export_contracts.verify.work import Outfit, Task

Results = Generator[tuple[int, Examined | str], None, None]
Crew = Callable[[Outfit, Iterable[Task], Path], Results]
"""Examines the tasks' files, in any order; hashes of their rows come to lie in the folder."""
BUNDLE: Final = 2 * 1024 * 1024
"""Bytes of files that are handed out together, where they are smaller than that."""
AHEAD: Final = 3
"""Bundles that wait for each worker."""


def alone(outfit: Outfit, tasks: Iterable[Task], folder: Path) -> Results:
    """Examine the files here, one after the other."""
    for task in tasks:
        yield task.number, outfit.examine_into(folder, task)


def processes(workers: int) -> Crew:
    """A crew of so many processes."""

    def crew(outfit: Outfit, tasks: Iterable[Task], folder: Path) -> Results:
        context = _context(outfit)
        given = (outfit, folder, dict(os.environ))
        pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_arrive, initargs=given)
        waiting = bundles(tasks)
        running: set[Future[list[tuple[int, Examined | str]]]] = set()
        try:
            while True:
                while len(running) < workers * AHEAD and (bundle := next(waiting, None)) is not None:
                    running.add(pool.submit(_examine, bundle))
                if not running:
                    return
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for one in done:
                    yield from one.result()
        except BrokenProcessPool:
            raise ExportContractsError(
                "A worker process was killed, perhaps for want of memory.", hint="--resume goes on where it ended."
            ) from None
        finally:
            pool.shutdown(cancel_futures=True)

    return crew


def bundles(tasks: Iterable[Task]) -> Iterator[tuple[Task, ...]]:
    """Tasks in their order, small files together."""
    held: list[Task] = []
    size = 0
    for task in tasks:
        if held and size + task.named.size > BUNDLE:
            yield tuple(held)
            held, size = [], 0
        held.append(task)
        size += task.named.size
    if held:
        yield tuple(held)


def _context(outfit: Outfit) -> BaseContext:
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, type(outfit.reader).__module__])
    return context


_here: list[tuple[Outfit, Path]] = []


def _arrive(outfit: Outfit, folder: Path, environment: Mapping[str, str]) -> None:
    # The server may have been started for an earlier run, when other credentials were set.
    os.environ.update(environment)
    _here[:] = [(outfit, folder)]


def _examine(bundle: tuple[Task, ...]) -> list[tuple[int, Examined | str]]:
    outfit, folder = _here[0]
    return [(task.number, outfit.examine_into(folder, task)) for task in bundle]
