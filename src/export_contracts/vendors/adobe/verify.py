"""Adobe's batches as files, read in passing: whole Parquet, none missing, fields and rows as the job says.

The rules are those of the checks of deliveries. What is asked for may be the export's order or the job itself, which
names batches and counts profiles. No file is opened here and no report made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import BinaryIO, Final

from export_contracts.checks.delivered import Asked, Examined, Named, Totals
from export_contracts.checks.readers import ClauseReader
from export_contracts.checks.tally import Tally
from export_contracts.files.parquet_footer import Footer, read_footer
from export_contracts.files.parquet_pages import pyarrow, read_pages
from export_contracts.files.problem import Problem
from export_contracts.files.streams import Limits
from export_contracts.model import Evidence, Finding, Json, Kept, Where
from export_contracts.schema.pointer import resolve
from export_contracts.vendors.adobe.checks_batches import CLUTTER, batch_in, batches_of, fields_of, has_fields, sound
from export_contracts.vendors.adobe.checks_results import COUNTERS
from export_contracts.vendors.adobe.checks_story import number

ASKED: Final = {
    "adobe_rows_counted": "nothing tells how many profiles there are; --expect-count or the job as --request does",
    "adobe_batches_delivered": "nothing tells which batches there should be; the job as --request does",
    "adobe_fields_delivered": "nothing tells which fields were asked for; --fields or --request does",
}
UNFINISHED: Final = frozenset({"NEW", "PROCESSING", "FAILED"})


def left_out(named: Named) -> str | None:
    """Why a file of a folder is no data of a batch; None where it may be."""
    return "its name is not that of a batch's data" if CLUTTER.search(named.path) else None


@dataclass
class AdobeReader(ClauseReader):
    """Reads the files of a job's batches; paths of files name those `delivered`."""

    VENDOR = "adobe"
    CHECKS = frozenset({"adobe_parquet", "adobe_rows_counted", "adobe_batches_delivered", "adobe_fields_delivered"})
    delivered: frozenset[str]

    @cached_property
    def _fields(self) -> list[str]:
        return list(self.asked.fields) or fields_of(self.asked.request)

    @cached_property
    def _batches(self) -> list[str]:
        return batches_of(self.asked.request)

    @cached_property
    def _expected(self) -> int | None:
        """How many profiles were announced, by the user or by a job that has succeeded."""
        if self.asked.expected is not None:
            return self.asked.expected
        if self.asked.request.get("status") in UNFINISHED:
            return None
        found = (_at(self.asked.request, one) for one in COUNTERS)
        return next((int(one) for one in found if number(one)), None)

    def examine(self, named: Named, file: BinaryIO, limits: Limits, spill: Callable[[int], None]) -> Examined:
        """Judge one file, whatever its size, in bounded memory."""
        del limits, spill  # Pages are read as they come, and no document tells what identifies a profile.
        footer = read_footer(file)
        if not footer.problems:
            footer = _with_pages(footer, file)
        at = Where(file=named.name)
        result = Examined(rows=footer.rows, whole=not footer.problems)
        result.remark = {"rows": footer.rows, "batch": batch_in(named.path, self._batches)}
        for clause in self.clauses:
            found: Iterator[Evidence] = iter(())
            if clause.check == "adobe_parquet":
                found = sound(footer, at)
            elif clause.check == "adobe_fields_delivered" and self._fields and not footer.problems:
                found = has_fields(self._fields, footer, at)
            for evidence in found:
                result.tally.take(clause.id, evidence)
        return result

    def conclude(self, totals: Totals) -> Tally:
        """Whether all batches came, and as many profiles as were announced."""
        tally = Tally()
        missing = self._missing()
        for clause in self.clauses:
            if clause.check == "adobe_rows_counted" and self._expected is not None and totals.complete and not missing:
                rows = _rows(totals)
                wanted = f"{self._expected} profiles across all batches"
                found = Kept(Where()) if rows == self._expected else Finding(Where(), wanted, f"{rows} rows")
                tally.take(clause.id, found)
            elif clause.check == "adobe_batches_delivered" and missing is not None and len(self._batches) > 1:
                for evidence in _told(missing):
                    tally.take(clause.id, evidence)
        return tally

    def batches_in(self, files: Iterable[Named]) -> Iterator[str]:
        """The batches that the paths of files name."""
        for one in files:
            batch = batch_in(one.path, self._batches)
            if batch is not None:
                yield batch

    def _missing(self) -> list[str] | None:
        """Batches that the job names and no path holds; None where paths speak of none of them."""
        return [one for one in self._batches if one not in self.delivered] if self.delivered else None


def _rows(totals: Totals) -> int:
    """Rows of the job's batches where paths tell them, else of all files."""
    own, of_batches = 0, False
    for _, one in totals.remarks:
        if one["batch"] is not None:
            own, of_batches = own + one["rows"], True
    return own if of_batches else totals.rows


def _told(missing: list[str]) -> Iterator[Evidence]:
    yield from (Finding(Where(), f"files of the batch {one}", "none") for one in missing)
    if not missing:
        yield Kept(Where())


def _at(job: Mapping[str, Json], pointer: str) -> Json:
    return resolve(dict(job), pointer)


def _with_pages(footer: Footer, file: BinaryIO) -> Footer:
    """The footer with what reading every page has brought."""
    rows, problems = read_pages(file)
    if not problems and rows != footer.rows:
        problems = (Problem("damaged", f"the pages hold {rows} rows, the footer speaks of {footer.rows}"),)
    return Footer(footer.rows, footer.paths, problems)


def reader(as_of: str | None, asked: Asked, files: Iterable[Named]) -> AdobeReader:
    """What reads these files, having looked over their names. Takes the extra `parquet`."""
    pyarrow()
    found = AdobeReader(as_of, asked, frozenset())
    return replace(found, delivered=frozenset(found.batches_in(files)))
