"""A saved reference page in HTML to blocks, by lxml. Scripts, styles and navigation are no part of a page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from lxml import etree, html

from export_contracts.drift.blocks import Block

_DROPPED = ("script", "style", "noscript", "nav", "header", "footer", "template", "svg", "head")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_INLINE = frozenset({"code", "b", "strong", "em", "i", "a", "span", "br", "tt"})
_PROSE = frozenset({"p", "blockquote", "dt", "dd", "div", "section", "span", "td", "li"})


def blocks(text: str) -> Iterator[Block]:
    """The parts of an HTML page, in order."""
    parser = html.HTMLParser(recover=True, huge_tree=False, encoding="utf-8")
    root = html.document_fromstring(text.encode(), parser=parser)
    for one in list(root.iter(*_DROPPED)):
        if one.tag != "head" and one.getparent() is not None:
            cast("html.HtmlElement", one).drop_tree()
    body = root.find("body")
    yield from _walk(body if body is not None else root)


def _walk(element: html.HtmlElement) -> Iterator[Block]:
    if (element.text or "").strip() and element.tag in _PROSE | {"body", "main", "article"}:
        loose = _loose(element)
        if loose:
            yield Block("prose", _line(element), loose)
    for child in element:
        tag = child.tag
        if not isinstance(tag, str):
            continue
        if tag in _HEADINGS:
            yield Block("heading", _line(child), _text(child))
        elif tag == "table":
            yield Block("table", _line(child), rows=tuple(_rows(child)))
        elif tag == "pre":
            yield Block("code", _line(child), child.text_content())
        elif tag in {"ul", "ol"}:
            yield Block("list", _line(child), rows=tuple((_text(one),) for one in child.iter("li")))
            yield from (Block("code", _line(one), one.text_content()) for one in child.iter("pre"))
            yield from (Block("table", _line(one), rows=tuple(_rows(one))) for one in child.iter("table"))
        elif tag == "p":
            yield Block("prose", _line(child), _text(child))
        else:
            yield from _walk(child)


def _loose(element: html.HtmlElement) -> str:
    inline = [element.text or ""]
    inline += [_text(child) + (child.tail or "") for child in element if child.tag in _INLINE]
    return " ".join("".join(inline).split())


def _rows(table: html.HtmlElement) -> Iterator[tuple[str, ...]]:
    for row in table.iter("tr"):
        cells = tuple(_text(cell) for cell in row if cell.tag in {"td", "th"})
        if cells:
            yield cells


def _text(element: html.HtmlElement) -> str:
    """The text with backticks where the page marks code, so that names are told from words."""
    copy = cast("html.HtmlElement", html.fromstring(etree.tostring(element, encoding="unicode", with_tail=False)))
    for found in list(copy.iter("code", "tt", "kbd")):
        code = cast("html.HtmlElement", found)
        inner = str(code.text_content())
        for child in list(code):
            code.remove(child)
        code.text = f"`{inner.strip()}`"
    return " ".join(str(copy.text_content()).split())


def _line(element: html.HtmlElement) -> int:
    return int(element.sourceline or 0)
