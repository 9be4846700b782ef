"""What one clause of a run is as a test: passed, skipped, known to fail, or failed with words. Runs nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from export_contracts.model import ClauseVerdict, Verdict, Where
from export_contracts.report.deviations import Weighed
from export_contracts.report.inert import inert

SHOWN = 5
"""Findings of one clause that a test tells of."""


@dataclass(frozen=True)
class Item:
    """How the test ends, and what it says. `tolerated`: it fails as the target's file says it does."""

    end: Literal["passed", "skipped", "tolerated", "failed"]
    told: str = ""


def item(
    verdict: ClauseVerdict, weighed: Weighed | None, redact: Callable[[str], str], shortfalls: Sequence[str] = ()
) -> Item:
    """The clause's test; `weighed` is the deviation that the target's owner declared for it, if any.

    Where the run fell short of what it should have seen, a clause that it had no occasion to judge is no mere skip.
    """
    if weighed is not None and weighed.broken:
        return Item("failed", weighed.sentence)
    if verdict.verdict is Verdict.UNEXERCISED and shortfalls:
        return Item("failed", f"{verdict.clause.id} was not judged: {inert(redact('; '.join(shortfalls)))}")
    if verdict.verdict < Verdict.PASS:
        return Item("skipped", verdict.reason or verdict.verdict.value)
    if verdict.verdict is Verdict.ERROR:
        return Item("failed", f"{verdict.clause.id}: {inert(redact(verdict.reason or ''))}")
    if verdict.verdict is Verdict.FAIL:
        told = "\n".join(_lines(verdict, lambda text: inert(redact(text))))
        return Item("failed" if weighed is None else "tolerated", told)
    if not verdict.kept and not verdict.findings:
        return Item("failed", "a pass without a single kept instance would prove nothing")
    return Item("passed")


def _lines(verdict: ClauseVerdict, shown: Callable[[str], str]) -> Iterator[str]:
    yield f"{verdict.clause.id} {verdict.clause.level.upper()}: {verdict.clause.title}"
    for one in verdict.findings[:SHOWN]:
        yield f"  expected  {shown(one.finding.expected)}"
        yield f"  got       {shown(one.finding.got)}"
        yield f"  at        {shown(_place(one.finding.at))}"
    if verdict.broken > SHOWN:
        yield f"  and       {verdict.broken - SHOWN} more"


def _place(at: Where) -> str:
    named = {"exchange": at.exchange, "callback": at.callback, "file": at.file, "line": at.line}
    parts = [f"{name} {value}" for name, value in named.items() if value is not None]
    return ", ".join([*parts, at.pointer] if at.pointer else parts) or "the whole transcript"
