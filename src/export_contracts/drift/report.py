"""A list of changes as JSON, terminal lines, Markdown and JUnit; no clock, so that equal changes give equal bytes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from export_contracts.drift.change import LEVELS, Change
from export_contracts.drift.said import Unread
from export_contracts.model import Json
from export_contracts.report.inert import inert
from export_contracts.report.markdown import code, plain

SHOWN: Final = 12
"""Unread things named on a terminal; JSON has all."""
_BREAKING: Final = frozenset({"breaking-for-consumers", "breaking-for-providers"})


@dataclass(frozen=True)
class Report:
    """What was compared with what, and the outcome."""

    vendor: str
    before: str
    after: str
    changes: tuple[Change, ...]
    unread: tuple[Unread, ...] = ()
    fail_on: str = "any"

    @property
    def exit_code(self) -> int:
        """0 without drift at or above the level that fails; cosmetic changes never fail."""
        wanted = _BREAKING if self.fail_on == "breaking" else set(LEVELS) - {"cosmetic"}
        return int(any(one.level in wanted for one in self.changes))

    def as_json(self) -> dict[str, Json]:
        """The report as `--json` prints it."""
        count = Counter(one.level for one in self.changes)
        return {
            "vendor": self.vendor,
            "before": self.before,
            "after": self.after,
            "summary": {level: count[level] for level in LEVELS},
            "changes": [one.as_json(self.vendor) for one in self.changes],
            "unread": [{"where": one.where, "what": one.what} for one in self.unread],
            "exit_code": self.exit_code,
        }


def lines(report: Report) -> Iterator[str]:
    """Lines for a terminal."""
    yield f"{report.vendor}: {inert(report.before)} -> {inert(report.after)}"
    for one in report.changes:
        yield f"{one.level.upper():23} {sentence(one)}   [{one.fingerprint(report.vendor)}]"
        yield f"{'':23} {one.direction}, {inert(one.where) or 'traffic'}{_clauses(one)}. {one.advice}"
    for unread in report.unread[:SHOWN]:
        yield f"could not be read: {inert(unread.where)}: {inert(unread.what)}"
    if len(report.unread) > SHOWN:
        yield f"and {len(report.unread) - SHOWN} more that could not be read; --json names them"
    count = Counter(one.level for one in report.changes)
    told = ", ".join(f"{count[level]} {level}" for level in LEVELS if count[level])
    yield f"{len(report.changes)} changes: {told}" if report.changes else "no drift"


def sentence(one: Change) -> str:
    """A change in one line: `object type-changed apps[].sessions: string -> integer`."""
    operation = f" of {one.operation}" if one.operation else ""
    values = f": {one.was or 'absent'} -> {one.now or 'absent'}" if one.was or one.now else ""
    kind = one.kind.removeprefix(f"{one.area.partition('-')[0]}-")  # not `limit limit-new`
    return inert(f"{one.area} {kind} {one.at}{operation}{values}")


def _clauses(one: Change) -> str:
    return f", touches {', '.join(one.clauses)}" if one.clauses else ""


def markdown(report: Report) -> str:
    """The body of an issue; fingerprints stand in comments, by which a workflow knows what it has told already."""
    parts = [f"## {report.vendor}: {plain(report.before)} → {plain(report.after)}", ""]
    if report.changes:
        parts += ["| level | area | change | at | was | now | clauses |", "|---|---|---|---|---|---|---|"]
    for one in report.changes:
        values = f"{plain(one.was or '')} | {plain(one.now or '')}"
        parts.append(
            f"| {one.level} | {one.area} | {one.kind} | {code(one.at)} | {values} | {', '.join(one.clauses)} |"
        )
    if not report.changes:
        parts.append("No drift.")
    parts += ["", *(f"- {code(one.at)}: {one.advice}" for one in report.changes), ""]
    if report.unread:
        parts += ["Could not be read:", "", *(f"- {plain(one.where)}: {plain(one.what)}" for one in report.unread), ""]
    parts += [f"<!-- {_mark(report, one)}: {one.fingerprint(report.vendor)} -->" for one in report.changes]
    return "\n".join(parts).rstrip() + "\n"


def _mark(report: Report, one: Change) -> str:
    """What counts bears the word that workflows look for; the rest would open an issue whenever it comes and goes."""
    return "fingerprint" if replace(report, changes=(one,)).exit_code else "seen"


def junit(report: Report) -> str:
    """JUnit XML: a test case for each change, failed where it counts; one passed case where nothing drifted."""
    cases = [_case(report, one) for one in report.changes] or [
        f'  <testcase classname="drift.{report.vendor}" name="no drift"/>'
    ]
    failed = sum("<failure" in one for one in cases)
    head = f'<testsuite name="drift" tests="{len(cases)}" failures="{failed}" errors="0" skipped="0">'
    return "\n".join(['<?xml version="1.0" encoding="utf-8"?>', head, *cases, "</testsuite>"]) + "\n"


def _case(report: Report, one: Change) -> str:
    name = quoteattr(f"{sentence(one)} [{one.fingerprint(report.vendor)}]")
    head = f'  <testcase classname="drift.{report.vendor}" name={name}'
    single = Report(report.vendor, "", "", (one,), (), report.fail_on)
    if not single.exit_code:
        return f"{head}/>"
    return f"{head}><failure message={quoteattr(one.level)}>{escape(one.advice)}</failure></testcase>"


def texts(changes: Sequence[Change]) -> list[str]:
    """Every change as a sentence, for tests and logs."""
    return [sentence(one) for one in changes]
