"""One passage of a command through the gate: serve, intercept, run, and keep what was said.

Judging is done by the caller; nothing of a passage is left on the machine when it ends, however it ends.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from export_contracts.catalogue import plugins
from export_contracts.catalogue.contract import Contract
from export_contracts.gate import environment
from export_contracts.gate.authority import Authority, Made, made
from export_contracts.gate.command import Ended, run, undisturbed
from export_contracts.gate.proxy import Journal, Proxy
from export_contracts.gate.recorder import Recorder
from export_contracts.model import Json, Transcript
from export_contracts.reference.house import House
from export_contracts.reference.server import Reference
from export_contracts.reference.serving import Serving
from export_contracts.reference.world import Clock, MemoryBucket, World

if TYPE_CHECKING:  # most gates have none
    from export_contracts.targets.target import Target

RENEWAL = 60.0
"""Seconds of the reference's time after which an awkward server renews what it allows in an hour."""
SPEED = 30.0
"""How much faster than ours the reference's time runs: its jobs of a minute take two seconds."""


@dataclass(frozen=True)
class Opened:
    """A gate that stands open: the recorder behind it, its proxy's journal, and the command's variables."""

    recorder: Recorder
    journal: Journal
    variables: Mapping[str, str]
    url: str

    @property
    def facts(self) -> Mapping[str, Json]:
        """What the reference accepts: token, segment_id and the like, by setting name."""
        return self.recorder.facts()

    def transcript(self, contract: Contract, name: str) -> Transcript:
        """What was said until now."""
        return Transcript(
            vendor=contract.manifest.slug,
            name=name,
            origin="gate",
            exchanges=tuple(self.recorder),
            callbacks=tuple(self.recorder.callbacks),
            facts=self.recorder.facts(),
            base_url=self.url,
        )


@dataclass(frozen=True)
class Passage:
    """What one run of the command left: its transcript and how it ended. `awkward` is the seed, None for plain."""

    transcript: Transcript
    ended: Ended
    journal: Journal
    awkward: int | None = None
    dropped: int = 0

    @property
    def unreached(self) -> bool:
        """Whether requests were made of which none brought an answer."""
        exchanges = self.transcript.exchanges
        return bool(exchanges) and all(one.trouble is not None for one in exchanges)


@contextmanager
def opened(
    contract: Contract,
    *,
    seed: int = 0,
    awkward: int | None = None,
    target: Target | None = None,
    authority: Callable[[], Made] = made,
) -> Iterator[Opened]:
    """Open a gate for the contract's vendor on free loopback ports; everything is gone afterwards.

    Behind it is the reference, or `target`, to which requests are passed on. `authority` is whom clients are to trust.
    """
    slug = contract.manifest.slug
    journal = Journal()
    behind = _reference(slug, seed, awkward, contract.as_of) if target is None else _account(contract, target, journal)
    recorder = Recorder(behind)
    with (
        ExitStack() as end,
        tempfile.TemporaryDirectory(prefix="export-contracts-gate-") as folder,
        Serving(House({slug: lambda: recorder}), trouble=journal.troubles.add) as served,
    ):
        recorder.overhear()
        proxy = Proxy(contract.manifest.hosts, served.front, Authority(Path(folder), authority()), journal)
        try:
            control = served.control if target is None else None
            facts, ca = recorder.facts(), proxy.authority.file
            added = environment.variables(slug, served.url, facts, proxy.url, ca, control=control, inherited=os.environ)
            yield Opened(recorder, journal, added, served.url)
        finally:
            end.enter_context(undisturbed())  # until the folder is gone, too
            proxy.close()


def _account(contract: Contract, target: Target, journal: Journal) -> Reference:
    from export_contracts.gate.upstream import Upstream

    return Upstream(contract, target, journal.troubles.add)


def _clock(awkward: int | None) -> Clock:
    """A hurried clock; that of an awkward server stands before the full hour, when hourly allowances are renewed."""
    if awkward is None:
        return Clock(speed=SPEED)
    now = time.time()
    return Clock(start=now - now % 3600 + 3600 - RENEWAL, speed=SPEED)


def _reference(slug: str, seed: int, awkward: int | None, as_of: str | None) -> Reference:
    world = World(
        seed=seed,
        clock=_clock(awkward),
        bucket=MemoryBucket(),
        awkward=awkward,
        as_of=as_of,
        obliging=awkward is None,
    )
    built: Reference = plugins.module(slug, "reference").build(world)
    return built


def passage(
    contract: Contract,
    command: Sequence[str],
    *,
    seed: int = 0,
    awkward: int | None = None,
    target: Target | None = None,
    timeout: float | None = None,
    quiet: bool = False,
    authority: Callable[[], Made] = made,
) -> Passage:
    """Run `command` once against a freshly opened gate."""
    with opened(contract, seed=seed, awkward=awkward, target=target, authority=authority) as gate:
        ended = run(command, gate.variables, timeout, quiet=quiet)
        name = " ".join(command) if awkward is None else f"{' '.join(command)} (awkward {awkward})"
        transcript = gate.transcript(contract, name)
        return Passage(transcript, ended, gate.journal, awkward, gate.recorder.dropped)
