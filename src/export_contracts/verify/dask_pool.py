"""The pool of an existing Dask cluster, whose workers examine the files. Takes the extra `dask`.

The workers need this package, and reach the files by the same addresses. Nothing of a run is kept there: a task brings
back what was found and the hashes of the rows, so that a worker may come and go. Hashes of a large file wait on the
worker's disk and are fetched in parts; where the worker goes before that, the file is examined again.
"""

from __future__ import annotations

import importlib
import pickle
import threading
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, Final

from export_contracts.checks.delivered import Examined
from export_contracts.errors import ExportContractsError, UnreachableError, UsageError
from export_contracts.verify.hash_parcel import PIECE, Packer, Parcel, piece, remove
from export_contracts.verify.hash_spill import Spill
from export_contracts.verify.journal import note
from export_contracts.verify.pool import AHEAD, Beat, Pool, Results, bundles
from export_contracts.verify.progress import nobody
from export_contracts.verify.worker import Examiner, Task

PATIENCE: Final = "10s"
"""How long a scheduler may take to answer at first."""
LOSSES: Final = 5
"""Times that a bundle is handed to another worker when one is lost over it."""
GONE: Final = 5.0
"""Seconds after which one looks whether a worker that does not answer is still there."""
GOES_ON: Final = "--resume goes on where it ended."
Brought = tuple[Task, Examined | str, Parcel]
"""A file, what was found in it, the hashes of its rows."""


def dask_pool(address: str, run: str) -> Pool:
    """The cluster whose scheduler listens there; `run` tells this run from others to its workers."""

    def examine_all(examiner: Examiner, tasks: Iterable[Task], folder: Path, beat: Beat) -> Results:
        del beat  # Nothing is heard of a file before it is done with.
        dask = _dask()
        with _client(dask, address) as client, _explained(dask, address), Spill(folder) as spill:
            cluster = Cluster(dask, client, run, client.submit(_carried, pickle.dumps(examiner), pure=False))
            for task, found, parcel in cluster.brought(tasks):
                if isinstance(found, str):
                    yield task.number, found
                    continue
                spill.begin()
                try:
                    for part in cluster.fetched(parcel):
                        spill.extend(array("Q", part))
                except LostError:
                    cluster.again(task)
                    continue
                yield task.number, note(task.number, found, spill.finish())

    return examine_all


class LostError(Exception):
    """The worker on whose disk something waited is gone."""


class Cluster:
    """The cluster in one run. `carried` is the pickled examiner, which the scheduler holds once for all tasks."""

    def __init__(self, dask: Any, client: Any, run: str, carried: Any) -> None:
        self._dask, self._client = dask, client
        self._run, self._carried = run, carried
        self._running: Any = None
        self._lost: Counter[int] = Counter()

    def brought(self, tasks: Iterable[Task]) -> Iterator[Brought]:
        """What workers bring of these files, and of those that are examined `again`."""
        waiting = bundles(tasks)
        threads = sum(self._client.nthreads().values())
        first = [self._submit(bundle) for bundle in islice(waiting, max(threads, 1) * AHEAD)]
        self._running = self._dask.as_completed(first, loop=self._client.loop)
        for one in self._running:
            yield from one.result()
            one.release()
            bundle = next(waiting, None)
            if bundle is not None:
                self._running.add(self._submit(bundle))

    def again(self, task: Task) -> None:
        """Have a file examined once more."""
        self._lost[task.number] += 1
        if self._lost[task.number] > LOSSES:
            raise ExportContractsError(f"Too many workers were lost over {task.named.name}.", hint=GOES_ON)
        self._running.add(self._submit((task,)))

    def _submit(self, bundle: tuple[Task, ...]) -> Any:
        return self._client.submit(examine, self._carried, bundle, self._run, pure=False, retries=LOSSES)

    def fetched(self, parcel: Parcel) -> Iterator[bytes]:
        """The hashes of a file in parts; those on a worker's disk are gone afterwards."""
        if not parcel.path:
            yield parcel.content
            return
        place = {"workers": [parcel.machine], "priority": 1, "pure": False}
        for start in range(0, parcel.size, PIECE):
            yield self._fetch(self._client.submit(piece, parcel.path, start, PIECE, **place), parcel.machine)
        self._dask.fire_and_forget(self._client.submit(remove, parcel.path, **place))

    def _fetch(self, future: Any, machine: str) -> bytes:
        while True:
            try:
                found: bytes = future.result(timeout=GONE)
            except TimeoutError:
                if machine not in self._client.nthreads():
                    raise LostError from None
            except (FileNotFoundError, self._dask.KilledWorker):
                raise LostError from None
            else:
                return found


def _dask() -> Any:
    try:
        return importlib.import_module("distributed")
    except ImportError:
        raise UsageError(
            "--dask needs the extra dask.", hint="python -m pip install 'export-contracts[dask]'"
        ) from None


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
            f"Too many workers of {address} were lost over the same files.", hint=GOES_ON
        ) from None
    except ModuleNotFoundError as error:
        raise ExportContractsError(f"The workers of {address} lack a module: {error}.") from None
    except OSError as error:
        raise UnreachableError(f"The Dask cluster at {address} broke off: {error}.") from None


_here = threading.local()


def _carried(examiner: bytes) -> bytes:
    """A task like any other: where the worker that holds its result is lost, the scheduler has it made again."""
    return examiner


def examine(examiner: bytes, bundle: tuple[Task, ...], run: str) -> list[Brought]:
    """On a worker: examine the files, with the reader that this thread has of the run already."""
    worker = _dask().get_worker()
    if getattr(_here, "run", None) != run:
        _here.run, _here.examiner = run, pickle.loads(examiner)  # noqa: S301 - a cluster runs what its clients send
    found: list[Brought] = []
    for task in bundle:
        packer = Packer(worker.local_directory)
        examined = _here.examiner.examine(task, packer, nobody)
        parcel = packer.drop() if isinstance(examined, str) else packer.sent(worker.address)
        found.append((task, examined, parcel))
    return found
