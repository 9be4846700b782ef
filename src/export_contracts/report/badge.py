"""A results document as a small SVG for a project's front page. No font or picture is fetched."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from xml.sax.saxutils import escape

from export_contracts.model import Json
from export_contracts.report import words
from export_contracts.report.inert import inert

COLOURS: Final = {"kept": "#116b3a", "broken": "#a5121c", "error": "#4a5567"}
_WIDTH_OF_ONE: Final = 6.6
"""Pixels of a character, on average; `textLength` makes it come true with any font."""


def report(results: Mapping[str, Json]) -> str:
    """The SVG text: `Braze contract | 112 of 112 kept`."""
    verdict = results["footer"]["verdict"]
    titles = [one["title"] for one in results["runs"]]
    left = f"{titles[0] if len(titles) == 1 else 'export'} contract"
    return _svg(inert(left, 60), _said(results), COLOURS[verdict])


def _said(results: Mapping[str, Json]) -> str:
    if results["footer"]["verdict"] == "error":
        return "not judged to its end"
    counts = words.fates(results["clauses"])
    judged = counts["kept"] + counts["broken"] + counts["tolerated"]
    tolerated = f", {counts['tolerated']} known deviations" if counts["tolerated"] else ""
    return f"{counts['kept']} of {judged} kept{tolerated}"


def _svg(left: str, right: str, colour: str) -> str:
    first, second = (round(len(text) * _WIDTH_OF_ONE) for text in (left, right))
    split, whole = first + 16, first + second + 32
    label = escape(f"{left}: {right}", {'"': "&quot;"})
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="20" role="img" aria-label="{label}">
<title>{escape(f"{left}: {right}")}</title>
<clipPath id="round"><rect width="{whole}" height="20" rx="3"/></clipPath>
<g clip-path="url(#round)"><rect width="{split}" height="20" fill="#3a4352"/>\
<rect x="{split}" width="{whole - split}" height="20" fill="{colour}"/></g>
<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">
<text x="8" y="14" textLength="{first}">{escape(left)}</text>
<text x="{split + 8}" y="14" textLength="{second}">{escape(right)}</text>
</g>
</svg>
"""
