"""Whether an answer is of the form its names promise: CSV with commas, JSON with names, one media type, one form.

What cells hold, and which columns there are, is judged elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from export_contracts.checks.registry import check
from export_contracts.checks.talk import Talk
from export_contracts.model import Evidence, Exchange, Finding, Json, Kept
from export_contracts.schema.validation import shorten
from export_contracts.vendors.bloomreach.checks_asks import asked, is_settled, says_failure, tables, without
from export_contracts.vendors.bloomreach.checks_sheet import Form
from export_contracts.vendors.bloomreach.checks_tables import (
    HEADER_NAMES,
    ROWS_NAMES,
    delimiter_of,
    form_of,
    is_json_lines,
    sheet,
)

OTHER_THAN: Final = {True: ("text/csv", "text/html", "xml"), False: ("json", "text/html", "xml")}
"""Media types that say something else than the body is, by whether it is JSON."""
COMPARED: Final = 2
LONG: Final = 2_000
"""Characters from which on a text is no list of names."""
LONGEST_NAME: Final = 100
"""Characters that one name has at most: of longer texts, as exports hold by the thousand, no endings are made."""


def _is_json(exchange: Exchange) -> bool:
    return exchange.response is not None and isinstance(exchange.response.json, (dict, list))


@check("comma_between")
def comma_between(talk: Talk) -> Iterator[Evidence]:
    """The names in the first row of CSV are separated by commas."""
    for exchange, table in tables(talk):
        if table.form is not Form.CSV or len(table.header) < COMPARED or exchange.response is None:
            continue
        between = delimiter_of(exchange.response.content)
        if between == ",":
            yield Kept(exchange.at("/response/body"))
        else:
            yield Finding(exchange.at("/response/body"), "a comma between two names", f"{between!r}")


@check("cut_evenly")
def cut_evenly(talk: Talk) -> Iterator[Evidence]:
    """Text asked for as CSV can be cut into rows, whichever way of quoting it uses."""
    for exchange in talk.selected:
        if asked(exchange).get("format") != "csv" or not is_settled(talk, exchange):
            continue
        if _is_json(exchange) or is_json_lines(exchange):
            continue
        form = form_of(talk, exchange)
        if form is Form.CSV:
            yield Kept(exchange.at("/response/body"))
        elif form is Form.OTHER and not says_failure(talk, exchange):
            yield Finding(exchange.at("/response/body"), "rows that some way of quoting cuts evenly", "none does")


@check("media_type_fits")
def media_type_fits(talk: Talk) -> Iterator[Evidence]:
    """The media type names no other kind of content than the body has; none at all, or a general one, will do."""
    for exchange in talk.selected:
        table = form_of(talk, exchange) not in {Form.EMPTY, Form.OTHER}
        if exchange.response is None or says_failure(talk, exchange) or not (table or _is_json(exchange)):
            continue
        said = (exchange.response.headers.get("content-type") or "").partition(";")[0].strip().lower()
        if any(one in said for one in OTHER_THAN[_is_json(exchange)]):
            kind = "JSON" if _is_json(exchange) else "CSV"
            yield Finding(exchange.at("/response/headers/content-type"), f"a media type that fits {kind}", said)
        elif said:
            yield Kept(exchange.at("/response/headers/content-type"))


@check("labels_differ")
def labels_differ(talk: Talk) -> Iterator[Evidence]:
    """Most columns have a name of their own. Two may share one: an identifier and a property, say."""
    for exchange, table in tables(talk):
        if len(table.header) < COMPARED:
            continue
        if tells_apart(table.header):
            yield Kept(exchange.at("/response/body"))
        else:
            got = shorten(", ".join(table.header), 100)
            yield Finding(exchange.at("/response/body"), "names that tell columns apart", got)


def tells_apart(header: Sequence[str]) -> bool:
    """Whether most names stand once."""
    return len(set(header)) * 2 > len(header)


@check("one_form")
def one_form(talk: Talk) -> Iterator[Evidence]:
    """Every table_json answer takes the same form."""
    first: tuple[str, ...] | None = None
    for exchange in talk.selected:
        wanted = asked(exchange).get("format") == "table_json" and is_settled(talk, exchange) and _is_json(exchange)
        form = form_of(talk, exchange)
        if not wanted or form in {Form.FAILURE, Form.EMPTY} or _is_bare_nothing(talk, exchange):
            continue
        # Objects and bare rows are known by the ids in them: without any they look like a form of their own.
        found = (Form.OTHER if form in {Form.OBJECTS, Form.MATRIX} else form).value, *_lists(exchange)
        first = first or found
        if found == first:
            yield Kept(exchange.at("/response/body"))
        else:
            told = [", in ".join(one) for one in (first, found)]
            yield Finding(exchange.at("/response/body"), f"{told[0]}, as in other answers", told[1])


def _lists(exchange: Exchange) -> list[str]:
    """The names under which an answer holds what may be its header and its rows."""
    body = exchange.response.json if exchange.response else None
    names = (*HEADER_NAMES, *ROWS_NAMES)
    return [one for one in names if isinstance(body, dict) and isinstance(body.get(one), list)]


def _is_bare_nothing(talk: Talk, exchange: Exchange) -> bool:
    """Whether an answer is a list of nobody, as which several forms end."""
    found = sheet(talk, exchange)
    return found is not None and not found.header and not found.rows


@check("names_somewhere")
def names_somewhere(talk: Talk) -> Iterator[Evidence]:
    """JSON of a form of its own holds, as keys or as text, column names that the same export has as CSV."""
    headers = [(one, table.header) for one, table in tables(talk) if table.form is Form.CSV]
    for exchange in talk.selected:
        form = form_of(talk, exchange)
        if form in {Form.HEADER_ROWS, Form.FIELDS_DATA}:
            yield Kept(exchange.at("/response/body"))
        if form not in {Form.OBJECTS, Form.MATRIX, Form.OTHER} or exchange.response is None or not _is_json(exchange):
            continue
        if _is_bare_nothing(talk, exchange):
            continue
        words = set(_words(exchange.response.json))
        for one, header in headers:
            names = {_norm(label) for label in header} - {""}
            if without(one, "format") != without(exchange, "format") or len(names) < COMPARED:
                continue
            if len(names & words) >= COMPARED:
                yield Kept(exchange.at("/response/body"))
            else:
                got = f"of them: {', '.join(names & words) or 'none'}"
                yield Finding(exchange.at("/response/body"), f"names of columns: {shorten(', '.join(header))}", got)


def _norm(text: str) -> str:
    return re.sub(r"[\W_]+", "_", text.casefold()).strip("_")


def _words(value: Json) -> Iterator[str]:
    """Every key and every short text, each also without what stands before a separator, and lists in one text cut."""
    if isinstance(value, Mapping):
        for name, one in value.items():
            yield from _words(name)
            yield from _words(one)
    elif isinstance(value, list):
        for one in value:
            yield from _words(one)
    elif isinstance(value, str) and len(value) < LONG:
        for part in re.split(r"[,;\t|]", value):
            if len(part) > LONGEST_NAME:
                continue
            words = _norm(part).split("_")
            yield from ("_".join(words[place:]) for place in range(len(words)))
