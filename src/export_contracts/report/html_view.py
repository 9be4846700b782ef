"""What the page says, taken from a results document: words and numbers in the order in which the template shows them.

Strings of the target leave here inert. Tags and escapes are the template's business.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from export_contracts.model import Json
from export_contracts.report import words
from export_contracts.report.html_files import chart
from export_contracts.report.html_timeline import Timeline, timelines
from export_contracts.report.html_traffic import marked, shown_findings
from export_contracts.report.inert import inert
from export_contracts.report.moments import duration, epoch

ORDER: Final = ("error", "fail", "warn", "notice", "unexercised", "unsupported", "pass", "retired")
"""Worst first: what a reader has to act on stands on top."""

FATES: Final = ("kept", "broken", "noticed", "tolerated", "not_judged")
GROUPS: Final = {"level": ("must", "should", "may"), "basis": ("stated", "example", "inferred")}


def view(results: Mapping[str, Json]) -> dict[str, Json]:
    """The template's variables, all but those of a comparison."""
    footer = results["footer"]
    return {
        "verdict": footer["verdict"],
        "outcome": words.outcome(results),
        "summary": words.summary(results).partition(": ")[2],
        "shares": list(_shares(words.counted(results["clauses"]))),
        "reason": footer["reason"] and inert(footer["reason"]),
        "complete": footer["complete"],
        "tool": inert(results["tool"]["version"]),
        "runs": [_run(results, one) for one in results["runs"]],
        "counts": [_counts(results, kind, name) for kind, names in GROUPS.items() for name in names],
        "unjudged": [(verdict, reason, sorted(ids)) for (verdict, reason), ids in words.not_judged(results).items()],
        "deviations": [{**one, **_inert(one, "reason", "sentence", "clause")} for one in results["deviations"]],
        "clauses": list(_clauses(results)),
        "filters": _filters(results),
        "charts": [(one["title"], found) for one in results["runs"] if (found := chart(results, one)) is not None],
        "timelines": list(_timelines(results)),
        "requests": footer["requests"],
    }


def _shares(counts: Mapping[str, int]) -> Iterator[tuple[str, float, float]]:
    """Each fate with where its part of a bar of 1000 begins and how wide it is."""
    whole, at = sum(counts[one] for one in FATES) or 1, 0.0
    for one in FATES:
        width = counts[one] / whole * 1000
        yield one, round(at, 1), round(width, 1)
        at += width


def _run(results: Mapping[str, Json], run: Mapping[str, Json]) -> dict[str, Json]:
    mine = [one for one in results["clauses"] if one["vendor"] == run["vendor"]]
    scenarios = run["scenarios"]
    return {
        **_inert(run, "vendor", "title", "target", "origin"),
        "edition": run["as_of"] or "newest",
        "seed": run["seed"],
        "started": run["started"],
        "began": f"{run['started'][:19].replace('T', ' ')} UTC",
        "lasting": duration(epoch(run["finished"]) - epoch(run["started"])),
        "command": inert(words.command(run), 3000),
        "counts": words.counted(mine),
        "played": len(scenarios["played"]),
        "left_out": [(inert(name), inert(why)) for name, why in scenarios["left_out"].items()],
        "cut_short": [(inert(name), inert(why)) for name, why in scenarios["cut_short"].items()],
        "told": [inert(one) for one in (run["trouble"], *run["failures"], *run["broke"], *run["notes"]) if one],
        "coverage": [_coverage(kind, one) for kind, one in run["coverage"].items() if isinstance(one, Mapping)],
    }


def _coverage(kind: str, one: Mapping[str, Json]) -> dict[str, Json]:
    met, missed = one.get("met", []), one.get("missed", [])
    return {"kind": inert(kind), "met": len(met), "all": len(met) + len(missed), "missed": [inert(x) for x in missed]}


def _counts(results: Mapping[str, Json], kind: str, name: str) -> dict[str, Json]:
    counts = words.counted([one for one in results["clauses"] if one[kind] == name])
    return {"kind": kind, "name": name, **counts}


def _worst_first(results: Mapping[str, Json]) -> list[Mapping[str, Json]]:
    return sorted(results["clauses"], key=lambda one: ORDER.index(one["verdict"]))


def _timelines(results: Mapping[str, Json]) -> Iterator[tuple[Timeline, bool]]:
    """Each with whether it stands open: the first in which something broke, or the first of all."""
    drawn = list(timelines(results))
    opened = next((one for one in drawn if one.broken), drawn[0] if drawn else None)
    yield from ((one, one is opened) for one in drawn)


def _filters(results: Mapping[str, Json]) -> dict[str, list[str]]:
    present = {name: {one[name] for one in results["clauses"]} for name in ("vendor", "verdict", "level", "party")}
    ranked = {"verdict": ORDER, "level": GROUPS["level"]}
    several = {name: found for name, found in present.items() if len(found) > 1}
    return {name: [x for x in ranked.get(name, sorted(found)) if x in found] for name, found in several.items()}


def _clauses(results: Mapping[str, Json]) -> Iterator[dict[str, Json]]:
    """Each with its anchor: its id, or, where another vendor's run has that already, with the vendor before it."""
    taken: set[str] = set()
    for one in _worst_first(results):
        anchor = one["id"] if one["id"] not in taken else f"{one['vendor']}-{one['id']}"
        taken.add(anchor)
        yield {"anchor": anchor, **_clause(results, one)}


def _clause(results: Mapping[str, Json], entry: Mapping[str, Json]) -> dict[str, Json]:
    observed = entry["observed"]
    meanings = entry.get("readings", {})  # documents written before there were readings lack them
    names = [*meanings, *(one for one in observed if one not in meanings)]
    return {
        **{name: entry[name] for name in ("id", "party", "level", "basis", "verdict", "kept", "broken")},
        **_inert(entry, "title", "vendor"),
        "section": inert(entry["section"].replace("-", " ")),
        "reason": entry["reason"] and inert(entry["reason"], 2000),
        "note": entry.get("note") and inert(entry["note"], 5000),
        "said_in": [inert(one) for one in words.said_in(entry)],
        "readings": [(inert(one), inert(meanings.get(one, ""), 2000), observed.get(one, 0)) for one in names],
        "findings": list(_findings(results, entry)),
        "deviation": entry.get("deviation") and _inert(entry["deviation"], "reason", "until"),
        "replay": inert(words.replay(results, entry) or "", 3000),
    }


def _findings(results: Mapping[str, Json], entry: Mapping[str, Json]) -> Iterator[dict[str, Json]]:
    for one, count in shown_findings(entry):
        request = None if one["request"] is None else results["requests"][one["request"]]
        side, line, lost = _mark(request, one["at"])
        yield {
            "like_it": count - 1,
            "expected": inert(one["expected"], 2000),
            "got": inert(one["got"], 2000),
            "place": words.place(one),
            "request": one["request"],
            "side": side,
            "line": line,
            "lost": lost,
        }


def _mark(request: Mapping[str, Json] | None, pointer: str) -> tuple[str, int | None, str]:
    """The message a pointer leads into, the line of its pretty body, and what of the pointer is not there."""
    whole, _, inside = pointer.lstrip("/").partition("/")
    side = {"request": "sent", "response": "answered"}.get(whole, "")
    message = (request or {}).get("evidence", {}).get(side)
    name, slash, rest = inside.partition("/")
    if message is None or name != "body":
        return side, None, ""
    line, lost = marked(message, slash + rest)
    return side, line, inert(lost.strip("/"), 100)


def _inert(entry: Mapping[str, Json], *names: str) -> dict[str, Json]:
    return {name: None if entry[name] is None else inert(entry[name]) for name in names}
