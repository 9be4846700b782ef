"""Adobe's batches as files, read in passing: whole Parquet, none missing, fields and rows as the job says.

The rules are those of the checks of deliveries. What is asked for may be the export's order or the job itself, which
names batches and counts profiles. No file is opened here and no report made.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import BinaryIO, Final

from export_contracts.catalogue import contract as contracts
from export_contracts.catalogue.contract import Contract
from export_contracts.checks.delivered import Asked, Examined, Named, Place, Totals
from export_contracts.checks.tally import Tally
from export_contracts.files.parquet_footer import Footer, read_footer
from export_contracts.files.parquet_pages import pyarrow, read_pages
from export_contracts.files.problem import Problem
from export_contracts.files.streams import Limits
from export_contracts.model import Clause, Evidence, Finding, Json, Kept, Where
from export_contracts.schema.pointer import resolve
from export_contracts.vendors.adobe.checks_batches import CLUTTER, batch_in, batches_of, fields_of, has_fields, sound
from export_contracts.vendors.adobe.checks_results import COUNTERS
from export_contracts.vendors.adobe.checks_story import number

ASKED: Final = {
    "adobe_rows_counted": "nothing tells how many profiles there are; --expect-count or the job as --request does",
    "adobe_batches_delivered": "nothing tells which batches there should be; the job as --request does",
    "adobe_fields_delivered": "nothing tells which fields were asked for; --fields or --request does",
}
CHECKS: Final = frozenset({"adobe_parquet", "adobe_rows_counted", "adobe_batches_delivered", "adobe_fields_delivered"})
UNFINISHED: Final = frozenset({"NEW", "PROCESSING", "FAILED"})


def left_out(named: Named) -> str | None:
    """Why a file of a folder is no data of a batch; None where it may be."""
    return "its name is not that of a batch's data" if CLUTTER.search(named.path) else None


@dataclass
class AdobeReader:
    """Reads the files of a job's batches."""

    as_of: str | None
    asked: Asked
    paths: tuple[tuple[str, str], ...]

    @cached_property
    def contract(self) -> Contract:
        """The contract at the date judged by."""
        return contracts.load("adobe", self.as_of)

    @cached_property
    def _clauses(self) -> tuple[Clause, ...]:
        return tuple(one for one in self.contract.clauses if one.check in CHECKS and self.contract.is_active(one))

    def judged(self) -> frozenset[str]:
        """Ids of the clauses that files can put to the test."""
        return frozenset(one.id for one in self._clauses)

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
        for clause in self._clauses:
            found: Iterator[Evidence] = iter(())
            if clause.check == "adobe_parquet":
                found = sound(footer, at)
            elif clause.check == "adobe_fields_delivered" and self._fields and not footer.problems:
                found = has_fields(self._fields, footer, at)
            for evidence in found:
                result.tally.take(clause.id, evidence)
        return result

    def identify(
        self, named: Named, file: BinaryIO, limits: Limits, wanted: Collection[int]
    ) -> Iterator[tuple[int, Place]]:
        """Nobody, for no row is looked for twice."""
        del named, file, limits, wanted
        return iter(())

    def conclude(self, totals: Totals) -> Tally:
        """Whether all batches came, and as many profiles as were announced."""
        tally = Tally()
        missing = self._missing()
        for clause in self._clauses:
            if clause.check == "adobe_rows_counted" and self._expected is not None and totals.complete and not missing:
                rows = _rows(totals)
                wanted = f"{self._expected} profiles across all batches"
                found = Kept(Where()) if rows == self._expected else Finding(Where(), wanted, f"{rows} rows")
                tally.take(clause.id, found)
            elif clause.check == "adobe_batches_delivered" and missing is not None and len(self._batches) > 1:
                for evidence in _told(missing):
                    tally.take(clause.id, evidence)
        return tally

    def _missing(self) -> list[str] | None:
        """Batches that the job names and no path holds; None where paths speak of none of them."""
        found = {batch_in(path, self._batches) for path, _ in self.paths} - {None}
        return [one for one in self._batches if one not in found] if found else None


def _rows(totals: Totals) -> int:
    """Rows of the job's batches where paths tell them, else of all files."""
    own = [one["rows"] for _, one in totals.remarks if one["batch"] is not None]
    return sum(own) if own else totals.rows


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
    return AdobeReader(as_of, asked, tuple((one.path, one.name) for one in files))
