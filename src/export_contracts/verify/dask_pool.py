"""The pool of an existing Dask cluster, whose workers examine the files. Takes the extra `dask`.

The workers need this package, and reach the files by the same addresses. Nothing of a run is kept there: a task
carries what it needs and brings back what was found and the hashes of the rows, so that a worker may come and go.
"""

from __future__ import annotations

import importlib
import threading
from array import array
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, Final

from export_contracts.checks.delivered import Examined
from export_contracts.errors import ExportContractsError, UnreachableError, UsageError
from export_contracts.verify.hash_spill import Spill
from export_contracts.verify.journal import note
from export_contracts.verify.pool import AHEAD, Beat, Pool, Results, bundles
from export_contracts.verify.progress import nobody
from export_contracts.verify.worker import Examiner, Task

PATIENCE: Final = "10s"
"""How long a scheduler may take to answer at first."""
LOSSES: Final = 5
"""Times that a bundle is handed to another worker when one is lost over it."""
Brought = tuple[int, Examined | str, bytes]
"""A file's number, what was found in it, the hashes of its rows."""


def dask_pool(address: str, run: str) -> Pool:
    """The cluster whose scheduler listens there; `run` tells this run from others to its workers."""

    def examine_all(examiner: Examiner, tasks: Iterable[Task], folder: Path, beat: Beat) -> Results:
        del beat  # Nothing is heard of a file before it is done with.
        dask = _dask()
        with _client(dask, address) as client, _explained(dask, address), Spill(folder) as spill:
            for number, found, hashes in _brought(dask, client, examiner, tasks, run):
                if isinstance(found, str):
                    yield number, found
                    continue
                spill.begin()
                spill(*array("Q", hashes))
                yield number, note(number, found, spill.finish())

    return examine_all


def _dask() -> Any:
    try:
        return importlib.import_module("distributed")
    except ImportError:
        raise UsageError(
            "--dask needs the extra dask.", hint="python -m pip install 'export-contracts[dask]'"
        ) from None


def _brought(dask: Any, client: Any, examiner: Examiner, tasks: Iterable[Task], run: str) -> Iterator[Brought]:
    def submit(bundle: tuple[Task, ...]) -> object:
        return client.submit(examine, examiner, bundle, run, pure=False, retries=LOSSES)

    waiting = bundles(tasks)
    threads = sum(client.nthreads().values())
    first = [submit(bundle) for bundle in islice(waiting, max(threads, 1) * AHEAD)]
    running = dask.as_completed(first, loop=client.loop)
    for one in running:
        yield from one.result()
        one.release()
        bundle = next(waiting, None)
        if bundle is not None:
            running.add(submit(bundle))


@contextmanager
def _client(dask: Any, address: str) -> Iterator[Any]:
    try:
        client = dask.Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise UnreachableError(f"No Dask scheduler can be reached at {address}: {error}.") from None
    with client:
        if not client.nthreads():
            raise UnreachableError(f"The Dask cluster at {address} has no workers.")
        yield client


@contextmanager
def _explained(dask: Any, address: str) -> Iterator[None]:
    try:
        yield
    except dask.KilledWorker:
        raise ExportContractsError(
            f"Too many workers of {address} were lost over the same files.", hint="--resume goes on where it ended."
        ) from None
    except ModuleNotFoundError as error:
        raise ExportContractsError(f"The workers of {address} lack a module: {error}.") from None
    except OSError as error:
        raise UnreachableError(f"The Dask cluster at {address} broke off: {error}.") from None


_here = threading.local()


def examine(examiner: Examiner, bundle: tuple[Task, ...], run: str) -> list[Brought]:
    """On a worker: examine the files, with the reader that this thread has of the run already."""
    if getattr(_here, "run", None) != run:
        _here.run, _here.examiner = run, examiner
    found: list[Brought] = []
    for task in bundle:
        hashes: array[int] = array("Q")
        examined = _here.examiner.examine(task, lambda *more, to=hashes: to.extend(more), nobody)
        found.append((task.number, examined, hashes.tobytes()))
    return found
