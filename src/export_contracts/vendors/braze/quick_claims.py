"""What the lists of users must show for the checks of rows to hold, as claims that are proved of whole blocks.

Stricter than the checks: what is refused here is only read more slowly. A property-based test compares the two.
"""

from __future__ import annotations

from export_contracts.schema.claims import Claim, Claims, beginning, none_of, not_after, not_before
from export_contracts.vendors.braze import checks_lists as lists


def claims(floor: str | None) -> Claims:
    """The claims where no dated entry may be older than the day `floor`, which may be unknown."""
    young = {} if floor is None else {"last": not_before(floor)}
    tally = Claim({"first": not_after("last"), **young}, frozenset({"first", "last"}))
    return Claims(
        ("braze_id", "external_id"),
        {
            "/custom_events": tally,
            "/purchases": tally,
            "/campaigns_received": _dated("last_received", floor),
            "/canvases_received": _dated("last_entered", floor),
            "/devices": _fitting(),
        },
    )


def _dated(name: str, floor: str | None) -> Claim:
    return Claim() if floor is None else Claim({name: not_before(floor)}, frozenset({name}))


def _fitting() -> Claim:
    ids = lists.ONLY_ON
    cases = {
        words: none_of(*(name for name, only in ids.items() if only != system))
        for system, words in lists.SYSTEMS.items()
    }
    return Claim({"os": beginning(cases, "known")}, behind={"os": frozenset(ids)}, shown="known")
