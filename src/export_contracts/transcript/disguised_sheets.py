"""Workbooks with the values of their cells disguised, whoever wrote them; what columns are called stays.

Namespace prefixes, texts within formulas, hyperlinks and notes are all legal in XLSX. Parts of a workbook that may hold
cells in yet another form are emptied rather than kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from html import unescape
from typing import Final
from xml.sax.saxutils import escape

from export_contracts.transcript.disguise import Disguise, is_value

_WORKBOOK: Final = "xl/workbook.xml"
_SHARED: Final = "xl/sharedstrings"
_SHEETS: Final = "xl/worksheets/"
_TEXTS: Final = (_SHARED, _SHEETS, "xl/comments")
_INNOCENT: Final = (
    "[content_types].xml",
    "_rels/",
    "docprops/",
    _WORKBOOK,
    "xl/_rels/",
    "xl/styles",
    "xl/theme",
    "xl/tables/",
)
"""Parts that say how a workbook is built and looks, and how its columns are called."""
_CDATA: Final = re.compile(r"<!\[CDATA\[(.*?)(?:\]\]>|\Z)", re.DOTALL)
_T: Final = re.compile(r"(<(?:\w+:)?t(?:\s[^<>]*)?>)([^<]*)(</(?:\w+:)?t\s*>)")
_C: Final = re.compile(
    r"(<(?P<tag>(?:\w+:)?c)(?P<said>\s[^<>]*)?(?<!/)>)"
    r"(?P<inner>[^<]*+(?:<(?!(?:\w+:)?c[\s/>]|/(?P=tag)[\s>])[^<]*+)*+)(</(?P=tag)\s*>)"
)
"""A cell ends before the next one begins: without that, cells that are never closed take for ever."""
_V: Final = re.compile(r"(<(?:\w+:)?v(?:\s[^<>]*)?>)([^<]*)(</(?:\w+:)?v\s*>)")
_FORMULA: Final = re.compile(r"<(?P<tag>(?:\w+:)?f)(?:\s[^<>]*)?(?<!/)>[^<]*</(?P=tag)\s*>")
_KIND: Final = re.compile(r"""\st=["'](\w+)["']""")
_ROW: Final = re.compile(r"<(?P<tag>(?:\w+:)?row)\b[^<]*+(?:<(?!(?:\w+:)?row\b|/(?P=tag)[\s>])[^<]*+)*+</(?P=tag)\s*>")
_ITEM: Final = re.compile(
    r"<(?P<tag>(?:\w+:)?si)\b[^<>]*>([^<]*+(?:<(?!(?:\w+:)?si\b|/(?P=tag)[\s>])[^<]*+)*+)</(?P=tag)\s*>"
)
_LINK: Final = re.compile(r"""(\b(?:display|tooltip|location|Target)=)("[^"]*"|'[^']*')""")
_KEPT_AS_TEXT: Final = frozenset({"s", "b", "e"})
"""Types of cells whose value is a number of a shared text, a truth, or an error."""


def change(disguise: Disguise, members: Mapping[str, bytes]) -> Callable[[str, bytes], bytes] | None:
    """How each member of a workbook is changed; None where the archive is no workbook."""
    texts = {_plain(name): _text(data) for name, data in members.items()}
    if _WORKBOOK not in texts:
        return None
    heads = _names(_heads(texts))

    def changed(name: str, _: bytes) -> bytes:
        plain = _plain(name)
        if plain.startswith(_INNOCENT):
            return members[name]
        if not plain.startswith(_TEXTS):
            return b""
        if plain.endswith(".rels"):
            return _links(disguise, texts[plain]).encode()
        return _sheet(disguise, texts[plain], heads).encode()

    return changed


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _text(data: bytes) -> str:
    """XML as text; none of it where it is not in UTF-8, as nearly every workbook is."""
    text = data.decode("utf-8", "replace")
    return "" if "\0" in text else _CDATA.sub(lambda found: escape(found[1]), text)


def _sheet(disguise: Disguise, text: str, heads: frozenset[str]) -> str:
    text = _T.sub(lambda found: found[1] + _shared(disguise, found[2], heads) + found[3], text)
    return _links(disguise, _C.sub(lambda found: _cell(disguise, found, heads), text))


def _cell(disguise: Disguise, cell: re.Match[str], heads: frozenset[str]) -> str:
    """A cell with another value. Its formula, which may hold texts of its own, goes."""
    kind = found[1] if (found := _KIND.search(cell["said"] or "")) else "n"
    inner = _FORMULA.sub("", cell["inner"])
    if kind not in _KEPT_AS_TEXT:
        inner = _V.sub(lambda found: found[1] + _value(disguise, found[2], kind, heads) + found[3], inner)
    return f"{cell[1]}{inner}{cell[5]}"


def _value(disguise: Disguise, text: str, kind: str, heads: frozenset[str]) -> str:
    if kind == "n" and re.fullmatch(r"\s*-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?\s*", text):
        return disguise.number(text.strip())
    return _shared(disguise, text, heads)


def _shared(disguise: Disguise, text: str, heads: frozenset[str]) -> str:
    plain = unescape(text)
    return text if plain in heads else escape(disguise.text(plain))


def _links(disguise: Disguise, text: str) -> str:
    """Addresses and words of hyperlinks; where one part of the workbook refers to another, nothing changes."""
    return _LINK.sub(lambda found: found[1] + _address(disguise, found[2]), text)


def _address(disguise: Disguise, quoted: str) -> str:
    plain = unescape(quoted[1:-1])
    if plain.startswith(("../", "/xl/")):
        return quoted
    return quoted[0] + escape(disguise.text(plain), {'"': "&quot;", "'": "&apos;"}) + quoted[0]


def _names(found: Iterable[str]) -> frozenset[str]:
    """Names of columns; none where some are no names, for the table has no header then."""
    heads = frozenset(found)
    return frozenset() if any(map(is_value, heads)) else heads


def _heads(texts: Mapping[str, str]) -> Iterator[str]:
    """The texts of the first row of each sheet."""
    strings = "".join(text for name, text in texts.items() if name.startswith(_SHARED))
    shared = ["".join(part[1] for part in _T.findall(one[1])) for one in _ITEM.findall(strings)]
    for name, sheet in texts.items():
        first = _ROW.search(sheet) if name.startswith(_SHEETS) else None
        for cell in _C.finditer(first[0]) if first else ():
            yield from (unescape(found[1]) for found in _T.findall(cell["inner"]))
            kind = found[1] if (found := _KIND.search(cell["said"] or "")) else "n"
            for _, text, _ in _V.findall(cell["inner"]):
                if kind == "str":
                    yield unescape(text)
                elif kind == "s" and text.strip().isdecimal():
                    yield from map(unescape, shared[int(text) : int(text) + 1])
