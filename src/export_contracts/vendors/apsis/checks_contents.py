"""What stands in the exported tables: read with real readers, compared with the order and with one another.

The documents tell no dialect of CSV and no header text for the export key, so neither is asked for.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Final

from export_contracts.checks import Talk, check
from export_contracts.files.tables import Table, read_csv, read_xlsx
from export_contracts.model import Evidence, Exchange, Finding, Kept, Unreadable
from export_contracts.vendors.apsis.checks_calls import Export, exports, is_fair
from export_contracts.vendors.apsis.checks_cells import same_tables
from export_contracts.vendors.apsis.checks_columns import Locate, called, counted, keyed, told_apart
from export_contracts.vendors.apsis.checks_columns import columns_asked as columns_of
from export_contracts.vendors.apsis.checks_negotiation import BODY, Format, given_format, plain
from export_contracts.vendors.apsis.checks_rows import Cells
from export_contracts.vendors.apsis.checks_spelling import spelled_apart

TOLERATED: Final = frozenset({"bom", "empty-line", "duplicate-column", "empty-table"})
"""Shapes that the documents do not speak of, or that another clause looks at."""


def table(talk: Talk, look: Exchange) -> Table | None:
    """The table in an answer; None where it is no file, or not readable for a reason that another clause names."""
    return talk.once(f"apsis:table:{look.index}", lambda: _read(look))


def _read(look: Exchange) -> Table | None:
    if look.status != 200 or not is_fair(look):
        return None
    body, format_ = plain(look), given_format(look)
    if body is None or format_ is None or body.startswith(b"PK") != (format_ == "xlsx"):
        return None
    return read_csv(body) if format_ == "csv" else read_xlsx(body)


def whole_table(talk: Talk, look: Exchange) -> Table | None:
    """The table where it has a header and nothing keeps its rows from being read."""
    read = table(talk, look)
    if read is None or not read.header or any(one.code not in TOLERATED for one in read.problems):
        return None
    return read


def tells_apart(read: Table) -> bool:
    """Whether some column is filled in every row, so that it may be the key and rows stand for profiles."""
    columns = range(len(read.header))
    return any(all(len(row) > place and str(row[place]).strip() for row in read.rows) for place in columns)


def _looks(talk: Talk) -> Iterator[tuple[Export, Exchange, Table]]:
    for export in exports(talk):
        for look in export.looks:
            read = whole_table(talk, look)
            if read is not None:
                yield export, look, read


@check("readable_table")
def readable_table(talk: Talk, *, format: Format) -> Iterator[Evidence]:  # noqa: A002 - the documents' word
    """A file opens with a reader of its format and holds a table: UTF-8 text, a header, rows as wide as it."""
    for look in talk.selected:
        read = table(talk, look)
        if read is None or given_format(look) != format:
            continue
        wanted = f"a readable {format.upper()} table with a header"
        problem = next((one for one in read.problems if one.code not in TOLERATED - {"empty-table"}), None)
        no_header = cells(talk, look, read).header_is_data() if format == "csv" else None
        if problem is not None:
            yield Finding(look.at(BODY), wanted, problem.message)
        elif no_header is not None:
            yield Finding(look.at(BODY), wanted, f"a first row with {no_header}")
        else:
            yield Kept(look.at(BODY))


def cells(talk: Talk, look: Exchange, read: Table) -> Cells:
    """What is to be seen of the rows, looked at once."""
    return talk.once(f"apsis:cells:{look.index}", lambda: Cells.of(read))


@check("key_in_every_row")
def key_in_every_row(talk: Talk) -> Iterator[Evidence]:
    """Beside the columns asked for there is one that is filled in every row: the export key's."""
    wanted = talk.facts.get("export_key")
    for export, look, read in _looks(talk):
        asked = None if export.order is None else columns_asked(export.order)
        found = keyed(cells(talk, look, read), asked, wanted if isinstance(wanted, str) else None, _at(look))
        yield from itertools.islice(found, 1)


@check("keys_tell_apart")
def keys_tell_apart(talk: Talk) -> Iterator[Evidence]:
    """The export key is not the same in each row."""
    wanted = talk.facts.get("export_key")
    for export, look, read in _looks(talk):
        asked = None if export.order is None else columns_asked(export.order)
        yield from told_apart(cells(talk, look, read), asked, wanted if isinstance(wanted, str) else None, _at(look))


def _at(look: Exchange) -> Locate:
    return lambda _: look.at(BODY)


@check("asked_columns_counted")
def asked_columns_counted(talk: Talk, *, besides: int) -> Iterator[Evidence]:
    """There is a column for each attribute and tag asked for, and `besides` so many, one of them the export key's."""
    for export, look, read in _looks(talk):
        yield from counted(read.header, columns_asked(export.order) if export.order else [], _at(look), besides)


@check("asked_columns_named")
def asked_columns_named(talk: Talk) -> Iterator[Evidence]:
    """Each attribute and tag asked for under a name has a column of that name."""
    for export, look, read in _looks(talk):
        yield from called(read.header, columns_asked(export.order) if export.order else [], _at(look))


def columns_asked(order: Exchange) -> list[list[str]]:
    """For each attribute and tag of an order the texts by which its column may go."""
    body = order.request.json
    return [] if isinstance(body, Unreadable) else columns_of(body)


@check("same_table_again")
def same_table_again(talk: Talk, *, across: bool) -> Iterator[Evidence]:
    """Each download of an export holds the table of its first: in the same format, or `across` formats."""
    first: dict[tuple[str, Format | None], tuple[Exchange, Table]] = {}
    for export, look, read in _looks(talk):
        format_ = given_format(look)
        is_first = (export.url, format_) not in first
        first.setdefault((export.url, format_), (look, read))
        kinds = [kind for url, kind in first if url == export.url and (kind != format_) == across]
        if is_first != across or not kinds:
            continue
        other, other_table = first[export.url, kinds[0]]
        difference = same_tables(other_table, read)
        if difference is None or (across and _spelled_apart(other_table, read)):
            yield Kept(look.at(BODY))
        else:
            yield Finding(look.at(BODY), f"the table of exchange {other.index}", difference)


def _spelled_apart(one: Table, other: Table) -> bool:
    return spelled_apart(one.header, lambda: one.rows, other.header, lambda: other.rows)


@check("expected_rows")
def expected_rows(talk: Talk) -> Iterator[Evidence]:
    """An export has as many rows as the target's owner declared for its filter."""
    declared = talk.facts.get("expected_rows")
    for export, look, read in _looks(talk):
        if look is not export.first_file or export.is_later_form:
            continue
        count = declared.get(_selection(export.order)) if isinstance(declared, Mapping) else None
        if not isinstance(count, int):
            continue
        if len(read.rows) == count:
            yield Kept(look.at(BODY))
        else:
            yield Finding(look.at(BODY), f"{count} rows", f"{len(read.rows)} rows")


def filter_of(order: Exchange | None) -> str | None:
    """The filter expression of an order."""
    body = None if order is None else order.request.json
    segments = body.get("segments") if isinstance(body, dict) else None
    expression = segments.get("filter") if isinstance(segments, dict) else None
    return expression if isinstance(expression, str) else None


def _selection(order: Exchange | None) -> str | None:
    """The word under which `expected_rows` may declare what an order selects; None where there is none."""
    body = None if order is None else order.request.json
    if not isinstance(body, dict):
        return None
    if "topic_discriminators" in body:
        return None if "segments" in body else "topics"
    if "segments" not in body:
        return "everything"
    return filter_of(order) if "segment_discriminators" in body["segments"] else "definition"
