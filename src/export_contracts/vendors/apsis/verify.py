"""APSIS One's delivered files, read in passing: CSV and XLSX, plain or in gzip, of one export or several.

The rules are those of the checks of answers; here they meet files of any size. No file is opened and no report made.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from typing import BinaryIO, Final

from export_contracts.checks.delivered import Asked, Examined, Named, Totals
from export_contracts.checks.readers import ClauseReader, leaving_out
from export_contracts.checks.tally import Tally
from export_contracts.errors import ExportContractsError
from export_contracts.files.row_batches import Batch
from export_contracts.files.streams import Limits
from export_contracts.model import Clause, Evidence, Finding, Kept
from export_contracts.vendors.apsis.checks_columns import called, columns_asked, counted, keyed, told_apart
from export_contracts.vendors.apsis.checks_contents import TOLERATED
from export_contracts.vendors.apsis.checks_rows import Cells
from export_contracts.vendors.apsis.delivered_files import File, look_into, of_bytes
from export_contracts.vendors.apsis.delivered_sets import Digest, Exports, Kindred, column_order, compared, exports_of
from export_contracts.vendors.apsis.delivered_sets import counted as row_count

MOST_INFLATED: Final = "100GB"
"""CSV is read as it comes, so that an honest archive may be as large as it likes; its ratio is bounded still."""
ASKED: Final = {
    "asked_columns_counted": "nothing tells which attributes were asked for; --fields or --request does",
    "asked_columns_named": "nothing tells which attributes were asked for; --fields or --request does",
    "expected_rows": "nothing tells how many rows there should be; --expect-count does",
    "same_table_again": "it takes two files of one export, named alike but for their endings",
}
OF_BYTES: Final = {"bytes_fit_type": "format", "plain_by_default": "plain", "gzip_is_gzip": "gzip"}
OF_TABLES: Final = frozenset(
    {"readable_table", "key_in_every_row", "keys_tell_apart", "asked_columns_counted", "asked_columns_named"}
)
OF_SETS: Final = frozenset({"expected_rows", "same_table_again"})
OTHERS: Final = frozenset(
    ("json", "ndjson", "jsonl", "xml", "html", "pdf", "zip", "parquet", "md", "log", "png", "yaml", "yml")
)
UNBOUNDED: Final = 1 << 62
left_out: Final = leaving_out(OTHERS, "neither CSV nor XLSX")


@dataclass
class ApsisReader(ClauseReader):
    """Reads the files of one delivery. `exports` tells which of them are of one export, as far as names tell."""

    VENDOR = "apsis"
    CHECKS = frozenset({*OF_BYTES, *OF_TABLES, *OF_SETS})
    exports: Exports

    @cached_property
    def _columns(self) -> list[list[str]]:
        return columns_asked(self.asked.request) or [[name] for name in self.asked.fields]

    def examine(self, named: Named, file: BinaryIO, limits: Limits, spill: Callable[[int], None]) -> Examined:
        """Judge one file, whatever its size, in bounded memory."""
        del spill  # No document says that a profile stands in an export once.
        look = look_into(named, file, limits)
        result = Examined()
        cells = Cells(())
        digest = None
        for batch in look.batches:
            if cells.header != look.shape.header:
                cells = Cells(look.shape.header)
                digest = Digest(column_order(cells.header)) if self.exports.of_several(named) else None
            cells.see(batch.rows, batch.lines)
            if digest is not None:
                digest.add(batch.rows)
        if not cells.header:
            cells = Cells(look.shape.header)
        self._judge(look, cells, result.tally)
        result.rows = look.shape.rows
        result.whole = look.shape.whole
        result.remark = {
            "export": self.exports.of(named),
            "format": look.format,
            "rows": look.shape.rows,
            "header": list(look.shape.header),
            "counted": bool(look.shape.header) and cells.header_is_data() is None,
            "whole": look.shape.whole,
            "sound": _is_sound(look, cells),
            "digest": "" if digest is None else digest.as_json(),
        }
        return result

    def _judge(self, look: File, cells: Cells, tally: Tally) -> None:
        for clause in self.clauses:
            for evidence in self._evidence(clause, look, cells):
                tally.take(clause.id, evidence)

    def _evidence(self, clause: Clause, look: File, cells: Cells) -> Iterator[Evidence]:
        aspect = OF_BYTES.get(clause.check)
        if aspect is not None:
            yield from of_bytes(look, aspect)
        elif clause.check == "readable_table" and clause.parameters.get("format") == look.format:
            yield from _readable(look, cells)
        elif not look.shape.header or cells.header_is_data() is not None:
            return  # Nothing can be said of columns whose names are not known.
        elif clause.check == "key_in_every_row":
            yield from keyed(cells, self._columns, None, look.at)
        elif clause.check == "keys_tell_apart":
            yield from told_apart(cells, self._columns, None, look.at)
        elif clause.check == "asked_columns_counted":
            yield from counted(look.shape.header, self._columns, look.at, int(clause.parameters["besides"]))
        elif clause.check == "asked_columns_named":
            yield from called(look.shape.header, self._columns, look.at)

    def conclude(self, totals: Totals) -> Tally:
        """What only the whole set can tell."""
        tally = Tally()
        kin = Kindred(totals.remarks)
        rows = partial(_rows_again, totals)
        for clause in self.clauses:
            found: Iterator[Evidence] = iter(())
            if clause.check == "expected_rows" and self.asked.expected is not None and totals.complete:
                found = row_count(kin, self.asked.expected)
            elif clause.check == "same_table_again":
                found = compared(kin, rows, across=bool(clause.parameters["across"]))
            for evidence in found:
                tally.take(clause.id, evidence)
        return tally


def _rows_again(totals: Totals, named: Named) -> Iterator[Batch]:
    """The rows of a file once more; none where it has gone since."""
    with contextlib.suppress(OSError, ExportContractsError):
        if totals.reopen is not None:
            with totals.reopen(named) as file:
                yield from look_into(named, file, Limits(total=UNBOUNDED)).batches


def _is_sound(look: File, cells: Cells) -> bool:
    """Whether it is clear what each row says."""
    return bool(look.shape.header) and look.shape.codes.keys() <= TOLERATED and cells.header_is_data() is None


def _readable(look: File, cells: Cells) -> Iterator[Evidence]:
    wanted = f"a readable {str(look.format).upper()} table with a header"
    found = [one for one in look.shape.problems if one.code not in TOLERATED - {"empty-table"}]
    if look.misfits and not look.shape.header:
        return  # What it is has been said; whether it is sound was not asked.
    for problem in found:
        yield Finding(look.at(problem.line), wanted, problem.message)
    no_header = cells.header_is_data() if look.format == "csv" else None
    if no_header is not None:
        yield Finding(look.at(1), wanted, f"a first row with {no_header}")
    elif not found and look.shape.header:
        yield Kept(look.at(None))


def reader(as_of: str | None, asked: Asked, files: Iterable[Named]) -> ApsisReader:
    """What reads these files, having looked over their names."""
    return ApsisReader(as_of, asked, exports_of(files))
