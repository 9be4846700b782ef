"""Loads recorded traffic from a file or folder, telling cassette from HAR by content. Judges nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from export_contracts.errors import TrafficError
from export_contracts.model import Json, Transcript, is_vast
from export_contracts.transcript import cassette_reader, har

LARGEST: Final = 256 * 1024 * 1024
"""Bytes of the largest file that is read."""
SUFFIXES: Final = (".yaml", ".yml", ".har", ".json")
_OURS: Final = re.compile(rb'\s*\{\s*"format"\s*:\s*"export-contracts/')
HINT: Final = "Recorded traffic is a vcrpy cassette (YAML) or a HAR file (JSON)."


def load(path: Path | str, vendor: str) -> tuple[Transcript, ...]:
    """The transcripts in a file, or in each cassette and HAR of a folder; `TrafficError` in one sentence."""
    path = Path(path)
    if not path.is_dir():
        return (_file(path, vendor),)
    files = (one for one in sorted(path.rglob("*")) if one.suffix in SUFFIXES and one.is_file())
    found = tuple(_file(one, vendor) for one in files if not _is_ours(one))
    if not found:
        raise TrafficError(f"{path} holds no recorded traffic.", hint=HINT)
    return found


def _is_ours(path: Path) -> bool:
    """Whether a file is one that we make of traffic, results or a shape: these may lie beside it."""
    try:
        with path.open("rb") as stream:
            return path.suffix == ".json" and _OURS.match(stream.read(200)) is not None
    except OSError:
        return False


def _file(path: Path, vendor: str) -> Transcript:
    text = _text(path)
    if not text.strip():
        raise TrafficError(f"{path} is empty.", hint=HINT)
    if not text.lstrip().startswith("{"):
        return cassette_reader.parse(text, name=str(path), vendor=vendor)
    if is_vast(text.encode()):
        raise TrafficError(f"{path} holds more values than are read.", hint="Split the recording.")
    data = _json(text, path)
    if isinstance(data, dict) and "interactions" in data:
        return cassette_reader.parse(text, name=str(path), vendor=vendor)
    return har.parse(data, name=str(path), vendor=vendor)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            body = stream.read(LARGEST + 1)
    except OSError as error:
        raise TrafficError(f"{path} cannot be read: {error.strerror}.", hint=HINT) from None
    except ValueError as error:
        raise TrafficError(f"{path!s:.200} is no file name: {error}.") from None
    if len(body) > LARGEST:
        raise TrafficError(f"{path} is larger than {LARGEST // 1024**2} MB.", hint="Split the recording.")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TrafficError(f"{path} is not UTF-8 text at byte {error.start}.", hint=HINT) from None
    if "\0" in text:
        raise TrafficError(f"{path} is a binary file.", hint=HINT)
    return text


def _json(text: str, path: Path) -> Json:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise TrafficError(f"{path}, line {error.lineno} is broken JSON: {error.msg}.", hint=HINT) from None
    except RecursionError:
        raise TrafficError(f"{path} is nested too deeply.", hint=HINT) from None
    except ValueError as error:
        raise TrafficError(f"{path} is JSON that cannot be read: {error}.", hint=HINT) from None


def cassettes_in(folder: Path) -> Iterator[Path]:
    """The cassette files of a vendor's folder, in order."""
    yield from sorted(folder.glob("*.yaml"))
