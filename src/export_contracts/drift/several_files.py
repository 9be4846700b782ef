"""An OpenAPI description in several files as one: references to files beside it lead inside. Bounded."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import yaml

from export_contracts.model import Json
from export_contracts.transcript import bounded_yaml

MOST_FILES: Final = 200
LARGEST: Final = 8 * 1024 * 1024
"""Bytes of the largest of them."""
BESIDE: Final = "x-files"


def bundled(document: Mapping[str, Json], folder: Path | None) -> tuple[Mapping[str, Json], tuple[str, ...]]:
    """The description with its files under `x-files`, and the references that lead nowhere.

    Only files in and below the description's own folder are opened.
    """
    if folder is None:
        return document, tuple(_outer(document))
    files = _Files(folder.resolve())
    whole = files.inside(document, "", folder.resolve())
    return {**whole, BESIDE: files.found}, tuple(files.missing)


class _Files:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.found: dict[str, Json] = {}
        self.missing: list[str] = []
        self.keys: dict[Path, str | None] = {}

    def inside(self, value: Json, own: str, folder: Path, depth: int = 0) -> Json:
        """`value` with every reference as one into the whole; `own` is the key of the file it stands in."""
        if depth > 100:
            return None
        if isinstance(value, list):
            return [self.inside(one, own, folder, depth + 1) for one in value]
        if not isinstance(value, dict):
            return value
        changed = {key: self.inside(one, own, folder, depth + 1) for key, one in value.items()}
        reference = value.get("$ref")
        if isinstance(reference, str):
            changed["$ref"] = self._reference(reference, own, folder)
        return changed

    def _reference(self, reference: str, own: str, folder: Path) -> str:
        file, _, pointer = reference.partition("#")
        if not file:
            return f"#/{BESIDE}/{own}{pointer}" if own else reference
        key = self._opened((folder / file).resolve())
        if key is None:
            self.missing.append(reference)
            return reference
        return f"#/{BESIDE}/{key}{pointer}"

    def _opened(self, path: Path) -> str | None:
        if path in self.keys:
            return self.keys[path]
        if len(self.keys) >= MOST_FILES or not path.is_relative_to(self.root) or not _is_file(path):
            return None
        key = self.keys[path] = str(len(self.keys))
        data = _data(path)
        if data is None:
            self.keys[path] = None
            return None
        self.found[key] = None  # a file may refer to itself by way of another
        self.found[key] = self.inside(data, key, path.parent)
        return key


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that no file can have
        return False


def _data(path: Path) -> Json:
    try:
        raw = path.read_bytes()
    except OSError:
        return None
    if len(raw) > LARGEST:
        return None
    text = raw.decode("utf-8-sig", errors="replace")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    try:
        data = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError):
        return None
    return None if bounded_yaml.is_vast(data) else data


def _outer(value: Json, depth: int = 0) -> list[str]:
    if depth > 100:
        return []
    if isinstance(value, list):
        return [found for one in value for found in _outer(one, depth + 1)]
    if not isinstance(value, Mapping):
        return []
    reference = value.get("$ref")
    own = [reference] if isinstance(reference, str) and not reference.startswith("#") else []
    return own + [found for one in value.values() for found in _outer(one, depth + 1)]
