"""Verifies delivered files: lists them, has each examined, in this process or several, and adds up what was found.

The result does not depend on the number of workers: what is found in a file goes through the journal, and is merged
in the order of the files.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO

from export_contracts.catalogue import plugins
from export_contracts.catalogue.contract import Contract
from export_contracts.checks.delivered import Asked, Named, Reader, Totals
from export_contracts.checks.delivered import Place as RowPlace
from export_contracts.checks.tally import Tally
from export_contracts.errors import UnreachableError, UsageError
from export_contracts.files.streams import Limits
from export_contracts.model import Json
from export_contracts.verify import crews, doubles, journal, lately
from export_contracts.verify.places import FilePlace, Place, Skipped, open_places
from export_contracts.verify.stretches import Stretch, Stretches
from export_contracts.verify.work import Outfit, Task


@dataclass(frozen=True)
class Order:
    """What is to be verified, how strictly bounded, by how many processes or by which Dask cluster.

    `listing` is where the files' names are kept for the next run, which tells what has changed.
    """

    locations: tuple[str, ...]
    asked: Asked = field(default_factory=Asked)
    limits: Limits = field(default_factory=Limits)
    workers: int = 1
    resume: bool = False
    dask: str | None = None
    listing: Path | None = None


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
class Run:
    """What is to be examined, and where what was found is put down."""

    outfit: Outfit
    tasks: Sequence[Task]
    folder: Path

    def reopen(self, named: Named) -> BinaryIO:
        """Open a file that was listed once more."""
        return next(self.outfit.places[one.place].open(named) for one in self.tasks if one.named == named)

    def identify(self, number: int, ordinals: frozenset[int]) -> Iterator[tuple[int, RowPlace]]:
        """Read rows again; a file that has gone since has none."""
        task = self.tasks[number]
        with (
            contextlib.suppress(OSError, UnreachableError),
            self.outfit.places[task.place].open(task.named) as file,
        ):
            yield from self.outfit.reader.identify(task.named, file, self.outfit.limits, ordinals)


def verify(contract: Contract, order: Order, folder: Path, say: Callable[[Done], None]) -> Verified:
    """Verify; `folder` is for the journal and what is spilled, and is kept where the run ends early."""
    if order.dask is not None:
        _handed_over(order)
    scratch = folder.with_name(folder.name + "-input")
    with journal.explained(folder):
        scratch.mkdir(parents=True, exist_ok=True)
    skipped = Skipped()
    places = open_places(order.locations, scratch)
    module = plugins.module(contract.manifest.slug, "verify")
    tasks = _tasks(places, module, skipped)
    if not tasks:
        if skipped.reasons:
            told = " ".join(skipped.sentences())
            raise UnreachableError(f"There is nothing to verify at {_named(order)}. {told}")
        raise UnreachableError(f"There is no file at {_named(order)}.")
    reader: Reader = module.reader(contract.as_of, order.asked, [task.named for task in tasks])
    mark = journal.fingerprint(_parts(contract, order, tasks))
    noted = journal.take_up(folder, mark) if order.resume else journal.begin(folder, mark)
    run = Run(Outfit(reader, places, order.limits), tasks, folder)
    try:
        troubles = _examine_all(run, noted, _crew(order, len(tasks), mark), say)
        verified = _added_up(run, noted, troubles, (*skipped.sentences(), *_since(contract, order, tasks)))
    except BaseException:
        noted.close(keep=True)
        raise
    noted.close(keep=bool(troubles))
    _remove(scratch)
    if order.listing is not None and not troubles:
        lately.keep(order.listing, _about(contract, order), [task.named for task in tasks])
    return verified


def _handed_over(order: Order) -> None:
    if order.workers > 1:
        raise UsageError("--workers and --dask exclude one another.", hint="A cluster has the workers it has.")
    if "-" in order.locations:
        raise UsageError("Standard input cannot be handed to a cluster.", hint="Leave out --dask, or name a location.")


def _about(contract: Contract, order: Order) -> dict[str, Json]:
    return {"vendor": contract.manifest.slug, "locations": _named(order)}


def _tasks(places: Sequence[Place], module: ModuleType, skipped: Skipped) -> list[Task]:
    files = [(number, named) for number, place in enumerate(places) for named in _wanted(place, module, skipped)]
    return [Task(number, place, named) for number, (place, named) in enumerate(files)]


def _since(contract: Contract, order: Order, tasks: Sequence[Task]) -> Iterator[str]:
    if order.listing is not None:
        yield from lately.since(order.listing, _about(contract, order), (task.named for task in tasks))


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


def _parts(contract: Contract, order: Order, tasks: Sequence[Task]) -> Iterator[Any]:
    yield [contract.manifest.slug, contract.as_of, asdict(order.asked), asdict(order.limits), list(order.locations)]
    yield [[one.id, one.check, dict(one.parameters)] for one in contract.clauses]
    for task in tasks:
        yield [task.place, asdict(task.named)]


def _crew(order: Order, files: int, mark: str) -> crews.Crew:
    if order.dask is not None:
        from export_contracts.verify import cluster

        return cluster.crew(order.dask, mark)
    return crews.alone if order.workers == 1 or files < 2 else crews.processes(order.workers)


def _examine_all(run: Run, noted: journal.Journal, crew: crews.Crew, say: Callable[[Done], None]) -> tuple[str, ...]:
    todo = [task for task in run.tasks if task.number not in noted.places]
    troubles: dict[int, str] = {}
    rows = 0
    left = sum(task.named.size for task in todo)
    whole = sum(task.named.size for task in run.tasks)
    with contextlib.closing(crew(run.outfit, todo, run.folder)) as results:
        for number, examined in results:
            left -= run.tasks[number].named.size
            if isinstance(examined, str):
                troubles[number] = examined
            else:
                noted.add(number, examined)
                rows += examined.rows
            say(Done(len(noted.places), len(run.tasks), whole - left, whole, rows))
    return tuple(troubles[number] for number in sorted(troubles))


def _added_up(run: Run, noted: journal.Journal, troubles: tuple[str, ...], notes: tuple[str, ...]) -> Verified:
    tally = Tally()
    rows = 0
    whole = not troubles
    remarks: list[tuple[Named, Json]] = []
    stretches = Stretches(len(run.tasks))
    for task in run.tasks:
        examined = noted.read(task.number) if task.number in noted.places else None
        stretches.take(task.named.name, examined)
        if examined is None:
            continue
        if examined.remark is not None:
            remarks.append((task.named, examined.remark))
        tally.merge(examined.tally)
        rows += examined.rows
        whole = whole and examined.whole
    found = doubles.find(run.folder, sorted(noted.places), rows, run.identify)
    totals = Totals(rows, found.named, found.count, tuple(found.told), whole, tuple(remarks), run.reopen)
    tally.merge(run.outfit.reader.conclude(totals))
    if found.uncompared:
        notes += (f"{found.uncompared} of the repeated users are told apart by a hash of 64 bits only.",)
    return Verified(tally, totals, len(noted.places), run.outfit.reader.judged(), troubles, notes, stretches.done())
