"""People as Braze exports them: the fields asked for, their shapes, and the window of 90 days."""

from __future__ import annotations

import re

import pytest
from braze_desk import START, desk

from export_contracts.reference.population import Person, Population
from export_contracts.vendors.braze.reference_history import WINDOW, moment
from export_contracts.vendors.braze.reference_requests import FIELDS
from export_contracts.vendors.braze.reference_users import exported

NOW = int(START)
SIBLINGS = {f"{channel}_{state}_at" for channel in ("push", "email") for state in ("opted_in", "unsubscribed")}


@pytest.fixture(scope="module")
def rows():
    return [exported(one, NOW, FIELDS) for one in Population(0, 60, NOW, step=10).people()]


def test_every_field_occurs_and_no_other(rows):
    assert {name for row in rows for name in row} == {*FIELDS, *SIBLINGS}


@pytest.mark.parametrize("name", FIELDS)
def test_one_field_brings_nothing_but_its_siblings(rows, name):
    for person, whole in zip(Population(0, 60, NOW, step=10).people(), rows, strict=True):
        row = exported(person, NOW, [name])
        assert set(row) <= {name} | (SIBLINGS if name.endswith("_subscribe") else set())
        assert row.items() <= whole.items()


def test_a_sibling_tells_since_when(rows):
    for row in rows:
        for channel in ("push", "email"):
            told = {name for name in row if name.startswith(f"{channel}_") and name.endswith("_at")}
            state = row[f"{channel}_subscribe"]
            assert told == (set() if state == "subscribed" else {f"{channel}_{state}_at"})


def test_nothing_is_null_or_empty_at_the_top(rows):
    assert not [name for row in rows for name, value in row.items() if value in (None, [], {}, "")]


def test_lists_hold_the_last_ninety_days_and_first_is_of_all_time(rows):
    told = [one for row in rows for name in ("custom_events", "purchases") for one in row.get(name, ())]
    assert all(one["last"] >= moment(NOW - WINDOW) for one in told)
    assert any(one["first"] < moment(NOW - WINDOW) for one in told)
    person = Person(0, 0, NOW)
    assert exported(person, NOW + 2 * WINDOW, ("custom_events", "purchases", "campaigns_received")) == {}


def test_device_identifiers_belong_to_their_platform(rows):
    devices = [one for row in rows for one in row.get("devices", ())]
    for model, names in {"iPhone 15": {"idfv", "idfa"}, "Pixel 8": {"device_id", "google_ad_id"}}.items():
        told = {name for one in devices if one["model"] == model for name in one}
        assert told == {"model", "os", "carrier", "ad_tracking_enabled", *names}


def test_only_a_multivariate_campaign_has_variations(rows):
    campaigns = [one for row in rows for one in row.get("campaigns_received", ())]
    optional = {"variation_name", "variation_api_id", "in_control", "multiple_converted"}
    for one in campaigns:
        assert (set(one) & optional) == (optional if one["name"].startswith("Winter") else set())


def test_formats(rows):
    for row in rows:
        assert re.fullmatch(r"[0-9a-f]{24}", row["braze_id"])
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", row["dob"])
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", row["created_at"])
        assert re.fullmatch(r"\+[1-9]\d{6,14}", row["phone"])
        assert 0 <= row["random_bucket"] <= 9999


def test_an_anonymous_user_has_no_external_id_but_an_alias():
    row = exported(Person(0, 9, NOW), NOW, FIELDS)
    assert not {"external_id", "email", "first_name"} & set(row)
    assert row["user_aliases"]


def test_the_epoch_is_a_moment():
    assert moment(0) == "1970-01-01T00:00:00.000Z"
    assert moment(NOW - 1) == "2025-12-31T23:59:59.000Z"


def test_single_custom_attributes_are_exported_by_name():
    rows = desk().rows(custom_attributes_to_export=["loyalty_tier", "newsletter", "unknown"])
    told = [set(row["custom_attributes"]) for row in rows if "custom_attributes" in row]
    assert set.union(*told) == {"loyalty_tier", "newsletter"}


def test_names_have_no_effect_beside_all_custom_attributes():
    braze = desk()
    everything = braze.rows(fields=["custom_attributes"])
    assert braze.rows(fields=["custom_attributes"], custom_attributes_to_export=["newsletter"]) == everything


def test_what_the_owner_knows_agrees_with_the_export():
    braze = desk()
    rows = {row["external_id"]: row for row in braze.rows(fields=["external_id", "custom_events", "purchases"])}
    assert list(rows) == braze.facts["members"]
    assert len(rows) == braze.facts["expected_users"]
    assert len(braze.facts["history"]) > 10
    for known in braze.facts["history"]:
        told = next(one for one in rows[known["external_id"]][known["list"]] if one["name"] == known["name"])
        assert (told["first"], told["count"]) == (known["first"], known["count"])
        assert told["first"] < moment(NOW - WINDOW)
