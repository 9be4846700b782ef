"""What is proved of a block of Braze users is what all checks, row by row, find to hold, as often as they do."""

from __future__ import annotations

import copy
import json
from datetime import date
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.verify.conftest import text, users
from tests.verify.test_fast_and_by_the_book import BEFORE, CLAUSES, TYPES, by_the_book, examined

from export_contracts.checks.delivered import Asked
from export_contracts.files.ndjson import read_line
from export_contracts.schema.fitted import Fitted
from export_contracts.schema.proved import Proved
from export_contracts.schema.seen import Seen
from export_contracts.vendors.braze.quick_claims import claims

ROWS = users(40)
SEEN = Seen()
for _row in ROWS:
    SEEN.see(_row)
FLOOR = "2026-06-24"
PROVED = Proved(TYPES, SEEN, claims(FLOOR))
MEMBERS = {
    "custom_events": ("first", "last", "count"),
    "purchases": ("first", "last", "name"),
    "campaigns_received": ("last_received", "engaged"),
    "canvases_received": ("last_entered", "last_exited", "steps_received"),
    "devices": ("os", "model", "idfv", "idfa", "google_ad_id", "roku_ad_id", "carrier"),
    "apps": ("sessions", "first_used"),
}
VALUES = st.one_of(
    st.none(),
    st.dates(date(2026, 6, 15), date(2026, 7, 2)).map("{}T10:00:00.000Z".format),
    st.sampled_from(["2026-06-24", "2026-06-24 00:00:00 UTC", "2026-09-20T00:00:00+00:00", "2019-02-29", "1999-12-31"]),
    st.sampled_from(["iOS", "ipados 17", "Android 14", "ROKU", "Windows", "Tizen", "ro\u212au", "", "x", '"idfa":"'])
    | st.integers(-1, 3),
    st.just([]) | st.just({}) | st.lists(st.fixed_dictionaries({"name": st.text(max_size=2)}), max_size=2),
)


@st.composite
def ordinary(draw: st.DrawFn) -> dict[str, object]:
    """A user whose members come as ever, and whose lists say something else."""
    row = copy.deepcopy(draw(st.sampled_from(ROWS)))
    for _ in range(draw(st.integers(0, 3))):
        name = draw(st.sampled_from(sorted(MEMBERS)))
        held = row.get(name) or []
        if held and draw(st.booleans()):
            entry, member = draw(st.sampled_from(held)), draw(st.sampled_from(MEMBERS[name]))
            if draw(st.integers(0, 3)):
                entry[member] = draw(VALUES)
            else:
                entry.pop(member, None)
        elif name in row:
            row[name] = draw(st.sampled_from([[], None, held * 2]))
    if draw(st.booleans()):
        row[draw(st.sampled_from(["braze_id", "external_id"]))] = draw(
            st.sampled_from(["", None, "ö", "a\\b", "7", "\n"])
        )
    return row


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(ordinary())
def test_a_block_that_is_proved_is_valid_by_the_book(row):
    block = json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    if PROVED.take(block) is not None:
        line = read_line(block[:-1], 2)
        assert line.problems == ()
        assert CLAUSES.schema.is_valid_by_the_book(line.value)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(ordinary(), min_size=1, max_size=3), st.booleans())
def test_proofs_and_checks_find_and_count_the_same(rows, every):
    body = text(rows)
    asked = Asked({} if every else {"fields_to_export": ["custom_events", "devices", "braze_id"]})
    assert examined(body, asked, BEFORE) == by_the_book(body, asked)


def turned(value: object, chance: Random) -> object:
    """The same with all members of all objects in another order."""
    if isinstance(value, dict):
        names = chance.sample(list(value), len(value))
        return {name: turned(value[name], chance) for name in names}
    return [turned(one, chance) for one in value] if isinstance(value, list) else value


TURNED = text([turned(row, Random(number)) for number, row in enumerate(ROWS)])


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(ordinary(), min_size=1, max_size=3), st.integers(0, 99))
def test_users_in_any_order_are_found_and_counted_the_same(rows, seed):
    chance = Random(seed)
    body = text([turned(row, chance) for row in rows])
    assert examined(body, Asked(), TURNED) == by_the_book(body, Asked())


def test_users_in_any_order_are_matched_as_text():
    decoder = Fitted(TYPES, {}, claims)
    for row in TURNED.splitlines():
        decoder.see(json.loads(row))
    assert decoder.prove(TURNED, None) is None
    assert decoder.take(TURNED) is not None
    assert decoder._anyhow.take(TURNED) is not None


def test_ordinary_users_are_proved():
    assert PROVED.take(text(ROWS)) is not None
    fitted = Fitted(TYPES, {}, claims)
    for row in ROWS:
        fitted.see(row)
    assert all(fitted.prove(text(ROWS), day) is not None for day in (FLOOR, None, "2025-01-01"))
    assert fitted.prove(text(ROWS), "2026-09-22") is None
    assert len([fitted.prove(text(ROWS), f"2020-01-{day:02d}") for day in range(1, 12)]) > len(fitted._proved)
