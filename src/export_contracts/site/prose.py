"""Markdown of ours as HTML; tags in it stay text."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # both are imported when a page is rendered
    from markdown_it import MarkdownIt
    from markupsafe import Markup


def prose(text: str) -> Markup:
    """Paragraphs, lists and code."""
    from markupsafe import Markup

    return Markup(_markdown().render(text))  # noqa: S704 - markdown-it escapes all tags with html off


def phrase(text: str) -> Markup:
    """The same within a line: code and emphasis only."""
    from markupsafe import Markup

    return Markup(_markdown().renderInline(text))  # noqa: S704 - the same


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).disable("image")
