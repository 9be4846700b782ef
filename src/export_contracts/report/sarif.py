"""A results document as SARIF 2.1.0, for code-scanning pages: each breach a result, each broken clause a rule.

The format wants files: a request's path, or a delivered file's key, stands for one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import quote

from export_contracts.model import Json
from export_contracts.report import words
from export_contracts.report.inert import inert

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS: Final = {"error": "error", "fail": "error", "warn": "warning", "notice": "note"}
_OF_LEVEL: Final = {"must": "error", "should": "warning", "may": "note"}


def report(results: Mapping[str, Json]) -> str:
    """The SARIF text."""
    found = list(reversed(words.breaches(results)))
    rules: dict[str, dict[str, Json]] = {}
    for one in found:
        rules.setdefault(one["id"], _rule(one))
    places = {name: place for place, name in enumerate(rules)}
    run = {
        "tool": {
            "driver": {
                "name": "export-contracts",
                "version": inert(results["tool"]["version"]),
                "rules": list(rules.values()),
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {"executionSuccessful": results["footer"]["complete"], "exitCode": results["footer"]["exit_code"]}
        ],
        "results": [one for entry in found for one in _results(entry, places[entry["id"]])],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1, ensure_ascii=True) + "\n"


def _rule(entry: Mapping[str, Json]) -> dict[str, Json]:
    said = "; ".join(words.said_in(entry))
    return {
        "id": entry["id"],
        "shortDescription": {"text": entry["title"]},
        "fullDescription": {
            "text": f"{entry['title']}. {entry['level'].upper()}, {entry['basis']}, binds the {entry['party']}."
        },
        "help": {"text": f"Said in {inert(said, 2000)}. In full: export-contracts show {entry['id']}"},
        "defaultConfiguration": {"level": _OF_LEVEL[entry["level"]]},
        "properties": {"tags": [entry["vendor"], entry["party"], entry["level"], entry["basis"]]},
    }


def _results(entry: Mapping[str, Json], rule: int) -> Iterator[dict[str, Json]]:
    shared: dict[str, Json] = {"ruleId": entry["id"], "ruleIndex": rule, "level": LEVELS[entry["verdict"]]}
    if "deviation" in entry:
        shared["suppressions"] = [{"kind": "external", "justification": inert(entry["deviation"]["reason"])}]
    if not entry["findings"]:
        text = inert(entry["reason"] or entry["title"])
        yield {**shared, "message": {"text": text}, "locations": [_location(entry["vendor"], 1, entry["vendor"])]}
    for one in entry["findings"]:
        text = f"{entry['title']}: expected {inert(one['expected'])}; got {inert(one['got'])}"
        file = one["file"] or (one["path"] or "").strip("/") or entry["vendor"]
        place = words.place(one)
        yield {
            **shared,
            "message": {"text": text},
            "locations": [_location(file, one["line"] or 1, place)],
            "partialFingerprints": {"clauseAndPlace/v1": _fingerprint(entry["id"], one["method"], file, one["at"])},
        }


def _location(file: str, line: int, name: str) -> dict[str, Json]:
    uri = quote(file.encode("utf-8", "replace"), safe="/")
    return {
        "physicalLocation": {"artifactLocation": {"uri": uri}, "region": {"startLine": max(line, 1)}},
        "logicalLocations": [{"fullyQualifiedName": name}],
    }


def _fingerprint(*parts: str | None) -> str:
    """What stays the same when the same breach is found again."""
    text = "\n".join(part or "" for part in parts)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]
