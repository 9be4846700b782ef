"""The worker: what examines single files, in whichever process it is. Decides nothing, adds nothing up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import BinaryIO, cast

from export_contracts.checks.delivered import Examined, Named, Reader
from export_contracts.errors import UnreachableError
from export_contracts.files.streams import Limits
from export_contracts.verify.hash_spill import Spill
from export_contracts.verify.journal import Note, note
from export_contracts.verify.progress import Heard, Watched
from export_contracts.verify.storage import Place


@dataclass(frozen=True, slots=True)
class Task:
    """A file to examine: its number in the run, and in which of the places it lies."""

    number: int
    place: int
    named: Named


@dataclass(frozen=True)
class Examiner:
    """What examines files; it travels to other processes. `passes` is how often its reader goes through a file."""

    reader: Reader
    places: Sequence[Place]
    limits: Limits
    passes: int = 1

    def examine(self, task: Task, spill: Callable[..., None], heard: Heard) -> Examined | str:
        """Examine one file; a sentence where it cannot be read. `heard` is told of bytes as they are read."""
        try:
            with (
                self.places[task.place].open(task.named) as file,
                Watched(file, task.named.size, self.passes, heard) as watched,
            ):
                return self.reader.examine(task.named, cast("BinaryIO", watched), self.limits, spill)
        except OSError as error:
            return f"{task.named.name} could not be read: {error.strerror or error}."
        except UnreachableError as error:
            return error.sentence

    def examine_into(self, spill: Spill, task: Task, heard: Heard) -> Note | str:
        """Examine one file and spill the hashes of its rows."""
        spill.begin()
        found = self.examine(task, spill, heard)
        return found if isinstance(found, str) else note(task.number, found, spill.finish())
