"""From the blocks of a page to places: which code is a template, which section is about what. Knows no contract."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from export_contracts.drift import fragments, pseudo_json, rows, sections
from export_contracts.drift.blocks import Block
from export_contracts.drift.said import Entry, Operation, Place, Publication, Unread

_STATUS: Final = re.compile(
    r"(?:\bHTTP(?:/[\d.]+)?|\bstatus(?:es)?(?: codes?)?|\bstatuts?|\bStatuscodes?|\bcode|\bcódigo(?: de estado)?|"
    r"ステータス(?:コード)?|상태 ?코드|状态码)(?:\s+status(?:\s+code)?|\s+code)?[\s:`*「]*([1-5]\d\d)(?!\d)",
    re.IGNORECASE,
)
_PHRASE: Final = re.compile(
    r"(?<![\d.,-])([1-5]\d\d)`?\s*(?:-|–|:)?\s*`?(?:OK|Created|Accepted|No Content|Bad Request|Unauthori[sz]ed|"
    r"Forbidden|Not Found|Conflict|Gone|Payload Too Large|Request Entity Too Large|Content Too Large|"
    r"Unprocessable|Too Many Requests|Rate Limited|Internal Server Error|Service Unavailable|Bad Gateway)\b"
)


@dataclass
class _Page:
    places: list[Place] = field(default_factory=list)
    statuses: list[tuple[Operation | None, str, str]] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    passages: list[tuple[Operation | None, str]] = field(default_factory=list)
    placeholders: dict[str, str] = field(default_factory=dict)
    """`{LIMIT}` of a printed path, and the parameter that it stands for."""
    section: sections.Section = field(default_factory=sections.Section)
    heading: str = ""


def publication(name: str, form: str, blocks: Sequence[Block]) -> Publication:
    """Everything that a page says, section by section."""
    page = _Page()
    last = ""
    for block in fragments.joined(blocks):
        if block.kind == "heading":
            page.heading = block.text
        page.section = sections.after(page.section, block)
        before = len(page.places)
        _one(page, block)
        if len(page.places) > before and block.kind in {"table", "list"}:
            last = page.places[before].where
        elif not (block.kind == "prose" and block.text.rstrip().endswith("|")):  # half a row belongs to its table
            last = ""
    said = (tuple(page.places), tuple(page.statuses), tuple(page.passages), tuple(page.unread))
    return Publication(name, form, *said, last=last)


def _one(page: _Page, block: Block) -> None:
    where = f"line {block.line}" if block.line else (page.heading or "the page")
    if block.kind == "table":
        _table(page, block, where)
        text = "\n".join(" ".join(row) for row in block.rows)
    elif block.kind == "list":
        _list(page, block, where)
        text = "\n".join(row[0] for row in block.rows)
    elif block.kind == "code":
        _code(page, block, where)
        return
    else:
        text = block.text
        _query(page, text, where)
    page.passages.append((page.section.operation, text))
    for pattern in (_STATUS, _PHRASE):
        said = [(page.section.operation, found[1], where) for found in pattern.finditer(text)]
        page.statuses += [one for one in dict.fromkeys(said) if one not in page.statuses]


def _place(page: _Page, kind: str, where: str, entries: Sequence[Entry], area: str | None = None) -> None:
    page.places.append(Place(kind, where, tuple(entries), page.section.operation, area, page.heading))


def _list(page: _Page, block: Block, where: str) -> None:
    items = [row[0].strip() for row in block.rows]
    for kind, read in (("list", rows.bare(items)), ("table", rows.described(items))):
        if read is not None:
            _place(page, kind, where, read.entries)
            page.unread += [Unread(where, one) for one in read.unread]
            return


def _query(page: _Page, text: str, where: str) -> None:
    """Parameters in a printed path: `GET /jobs?limit={LIMIT}` names `limit`, and what `{LIMIT}` is."""
    found = sections.query(text)
    named = {one: stands for one, stands in found.items() if one != "QUERY_PARAMETERS"}
    page.placeholders.update({stands: one for one, stands in named.items() if stands})
    if named:
        _place(page, "sample", where, [Entry(one) for one in named], "query")


def _code(page: _Page, block: Block, where: str) -> None:
    _query(page, block.text, where)
    read = pseudo_json.read(block.text)
    if read is None:
        return
    kind, entries, skipped = read
    _place(page, kind, where, entries)
    if kind != "sample":
        page.unread += [Unread(where, one) for one in skipped]


def _table(page: _Page, block: Block, where: str) -> None:
    below = [row for row in block.rows[1:] if any(row)]
    found = [match[1] for row in below if (match := rows.is_status(row[0]))]
    if found and len(found) * 2 >= len(below):
        page.statuses += [(page.section.operation, one.upper(), where) for one in found]
    read = rows.table(block.rows, page.placeholders)
    if read is None:
        return
    page.unread += [Unread(where, one) for one in read.unread]
    _place(page, "table", where, read.entries)
    if read.members:
        _place(page, "members", where, read.members)


def samples(name: str, form: str, bodies: Sequence[tuple[str, Operation]]) -> tuple[Place, ...]:
    """Sample bodies of requests that stand beside a page, as a collection keeps them."""
    found = []
    for body, operation in bodies:
        read = pseudo_json.read(body)
        if read is not None:
            found.append(Place(read[0], f"{form} body of {name}", read[1], operation, "request"))
    return tuple(replace(one, kind="sample") for one in found)
