"""Bloomreach's exports as saved bodies, read in passing: csv, table_json or native_json, an export in each file.

The rules are those of the checks of answers; here they meet files of any size. No file is opened and no report made.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, starmap
from typing import BinaryIO, Final

from export_contracts.checks.delivered import Asked, Examined, Named, Place, Totals
from export_contracts.checks.headings import no_heading
from export_contracts.checks.readers import ClauseReader, leaving_out
from export_contracts.checks.tally import Tally
from export_contracts.files.streams import Limits
from export_contracts.model import Clause, Evidence, Finding, Kept, Where
from export_contracts.vendors.bloomreach.checks_asks import name_of
from export_contracts.vendors.bloomreach.checks_columns import documented_ranks, misplaced
from export_contracts.vendors.bloomreach.checks_forms import COMPARED, tells_apart
from export_contracts.vendors.bloomreach.checks_sheet import Form, Sheet
from export_contracts.vendors.bloomreach.delivered_bodies import Body, open_body, text_by_name
from export_contracts.vendors.bloomreach.delivered_pairs import Kin, pair_evidence
from export_contracts.vendors.bloomreach.delivered_rows import Rows, registered

PASSES: Final = 2
"""Times that a body is gone through; names of columns may follow the rows."""
MOST_INFLATED: Final = "100GB"
"""Bodies are read as they come."""
ASKED: Final = {
    "listed_columns": "nothing tells which attributes were listed; --fields or --request does",
    "listed_order": "nothing tells which attributes were listed; --fields or --request does",
    "ids_first": "nothing tells that no attributes were listed; --request does",
    "counted": "nothing tells how many customers there should be; --expect-count does",
    "members": "nothing tells how many members the segment has; --request with --expect-count does",
    "same_customers": "it takes the export in two formats, in files named alike",
    "same_width": "it takes the export in two formats, in files named alike",
    "same_labels": "it takes the export in two formats, in files named alike",
    "same_cells": "it takes the export in two formats, in files named alike",
}
OF_BODIES: Final = frozenset({"succeeds", "csv_text", "json_table", "row_width", "names_first"})
OF_FORMS: Final = frozenset({"comma_between", "labels_differ", "schema"})
OF_COLUMNS: Final = frozenset({"listed_columns", "listed_order", "ids_first", "comma_between", "labels_differ"})
OF_SETS: Final = frozenset(
    {"once_each", "counted", "members", "same_customers", "same_width", "same_labels", "same_cells"}
)
OTHERS: Final = frozenset(
    ("xml", "html", "pdf", "zip", "xlsx", "parquet", "md", "log", "png", "yaml", "yml", "ndjson", "jsonl")
)
left_out: Final = leaving_out(OTHERS, "neither CSV nor JSON")


@dataclass
class BloomreachReader(ClauseReader):
    """Reads saved bodies."""

    VENDOR = "bloomreach"
    CHECKS = OF_BODIES | OF_FORMS | OF_COLUMNS | OF_SETS
    alone: bool

    def takes(self, clause: Clause) -> bool:
        """Whether files can put a clause to the test: a schema only where it speaks of a body of success."""
        of_body = clause.check != "schema" or clause.parameters.get("pointer") == "/response/body/success"
        return super().takes(clause) and of_body

    @cached_property
    def _listed(self) -> list[str]:
        """The names that attributes were listed by; empty where they were not, or in a form nobody documents."""
        attributes = self.asked.request.get("attributes")
        items = attributes.get("list") if isinstance(attributes, dict) and attributes.get("type") == "some" else None
        names = [name_of(one) for one in items if isinstance(one, dict)] if isinstance(items, list) else []
        known = [one for one in names if one is not None] or list(self.asked.fields)
        return known if len(known) == len(set(known)) and None not in names else []

    @property
    def _unlisted(self) -> bool:
        """Whether it is known that no list narrows the export."""
        attributes = self.asked.request.get("attributes", {"type": "properties_and_ids"})
        return bool(self.asked.request) and not self.asked.fields and attributes == {"type": "properties_and_ids"}

    def examine(self, named: Named, file: BinaryIO, limits: Limits, spill: Callable[[int], None]) -> Examined:
        """Judge one file, whatever its size, in bounded memory."""
        body = open_body(named, file, limits)
        rows = Rows(body, spill)
        heading = _lacking_heading(body)
        rows.read()
        result = Examined(rows=rows.count, whole=body.whole)
        for clause in self.clauses:
            for evidence in self._evidence(clause, body, rows, heading):
                result.tally.take(clause.id, evidence)
        if body.sheet is not None:
            result.remark = {
                "form": body.form.name,
                "header": list(body.sheet.header),
                "kinds": list(body.sheet.kinds),
                "rows": rows.count,
                "path": list(body.rows_path),
                "counted": body.sheet.counted and heading is None,
                "sure": body.sheet.sure_text,
                "sound": body.whole and heading is None and not rows.uneven,
            }
        return result

    def _wanted(self, body: Body) -> str:
        """The kind of text the file should be: by its name, by what was asked for, else what it is."""
        named = text_by_name(body.named)
        if named is not None or not self.alone:
            return named or body.text
        asked = self.asked.request.get("format")
        return {"csv": "csv", "table_json": "json", "native_json": "json"}.get(str(asked), body.text)

    def _evidence(self, clause: Clause, body: Body, rows: Rows, heading: str | None) -> Iterator[Evidence]:
        check, at = clause.check, Where(file=body.named.name)
        if check == "succeeds":
            yield Finding(at, "an export", body.failure[:120]) if body.form is Form.FAILURE else Kept(at)
        elif check in {"csv_text", "json_table"}:
            wanted = self._wanted(body)
            if wanted == ("csv" if check == "csv_text" else "json") and body.form is not Form.FAILURE:
                yield from _of_text(body, wanted)
        elif check == "row_width":
            yield from rows.evidence()
        elif check == "names_first" and body.form is Form.CSV:
            yield Finding(at, "a row of column names first", heading) if heading else Kept(at)
        elif check in OF_FORMS and heading is None:
            yield from self._of_form(clause, body)
        elif check in OF_COLUMNS and body.sheet is not None and heading is None:
            yield from self._of_columns(check, body.sheet, Where(file=body.named.name, pointer=body.header_pointer))

    def _of_form(self, clause: Clause, body: Body) -> Iterator[Evidence]:
        """What should be so and need not: commas, names that differ, a success that is no text."""
        at, header = Where(file=body.named.name, line=1), () if body.sheet is None else body.sheet.header
        if clause.check == "comma_between" and body.form is Form.CSV and len(header) >= COMPARED:
            between = body.dialect["delimiter"]
            yield Kept(at) if between == "," else Finding(at, "a comma between two names", repr(between))
        elif clause.check == "labels_differ" and len(header) >= COMPARED:
            told = ", ".join(header)[:100]
            yield Kept(at) if tells_apart(header) else Finding(at, "names that tell columns apart", told)
        elif clause.parameters.get("pointer") == "/response/body/success" and body.success:
            where = Where(file=body.named.name, pointer="/success")
            sound = body.success in {b"true", b"false"}
            yield Kept(where) if sound else Finding(where, "true or false", body.success.decode("utf-8", "replace"))

    def _of_columns(self, check: str, sheet: Sheet, at: Where) -> Iterator[Evidence]:
        names, got = self._listed, ", ".join(sheet.header)[:200]
        if check == "listed_columns" and names:
            if len(sheet.header) == len(names):
                yield Kept(at)
            else:
                yield Finding(at, f"{len(names)} columns: {', '.join(names)}", f"{len(sheet.header)}: {got}")
        elif check == "listed_order" and len(names) > 1 and len(names) == len(sheet.header):
            wrong = misplaced(sheet, names)
            yield Finding(at, f"columns in the order {', '.join(names)}", got) if wrong else Kept(at)
        elif check == "ids_first" and self._unlisted:
            ranks = list(documented_ranks(sheet))
            if ranks != sorted(ranks):
                yield Finding(at, "identifiers before properties, all else last", got)
            elif len(set(ranks)) > 1:
                yield Kept(at)

    def identify(
        self, named: Named, file: BinaryIO, limits: Limits, wanted: Collection[int]
    ) -> Iterator[tuple[int, Place]]:
        """The customers with these numbers."""
        body = open_body(named, file, limits)
        place = None if body.sheet is None else body.sheet.column("registered")
        last = max(wanted, default=-1)
        for first, rows, lines in body.rows():
            if first > last:
                return
            for number, row in enumerate(rows, first):
                if number in wanted and place is not None:
                    line = number + 1 if lines is None else lines[number - first]
                    yield number, Place(named.name, line, registered(row, place))

    def conclude(self, totals: Totals) -> Tally:
        """Whether a customer comes twice, whether all came, and whether two formats of one export agree."""
        tally = Tally()
        for clause in self.clauses:
            if clause.check == "once_each" and totals.named:
                _once(tally, clause, totals)
            elif clause.check in {"counted", "members"} and self._counts(clause.check) and totals.complete:
                for one in starmap(Kin, totals.remarks):
                    tally.take(clause.id, _counted(one, self.asked.expected)) if one["counted"] else None
        by_check = {clause.check: clause.id for clause in self.clauses}
        for check, evidence in pair_evidence(totals):
            if check in by_check:
                tally.take(by_check[check], evidence)
        return tally

    def _counts(self, check: str) -> bool:
        narrowed = self.asked.request.get("filter", {"type": "all"}) != {"type": "all"}
        return self.asked.expected is not None and narrowed == (check == "members")


def _counted(one: Kin, expected: int | None) -> Evidence:
    at = Where(file=one.named.name)
    return Kept(at) if one["rows"] == expected else Finding(at, f"{expected} customers", f"{one['rows']} rows")


def _once(tally: Tally, clause: Clause, totals: Totals) -> None:
    told = {one.again.file for one in totals.told}
    kin = {one.named.name: one for one in starmap(Kin, totals.remarks) if one.named.name in told} if told else {}
    for one in totals.told:
        where = kin[one.again.file].at(one.again.line)
        tally.take(
            clause.id, Finding(where, "each customer once", f"{one.again.identity} also in row {one.first.line}")
        )
    found = tally.of(clause.id)
    found.broken, found.kept = totals.doubles, totals.distinct


def _of_text(body: Body, wanted: str) -> Iterator[Evidence]:
    at = Where(file=body.named.name)
    expected = "text with a row of column names" if wanted == "csv" else "a JSON document"
    if body.text != wanted and not body.problems:
        yield Finding(at, expected, "JSON" if body.text == "json" else "text that is no JSON")
        return
    for problem in body.problems:
        yield Finding(Where(file=body.named.name, line=problem.line), expected, problem.message)
    if not body.problems:
        yield Kept(at, reading=body.form.value if wanted == "json" else None)


def _lacking_heading(body: Body) -> str | None:
    if body.form is not Form.CSV or body.sheet is None:
        return None
    return no_heading(body.sheet.header, body.sample)


def reader(as_of: str | None, asked: Asked, files: Iterable[Named]) -> BloomreachReader:
    """What reads these files, having looked over their names."""
    return BloomreachReader(as_of, asked, len(list(islice(files, 2))) == 1)
