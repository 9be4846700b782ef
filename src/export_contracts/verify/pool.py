"""The pool that examines the files: this process, or several. What a pool tells does not depend on how many it is.

Processes are forked from this one, once it has examined the first files and so has everything at hand that examining
takes; where other threads run, from a server that has imported everything once, where the system can do that.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import chain
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Final

from export_contracts.errors import ExportContractsError
from export_contracts.verify.hash_spill import Spill
from export_contracts.verify.journal import Note
from export_contracts.verify.progress import Pulse, nobody, reset, total_read
from export_contracts.verify.worker import Examiner, Task

Result = tuple[int, Note | str]
Results = Generator[Result, None, None]
Beat = Callable[[int], None]
"""Is called now and then with how many bytes of the files were read so far."""
Pool = Callable[[Examiner, Iterable[Task], Path, Beat], Results]
"""Examines the tasks' files, in any order; hashes of their rows come to lie in the folder."""
BUNDLE: Final = 2 * 1024 * 1024
"""Bytes of files that are handed out together, where they are smaller than that."""
MOST: Final = 64
"""Files that are handed out together; a run that is killed has to repeat those that were."""
AHEAD: Final = 3
"""Bundles that wait for each worker."""
SOON: Final = 8 * 1024 * 1024
"""Bytes of files that the first process may examine before there are others."""
PERIOD: Final = 0.5
"""Seconds between two beats."""


def in_this_process(examiner: Examiner, tasks: Iterable[Task], folder: Path, beat: Beat) -> Results:
    """Examine the files here, one after the other."""
    read = 0
    last = time.monotonic()

    def heard(count: int) -> None:
        nonlocal read, last
        read += count
        now = time.monotonic()
        if now - last > PERIOD:
            last = now
            beat(read)

    with Spill(folder) as spill:
        for task in tasks:
            yield task.number, examiner.examine_into(spill, task, heard)


def in_processes(workers: int) -> Pool:
    """A pool of so many processes."""

    def examine_all(examiner: Examiner, tasks: Iterable[Task], folder: Path, beat: Beat) -> Results:
        reset(folder)
        given = (examiner, folder, dict(os.environ))
        context = _context(type(examiner.reader).__module__)
        waiting = bundles(tasks)
        if context.get_start_method() == "fork":
            first = next(waiting, ())
            if sum(task.named.size for task in first) > SOON:
                waiting = chain((first,), waiting)
            else:
                yield from _warmed_up(examiner, first, folder)
        executor = ProcessPoolExecutor(workers, mp_context=context, initializer=_arrive, initargs=given)
        running: set[Future[list[Result]]] = set()
        try:
            while True:
                while len(running) < workers * AHEAD and (bundle := next(waiting, None)) is not None:
                    running.add(executor.submit(_examine, bundle))
                if not running:
                    return
                done, running = wait(running, timeout=PERIOD, return_when=FIRST_COMPLETED)
                for one in done:
                    yield from one.result()
                beat(total_read(folder))
        except BrokenProcessPool:
            raise ExportContractsError(
                "A worker process was killed, perhaps for want of memory.", hint="--resume goes on where it ended."
            ) from None
        finally:
            executor.shutdown(cancel_futures=True)

    return examine_all


def _warmed_up(examiner: Examiner, bundle: tuple[Task, ...], folder: Path) -> Results:
    """Examine a bundle here: what is made on the way, be it the contract or a compiled expression, others inherit."""
    with Spill(folder) as spill:
        for task in bundle:
            yield task.number, examiner.examine_into(spill, task, nobody)


def may_fork() -> bool:
    """Whether this process can be doubled as it stands: it has no other thread, whose locks nobody would ever open."""
    try:
        return len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208 - threads, and no paths
    except OSError:
        return False


def bundles(tasks: Iterable[Task]) -> Iterator[tuple[Task, ...]]:
    """Tasks in their order, small files together."""
    held: list[Task] = []
    size = 0
    for task in tasks:
        if held and (size + task.named.size > BUNDLE or len(held) == MOST):
            yield tuple(held)
            held, size = [], 0
        held.append(task)
        size += task.named.size
    if held:
        yield tuple(held)


def preload(reader: str) -> None:
    """Have the server of processes, if one is needed, import what they need, the module `reader` too, meanwhile."""
    context = _context(reader)
    if context.get_start_method() == "forkserver":
        from multiprocessing import forkserver

        forkserver.ensure_running()


def _context(reader: str) -> BaseContext:
    if may_fork():
        return multiprocessing.get_context("fork")
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, reader])
    return context


_here: list[tuple[Examiner, Spill, Pulse]] = []


def _arrive(examiner: Examiner, folder: Path, environment: Mapping[str, str]) -> None:
    # The server may have been started for an earlier run, when other credentials were set.
    os.environ.update(environment)
    threading.Thread(target=_leave, daemon=True).start()
    _here[:] = [(examiner, Spill(folder), Pulse(folder))]


def _leave() -> None:
    """End with the process that gives out the work: killed, it would leave this one waiting for ever."""
    giver = multiprocessing.parent_process()
    if giver is not None:
        giver.join()
        os._exit(1)


def _examine(bundle: tuple[Task, ...]) -> list[Result]:
    examiner, spill, pulse = _here[0]
    return [(task.number, examiner.examine_into(spill, task, pulse)) for task in bundle]
