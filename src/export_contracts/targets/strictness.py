"""What a target file may say, asked key by key: unknown names, missing ones, wrong kinds, each in one sentence."""

from __future__ import annotations

import difflib
import json
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from export_contracts.errors import UsageError
from export_contracts.model import Json


def known(
    given: Mapping[str, Any],
    names: Iterable[str],
    where: str,
    *,
    noun: str = "key",
    elsewhere: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Raise on the first key of `given` that is not among `names`, with the nearest that is.

    `elsewhere` holds names that belong to other places, each with the line that says where.
    """
    known_names = list(names)
    for name in given:
        if name not in known_names:
            near = difflib.get_close_matches(name, [*known_names, *elsewhere], 1, 0.5)
            hint = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(known_names) or 'none'}."
            if near and near[0] not in known_names:
                hint = f"Write {elsewhere[near[0]]}."
            raise UsageError(f"{where}: there is no {noun} {name!r}.", hint=hint)


def table(data: Mapping[str, Any], name: str, path: Path) -> Mapping[str, Any]:
    """The table `name`, empty where absent."""
    value = data.get(name, {})
    if not isinstance(value, dict):
        raise UsageError(f"{path}: {name} is a table, not {type(value).__name__}.", hint=f"Write [{name}].")
    return value


def checked_text(data: Mapping[str, Any], name: str, where: str, *, default: str | None = None) -> str:
    """The text under `name`; missing without `default`, empty or of another kind is an error."""
    value = data.get(name, default)
    if value is None:
        raise UsageError(f"{where}: {name} is missing.", hint=f'Add {name} = "…".')
    if not isinstance(value, str) or not value.strip():
        raise UsageError(f"{where}: {name} is not text: {value!r}.", hint=f'Write {name} = "…".')
    return value


def checked_number(data: Mapping[str, Any], name: str, where: str) -> float:
    """The positive, finite number under `name`."""
    value = data[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value <= 0:
        raise UsageError(f"{where}: {name} is no positive number: {value!r}.")
    return float(value)


def checked_json(data: Mapping[str, Any], name: str, where: str) -> Json:
    """The value under `name` where JSON can say it: TOML's dates and infinities it cannot."""
    try:
        json.dumps(data[name], allow_nan=False)
    except (TypeError, ValueError):
        raise UsageError(f"{where}: {name} is nothing JSON can say: {data[name]}.", hint="Put it in quotes.") from None
    return data[name]
