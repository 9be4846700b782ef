"""Templates that escape every value and refuse a name they are not given; the style that pages share."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # jinja2 is imported when a page is rendered, not for the sake of --help
    from jinja2 import Environment

TEMPLATES = Path(__file__).with_name("templates")


@cache
def environment(folder: Path) -> Environment:
    """The templates in `folder`, and behind them those of reports: every page has the same skeleton."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader((folder, TEMPLATES)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def look() -> str:
    """The style sheet that every page begins with: colours for light and dark, type, tables, paper."""
    return (TEMPLATES / "look.css").read_text(encoding="utf-8")
