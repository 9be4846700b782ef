"""The shape of delivered tables, CSV or XLSX: how they are cut and what their cells look like. No name, no value.

Columns are named by customers, so that only the first, which holds the key, is told apart from the others.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from export_contracts.drift.text_forms import form
from export_contracts.files.delimiters import sniff
from export_contracts.files.tables import Table, read_csv, read_xlsx
from export_contracts.model import Exchange, Json

CSV: Final = "text/csv"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS: Final = 2_000
"""Rows of one table that are looked at."""
LARGEST: Final = 16 * 1024 * 1024
_SEPARATORS: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


class Tables:
    """Everything seen of the tables of some traffic, by media type."""

    def __init__(self) -> None:
        self._seen: dict[str, dict[str, dict[str, set[str]]]] = defaultdict(
            lambda: defaultdict(lambda: defaultdict(set))
        )

    def see(self, one: Exchange) -> None:
        """Take an answer in, where it is a table."""
        if one.response is None or not 200 <= (one.status or 0) < 300:
            return
        kind, content = one.response.media_type, one.response.content
        if kind not in {CSV, XLSX} or not isinstance(content, bytes) or len(content) > LARGEST:
            return
        paths = self._seen[f"table {kind}"]
        if kind == CSV:
            text = content.decode("utf-8", errors="replace")
            paths["separator"]["types"].add(_SEPARATORS.get(sniff(text), "another"))
            self._table(paths, read_csv(content))
        else:
            self._table(paths, read_xlsx(content))

    def _table(self, paths: dict[str, dict[str, set[str]]], table: Table) -> None:
        paths["header"]["types"].add("text" if table.header else "absent")
        for problem in table.problems:
            paths["troubles"]["types"].add(problem.code)
        for row in table.rows[:MOST_ROWS]:
            for number, cell in enumerate(row):
                column = paths["first[]" if number == 0 else "*[]"]
                column["types"].add("text")
                column["formats"].add(form(str(cell)))

    def as_json(self) -> dict[str, Json]:
        """`{media type: {path: {types, formats?}}}`."""
        return {
            name: {at: {kind: sorted(many) for kind, many in sorted(one.items())} for at, one in sorted(paths.items())}
            for name, paths in sorted(self._seen.items())
        }
