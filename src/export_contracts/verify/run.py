"""Verifies delivered files: lists them, has each examined, in this process or several, and adds up what was found.

The result does not depend on the number of workers: what is found in a file goes through the journal, and is merged
in the order of the files.
"""

from __future__ import annotations

import contextlib
import multiprocessing
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO

from export_contracts.catalogue import plugins
from export_contracts.catalogue.contract import Contract
from export_contracts.checks.delivered import Asked, Examined, Named, Reader, Totals
from export_contracts.checks.delivered import Place as RowPlace
from export_contracts.checks.tally import Tally
from export_contracts.errors import ExportContractsError, UnreachableError, UsageError
from export_contracts.files.streams import Limits
from export_contracts.model import Json
from export_contracts.verify import doubles, journal
from export_contracts.verify.places import FilePlace, Place, Skipped, open_places
from export_contracts.verify.stretches import Stretch, Stretches


@dataclass(frozen=True)
class Order:
    """What is to be verified, how strictly bounded, by how many processes."""

    locations: tuple[str, ...]
    asked: Asked = field(default_factory=Asked)
    limits: Limits = field(default_factory=Limits)
    workers: int = 1
    resume: bool = False


@dataclass(frozen=True)
class Done:
    """Progress: files and bytes, of how many; rows read so far."""

    files: int
    of_files: int
    size: int
    of_size: int
    rows: int


@dataclass(frozen=True)
class Verified:
    """What was found. `troubles` are sentences about files that could not be read."""

    tally: Tally
    totals: Totals
    files: int
    judged: frozenset[str]
    troubles: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    stretches: tuple[Stretch, ...] = ()


@dataclass(frozen=True)
class Work:
    """All that a process needs to examine files by their number."""

    reader: Reader
    places: Sequence[Place]
    files: Sequence[tuple[int, Named]]
    limits: Limits
    folder: Path

    def examine(self, number: int) -> Examined | str:
        """Examine one file; a sentence where it cannot be read."""
        place, named = self.files[number]
        with journal.Spill(self.folder, number) as spill:
            try:
                with self.places[place].open(named) as file:
                    examined = self.reader.examine(named, file, self.limits, spill)
            except OSError as error:
                return f"{named.name} could not be read: {error.strerror or error}."
            except UnreachableError as error:
                return error.sentence
            spill.finish()
        return examined

    def reopen(self, named: Named) -> BinaryIO:
        """Open a file that was listed once more."""
        return next(self.places[place].open(one) for place, one in self.files if one == named)

    def identify(self, number: int, ordinals: frozenset[int]) -> Iterator[tuple[int, RowPlace]]:
        """Read rows again; a file that has gone since has none."""
        place, named = self.files[number]
        with contextlib.suppress(OSError, UnreachableError), self.places[place].open(named) as file:
            yield from self.reader.identify(named, file, self.limits, ordinals)


def verify(contract: Contract, order: Order, folder: Path, say: Callable[[Done], None]) -> Verified:
    """Verify; `folder` is for the journal and what is spilled, and is kept where the run ends early."""
    scratch = folder.with_name(folder.name + "-input")
    with journal.explained(folder):
        scratch.mkdir(parents=True, exist_ok=True)
    skipped = Skipped()
    places = open_places(order.locations, scratch)
    module = plugins.module(contract.manifest.slug, "verify")
    files = [(number, named) for number, place in enumerate(places) for named in _wanted(place, module, skipped)]
    if not files:
        if skipped.reasons:
            told = " ".join(skipped.sentences())
            raise UnreachableError(f"There is nothing to verify at {_named(order)}. {told}")
        raise UnreachableError(f"There is no file at {_named(order)}.")
    reader: Reader = module.reader(contract.as_of, order.asked, [named for _, named in files])
    mark = journal.fingerprint(_parts(contract, order, files))
    noted = journal.take_up(folder, mark) if order.resume else journal.begin(folder, mark)
    work = Work(reader, places, files, order.limits, folder)
    try:
        troubles = _examine_all(work, noted, order.workers, say)
        verified = _added_up(work, noted, troubles, (*skipped.sentences(),))
    except BaseException:
        noted.close(keep=True)
        raise
    noted.close(keep=bool(troubles))
    _remove(scratch)
    return verified


def _named(order: Order) -> str:
    """The locations, without the signatures that addresses may carry."""
    return ", ".join(one.partition("?")[0] if "://" in one else one for one in order.locations)


def _listed(place: Place, skipped: Skipped) -> Iterator[Named]:
    try:
        yield from place.files(skipped)
    except OSError as error:
        raise UnreachableError(f"{error.filename or 'A file'} cannot be read: {error.strerror or error}.") from None


def _wanted(place: Place, module: ModuleType, skipped: Skipped) -> Iterator[Named]:
    """The files that the vendor's exports may consist of; one that was named itself is always read."""
    left_out = getattr(module, "left_out", None)
    for named in _listed(place, skipped):
        reason = None if left_out is None or isinstance(place, FilePlace) else left_out(named)
        if reason is None:
            yield named
        else:
            skipped.add(reason)


def _remove(folder: Path) -> None:
    with contextlib.suppress(OSError):
        for one in folder.iterdir():
            one.unlink()
        folder.rmdir()


def _parts(contract: Contract, order: Order, files: Sequence[tuple[int, Named]]) -> Iterator[Any]:
    yield [contract.manifest.slug, contract.as_of, asdict(order.asked), asdict(order.limits), list(order.locations)]
    yield [[one.id, one.check, dict(one.parameters)] for one in contract.clauses]
    for place, named in files:
        yield [place, asdict(named)]


def _examine_all(work: Work, noted: journal.Journal, workers: int, say: Callable[[Done], None]) -> tuple[str, ...]:
    todo = [number for number in range(len(work.files)) if number not in noted.places]
    sizes = [named.size for _, named in work.files]
    troubles: dict[int, str] = {}
    rows = 0
    left = sum(sizes[number] for number in todo)
    whole = sum(sizes)
    run = _alone(work, todo) if workers == 1 or len(todo) < 2 else _together(work, todo, workers)
    with contextlib.closing(run):
        for number, examined in run:
            left -= sizes[number]
            if isinstance(examined, str):
                troubles[number] = examined
            else:
                noted.add(number, examined)
                rows += examined.rows
            say(Done(len(noted.places), len(sizes), whole - left, whole, rows))
    return tuple(troubles[number] for number in sorted(troubles))


Results = Generator[tuple[int, Examined | str], None, None]


def _alone(work: Work, todo: Sequence[int]) -> Results:
    for number in todo:
        yield number, work.examine(number)


def _together(work: Work, todo: Sequence[int], workers: int) -> Results:
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_arrive, initargs=(work,))
    waiting = iter(todo)
    running: dict[Future[Examined | str], int] = {}
    try:
        while True:
            while len(running) < workers * 3 and (number := next(waiting, None)) is not None:
                running[pool.submit(_examine, number)] = number
            if not running:
                return
            for one in wait(running, return_when=FIRST_COMPLETED).done:
                yield running.pop(one), one.result()
    except BrokenProcessPool:
        raise ExportContractsError(
            "A worker process was killed, perhaps for want of memory.", hint="--resume goes on where it ended."
        ) from None
    finally:
        pool.shutdown(cancel_futures=True)


_here: list[Work] = []


def _arrive(work: Work) -> None:
    _here[:] = [work]


def _examine(number: int) -> Examined | str:
    return _here[0].examine(number)


def _added_up(work: Work, noted: journal.Journal, troubles: tuple[str, ...], notes: tuple[str, ...]) -> Verified:
    tally = Tally()
    rows = 0
    whole = not troubles
    remarks: list[tuple[Named, Json]] = []
    stretches = Stretches(len(work.files))
    for number, (_, named) in enumerate(work.files):
        examined = noted.read(number) if number in noted.places else None
        stretches.take(named.name, examined)
        if examined is None:
            continue
        if examined.remark is not None:
            remarks.append((named, examined.remark))
        tally.merge(examined.tally)
        rows += examined.rows
        whole = whole and examined.whole
    found = doubles.find(work.folder, sorted(noted.places), rows, work.identify)
    totals = Totals(rows, found.named, found.count, tuple(found.told), whole, tuple(remarks), work.reopen)
    tally.merge(work.reader.conclude(totals))
    if found.uncompared:
        notes += (f"{found.uncompared} of the repeated users are told apart by a hash of 64 bits only.",)
    return Verified(tally, totals, len(noted.places), work.reader.judged(), troubles, notes, stretches.done())


def bounded(workers: int) -> int:
    """A number of workers that makes sense."""
    if workers < 1:
        raise UsageError("At least one worker is needed.")
    return workers
