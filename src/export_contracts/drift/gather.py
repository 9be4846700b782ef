"""From the blocks of a page to places: which column holds what, which code is a template. Knows no contract."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from export_contracts.drift import pseudo_json, vocabulary
from export_contracts.drift.blocks import Block
from export_contracts.drift.said import Entry, Place, Publication, Unread

_NAME: Final = re.compile(r"`?\s*([A-Za-z_$][\w$-]*(?:(?:\.|\[\d*\]\.?)[\w$-]+)*(?:\[\])?)\s*`?\*?")
_CODE: Final = re.compile(r"`([^`\s]{1,80})`")
_QUOTED: Final = re.compile(r"[`'\"“”‘’«»]([A-Za-z][\w-]{0,40})[`'\"“”‘’«»]")
_OPERATION: Final = re.compile(r"\b(GET|POST|PUT|PATCH|DELETE)\s+`?(?:https?://[^/\s`]+)?(/[\w{}/.:-]*)")
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
_NOISE: Final = re.compile(r"^(?:table \d|code language|(?:Parameter|Property|Field|Key|Name)\Z|-{3,})")


@dataclass
class _Page:
    places: list[Place] = field(default_factory=list)
    statuses: list[tuple[tuple[str, str] | None, str, str]] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    prose: list[str] = field(default_factory=list)
    operation: tuple[str, str] | None = None
    heading: str = ""


def publication(name: str, form: str, blocks: Sequence[Block]) -> Publication:
    """Everything that a page says, section by section."""
    page = _Page()
    for block in blocks:
        _section(page, block)
        _one(page, block)
    return Publication(name, form, tuple(page.places), tuple(page.statuses), "\n".join(page.prose), tuple(page.unread))


def _section(page: _Page, block: Block) -> None:
    if block.kind == "heading":
        page.heading = block.text
    for text in (block.text, *(cell for row in block.rows for cell in row)):
        if found := _OPERATION.search(text):
            page.operation = (found[1], found[2])
            return


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
    page.prose.append(text)
    for pattern in (_STATUS, _PHRASE):
        said = [(page.operation, found[1], where) for found in pattern.finditer(text)]
        page.statuses += [one for one in dict.fromkeys(said) if one not in page.statuses]


def _place(page: _Page, kind: str, where: str, entries: Sequence[Entry]) -> None:
    page.places.append(Place(kind, where, tuple(entries), page.operation, heading=page.heading))


def _list(page: _Page, block: Block, where: str) -> None:
    cells = [row[0].strip() for row in block.rows]
    bare = [found[1] for cell in cells if (found := re.fullmatch(r"`([\w.-]+)`[.,;]?", cell))]
    if len(bare) >= 3 and len(bare) * 2 > len(cells):
        entries = [Entry(one) for one in bare]
        page.unread += [Unread(where, f"list item {cell[:60]!r}") for cell in cells if not cell.startswith("`")]
        entries += [
            Entry(found[1]) for cell in cells if (found := re.match(r"`([\w.-]+)`.*\S", cell)) and found[1] not in bare
        ]
        _place(page, "list", where, entries)


def _code(page: _Page, block: Block, where: str) -> None:
    read = pseudo_json.read(block.text)
    if read is None:
        return
    kind, entries, skipped = read
    _place(page, kind, where, entries)
    if kind == "template":
        page.unread += [Unread(where, one) for one in skipped]


def _table(page: _Page, block: Block, where: str) -> None:
    head, *rows = block.rows or ((),)
    width = max((len(row) for row in block.rows), default=0)
    rows = [row for row in rows if any(row) and not _NOISE.match(row[0])]
    if len(block.rows) > 1 and _NOISE.match(" ".join(head)) and width > 1:
        head = next((row for row in block.rows[1:] if _NOISE.match(row[0])), head)
    named = [row for row in rows if _NAME.fullmatch(row[0].strip()) and not _STATUS_ROW.fullmatch(row[0].strip(" `"))]
    _status_rows(page, rows, where)
    if not named or len(named) * 2 < len(rows) or width < 2:
        return
    needs = _column(named, width, lambda cell: vocabulary.need(cell) is not None)
    kinds = _column(named, width, vocabulary.is_type, other_than=needs)
    entries = [_entry(page, row, needs, kinds, where) for row in named]
    if any(one.need for one in entries):
        silent = {row[0] for row in named if needs is None or len(row) <= needs or not row[needs].strip()}
        entries = [
            replace(one, silent=one.need is None and row[0] in silent) for one, row in zip(entries, named, strict=True)
        ]
    for row in rows:
        if row not in named:
            page.unread.append(Unread(where, f"row {' | '.join(row)[:70]!r}"))
    _place(page, "table", where, entries)


_STATUS_ROW: Final = re.compile(r"(?:HTTP )?([1-5]\d\d|[1-5]XX)\b.*", re.IGNORECASE)


def _status_rows(page: _Page, rows: Sequence[tuple[str, ...]], where: str) -> None:
    found = [match[1] for row in rows if (match := _STATUS_ROW.fullmatch(row[0].strip(" `*")))]
    if found and len(found) * 2 >= len(rows):
        page.statuses += [(page.operation, one.upper(), where) for one in found]


def _column(
    rows: Sequence[tuple[str, ...]], width: int, fits: Callable[[str], bool], other_than: int | None = None
) -> int | None:
    """The column, after the first, in which most cells fit; blank cells neither speak for nor against."""
    best, score = None, 0.0
    for number in range(1, width):
        cells = [row[number] for row in rows if len(row) > number and row[number].strip()]
        fitting = sum(1 for cell in cells if fits(cell))
        share = fitting / len(cells) if cells else 0
        if number != other_than and share >= 0.5 and share > score:
            best, score = number, share
    return best


def _entry(page: _Page, row: tuple[str, ...], needs: int | None, kinds: int | None, where: str) -> Entry:
    found = _NAME.fullmatch(row[0].strip())
    name = found[1] if found else row[0]
    cell = row[needs] if needs is not None and len(row) > needs else ""
    kind = row[kinds] if kinds is not None and len(row) > kinds else ""
    need = vocabulary.need(cell)
    types, items = vocabulary.types(kind)
    rest = " ".join(one for number, one in enumerate(row) if number not in {0, needs, kinds})
    if needs is None:
        lead = re.match(r"\s*[(（]([^)）]+)[)）]", rest)
        need = vocabulary.need(lead[1]) if lead else None
    elif cell.strip() and need is None:
        page.unread.append(Unread(where, f"need of {name}: {cell.strip()[:40]!r}"))
    if kind.strip() and not types:
        page.unread.append(Unread(where, f"type of {name}: {kind.strip()[:40]!r}"))
    return Entry(_dotted(name), types, items, need, frozenset(_QUOTED.findall(rest)))


def _dotted(name: str) -> str:
    return re.sub(r"\[\d+\]", "[]", name)


def samples(name: str, form: str, bodies: Sequence[tuple[str, tuple[str, str]]]) -> tuple[Place, ...]:
    """Sample bodies of requests that stand beside a page, as a collection keeps them."""
    found = []
    for body, operation in bodies:
        read = pseudo_json.read(body)
        if read is not None:
            found.append(Place(read[0], f"{form} body of {name}", read[1], operation, "request"))
    return tuple(replace(one, kind="sample") for one in found)
