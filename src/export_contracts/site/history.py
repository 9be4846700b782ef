"""What is known of a clause by date: when it came into force, which document says it, when it ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from export_contracts.model import Clause, Json
from export_contracts.report.words import lines


def events(clause: Clause, documents: Mapping[str, Mapping[str, Json]]) -> Iterator[tuple[str, str]]:
    """Months (or days, or an empty text where none is known) and what they brought, oldest first."""
    known = [
        (clause.since or "", 0, "in force" if clause.since else "in force since the oldest document that is known")
    ]
    for one in clause.source:
        document = documents.get(one.document, {})
        where = f", {lines(one.lines)}" if one.lines else ""
        date = str(document.get("date") or "")
        known.append((date, 1, f"said in {document.get('title') or one.document}{where}"))
    if clause.until:
        known.append((clause.until, 2, "no longer in force"))
    dated = sorted(one for one in known if one[0] or one[1] == 0)
    yield from ((month or "always", words) for month, _, words in dated)
    yield from (("undated", words) for month, order, words in known if not month and order)
