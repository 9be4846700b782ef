"""What stands in the exported tables: read with real readers, compared with the order and with one another.

The documents tell no dialect of CSV and no header text for the export key, so neither is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from export_contracts.checks import Talk, check
from export_contracts.files.tables import Table, read_csv
from export_contracts.files.workbook import read_xlsx
from export_contracts.model import Evidence, Exchange, Finding, Json, Kept, Unreadable
from export_contracts.vendors.apsis.checks_calls import Export, exports, is_fair
from export_contracts.vendors.apsis.checks_cells import same_tables
from export_contracts.vendors.apsis.checks_negotiation import BODY, Format, given_format, plain

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
        problem = next((one for one in read.problems if one.code not in TOLERATED - {"empty-table"}), None)
        if problem is not None:
            yield Finding(look.at(BODY), f"a readable {format.upper()} table with a header", problem.message)
        else:
            yield Kept(look.at(BODY))


@check("key_in_every_row")
def key_in_every_row(talk: Talk) -> Iterator[Evidence]:
    """Beside the columns asked for there is one that is filled in every row: the export key's."""
    wanted = talk.facts.get("export_key")
    for export, look, read in _looks(talk):
        places = _key_places(export, read, wanted if isinstance(wanted, str) else None)
        if places is None or not read.rows:
            continue
        full = [place for place in places if all(len(row) > place and str(row[place]).strip() for row in read.rows)]
        if full:
            yield Kept(look.at(BODY))
        else:
            yield Finding(look.at(BODY), "an export key in each row", f"none under {', '.join(read.header)}")


def _key_places(export: Export, read: Table, named: str | None) -> list[int] | None:
    """Where the export key may stand; None where it cannot be told."""
    if named is not None:
        return [place for place, name in enumerate(read.header) if _same(name, named)]
    if export.order is None:
        return None
    asked = [text for item in columns_asked(export.order) for text in item]
    others = [place for place, name in enumerate(read.header) if not any(_same(name, one) for one in asked)]
    return others or ([] if asked else list(range(len(read.header))))


@check("asked_columns_counted")
def asked_columns_counted(talk: Talk) -> Iterator[Evidence]:
    """There is a column for the export key and one for each attribute and tag that was asked for."""
    for export, look, read in _looks(talk):
        asked = columns_asked(export.order) if export.order else []
        if not asked:
            continue
        if len(read.header) > len(asked):
            yield Kept(look.at(BODY))
        else:
            got = f"{len(read.header)}: {', '.join(read.header)}"
            yield Finding(look.at(BODY), f"at least {len(asked) + 1} columns for {len(asked)} asked for", got)


@check("asked_columns_named")
def asked_columns_named(talk: Talk) -> Iterator[Evidence]:
    """Each attribute and tag asked for under a name has a column of that name."""
    for export, look, read in _looks(talk):
        asked = columns_asked(export.order) if export.order else []
        missing = [
            item[0] for item in asked if item and not any(_same(one, name) for one in item for name in read.header)
        ]
        if missing:
            yield Finding(look.at(BODY), f"a column {missing[0]}", f"the columns {', '.join(read.header)}")
        elif any(asked):
            yield Kept(look.at(BODY))


def columns_asked(order: Exchange) -> list[list[str]]:
    """For each attribute and tag of an order the texts by which its column may go, its field_name first."""
    body = order.request.json
    if isinstance(body, Unreadable) or not isinstance(body, dict):
        return []
    lists = [body.get(name) for name in ("attributes", "tags")]
    return [_texts(item) for one in lists if isinstance(one, list) for item in one]


def _texts(item: Json) -> list[str]:
    if isinstance(item, str):
        return [item]
    if not isinstance(item, Mapping):
        return []
    ordered = sorted(item.items(), key=lambda one: one[0] != "field_name")
    return [value for _, value in ordered if isinstance(value, str)]


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


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
        if difference is None:
            yield Kept(look.at(BODY))
        else:
            yield Finding(look.at(BODY), f"the table of exchange {other.index}", difference)


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
