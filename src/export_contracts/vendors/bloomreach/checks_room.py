"""Whether a JSON export in a form of its own can hold its customers at all. Forms that are read stand elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from export_contracts.checks.registry import check
from export_contracts.checks.talk import Talk
from export_contracts.model import Evidence, Finding, Json, Kept
from export_contracts.vendors.bloomreach.checks_asks import is_steady, tables, without
from export_contracts.vendors.bloomreach.checks_sheet import Form
from export_contracts.vendors.bloomreach.checks_tables import form_of

FEW: Final = 2
"""Customers from which on a collection of them is told from none."""
DEEP: Final = 6


@check("room_for_rows")
def room_for_rows(talk: Talk) -> Iterator[Evidence]:
    """JSON holds, under whatever name, a collection as large as the same export has rows in CSV."""
    if not is_steady(talk):
        return
    rows: dict[str, int] = {}
    for one, sheet in tables(talk):
        if sheet.form is Form.CSV and sheet.counted:
            rows[without(one, "format")] = max(len(sheet.rows), rows.get(without(one, "format"), 0))
    for exchange in talk.selected:
        most = rows.get(without(exchange, "format"), 0)
        form = form_of(talk, exchange)
        if form in {Form.HEADER_ROWS, Form.FIELDS_DATA}:
            yield Kept(exchange.at("/response/body"))
        elif form in {Form.OBJECTS, Form.MATRIX, Form.OTHER} and most >= FEW and exchange.response is not None:
            body = exchange.response.json
            if isinstance(body, (dict, list)) and _largest(body) < most:
                yield Finding(exchange.at("/response/body"), f"the {most} customers of the same export as csv", "fewer")


def _largest(value: Json, depth: int = 0) -> int:
    """How many members the largest array or object within `value` has."""
    inner = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    if depth > DEEP or not inner:
        return 0
    return max(len(inner), *(_largest(one, depth + 1) for one in inner))
