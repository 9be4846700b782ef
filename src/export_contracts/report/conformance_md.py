"""A results document as CONFORMANCE.md: what an implementation keeps, for those who choose it. Written to be committed.

Unlike the summary of a CI run it names what was judged and how, what was read in which way, and how to repeat it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from export_contracts.model import Json
from export_contracts.report import words
from export_contracts.report.inert import inert
from export_contracts.report.markdown import code, plain

LEVELS = ("must", "should", "may")


def report(results: Mapping[str, Json]) -> str:
    """The Markdown text."""
    return "\n".join(_lines(results)) + "\n"


def _lines(results: Mapping[str, Json]) -> Iterator[str]:
    yield "# Conformance"
    yield ""
    yield f"Judged by export-contracts {plain(results['tool']['version'])}: {plain(words.summary(results))}."
    if results["footer"]["reason"]:
        yield ""
        yield plain(results["footer"]["reason"])
    for run in results["runs"]:
        mine = [one for one in results["clauses"] if one["vendor"] == run["vendor"]]
        yield from _run(run, mine)
        yield from _breaches(mine)
        yield from _readings(mine)
        yield from _not_judged({**results, "clauses": mine})


def _run(run: Mapping[str, Json], mine: list[Mapping[str, Json]]) -> Iterator[str]:
    yield from ("", f"## {plain(run['title'])}", "")
    yield f"- target: {code(run['target'])}, origin {plain(run['origin'])}"
    yield f"- contract: {plain(run['as_of'] or 'newest edition')}, judged on {run['started'][:10]}"
    if run["command"]:
        yield f"- again: {code(words.command(run))}"
    yield from ("", "| level | kept | broken | noticed | tolerated | not judged |", "|---|--:|--:|--:|--:|--:|")
    for level in LEVELS:
        counts = words.counted([one for one in mine if one["level"] == level])
        shown = (counts[name] for name in ("kept", "broken", "noticed", "tolerated", "not_judged"))
        yield f"| {level.upper()} | {' | '.join(map(str, shown))} |"


def _breaches(mine: list[Mapping[str, Json]]) -> Iterator[str]:
    found = [one for one in mine if one["verdict"] in words.BREACHES]
    if not found:
        return
    yield from ("", "### Not kept", "")
    for one in sorted(found, key=lambda one: -words.BREACHES.index(one["verdict"])):
        yield f"- **{one['id']}** ({one['level'].upper()}, {one['verdict']}): {plain(one['title'])}"
        if one["findings"]:
            yield f"  - expected {code(one['findings'][0]['expected'])}, got {code(one['findings'][0]['got'])}"
        if "deviation" in one:
            until = f", until {plain(one['deviation']['until'])}" if one["deviation"]["until"] else ""
            yield f"  - known: {plain(one['deviation']['reason'])}{until}"


def _readings(mine: list[Mapping[str, Json]]) -> Iterator[str]:
    read = [one for one in mine if one["observed"]]
    if not read:
        return
    yield from ("", "### Where the documents leave it open", "")
    for one in read:
        seen = ", ".join(f"{plain(name)} ({times}×)" for name, times in one["observed"].items())
        yield f"- {one['id']} {plain(one['title'])}: {seen}"


def _not_judged(results: Mapping[str, Json]) -> Iterator[str]:
    folded = words.not_judged(results)
    if not folded:
        return
    yield from ("", "### Not judged, which is not kept", "")
    for (verdict, reason), ids in folded.items():
        yield f"- {verdict}: {', '.join(ids)}: {plain(inert(reason))}"
