"""In how many rows, or lists of rows, each clause held, over the rows that the quick ways took.

Also what all these clauses say together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from operator import add
from typing import Final

from export_contracts.checks.tally import Tally
from export_contracts.model import Clause, Json
from export_contracts.schema.validation import uri
from export_contracts.vendors.braze.quick_wanted import Wanted

TAKEN: Final = frozenset(
    {"schema", "lines_sound", "only_fields_asked_for", "named_attributes_only", "ninety_days", "first_before_last"}
    | {"ids_fit_device"}
)
"""Checks of rows that the quick ways answer for."""
ROWS: Final = 500
"""Rows that are counted before they are added up."""
COLUMNS: Final = (
    "ordered",
    "custom_events",
    "purchases",
    "campaigns_received",
    "canvases_received",
    "devices",
    "named",
    "rows",
)
_COUNTED: Final = {"ids_fit_device": "devices", "named_attributes_only": "named", "first_before_last": "ordered"}


def takes(clause: Clause) -> bool:
    """Whether a clause of rows can be answered for: its check is known, and its pointer names a member."""
    pointer = str(clause.parameters.get("pointer", ""))
    return clause.check in TAKEN and not any(one in pointer[1:] for one in "/~")


class Counts:
    """How often members came and checks held, over the rows that were taken."""

    def __init__(self) -> None:
        self.members: Counter[str] = Counter()
        self.sums: Counter[str] = Counter()

        self._names: list[str] = []
        self._rows: list[tuple[int, ...]] = []
        self._present: dict[tuple[str, ...], list[int]] = {}

    def add(self, names: Iterable[str], counts: tuple[int, ...]) -> None:
        """Count one row by the names of its members and how often each of `COLUMNS` held."""
        # Gathered first and counted in one go, which takes a third of the time.
        self._names.extend(names)
        self._rows.append(counts)
        if len(self._rows) >= ROWS:
            self._add_up()

    def add_block(self, names: tuple[str, ...], present: Sequence[int], counts: tuple[int, ...]) -> None:
        """Count rows by how many of them have each of these members, and how often each of `COLUMNS` held."""
        self._rows.append(counts)
        before = self._present.get(names)
        self._present[names] = list(present if before is None else map(add, before, present))

    def _add_up(self) -> None:
        self.members.update(self._names)
        for names, present in self._present.items():
            self.members.update(dict(zip(names, present, strict=True)))
        self._present.clear()
        for name, column in zip(COLUMNS, zip(*self._rows, strict=True), strict=False):
            self.sums[name] += sum(column)
        self._names.clear()
        self._rows.clear()

    def give(self, clauses: Sequence[Clause], wanted: Wanted, tally: Tally) -> None:
        """Add what was counted to the clauses, and begin again."""
        self._add_up()
        for one in clauses:
            kept = self._kept(one, wanted)
            if kept:
                tally.of(one.id).kept += kept
        self.members.clear()
        self.sums.clear()

    def _kept(self, clause: Clause, wanted: Wanted) -> int:
        if clause.check == "schema":
            pointer = clause.parameters.get("pointer", "")
            return self.members[pointer[1:]] if pointer else self.sums["rows"]
        if clause.check == "ninety_days":
            return sum(self.sums[name] for name in clause.parameters["lists"]) if wanted.floor else 0
        if clause.check == "only_fields_asked_for" and wanted.fields is None:
            return 0
        return self.sums[_COUNTED.get(clause.check, "rows")]


def merged(clauses: Sequence[Clause]) -> dict[str, Json]:
    """One schema in place of all that clauses set for rows and members of rows."""
    members: dict[str, list[Json]] = {}
    required: set[str] = set()
    root: list[Json] = []
    for one in clauses:
        if one.check != "schema":
            continue
        pointer = one.parameters.get("pointer", "")
        ref = one.parameters.get("ref")
        schema: Json = {"$ref": uri(ref)} if ref is not None else one.parameters.get("schema", {})
        if pointer:
            members.setdefault(pointer[1:], []).append(schema)
            if not one.parameters.get("optional"):
                required.add(pointer[1:])
        else:
            root.append(schema)
    properties: Mapping[str, Json] = {
        name: found[0] if len(found) == 1 else {"allOf": found} for name, found in members.items()
    }
    whole = {"type": "object", "properties": properties, "required": sorted(required)}
    return whole if not root else {**whole, "allOf": root}
