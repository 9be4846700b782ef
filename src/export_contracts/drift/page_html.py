"""A saved reference page in HTML to blocks, by lxml. Scripts, styles and navigation are no part of a page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, cast

from lxml import etree, html

from export_contracts.drift.blocks import Block

_DROPPED: Final = (
    "script",
    "style",
    "noscript",
    "nav",
    "aside",
    "footer",
    "template",
    "svg",
    "button",
    "head",
    "header",
)
_ARCHIVES: Final = ("wm-ipp", "donato")
"""How the ids begin of what the Internet archive puts on top of a page it keeps."""
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_INLINE: Final = frozenset(
    {"code", "b", "strong", "em", "i", "a", "span", "br", "tt", "kbd", "small", "sup", "sub", "mark", "label", "wbr"}
)
_BESIDE: Final = frozenset({"br", "p", "div", "li", "ul", "ol", "dd", "dt", "tr", "td", "th"})
"""Elements whose text stands apart from what is before and behind it."""
_BREAK: Final = re.compile(r"<br\s*/?>", re.IGNORECASE)
_INVISIBLE: Final = re.compile(r"[\u200b\u200c\u200d\u2060\ufeff\u00ad]|\s*[#¶]\s*$")


def blocks(text: str) -> Iterator[Block]:
    """The parts of an HTML page, in order."""
    parser = html.HTMLParser(recover=True, huge_tree=False, encoding="utf-8")
    try:
        root = html.document_fromstring(text.encode(errors="replace"), parser=parser)
    except (etree.ParserError, ValueError):
        return
    for one in list(root.iter(*_DROPPED)):
        title = one.tag == "header" and next(one.iterancestors("main", "article"), None) is not None
        if one.tag != "head" and not title and one.getparent() is not None:
            cast("html.HtmlElement", one).drop_tree()
    for one in [each for each in root.iter() if str(each.get("id") or "").startswith(_ARCHIVES)]:
        if one.getparent() is not None:
            cast("html.HtmlElement", one).drop_tree()
    body = root.find("body")
    yield from _walk(body if body is not None else root)


def bare(text: str, parts: Sequence[Block]) -> str | None:
    """The text of a page that HTML gives no parts but lines, as a browser wraps a text file; None for other pages."""
    if any(one.kind in {"table", "list", "heading"} for one in parts):
        return None
    longest = max((one.text for one in parts), key=len, default="")
    if any(one.kind == "code" for one in parts):
        return longest if len(longest) * 2 > sum(len(one.text) for one in parts) else None
    return "\n".join(one.text for one in blocks(_BREAK.sub("</p><p>", text)))


def _walk(element: html.HtmlElement) -> Iterator[Block]:
    """Blocks of an element: runs of text and inline elements between its block elements are prose."""
    loose: list[str] = [element.text or ""]
    line = _line(element)
    for child in element:
        tag = child.tag
        if not isinstance(tag, str):
            loose.append(child.tail or "")
        elif tag in _INLINE and not _holds_blocks(child):
            loose += [" " if tag == "br" else _text(child), child.tail or ""]
        else:
            yield from _prose(loose, line)
            yield from _block(child, tag)
            loose = [child.tail or ""]
            line = _line(child)
    yield from _prose(loose, line)


def _holds_blocks(element: html.HtmlElement) -> bool:
    return next(element.iter("p", "div", "table", "pre", "ul", "ol", *_HEADINGS), None) is not None


def _prose(parts: list[str], line: int) -> Iterator[Block]:
    text = " ".join("".join(parts).split())
    if text:
        yield Block("prose", line, text)


def _block(child: html.HtmlElement, tag: str) -> Iterator[Block]:
    if tag in _HEADINGS or (tag == "p" and _all_bold(child)):
        yield Block("heading", _line(child), _INVISIBLE.sub("", _text(child)))
    elif tag == "pre" or (tag == "table" and next(child.iter("pre"), None) is not None and _numbered(child)):
        yield Block("code", _line(child), _code(child))
    elif tag == "table":
        yield Block("table", _line(child), rows=tuple(_rows(child)))
    elif tag in {"ul", "ol"}:
        items = [one for one in child.iter("li") if next(one.iter("table", "pre"), None) is None]
        yield Block("list", _line(child), rows=tuple((_own_text(one),) for one in items))
        yield from (Block("code", _line(one), _code(one)) for one in child.iter("pre"))
        yield from (Block("table", _line(one), rows=tuple(_rows(one))) for one in child.iter("table"))
    elif tag == "dl":
        yield from _definitions(child)
    else:
        yield from _walk(child)


def _all_bold(paragraph: html.HtmlElement) -> bool:
    """Whether a paragraph is a few bold words: a heading in all but name."""
    loud = [one for one in paragraph if one.tag in {"strong", "b"}]
    text = str(paragraph.text_content()).strip()
    return len(loud) == len(paragraph) == 1 and text == str(loud[0].text_content()).strip() and len(text) <= 60


def _numbered(table: html.HtmlElement) -> bool:
    """Whether a table only puts numbers of lines beside code."""
    cells = [one for one in table.iter("td") if next(one.iter("pre"), None) is not None]
    return len(cells) <= 2


def _definitions(element: html.HtmlElement) -> Iterator[Block]:
    """Terms with their definitions, as a table of two columns."""
    rows: list[tuple[str, ...]] = []
    for one in element.iter("dt", "dd"):
        if one.tag == "dt":
            rows.append((_text(one),))
        elif rows:
            rows[-1] = (*rows[-1], _text(one))
    yield Block("table", _line(element), rows=(("", ""), *rows))


def _rows(table: html.HtmlElement) -> Iterator[tuple[str, ...]]:
    for row in table.iter("tr"):
        cells = tuple(_cell(cell) for cell in row if cell.tag in {"td", "th"})
        if cells:
            yield cells


def _cell(cell: html.HtmlElement) -> str:
    """A cell's text; items of lists in it stay told apart, as Markdown has them."""
    if next(cell.iter("li"), None) is None:
        return _text(cell)
    return " ".join("".join(_nested(cell)).split())


def _nested(element: html.HtmlElement) -> Iterator[str]:
    """The text of an element with the tags of its lists."""
    yield element.text or ""
    for child in element:
        if child.tag in {"ul", "ol"}:
            yield "<ul>"
            yield from _nested(child)
            yield "</ul>"
        elif child.tag == "li":
            yield "<li>"
            yield from _nested(child)
            yield "</li>"
        elif isinstance(child.tag, str):
            has_items = next(child.iter("li"), None) is not None
            yield from _nested(child) if has_items else (" " if child.tag in _BESIDE else "", _text(child))
        yield child.tail or ""


def _own_text(item: html.HtmlElement) -> str:
    """The text of an item without the items below it."""
    copy = _copy(item)
    for below in list(copy.iter("ul", "ol")):
        if below.getparent() is not None:
            cast("html.HtmlElement", below).drop_tree()
    return _spoken(copy)


def _code(element: html.HtmlElement) -> str:
    """Code with its lines, of the part without their numbers."""
    parts = [one for one in element.iter("pre") if not re.fullmatch(r"[\s\d]*", str(one.text_content()))]
    copy = _copy(cast("html.HtmlElement", parts[-1]) if parts else element)
    for one in list(copy.iter("br")):
        one.tail = "\n" + (one.tail or "")
    lines = [one for one in copy.iter("span", "div") if "line" in str(one.get("class") or "").split("-")]
    text = str(copy.text_content())
    if lines and "\n" not in text.strip():
        return "\n".join(str(cast("html.HtmlElement", one).text_content()) for one in lines)
    return text


def _copy(element: html.HtmlElement) -> html.HtmlElement:
    return cast("html.HtmlElement", html.fromstring(etree.tostring(element, encoding="unicode", with_tail=False)))


def _text(element: html.HtmlElement) -> str:
    """The text with backticks where the page marks code, so that names are told from words."""
    return _spoken(_copy(element))


def _spoken(copy: html.HtmlElement) -> str:
    for found in list(copy.iter("code", "tt", "kbd")):
        code = cast("html.HtmlElement", found)
        inner = str(code.text_content())
        for child in list(code):
            code.remove(child)
        code.text = f"`{inner.strip()}`"
    for one in copy.iter(*_BESIDE):
        one.tail = " " + (one.tail or "")
    return " ".join(_INVISIBLE.sub("", str(copy.text_content())).split())


def _line(element: html.HtmlElement) -> int:
    return int(element.sourceline or 0)
