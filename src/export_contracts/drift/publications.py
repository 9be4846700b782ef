"""Opens a file and tells by its content which kind of publication it is. The readers themselves stand beside it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Final

import yaml

from export_contracts.drift import (
    gather,
    page_archive,
    page_html,
    page_markdown,
    page_openapi,
    page_postman,
    page_text,
    several_files,
)
from export_contracts.drift.said import Publication
from export_contracts.drift.wholeness import breaks_off, broken_json, too_deep, without_last_line
from export_contracts.errors import UsageError
from export_contracts.model import Json
from export_contracts.transcript import bounded_yaml

LARGEST: Final = 32 * 1024 * 1024
"""Bytes of the largest page that is read."""
HINT: Final = "Give a saved page (Markdown, HTML, text), a Postman collection, or an OpenAPI file."


def read(path: Path | str) -> Publication:
    """What the file says; `UsageError` where it cannot be opened or is nothing that could be read."""
    path = Path(path)
    try:
        with path.open("rb") as stream:
            raw = stream.read(LARGEST + 1)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.", hint=HINT) from None
    return content(raw, str(path), path.parent)


def content(raw: bytes, name: str, folder: Path | None = None) -> Publication:
    """The same for bytes at hand. `folder`: where files that it refers to lie; None for those of the network."""
    if len(raw) > LARGEST:
        raise UsageError(f"{name} is larger than {LARGEST // 1024**2} MB.", hint=HINT)
    text = _decoded(raw)
    if "\0" in text:
        raise UsageError(f"{name} is a binary file.", hint=HINT)
    if not text.strip():
        raise UsageError(f"{name} is empty.", hint=HINT)
    return parse(text, name, folder)


def _decoded(raw: bytes) -> str:
    if raw[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return raw.decode("utf-16", errors="replace")
    return raw.decode("utf-8-sig", errors="replace")


def parse(text: str, name: str, folder: Path | None = None) -> Publication:
    """The same for a text that is at hand."""
    text = page_archive.unpacked(text)
    try:
        structured = _structured(text, name, folder)
    except (AttributeError, TypeError, ValueError) as error:  # a list where the format has an object, and the like
        raise UsageError(f"{name} is no sound collection or API description: {error}.", hint=HINT) from None
    if structured is not None:
        return structured
    if broken_json(text):
        raise UsageError(f"{name} {_not_json(text)}.", hint=HINT)
    cut = breaks_off(text)
    page = _page(without_last_line(text) if cut else text, name)
    return replace(page, cut=True) if cut else page


def _not_json(text: str) -> str:
    """Why what was to be JSON is none of the descriptions known."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return "was to be a collection or API description, and breaks off or is no sound JSON"
    return "is JSON, and neither a collection with requests nor an API description"


def _page(text: str, name: str) -> Publication:
    if _is_html(text):
        parts = tuple(page_html.blocks(text))
        bare = page_html.bare(text, parts)
        return gather.publication(name, "html", parts) if bare is None else _page(bare, name)
    if _is_markdown(text):
        return gather.publication(name, "markdown", tuple(page_markdown.blocks(text)))
    return gather.publication(name, "text", tuple(page_text.blocks(text)))


def _structured(text: str, name: str, folder: Path | None) -> Publication | None:
    data = _data(text)
    if bounded_yaml.is_vast(data):
        raise UsageError(f"{name} unfolds to more than {bounded_yaml.MOST_NODES} values.", hint=HINT)
    described = page_openapi.whole(data)
    if described is not None:
        whole, missing = several_files.bundled(described, folder)
        return page_openapi.publication(whole, name, missing)
    if data is None and (_is_markdown(text) or _is_html(text)):  # what looks like an item there is a sample
        return None
    items = page_postman.items(text)
    return page_postman.publication(items, name) if items else None


def _is_html(text: str) -> bool:
    marks = re.search(r"<(?:html|body|table|h[1-6]|div|p)[\s>]", text[:20000], re.IGNORECASE)
    return marks is not None and text.lstrip()[:1] == "<"


def _is_markdown(text: str) -> bool:
    marks = (r"^#{1,6} \S", r"^```", r"^[ \t]*\|[^\n]*\|[ \t\r]*$", r"^[*-] `", r"\A---\n")
    return sum(1 for one in marks if re.search(one, text, re.MULTILINE)) >= 2


def _data(text: str) -> Json:
    """JSON or YAML that the text is as a whole; None where it is neither."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    if not re.search(r"^(?:openapi|swagger|paths|[\"']?/[\w/{}-]+[\"']?)\s*:", text, re.MULTILINE) or too_deep(text):
        return None
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError):
        return None
