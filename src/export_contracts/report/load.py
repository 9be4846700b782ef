"""A results document read from a file again, refused in one sentence where it is none."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from export_contracts import resources
from export_contracts.errors import UsageError
from export_contracts.model import Json
from export_contracts.report.inert import inert
from export_contracts.report.results import FORMAT


def load(path: Path) -> dict[str, Json]:
    """The document in `path`; UsageError where it cannot be read or is not of our format."""
    try:
        value = json.loads(resources.bounded(path))
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}.", hint=_HINT) from None
    except (ValueError, RecursionError):
        raise UsageError(f"{path} is not JSON.", hint=_HINT) from None
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise UsageError(f"{path} is no results document of the format {FORMAT}.", hint=_HINT)
    wrong = _wrong(value)
    if wrong:
        raise UsageError(f"{path} is no sound results document: {wrong}.", hint=_HINT)
    return value


_HINT = "export-contracts check writes export-contracts-report/results.json."


def _wrong(value: Json) -> str | None:
    """The first thing wrong with the document, by its schema and by what refers to what."""
    import jsonschema_rs

    schema = json.loads((resources.specs() / "meta" / "results.schema.json").read_text(encoding="utf-8"))
    error = next(iter(jsonschema_rs.validator_for(schema).iter_errors(value)), None)
    if error is not None:
        place = "/".join(str(step) for step in error.instance_path)
        return f"{inert(error.message, 200)} at /{inert(place, 200)}"
    if not all(_is_moment(one) for one in _moments(value)):
        return "a moment is none of any calendar"
    if any(one["index"] != place for place, one in enumerate(value["requests"])):
        return "requests do not stand at the places that their index names"
    asked = (finding["request"] for clause in value["clauses"] for finding in clause["findings"])
    if any(one is not None and one >= len(value["requests"]) for one in asked):
        return "a finding names a request that is not there"
    return None


def _moments(value: Mapping[str, Json]) -> Iterator[str]:
    yield from (run[name] for run in value["runs"] for name in ("started", "finished"))
    yield from (one["started"] for one in value["requests"] if one["started"] is not None)


def _is_moment(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
