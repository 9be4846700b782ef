"""Opens a file and tells by its content which kind of publication it is. The readers themselves stand beside it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Final

import yaml

from export_contracts.drift import gather, page_html, page_markdown, page_openapi, page_postman, page_text
from export_contracts.drift.said import Place, Publication, Unread
from export_contracts.errors import UsageError
from export_contracts.model import Json

LARGEST: Final = 32 * 1024 * 1024
"""Bytes of the largest page that is read."""
HINT: Final = "Give a saved page (Markdown, HTML, text), a Postman collection, or an OpenAPI file."


def read(path: Path | str, operations: tuple[tuple[str, str], ...]) -> Publication:
    """What the file says about the operations (method, path) of a contract; `UsageError` where it cannot be opened."""
    path = Path(path)
    try:
        with path.open("rb") as stream:
            raw = stream.read(LARGEST + 1)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.", hint=HINT) from None
    if len(raw) > LARGEST:
        raise UsageError(f"{path} is larger than {LARGEST // 1024**2} MB.", hint=HINT)
    text = raw.decode("utf-8-sig", errors="replace")
    if "\0" in text:
        raise UsageError(f"{path} is a binary file.", hint=HINT)
    if not text.strip():
        raise UsageError(f"{path} is empty.", hint=HINT)
    return parse(text, str(path), operations)


def parse(text: str, name: str, operations: tuple[tuple[str, str], ...]) -> Publication:
    """The same for a text that is at hand."""
    try:
        structured = _structured(text, name, operations)
    except (AttributeError, TypeError) as error:  # a list where the format has an object, and the like
        raise UsageError(f"{name} is no sound collection or API description: {error}.", hint=HINT) from None
    if structured is not None:
        return structured
    if re.search(r"<(?:html|body|table|h[1-6]|div|p)[\s>]", text[:20000], re.IGNORECASE) and text.lstrip()[:1] == "<":
        return gather.publication(name, "html", tuple(page_html.blocks(text)))
    if _is_markdown(text):
        return gather.publication(name, "markdown", tuple(page_markdown.blocks(text)))
    return gather.publication(name, "text", tuple(page_text.blocks(text)))


def _structured(text: str, name: str, operations: tuple[tuple[str, str], ...]) -> Publication | None:
    described = page_openapi.whole(_data(text))
    if described is not None:
        return _openapi(described, name, operations)
    found = [one for one in page_postman.items(text) if matches((one.method, one.path), operations)]
    return _postman(found, name) if found else None


def _is_markdown(text: str) -> bool:
    marks = (r"^#{1,6} \S", r"^```", r"^\s*\|.*\|\s*$", r"^[*-] `", r"\A---\n")
    return sum(1 for one in marks if re.search(one, text, re.MULTILINE)) >= 2


def _data(text: str) -> Json:
    """JSON or YAML that the text is as a whole; None where it is neither."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    if not re.search(r"^(?:openapi|swagger|paths|[\"']?/[\w/{}-]+[\"']?)\s*:", text, re.MULTILINE):
        return None
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError):
        return None


def matches(printed: tuple[str, str], operations: tuple[tuple[str, str], ...]) -> bool:
    """Whether a printed method and path is one of the operations."""
    return any(same_operation(printed, one) for one in operations)


def same_operation(printed: tuple[str, str], known: tuple[str, str]) -> bool:
    """Whether both name one operation: hosts, base paths and names of path parameters do not count."""
    if printed[0] != known[0]:
        return False
    one, other = (_normal(path) for path in (printed[1], known[1]))
    return bool(one) and (other == one or other.endswith(f"/{one}") or one.endswith(f"/{other}"))


def _normal(path: str) -> str:
    path = re.sub(r"^https?://[^/]+|^\{\{[^}]+\}\}", "", path).split("?")[0]
    return re.sub(r"\{+[^}]*\}+|:[A-Za-z]\w*", "{}", path).strip("/")


def _postman(found: list[page_postman.Item], name: str) -> Publication:
    pages = [gather.publication(name, "postman", tuple(page_markdown.blocks(one.description))) for one in found]
    places = []
    for item, page in zip(found, pages, strict=True):
        key = (item.method, item.path)
        places += [_of(place, key) for place in page.places]
        places += gather.samples(item.name, "Postman", [(item.body, key)] if item.body.strip() else [])
    statuses = [
        (one[0] or (i.method, i.path), *one[1:]) for i, page in zip(found, pages, strict=True) for one in page.statuses
    ]
    unread = [one for page in pages for one in page.unread]
    return Publication(name, "postman", tuple(places), tuple(statuses), "\n".join(p.text for p in pages), tuple(unread))


def _of(place: Place, key: tuple[str, str]) -> Place:
    return replace(place, operation=place.operation or key, where=f"description, {place.where}")


def _openapi(document: Json, name: str, operations: tuple[tuple[str, str], ...]) -> Publication:
    places, statuses, unread, every = [], [], [], []
    for key, operation, parameters in page_openapi.operations(document):
        every.append(key)
        if not matches(key, operations):
            unread.append(Unread(f"{key[0]} {key[1]}", "an operation that the contract does not cover"))
            continue
        if not all(one.get("name") for one in parameters):
            unread.append(Unread(f"{key[0]} {key[1]}", "parameters by a reference that leads nowhere"))
        places += list(page_openapi.places(document, key, operation, parameters))
        statuses += [(key, str(one).upper(), f"{key[0]} {key[1]}") for one in operation.get("responses") or ()]
    info = document.get("info")
    title = str(info.get("title", "")) if isinstance(info, dict) else ""
    return Publication(name, "openapi", tuple(places), tuple(statuses), "", tuple(unread), title, tuple(every))
