"""A target file for a server of our own: everything it declares, so that everything can be judged."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Final

from export_contracts.catalogue.manifest import Manifest
from export_contracts.model import Json
from export_contracts.targets.target_file import FEATURES

_WIDTH: Final = 100


def toml(manifest: Manifest, url: str, settings: Mapping[str, Json]) -> str:
    """The text of the file. Secrets stand written out, which is taken for a target on this machine only."""
    return "\n".join(_lines(manifest, url, settings)) + "\n"


def _lines(manifest: Manifest, url: str, settings: Mapping[str, Json]) -> Iterator[str]:
    yield f"vendor = {_value(manifest.slug)}"
    yield f"url = {_value(url)}"
    secret = [name for name, one in manifest.settings.items() if one.secret and name in settings]
    known = [name for name in manifest.settings if name in settings and name not in {*secret, *FEATURES}]
    for table, names in (("ids", known), ("secrets", secret)):
        if names:
            yield f"\n[{table}]"
            yield from (f"{name} = {_folded(settings[name])}" for name in names)
    for feature in FEATURES:
        if isinstance(settings.get(feature), Mapping):
            yield f"\n[{feature}]"
            yield from (f"{name} = {_value(value)}" for name, value in settings[feature].items())


def _folded(value: Json) -> str:
    """The value on a line; a long list has one for each of its members."""
    line = _value(value)
    if not isinstance(value, list | tuple) or len(line) <= _WIDTH:
        return line
    return "[\n" + "".join(f"  {_value(one)},\n" for one in value) + "]"


def _value(value: Json) -> str:
    """JSON is TOML, but for its tables, its surrogate pairs and an undisguised DEL."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_value(name)} = {_value(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
