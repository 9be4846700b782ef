"""Two results documents side by side, for the page: the circumstances of both, what changed, what stayed.

Strings of the target leave here inert. Tags and escapes are the template's business.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping

from export_contracts.model import Json
from export_contracts.report import words
from export_contracts.report.compare import Change, changes, unchanged
from export_contracts.report.inert import inert


def comparison(before: Mapping[str, Json], after: Mapping[str, Json]) -> dict[str, Json]:
    """`facts` as (name, older, newer), `changes` worst first, `same` with id, title and verdict."""
    return {
        "facts": list(_facts(before, after)),
        "changes": [_change(one) for one in changes(before, after)],
        "same": [
            {"id": one["id"], "verdict": one["verdict"], "title": inert(one["title"])}
            for one in unchanged(before, after)
        ],
    }


def _facts(before: Mapping[str, Json], after: Mapping[str, Json]) -> Iterator[tuple[str, str, str]]:
    older, newer = _side(before), _side(after)
    yield from ((name, older[name], newer[name]) for name in newer)


def _side(results: Mapping[str, Json]) -> dict[str, str]:
    runs = results["runs"]
    counts = words.counted(results["clauses"])
    return {
        "Verdict": results["footer"]["verdict"],
        "Vendor": _each(one["title"] for one in runs),
        "Target": _each(one["target"] for one in runs),
        "Edition": _each(one["as_of"] or "newest" for one in runs),
        "Origin": _each(one["origin"] for one in runs),
        "Began": min(one["started"] for one in runs)[:19].replace("T", " ") + " UTC" if runs else "",
        "Clauses kept": str(counts["kept"]),
        "Clauses broken": str(counts["broken"]),
        "Noticed": str(counts["noticed"]),
        "Tolerated": str(counts["tolerated"]),
        "Not judged": str(counts["not_judged"]),
        "Requests": str(results["footer"]["requests"]),
        "Made by": inert(results["tool"]["version"]),
    }


def _each(values: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(inert(one) for one in values))


def _change(change: Change) -> dict[str, Json]:
    shown = {name: value and inert(value) for name, value in dataclasses.asdict(change).items()}
    return {**shown, "worse": change.worse}
