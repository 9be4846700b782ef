"""What only the whole set of delivered files can tell: each user once, and as many as were announced."""

from __future__ import annotations

from collections.abc import Iterable

from export_contracts.checks.delivered import Totals
from export_contracts.checks.tally import Tally
from export_contracts.model import Clause, Finding, Kept, Where


def conclude(clauses: Iterable[Clause], totals: Totals, expected: int | None) -> Tally:
    """The verdicts of these clauses; `expected` is the number of users announced, if one was."""
    tally = Tally()
    for clause in clauses:
        if clause.check == "users_once":
            _once(tally, clause, totals)
        elif expected is not None and totals.complete and (totals.named or not totals.rows):
            tally.take(clause.id, _as_many(totals, expected))
    return tally


def _once(tally: Tally, clause: Clause, totals: Totals) -> None:
    for one in totals.told:
        where = Where(file=one.again.file, line=one.again.line)
        tally.take(
            clause.id,
            Finding(where, "each user once", f"{one.again.identity} also in {one.first.file}:{one.first.line}"),
        )
    counted = tally.of(clause.id)
    counted.broken = totals.doubles
    counted.kept = totals.distinct


def _as_many(totals: Totals, wanted: int) -> Finding | Kept:
    nameless = totals.rows - totals.named
    if totals.distinct <= wanted <= totals.distinct + nameless:
        return Kept(Where())
    return Finding(Where(), f"{wanted} users", str(totals.distinct + nameless))
