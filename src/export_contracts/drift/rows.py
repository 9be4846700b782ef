"""Rows of tables and items of lists to entries: which column holds the need, which the type. Knows no contract."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from export_contracts.drift import notices, vocabulary
from export_contracts.drift.said import Entry
from export_contracts.drift.vocabulary import Need

Row = tuple[str, ...]
_NAME: Final = r"[A-Za-z_$][\w$-]*(?:(?:\.|\[\d*\]\.?)[\w$-]+)*(?:\[\])?"
_CELL: Final = re.compile(rf"`?\s*\{{{{0,2}}({_NAME})\}}{{0,2}}\s*`?(?P<rest>.*)", re.DOTALL)
_QUOTED: Final = re.compile(r"[`'\"“”‘’«»]([A-Za-z][\w-]{0,40})[`'\"“”‘’«»]")
_NOISE: Final = re.compile(r"^(?:table \d|code language|(?:Parameter|Property|Field|Key|Name)\Z|-{3,})")
_MARKS: Final = re.compile(r"\*\*|__|[\u200b\u200c\u200d\u2060\ufeff]|</?(?:b|strong|em|i|a|span|code|p)(?:\s[^>]*)?>")
_LINK: Final = re.compile(r"\[([^\]\[]+)\]\([^)\s]*\)")
_TAGS: Final = re.compile(r"<(/?ul|li)>([^<]*(?:<(?!/?ul>|/?li>)[^<]*)*)", re.IGNORECASE)
_CODED: Final = re.compile(r"`[\"']?([A-Za-z][\w-]*)[\"']?`")
_ROW_OF_WORDS: Final = re.compile(rf"{_CODED.pattern}(?:[^`.。:：;]{{1,12}}{_CODED.pattern})+")
_ITEM: Final = re.compile(rf"\s*`({_NAME})`:?\s*(.*)", re.DOTALL)
_ALLOWED: Final = re.compile(
    r"\b(?:allowed|possible|valid|supported|accepted)(?: values?)?(?: are| is)?\s*:?\s+"
    r"([A-Za-z]\w*(?:(?:,\s*(?:and |or )?|\s+(?:and|or)\s+|\s*\|\s*)[A-Za-z]\w*)+)",
    re.IGNORECASE,
)
_LISTED: Final = re.compile(r"<ul>.*</ul>", re.DOTALL | re.IGNORECASE)


FEWEST_WORDS: Final = 5
"""Words without any mark that have to follow one another before they count as names."""


@dataclass(frozen=True)
class Listing:
    """What a table or list says: entries, the members that its cells list, and what could not be read."""

    entries: tuple[Entry, ...]
    members: tuple[Entry, ...] = ()
    unread: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Columns:
    needs: int | None
    kinds: int | None


def name(cell: str, placeholders: Mapping[str, str]) -> tuple[str, str] | None:
    """(name, what follows it) of a first cell; None where it is no name. `placeholders`: `{LIMIT}` is `limit`."""
    plain = _LINK.sub(r"\1", _MARKS.sub("", cell)).replace("\\", "").strip()
    found = _CELL.fullmatch(plain)
    if found is None:
        return None
    rest = found["rest"].strip()
    if found[1][0].isupper() and "`" not in plain and vocabulary.need(found[1]):  # a row that lost its name
        return None
    if "`" in plain and re.fullmatch(r"[a-z]{1,2}", rest) and " " not in plain:  # a mark for code closed too early
        return f"{found[1]}{rest}", ""
    if (
        not re.fullmatch(r"[*†‡]*", rest)
        and vocabulary.need(rest.strip("()[]*,: ")) is None
        and not notices.marks(rest)
    ):
        return None
    printed = placeholders.get(found[1], found[1]) if plain.lstrip("`").startswith("{") else found[1]
    return re.sub(r"\[\d+\]", "[]", printed), rest


def table(rows: Sequence[Row], placeholders: Mapping[str, str]) -> Listing | None:
    """A table whose first column names things; None where it does not."""
    below = list(rows[1:])
    width = max((len(row) for row in rows), default=0)
    below = [row for row in below if any(row) and not _NOISE.match(row[0])]
    named = [(found, row) for row in below if (found := name(row[0], placeholders)) and not is_status(row[0])]
    if not named or len(named) * 2 < len(below) or width < 2:
        return None
    columns = _columns([row for _, row in named], width)
    read = [_entry(found, row, columns) for found, row in named]
    entries = [one for one, _ in read]
    if any(one.need for one in entries):
        at = columns.needs
        silent = {found[0] for found, row in named if at is None or len(row) <= at or not row[at].strip()}
        if (
            at is not None and len(silent) > 1 and {one.need for one in entries} == {"required", None}
        ):  # only what is required is marked
            entries = [replace(one, need="optional") if one.at in silent else one for one in entries]
        entries = [replace(one, silent=one.need is None and one.at in silent) for one in entries]
    kept = [row for _, row in named]
    unread = [one for _, many in read for one in many]
    unread += [f"row {' | '.join(row)[:70]!r}" for row in below if row not in kept]
    members = tuple(one for found, row in named for one in _inside(found[0], row))
    return Listing(tuple(entries), members, tuple(unread))


def _columns(rows: Sequence[Row], width: int) -> _Columns:
    needs = _column(rows, width, lambda cell: vocabulary.need(cell) is not None)
    return _Columns(needs, _column(rows, width, vocabulary.is_type, other_than=needs))


def _column(rows: Sequence[Row], width: int, fits: Callable[[str], bool], other_than: int | None = None) -> int | None:
    """The column, after the first, in which most cells fit; blank cells neither speak for nor against."""
    best, score = None, 0.0
    for number in range(1, width):
        cells = [row[number] for row in rows if len(row) > number and row[number].strip()]
        fitting = sum(1 for cell in cells if fits(cell))
        share = fitting / len(cells) if cells else 0
        if number != other_than and share >= 0.5 and share > score:
            best, score = number, share
    return best


def _entry(found: tuple[str, str], row: Row, columns: _Columns) -> tuple[Entry, list[str]]:
    at, beside = found
    cell = row[columns.needs] if columns.needs is not None and len(row) > columns.needs else ""
    kind = row[columns.kinds] if columns.kinds is not None and len(row) > columns.kinds else ""
    need = vocabulary.need(cell)
    types, items = vocabulary.types(kind)
    rest = " ".join(one for number, one in enumerate(row) if number not in {0, columns.needs, columns.kinds})
    unread = []
    if columns.needs is None:
        need = _leading(rest) or vocabulary.need(beside.strip("()[]*,: "))
    elif cell.strip() and need is None:
        unread.append(f"need of {at}: {cell.strip()[:40]!r}")
    if kind.strip() and not types:
        unread.append(f"type of {at}: {kind.strip()[:40]!r}")
    words = frozenset(_QUOTED.findall(_LISTED.sub(" ", rest))) | _allowed(rest)
    retired = notices.marks(beside) or any(notices.marks(one) for one in row[1:])
    return Entry(at, types, items, need, words, retired=retired), unread


def _allowed(text: str) -> frozenset[str]:
    """Values that are listed after words that say so, without any mark."""
    found = _ALLOWED.search(text)
    return frozenset(re.findall(r"[A-Za-z]\w*", re.sub(r"\b(?:and|or)\b", ",", found[1]))) if found else frozenset()


def _leading(text: str) -> Need | None:
    """A need in brackets, or in marks of emphasis, at the start of a description."""
    lead = re.match(r"\s*[*_]{0,3}[(（\[]([^)）\]]+)[)）\]]", text) or re.match(r"\s*\*{1,2}([^*]+?)[.:]?\*{1,2}", text)
    return vocabulary.need(lead[1]) if lead else None


def _inside(above: str, row: Row) -> Iterator[Entry]:
    """Members that a cell lists as `<li>`, at any depth."""
    for cell in row[1:]:
        path = [above]
        last = above
        for tag, text in _TAGS.findall(cell):
            if tag.lower() == "ul":
                path.append(last)
            elif tag.lower() == "/ul" and len(path) > 1:
                last = path.pop()
            elif tag.lower() == "li" and (found := _ITEM.match(_MARKS.sub("", text))):
                last = f"{path[-1]}.{found[1]}"
                if found[1] != path[-1].rpartition(".")[2]:  # an explanation of the very name
                    yield Entry(last, need=_leading(found[2]), words=frozenset(_coded(found[2])))


def _coded(text: str) -> list[str]:
    """The longest row of words in marks for code, such as "`a`, `b` and `c`"; alone, such a word may be anything."""
    rows = (found[0] for found in _ROW_OF_WORDS.finditer(text))
    return max((_CODED.findall(one) for one in rows), key=len, default=[])


def is_status(cell: str) -> re.Match[str] | None:
    """The status that a first cell begins with."""
    return re.fullmatch(r"(?:HTTP )?([1-5]\d\d|[1-5]XX)\b.*", cell.strip(" `*"), re.IGNORECASE | re.DOTALL)


def bare(items: Sequence[str]) -> Listing | None:
    """A list of names and hardly anything else."""
    cells = [_MARKS.sub("", one).strip() for one in items]
    if len(cells) >= FEWEST_WORDS and all(re.fullmatch(r"[a-z][a-z0-9_]*", one) for one in cells):
        return Listing(tuple(Entry(one) for one in cells))
    lone = [found[1] for cell in cells if (found := re.fullmatch(r"`([\w.-]+)`[.,;]?", cell))]
    if len(lone) < 3 or len(lone) * 2 <= len(cells):
        return None
    led = [found[1] for cell in cells if (found := re.match(r"`([\w.-]+)`.*\S", cell))]
    marked = {found[1] for cell in cells if (found := _LED.match(cell)) and notices.marks(found[2])}
    entries = [Entry(one, retired=one in marked) for one in dict.fromkeys((*lone, *led))]
    return Listing(tuple(entries), (), tuple(f"list item {cell[:60]!r}" for cell in cells if not cell.startswith("`")))


_LED: Final = re.compile(r"`([\w.-]+)`(.*\S)")


def described(items: Sequence[str]) -> Listing | None:
    """A list of names, each with a type or need behind it: `name` (string, required) and so on."""
    read = [(cell, _described(_MARKS.sub("", cell).strip())) for cell in items]
    entries = [one for _, one in read if one is not None]
    whole = sum(1 for one in entries if one.need and one.types)
    if len(entries) < 2 - whole or len(entries) * 2 < len(read) or not entries:
        return None
    return Listing(tuple(entries), (), tuple(f"list item {cell[:60]!r}" for cell, one in read if one is None))


_DESCRIBED: Final = re.compile(rf"`({_NAME})`\s*(?:[-–—:]\s*)?(.*)", re.DOTALL)


def _described(cell: str) -> Entry | None:
    found = _DESCRIBED.fullmatch(cell)
    if found is None:
        return None
    bracketed = re.match(r"[*_]*[(（\[]([^)）\]]{1,60})[)）\]]", found[2])
    said = re.split(r"[,、，;|/]", bracketed[1]) if bracketed else re.split(r"[\s,]+", found[2], maxsplit=3)[:3]
    need = next((one for one in (vocabulary.need(part.strip(" *_.")) for part in said) if one), None)
    kinds = (
        ", ".join(part for part in said if vocabulary.is_type(part.strip(" *_.")))
        if bracketed
        else " ".join(part for part in said if vocabulary.is_type(part.strip(" *_.")))
    )
    types, items = vocabulary.types(kinds)
    if need is None and not types:
        return None
    return Entry(found[1], types, items, need, frozenset(_QUOTED.findall(found[2])))
