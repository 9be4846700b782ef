"""Phrases that every renderer shares, made from a results document: where, said by whom, how to repeat it.

Strings from the target leave here inert.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence

from export_contracts.model import Json
from export_contracts.report.inert import inert

BREACHES = ("notice", "warn", "fail", "error")
"""Verdicts that come with something to explain, mildest first."""

FINDINGS_SHOWN = 3
FATES = {"pass": "kept", "unsupported": "not_judged", "unexercised": "not_judged", "retired": "retired"}


def kinds(entry: Mapping[str, Json]) -> list[tuple[Mapping[str, Json], int]]:
    """The first finding of each kind and how many there are of it. A kind: expected, got, and where in its message."""
    counts: dict[tuple[str, ...], int] = {}
    firsts: dict[tuple[str, ...], Mapping[str, Json]] = {}
    for one in entry["findings"]:
        kind = tuple(str(one[name]) for name in ("expected", "got", "at", "method", "status", "file"))
        firsts.setdefault(kind, one)
        counts[kind] = counts.get(kind, 0) + 1
    if len(counts) == 1:  # of many findings of one kind, the document keeps only the first
        return [(one, entry["broken"]) for one in firsts.values()]
    return [(firsts[kind], count) for kind, count in counts.items()]


def place(finding: Mapping[str, Json]) -> str:
    """`POST /users/export/segment → 200   exchange 2, /response/body`, or the file and line."""
    parts = []
    if finding["request"] is not None:
        parts.append(f"exchange {finding['request']}")
    if finding["callback"] is not None:
        parts.append(f"callback {finding['callback']}")
    if finding["file"] is not None:
        parts.append(inert(finding["file"]))
    if finding["line"] is not None:
        parts.append(f"line {finding['line']}")
    if finding["at"]:
        parts.append(inert(finding["at"]))
    where = ", ".join(parts) or "the whole transcript"
    if finding["method"] is None:
        return where
    answer = finding["status"] if finding["status"] is not None else "no answer"
    return f"{inert(finding['method'])} {inert(finding['path'])} → {answer}   {where}"


def said_in(entry: Mapping[str, Json]) -> Iterator[str]:
    """Each source: title, id and lines."""
    for one in entry["source"]:
        name = one["document"] if one["title"] == one["document"] else f"{one['title']} ({one['document']})"
        yield f"{name}, {lines(one['lines'])}" if one["lines"] else name


def lines(numbers: str) -> str:
    """`line 168`, `lines 40-41, 47`, or `line 89#12` for a place in a text packed in one line."""
    return f"{'line' if numbers.replace('#', '', 1).isdecimal() else 'lines'} {numbers}"


def command(run: Mapping[str, Json]) -> str:
    """The command that repeats a run, as a shell takes it."""
    return shlex.join(run["command"])


def replay(results: Mapping[str, Json], entry: Mapping[str, Json]) -> str | None:
    """The command that puts this one clause to the test again."""
    run = next((one for one in results["runs"] if one["vendor"] == entry["vendor"]), None)
    if run is None or len(run["command"]) < 2:
        return None
    if "--" in run["command"] or run["command"][1] == "verify":  # a gated command or an export is judged whole
        return command(run)
    return shlex.join([*run["command"], "--only", entry["id"]])


def curl(results: Mapping[str, Json], finding: Mapping[str, Json]) -> str | None:
    """The curl line of the request in which the finding was made."""
    if finding["request"] is None:
        return None
    line = results["requests"][finding["request"]].get("curl")
    return None if line is None else inert(line, longest=5000)


def breaches(results: Mapping[str, Json]) -> list[Mapping[str, Json]]:
    """Clauses with something to explain, worst last."""
    found = [one for one in results["clauses"] if one["verdict"] in BREACHES]
    return sorted(found, key=lambda one: BREACHES.index(one["verdict"]))


def not_judged(results: Mapping[str, Json]) -> dict[tuple[str, str], list[str]]:
    """Ids of clauses in force that were not judged, by verdict and reason."""
    folded: dict[tuple[str, str], list[str]] = {}
    for one in results["clauses"]:
        if one["verdict"] in {"unsupported", "unexercised"}:
            folded.setdefault((one["verdict"], inert(one["reason"] or "")), []).append(one["id"])
    return folded


def fates(entries: Iterable[Mapping[str, Json]]) -> dict[str, int]:
    """How many clauses were kept, broken, tolerated as known deviations, not judged, and retired."""
    counts = {"kept": 0, "broken": 0, "tolerated": 0, "not_judged": 0, "retired": 0}
    for one in entries:
        fate = "tolerated" if "deviation" in one else FATES.get(one["verdict"], "broken")
        counts[fate] += 1
    return counts


def counted(entries: Sequence[Mapping[str, Json]]) -> dict[str, int]:
    """Fates as people are told them: what fails nobody, a SHOULD or a MAY, is `noticed` and not `broken`."""
    counts = fates(entries)
    mild = sum(one["verdict"] in {"warn", "notice"} and "deviation" not in one for one in entries)
    return {**counts, "broken": counts["broken"] - mild, "noticed": mild}


def summary(results: Mapping[str, Json]) -> str:
    """`KEPT: 41 clauses kept, 2 not judged, 120 requests`."""
    footer = results["footer"]
    counts = counted(results["clauses"])
    parts = [f"{many(counts['kept'], 'clause')} kept", f"{counts['broken']} broken"]
    if counts["noticed"]:
        parts.append(f"{counts['noticed']} noticed")
    if counts["tolerated"]:
        parts.append(f"{counts['tolerated']} tolerated")
    parts.append(f"{counts['not_judged']} not judged")
    if footer["requests"] or any(one["origin"] != "delivered" for one in results["runs"]):
        parts.append(many(footer["requests"], "request"))
    return f"{outcome(results).upper()}: {', '.join(parts)}"


def outcome(results: Mapping[str, Json]) -> str:
    """The verdict of the whole in a word: `kept`, `broken`, `error`, or `failed` where no clause is what broke."""
    verdict = str(results["footer"]["verdict"])
    return "failed" if verdict == "broken" and not counted(results["clauses"])["broken"] else verdict


def many(count: int, noun: str) -> str:
    """`1 clause`, `2 clauses`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
