"""Several references under one roof: one request at a time, one push of every clock, one state file. No HTTP here."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from typing import TYPE_CHECKING, Final

from export_contracts.errors import UsageError
from export_contracts.model import Json, Request
from export_contracts.reference.outbox import Outbox
from export_contracts.reference.server import Answer, Reference

if TYPE_CHECKING:  # few are given a file to keep their state in
    from export_contracts.reference.state import StateFile

Builder = Callable[[], Reference]
TICK: Final = 0.2
"""Seconds between two looks at what has become due without anybody asking."""


class House:
    """References by slug, built anew at the start and after `reset`. Safe for threads.

    `addresses` says, after `settle_in`, what each reference calls itself in the URLs it hands out.
    """

    def __init__(
        self, builders: Mapping[str, Builder], *, outbox: Outbox | None = None, file: StateFile | None = None
    ) -> None:
        self._builders = builders
        self._outbox = outbox or Outbox()
        self._file = file
        self._lock = threading.RLock()
        self._addresses: dict[str, str] = {}
        self._saved: dict[str, str] = {}
        self._troubles: list[str] = []
        self.references: dict[str, Reference] = {}
        try:
            self._build()
        except BaseException:
            self._let_go()  # and store nothing: what the file holds is another's
            raise

    def settle_in(self, addresses: Mapping[str, str]) -> None:
        """Tell each reference its address."""
        with self._lock:
            self._addresses = dict(addresses)
            for slug, reference in self.references.items():
                reference.world.base_url = addresses.get(slug, reference.world.base_url)

    def answer(self, slug: str, request: Request) -> Answer:
        """The answer of one reference; what it changed is stored before it is given."""
        reference = self.references[slug]
        with self._lock if reference.alone else nullcontext():  # as a gate before a live account
            try:
                self._settle(reference)
                answer = reference.answer(request)
                self._save(slug)
            except Exception as error:  # noqa: BLE001 - a bucket that is gone must not end the server
                return Answer(500, self._broke(slug, error).encode(), {"Content-Type": "text/plain; charset=utf-8"})
            return answer

    def tick(self) -> None:
        """Complete what real time has made due."""
        with self._lock:
            for slug, reference in self.references.items():
                try:
                    self._settle(reference)
                    self._save(slug)
                except Exception as error:  # noqa: BLE001 - the next tick may find the bucket back
                    self._broke(slug, error)

    def advance(self, seconds: float) -> float:
        """Push every clock; returns the new now, once the callbacks that this caused are sent."""
        with self._lock:
            for reference in self.references.values():
                reference.world.clock.advance(seconds)
            self.tick()
            now = self.now()
        self._outbox.flush()
        return now

    def now(self) -> float:
        """Seconds since the epoch on the first reference's clock."""
        return next(iter(self.references.values())).world.clock.now()

    def state(self) -> dict[str, Json]:
        """All that is known: the time, each reference's state, what became of callbacks."""
        with self._lock:
            return {
                "now": self.now(),
                "vendors": {slug: reference.state for slug, reference in self.references.items()},
                "troubles": list(self._troubles),
                "callbacks": {"sent": self._outbox.sent, "failed": list(self._outbox.failed)},
            }

    def reset(self) -> None:
        """Begin anew: fresh references, the real time, an empty state file."""
        with self._lock:
            if self._file is not None:
                self._file.clear()
            self._saved.clear()
            self._build()
            self.settle_in(self._addresses)

    def close(self) -> None:
        """Store what there is and let go of outbox and file."""
        with self._lock:
            for slug in self.references:
                self._save(slug)
            self._let_go()

    def _let_go(self) -> None:
        self._outbox.close()
        if self._file is not None:
            self._file.close()

    def _build(self) -> None:
        self.references = {slug: build() for slug, build in self._builders.items()}
        for slug, reference in self.references.items():
            reference.world.send = self._outbox.put
            if self._file is not None:
                self._restore(slug, reference, self._file)

    def _broke(self, slug: str, error: Exception) -> str:
        sentence = f"the reference of {slug} broke: {type(error).__name__}: {error}"
        if sentence not in self._troubles:
            self._troubles = [*self._troubles[-9:], sentence]
        return sentence

    def _settle(self, reference: Reference) -> None:
        clock = reference.world.clock
        clock.run_due()
        reference.settle(clock.now())

    def _save(self, slug: str) -> None:
        if self._file is None:
            return
        text = json.dumps(_record(self.references[slug]))
        if self._saved.get(slug) != text:
            self._file.save(slug, text)
            self._saved[slug] = text

    def _restore(self, slug: str, reference: Reference, file: StateFile) -> None:
        kept = file.load(slug)
        if kept is None:
            return
        world = reference.world
        if kept["made"] != _made(reference):
            seed, users = kept["made"]
            raise UsageError(
                f"The state file {file.path} was made with seed {seed} and {users} users.",
                hint=f"Add --seed {seed} --users {users}, or name another file.",
            )
        reference.state.clear()
        reference.state.update(kept["state"])
        world.random.setstate(_chance(kept["random"]))
        if world.chance is not None and kept["awkward"] is not None:
            world.chance.restore(kept["awkward"])
        world.clock.advance(kept["pushed"] - world.clock.pushed)
        reference.resume()


def _record(reference: Reference) -> dict[str, Json]:
    world = reference.world
    return {
        "made": _made(reference),
        "state": reference.state,
        "random": world.random.getstate(),
        "awkward": None if world.chance is None else world.chance.state(),
        "pushed": world.clock.pushed,
    }


def _made(reference: Reference) -> list[int]:
    return [reference.world.seed, reference.world.users]


def _chance(kept: Json) -> tuple[Json, ...]:
    version, numbers, gauss = kept
    return (version, tuple(numbers), gauss)
