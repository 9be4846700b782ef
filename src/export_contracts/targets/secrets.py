"""Where a target's secrets come from: an environment variable or a file, never the target file itself."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from export_contracts.errors import UsageError
from export_contracts.targets import links


def secret(name: str, value: Any, url: str, path: Path) -> str:
    """The secret that `{env = "X"}` or `{file = "path"}` leads to; written out only for a target on this machine."""
    if isinstance(value, str):
        if links.is_loopback(url):
            return value
        raise UsageError(
            f"{path} [secrets]: {name} is written out.", hint=f'Write {name} = {{ env = "…" }} or {{ file = "…" }}.'
        )
    match value:
        case {"env": str(variable), **rest} if not rest:
            return from_environment(variable, f"{path} [secrets] {name}")
        case {"file": str(file), **rest} if not rest:
            return _from_file(path.parent / file, f"{path} [secrets] {name}")
    raise UsageError(f"{path} [secrets]: {name} is not understood.", hint=f'Write {name} = {{ env = "…" }}.')


def from_environment(variable: str, where: str) -> str:
    """The variable's value."""
    value = os.environ.get(variable, "").strip()
    if not value:
        raise UsageError(f"{where}: the environment variable {variable} is not set.", hint=f"export {variable}=…")
    return _on_one_line(value, f"{where}: the environment variable {variable}")


def _from_file(file: Path, where: str) -> str:
    try:
        value = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise UsageError(f"{where}: the file {file} cannot be read.") from None
    if not value:
        raise UsageError(f"{where}: the file {file} is empty.")
    return _on_one_line(value, f"{where}: the file {file}")


def _on_one_line(value: str, what: str) -> str:
    """The secret, if a header can carry it."""
    if len(value.splitlines()) > 1:
        raise UsageError(f"{what} holds several lines.", hint="A credential stands on one.")
    return value
