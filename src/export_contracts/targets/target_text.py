"""Writes a target file: the reverse of `target_file`, for servers of our own that tell users how to check them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from export_contracts.catalogue import contract
from export_contracts.model import Json
from export_contracts.targets.target_file import FEATURES


def toml(slug: str, url: str, settings: Mapping[str, Json]) -> str:
    """A target file for the server at `url`. Secrets are written out: it is for this machine only."""
    return "\n".join(_lines(slug, url, settings)) + "\n"


def _lines(slug: str, url: str, settings: Mapping[str, Json]) -> Iterator[str]:
    declared = contract.load(slug).manifest.settings
    yield f"vendor = {_value(slug)}"
    yield f"url = {_value(url)}"
    plain = {name: value for name, value in settings.items() if name not in FEATURES and name in declared}
    for title, secret in (("ids", False), ("secrets", True)):
        chosen = {name: value for name, value in plain.items() if declared[name].secret is secret and value is not None}
        yield from _table(title, chosen)
    for name in FEATURES:
        if isinstance(settings.get(name), Mapping):
            yield from _table(name, settings[name])


def _table(title: str, values: Mapping[str, Json]) -> Iterator[str]:
    yield ""
    yield f"[{title}]"
    yield from (f"{_value(name)} = {_value(value)}" for name, value in values.items())


def _value(value: Json) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_value(name)} = {_value(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    return json.dumps(value, ensure_ascii=False)
