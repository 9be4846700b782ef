"""A verification from locations to sums: lists the files, has each examined, and has what was found merged.

The result does not depend on the number of workers: what is found in a file goes through the journal, and is merged
in the order of the files. Of a file nothing but a few numbers stays in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

from export_contracts.catalogue import plugins
from export_contracts.catalogue.contract import Contract
from export_contracts.checks.delivered import Asked, Named, Reader
from export_contracts.errors import UsageError
from export_contracts.files.streams import Limits
from export_contracts.model import Json
from export_contracts.verify import inventory, journal, pool, scratch, selection
from export_contracts.verify.dispatch import Run, examine_all
from export_contracts.verify.inventory import Inventory
from export_contracts.verify.listing import Listing
from export_contracts.verify.locations import open_places, public
from export_contracts.verify.merge import Verified, added_up
from export_contracts.verify.progress import Done
from export_contracts.verify.storage import Skipped
from export_contracts.verify.worker import Examiner


@dataclass(frozen=True)
class Order:
    """What is to be verified, how strictly bounded, by how many processes or by which Dask cluster.

    `listing` is where the files' names are kept for the next run, which tells what has changed; `request` is the
    path, from the root, of the file that holds what was asked for.
    """

    locations: tuple[str, ...]
    asked: Asked = field(default_factory=Asked)
    limits: Limits = field(default_factory=Limits)
    workers: int = 1
    resume: bool = False
    dask: str | None = None
    listing: Path | None = None
    request: str | None = None

    @property
    def shown(self) -> str:
        """The locations, without the signatures that addresses may carry."""
        return ", ".join(map(public, self.locations))


def verify(contract: Contract, order: Order, folder: Path, say: Callable[[Done], None]) -> Verified:
    """Verify; `folder` is for the journal and what is spilled, and stays until `forget`."""
    if order.dask is not None:
        _handed_over(order)
    if order.resume and "-" in order.locations:
        raise UsageError("Standard input cannot be taken up again.", hint="Leave out --resume, or name a file.")
    module = plugins.module(contract.manifest.slug, "verify")
    if order.workers > 1:
        pool.preload(module.__name__)
    skipped = Skipped()
    with ExitStack() as stack:
        own = stack.enter_context(scratch.folder(folder.with_name(folder.name + "-input")))
        places = open_places(order.locations, own)
        listing = stack.enter_context(
            closing(Listing(own / "listing", selection.files(places, module, skipped, order.request)))
        )
        if not len(listing):
            raise selection.nothing(order.shown, skipped)
        reader: Reader = module.reader(contract.as_of, order.asked, listing.names)
        mark = journal.fingerprint((*_parts(contract, order), listing.digest))
        start = journal.take_up if order.resume else journal.begin
        noted = stack.enter_context(closing(start(folder, mark, len(listing))))
        run = Run(Examiner(reader, places, order.limits, getattr(module, "PASSES", 1)), listing, noted)
        compared = _inventory(contract, order, module).compare(folder, order.listing, listing.names)
        troubles = examine_all(run, _pool(order, len(listing), mark), say)
        done = Done(noted.finished, len(listing), listing.size, listing.size, 0)
        return added_up(run, troubles, compared, tuple(skipped.sentences()), partial(_step, say, done))


def _step(say: Callable[[Done], None], done: Done, step: str) -> None:
    say(replace(done, step=step))


def forget(order: Order, folder: Path, verified: Verified) -> None:
    """All was told: the list of files is kept for the next run, the rest goes. Where files are missing it stays."""
    if verified.troubles.count:
        return
    if order.listing is not None:
        inventory.keep(folder, order.listing)
    journal.remove(folder)


def _handed_over(order: Order) -> None:
    if order.workers > 1:
        raise UsageError("--workers and --dask exclude one another.", hint="A cluster has the workers it has.")
    if "-" in order.locations:
        raise UsageError("Standard input cannot be handed to a cluster.", hint="Leave out --dask, or name a location.")


def _inventory(contract: Contract, order: Order, module: ModuleType) -> Inventory:
    about: dict[str, Json] = {"vendor": contract.manifest.slug, "locations": order.shown}
    return Inventory(about, inventory.judged(contract), getattr(module, "export_of", _of_none))


def _of_none(_: Named) -> None:
    """Names tell nothing of exports."""


def _parts(contract: Contract, order: Order) -> Iterator[Any]:
    yield [contract.manifest.slug, contract.as_of, asdict(order.asked), asdict(order.limits), order.shown]
    yield [[one.id, one.check, dict(one.parameters)] for one in contract.clauses]


def _pool(order: Order, files: int, mark: str) -> pool.Pool:
    if order.dask is not None:
        from export_contracts.verify import dask_pool

        return dask_pool.dask_pool(order.dask, mark)
    return pool.in_this_process if order.workers == 1 or files < 2 else pool.in_processes(order.workers)
