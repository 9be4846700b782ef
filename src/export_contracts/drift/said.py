"""What one place of a vendor's publication says: entries of a table, a template, a list. Compares nothing."""

from __future__ import annotations

from dataclasses import dataclass

from export_contracts.drift.vocabulary import Need

Operation = tuple[str, str]
"""Method and path, as printed; the method is empty where only a path is."""


@dataclass(frozen=True)
class Entry:
    """One name with what is said of it; whatever could not be read is None or empty.

    `at` is a dotted path below its root, `[]` after lists: `devices[].model`.
    """

    at: str
    types: frozenset[str] = frozenset()
    items: frozenset[str] = frozenset()
    need: Need | None = None
    words: frozenset[str] = frozenset()
    """Values that the text quotes or marks as code: an enumeration, if the contract has one there."""
    silent: bool = False
    """Whether nothing at all is said of the need, where other names of the same place have a word for it."""
    certain: bool = False
    """Whether `words` is an enumeration for sure (a machine-readable `enum`)."""
    retired: bool = False
    """Whether it is marked as deprecated."""


@dataclass(frozen=True)
class Place:
    """A table, template, list or sample, and where it stands.

    kind: `table`, `template` (annotated pseudo-JSON), `list` (bare names), `members` (a list inside a table's cell),
    `sample` (values), `drawn` (a body that a generator wrote out), `collection` (parameters of a request in a
    collection), `schema`, or `excerpt` (a schema with references that lead nowhere). Only samples and excerpts may
    leave out what exists.
    """

    kind: str
    where: str
    entries: tuple[Entry, ...]
    operation: Operation | None = None
    """Of the section it stands in, as printed."""
    area: str | None = None
    """Given by machine-readable publications; pages leave it to the names."""
    heading: str = ""

    @property
    def whole(self) -> bool:
        """Whether what is missing here is missing from the publication."""
        return self.kind not in {"sample", "excerpt"}


@dataclass(frozen=True)
class Unread:
    """Something that may be a promise and could not be understood."""

    where: str
    what: str


@dataclass(frozen=True)
class Publication:
    """All that was read from one file."""

    name: str
    form: str
    """`markdown`, `postman`, `openapi`, `html` or `text`."""
    places: tuple[Place, ...]
    statuses: tuple[tuple[Operation | None, str, str], ...] = ()
    """(operation as printed or None, status, where)"""
    passages: tuple[tuple[Operation | None, str], ...] = ()
    """All prose, for limits, each by the operation of its section."""
    unread: tuple[Unread, ...] = ()
    title: str = ""
    operations: tuple[Operation, ...] = ()
    """Every operation of a machine-readable publication."""
    retired: tuple[Operation, ...] = ()
    """Operations that a machine-readable publication marks as deprecated."""
    cut: bool = False
    """Whether it breaks off in the middle, so that what it lacks may have stood behind."""
    last: str = ""
    """Where the table or list is with which it ends, if it ends with one."""

    @property
    def text(self) -> str:
        """All prose as one."""
        return "\n".join(text for _, text in self.passages)
