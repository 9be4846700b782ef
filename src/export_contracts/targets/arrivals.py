"""Which files have arrived in a target's bucket since somebody began to look."""

from __future__ import annotations

import dataclasses

from export_contracts.model import DeliveredFile
from export_contracts.targets.transport import Transport


class Arrivals:
    """Files that came, or came anew, after this was made; what lay there before is not even read."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._looked = transport.now()
        self._marks = dict(transport.listing())
        self._files: dict[str, DeliveredFile] = {}

    @property
    def files(self) -> tuple[DeliveredFile, ...]:
        """What has been collected so far."""
        return tuple(self._files.values())

    def collect(self) -> list[DeliveredFile]:
        """Look again, read what is new or has changed, and return all that has arrived."""
        looked = self._transport.now()
        for key, mark in self._transport.listing().items():
            if self._marks.get(key) != mark:
                file = self._transport.fetch(key)
                if file is not None:
                    self._files[key] = dataclasses.replace(file, missed=self._looked)
                    self._marks[key] = mark
        self._looked = looked
        return list(self._files.values())
