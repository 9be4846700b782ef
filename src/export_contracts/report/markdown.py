"""A results document as Markdown for the summary page of a CI run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from export_contracts.model import Json
from export_contracts.report import words
from export_contracts.report.inert import inert

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~&$])")


def report(results: Mapping[str, Json]) -> str:
    """The Markdown text."""
    return "\n".join(_lines(results)) + "\n"


def plain(text: object) -> str:
    """`text` as Markdown that shows it literally: no markup, no HTML, no mention, one line."""
    return _SPECIAL.sub(r"\\\1", inert(text)).replace("@", "@&#8203;")


def code(text: object) -> str:
    """`text` as a code span, which nothing inside it can close; its pipes are escaped for tables."""
    shown = inert(text).replace("|", "\\|")
    longest = max((len(run) for run in re.findall(r"`+", shown)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def _lines(results: Mapping[str, Json]) -> Iterator[str]:
    yield f"## export-contracts: {words.outcome(results)}"
    yield ""
    yield f"{words.summary(results)}."
    if results["footer"]["reason"]:
        yield f"{plain(results['footer']['reason'])}"
    yield ""
    yield "| vendor | target | origin | kept | broken | noticed | tolerated | not judged |"
    yield "|---|---|---|--:|--:|--:|--:|--:|"
    for run in results["runs"]:
        counts = words.counted([one for one in results["clauses"] if one["vendor"] == run["vendor"]])
        cells = " | ".join(str(counts[name]) for name in ("kept", "broken", "noticed", "tolerated", "not_judged"))
        yield f"| {run['title']} | {code(run['target'])} | {run['origin']} | {cells} |"
    told = [one for run in results["runs"] for one in (*run["failures"], *run["broke"], *run["notes"])]
    yield from ("", *(f"- {plain(one)}" for one in told)) if told else ()
    for entry in reversed(words.breaches(results)):
        yield from _block(results, entry)
    yield from _deviations(results)
    yield from _not_judged(results)


def _block(results: Mapping[str, Json], entry: Mapping[str, Json]) -> Iterator[str]:
    yield ""
    yield f"### {entry['verdict'].upper()} {entry['id']} {plain(entry['title'])}"
    yield ""
    said = "; ".join(plain(one) for one in words.said_in(entry))
    yield f"{entry['level'].upper()} · {entry['basis']}, said in {said}"
    yield ""
    if entry["reason"]:
        yield f"- {plain(entry['reason'])}"
    for one, _ in words.kinds(entry)[: words.FINDINGS_SHOWN]:
        yield f"- expected {code(one['expected'])}"
        yield f"  - got {code(one['got'])}"
        yield f"  - at {code(words.place(one))}"
    if "deviation" in entry:
        yield f"- known deviation: {plain(entry['deviation']['reason'])}"
    again = words.replay(results, entry)
    if again:
        yield f"- replay: {code(again)}"


def _deviations(results: Mapping[str, Json]) -> Iterator[str]:
    if not results["deviations"]:
        return
    yield ""
    yield "### Known deviations"
    yield ""
    for one in results["deviations"]:
        yield f"- {'**broken** ' if one['broken'] else ''}{plain(one['sentence'])} ({plain(one['reason'])})"


def _not_judged(results: Mapping[str, Json]) -> Iterator[str]:
    folded = words.not_judged(results)
    if not folded:
        return
    yield ""
    yield "<details><summary>Not judged, which is not kept</summary>"
    yield ""
    for (verdict, reason), ids in folded.items():
        yield f"- {verdict}: {', '.join(ids)}: {plain(reason)}"
    yield ""
    yield "</details>"
