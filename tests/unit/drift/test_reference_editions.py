"""The reference of two months: its traffic differs by what is known to have changed between them, and nothing else."""

import pytest

from export_contracts.catalogue import contract as contracts
from export_contracts.check.run import play
from export_contracts.drift import compare_shapes, dating, sides
from export_contracts.drift.declared import Declared
from export_contracts.targets.scenario import Scenario
from export_contracts.targets.venue import embedded_venue
from export_contracts.vendors.braze.journey import START, await_download, order, start, url_of
from export_contracts.vendors.braze.scenarios_exports import SETTLED

NAMES = (*SETTLED, "push_tokens", "campaigns_received")


def journey(stage):
    """Every settled field, the same without a list, and the cancellation."""
    started = start(stage, order(stage, *NAMES))
    if started is not None and (url := url_of(started)):
        await_download(stage, url)
    stage.advance(7200.0)
    stage.send(START, json={"segment_id": stage.setting("segment_id")})
    stage.advance(7200.0)
    named = order(stage, "external_id", custom_attributes_to_export=["plan"])
    stage.send(START, json=named)
    stage.advance(7200.0)
    stage.send("cancelSegmentExport", json={"segment_id": stage.setting("segment_id")})


def alone(stage):
    """Every settled field."""
    started = start(stage, order(stage, *NAMES))
    if started is not None and (url := url_of(started)):
        await_download(stage, url)


def side(month, journey=journey):
    contract = contracts.load("braze")
    venue = embedded_venue("braze", as_of=month)
    return sides.of(contract, [play(contract, venue, Scenario("journey", journey)).transcript], month or "newest")


@pytest.fixture(scope="module")
def months():
    return {month: side(month) for month in ("2021-04", "2021-12", "2022-07", "2026-06")}


def changed(months, before, after):
    found = compare_shapes.compare(Declared.of(contracts.load("braze")), months[before].shape, months[after].shape)
    return {(one.area, one.kind, one.at) for one in found}


KNOWN = {
    ("2021-04", "2021-12"): {
        ("status", "status-changed", "400"),
        ("object", "new", "created_at"),
        ("object", "new", "random_bucket"),
        ("object", "new", "push_tokens[].device_id"),
        ("object", "new", "push_tokens[].notifications_enabled"),
    },
    ("2021-12", "2022-07"): {
        ("object", "type-changed", "apps[].sessions"),
        ("object", "new", "devices[].device_id"),
        ("object", "new", "campaigns_received[].multiple_converted"),
        ("object", "gone", "campaigns_received[].engaged.clicked_in_app_message"),
        ("object", "new", "campaigns_received[].engaged.clicked_triggered_in_app_message"),
    },
    ("2022-07", "2026-06"): {
        ("object", "new", "push_tokens[].provisionally_opted_in"),
        ("status", "status-changed", "200"),  # of the cancellation, which was an unknown address
    },
}


@pytest.mark.parametrize("step", KNOWN)
def test_two_editions_differ_by_what_is_known(months, step):
    assert changed(months, *step) == KNOWN[step]


def test_an_edition_does_not_differ_from_itself(months):
    assert (
        compare_shapes.compare(Declared.of(contracts.load("braze")), months["2021-04"].shape, side("2021-04").shape)
        == ()
    )


def test_the_newest_edition_is_the_reference_as_it_is(months):
    assert months["2026-06"].shape == side(None).shape


@pytest.mark.parametrize("month", ["2021-04", "2021-12", "2022-07", "2026-06"])
def test_traffic_of_an_edition_is_dated_to_it(month):
    spans = dating.date(contracts.load("braze"), side(month, alone).shape, {}).spans
    assert any(first <= month and (last is None or month < last) for first, last in spans), spans
