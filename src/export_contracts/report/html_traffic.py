"""The traffic of a results document as data for the page's script: one short row for each request, and evidence.

Every string leaves here inert: the script only ever puts them into the page as text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from export_contracts.model import Json
from export_contracts.report import words
from export_contracts.report.inert import inert

KINDS_SHOWN = 10
"""Kinds of breaches of one clause that a page tells of."""

DEEPEST = 60
"""Levels of a body that a page unfolds; nobody reads a thousand, and drawing them would take as deep a stack."""

MOST_EVIDENCE = 1_500_000
"""Characters of evidence that a page carries."""

COLUMNS = ("vendor", "scenario", "operation", "method", "path", "status", "verdict")


def traffic(results: Mapping[str, Json]) -> dict[str, Json]:
    """`words`: every different string once; `rows`: places in it; `evidence` and `curl` by number of request."""
    known: dict[Json, int] = {}
    rows = [
        [
            *(known.setdefault(_word(one[name]), len(known)) for name in COLUMNS),
            round(one["seconds"] * 1000),
            one["started"],
            [finding["clause"] for finding in one["findings"]],
        ]
        for one in results["requests"]
    ]
    return {"words": list(known), "rows": rows, **_evidence(results)}


def shown_findings(entry: Mapping[str, Json]) -> list[tuple[Mapping[str, Json], int]]:
    """The first finding of each kind that a page tells of, and how many there are of it."""
    return words.kinds(entry)[:KINDS_SHOWN]


def marked(message: Mapping[str, Json], pointer: str) -> tuple[int | None, str]:
    """The line of the pretty body at which `pointer` or the nearest place above it is shown, and what is left of it."""
    lines = [place for _, place in pretty(message)]
    found = pointer
    while found not in lines:
        if not found:
            return None, ""
        found = found.rpartition("/")[0]
    return lines.index(found), pointer.removeprefix(found)


def pretty(message: Mapping[str, Json]) -> Iterator[tuple[str, str | None]]:
    """Each line of the body, and the JSON pointer of what stands on it; None where it is no JSON."""
    text = message["body"]
    if not text:
        return
    try:
        value = None if message["cut"] else json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if value is None:
        yield from ((inert(line, 2000), None) for line in text.splitlines())
    else:
        yield from _lines(value, "", "", "", "")


def _lines(value: Json, place: str, indent: str, label: str, comma: str) -> Iterator[tuple[str, str | None]]:
    if not isinstance(value, (dict, list)) or not value:
        yield f"{indent}{label}{inert(json.dumps(value, ensure_ascii=False), 2000)}{comma}", place
        return
    opened, closed = "{}" if isinstance(value, dict) else "[]"
    if len(indent) >= 2 * DEEPEST:
        yield f"{indent}{label}{opened} … {closed}{comma}", place
        return
    yield f"{indent}{label}{opened}", place
    members = list(value.items() if isinstance(value, dict) else enumerate(value))
    for number, (key, one) in enumerate(members, 1):
        step = str(key).replace("~", "~0").replace("/", "~1")
        named = f"{inert(json.dumps(key, ensure_ascii=False), 300)}: " if isinstance(value, dict) else ""
        yield from _lines(one, f"{place}/{step}", indent + "  ", named, "," if number < len(members) else "")
    yield f"{indent}{closed}{comma}", None


def _evidence(results: Mapping[str, Json]) -> dict[str, Json]:
    """What was sent and answered where the page tells of a breach, the worst clauses first."""
    shown: dict[str, Json] = {}
    curls: dict[str, str] = {}
    spent = 0
    for one in _told(results):
        if spent > MOST_EVIDENCE:
            break
        place = str(one["index"])
        if "curl" in one:
            curls[place] = inert(one["curl"], 5000)
            spent += len(curls[place])
        if "evidence" in one:
            shown[place] = {side: _message(message) for side, message in one["evidence"].items()}
            spent += len(json.dumps(shown[place]))
    return {"evidence": shown, "curl": curls}


def _told(results: Mapping[str, Json]) -> Iterator[Mapping[str, Json]]:
    """The requests in which breaches were found that the page tells of, each once."""
    found = [
        finding["request"]
        for clause in reversed(words.breaches(results))
        for finding, _ in shown_findings(clause)
        if finding["request"] is not None
    ]
    yield from (results["requests"][number] for number in dict.fromkeys(found))


def _message(message: Mapping[str, Json]) -> dict[str, Json]:
    return {
        "headers": [f"{inert(name)}: {inert(value)}" for name, value in message["headers"]],
        "body": [line for line, _ in pretty(message)],
        "bytes": message["bytes"],
        "text": message["body"] is not None,
        "cut": message["cut"],
    }


def _word(value: Json) -> Json:
    return inert(value, 300) if isinstance(value, str) else value
