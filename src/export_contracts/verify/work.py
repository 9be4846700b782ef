"""The examining of single files: what a process needs for it, wherever it runs. Decides nothing, adds nothing up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from export_contracts.checks.delivered import Examined, Named, Reader
from export_contracts.errors import UnreachableError
from export_contracts.files.streams import Limits
from export_contracts.verify.journal import Spill
from export_contracts.verify.places import Place


@dataclass(frozen=True, slots=True)
class Task:
    """A file to examine: its number in the run, and in which of the places it lies."""

    number: int
    place: int
    named: Named


@dataclass(frozen=True)
class Outfit:
    """What examines files; it travels to other processes."""

    reader: Reader
    places: Sequence[Place]
    limits: Limits

    def examine(self, task: Task, spill: Callable[..., None]) -> Examined | str:
        """Examine one file; a sentence where it cannot be read."""
        try:
            with self.places[task.place].open(task.named) as file:
                return self.reader.examine(task.named, file, self.limits, spill)
        except OSError as error:
            return f"{task.named.name} could not be read: {error.strerror or error}."
        except UnreachableError as error:
            return error.sentence

    def examine_into(self, folder: Path, task: Task) -> Examined | str:
        """Examine one file and put the hashes of its rows into the run's folder."""
        with Spill(folder, task.number) as spill:
            found = self.examine(task, spill)
            if isinstance(found, Examined):
                spill.finish()
        return found
