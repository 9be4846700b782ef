"""Servers with one defect, for what a patch of an answer cannot spoil."""

from __future__ import annotations

from export_contracts_mailhaven.reference import Mailhaven


class Relapses(Mailhaven):
    """Says of a done export at every second look that it runs."""

    looks = 0

    def state_of(self, done: float) -> str:
        state = super().state_of(done)
        self.looks += state == "done"
        return "running" if self.looks % 2 == 0 else state


class KnowsEverybody(Mailhaven):
    """Takes any key, though not none."""

    def knows(self, authorization: str) -> bool:
        return authorization.startswith("Bearer ")
