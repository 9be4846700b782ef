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
        self._at_rest: set[str] = set()

    @property
    def files(self) -> tuple[DeliveredFile, ...]:
        """What has been collected so far."""
        return tuple(self._files.values())

    def collect(self) -> list[DeliveredFile]:
        """Look again, read what is new or has changed, and return all that has arrived."""
        looked = self._transport.now()
        listed = self._transport.listing()
        for key, mark in listed.items():
            if self._marks.get(key) == mark:
                self._at_rest.add(key)
            elif (file := self._transport.fetch(key)) is not None:
                self._files[key] = self._taken(file, looked)
                self._marks[key] = mark
        for key in self._files.keys() - listed.keys():
            self._files[key] = _gone(self._files[key], looked)
            self._marks.pop(key, None)
        self._looked = looked
        return list(self._files.values())

    def _taken(self, file: DeliveredFile, looked: float) -> DeliveredFile:
        """A file just read. One that two looks had found alike before was not merely still being written."""
        before = self._files.get(file.key)
        if before is None:
            return dataclasses.replace(file, missed=self._looked)
        rested = file.key in self._at_rest
        other = looked if rested and file.body != before.body else None
        missed = before.missed if rested else self._looked
        return dataclasses.replace(file, missed=missed, changed=before.changed or other, gone=before.gone)


def _gone(file: DeliveredFile, looked: float) -> DeliveredFile:
    return file if file.gone is not None else dataclasses.replace(file, gone=looked)
