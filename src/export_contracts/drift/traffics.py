"""`drift VENDOR BASELINE NEW`: two sides by shape, by broken clauses and by readings. Opens and prints nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from export_contracts.catalogue.contract import Contract
from export_contracts.drift import compare_shapes, knowledge
from export_contracts.drift.change import Change
from export_contracts.drift.declared import Declared
from export_contracts.drift.report import Report
from export_contracts.drift.said import Unread
from export_contracts.drift.sides import Side

_DECIDED_BY_CLAUSES: Final = frozenset({"status-new", "status-changed", "media-type-changed", "enumeration-grew"})


def compare(contract: Contract, before: Side, after: Side, *, fail_on: str) -> Report:
    """The report on two sides; what a side cannot tell is named and not taken for gone."""
    changes: list[Change] = []
    unread = [Unread(side.name, one) for side in (before, after) for one in side.untold]
    if before.shape is not None and after.shape is not None:
        found = compare_shapes.compare(Declared.of(contract), before.shape, after.shape)
        changes += [_milder(one) for one in found] if _kept(before, after) else found
    else:
        unread.append(
            Unread("a results document", "it holds no shape of its traffic, so that only verdicts were compared")
        )
    if before.broken is not None and after.broken is not None:
        changes += _clauses(contract, before, after)
    else:
        unread.append(Unread("a shape", "it does not say what clauses made of its traffic, so that none was compared"))
    touched = (
        one if one.clauses else one.touching(knowledge.touched(contract, one.operation, one.area, one.at))
        for one in changes
    )
    return Report(contract.manifest.slug, before.name, after.name, tuple(touched), tuple(unread), fail_on)


def _kept(before: Side, after: Side) -> bool:
    """Whether the new side was judged and breaks nothing that the old one kept; what is merely noticed is legal."""
    if after.broken is None:
        return False
    return {one for one, level in after.broken.items() if level != "may"} <= set(before.broken or {})


def _milder(change: Change) -> Change:
    """Answers that the clauses let pass are another legal way to answer, whatever a shape makes of them."""
    return replace(change, softened="compatible") if change.kind in _DECIDED_BY_CLAUSES else change


def _clauses(contract: Contract, before: Side, after: Side) -> Iterator[Change]:
    old, new = before.broken or {}, after.broken or {}
    for one in contract.clauses:
        at = one.id
        if at in new and at not in old:
            softened = None if new[at] == "must" else "compatible"
            kind = "clause-broken"
            area = "clause" if one.party == "provider" else "clause-of-clients"
            yield Change(area, kind, at, "", "kept", "broken", one.title, (at,), softened)  # type: ignore[arg-type]  # a level
        elif at in old and at not in new:
            yield Change("clause", "clause-kept-again", at, "", "broken", "not broken", one.title, (at,))
        was, now = ((side.readings or {}).get(at, frozenset()) for side in (before, after))
        if was and now and not was & now:
            told = ", ".join(sorted(was)), ", ".join(sorted(now))
            yield Change("reading", "reading-changed", at, "", told[0], told[1], one.title, (at,))
