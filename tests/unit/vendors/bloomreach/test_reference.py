"""The strict server: deterministic, plain in its state, and legal when it is awkward."""

import contextlib
import json
import random

import pytest

from export_contracts.catalogue import contract as contracts
from export_contracts.check.run import play_all, scenarios_of
from export_contracts.judge import judge
from export_contracts.model import Headers, Request
from export_contracts.reference.world import Clock, World
from export_contracts.targets.target_options import from_options
from export_contracts.targets.venue import embedded_venue
from export_contracts.vendors.bloomreach.reference import build
from export_contracts.vendors.bloomreach.reference_request import Refused


def broken(**world):
    contract = contracts.load("bloomreach")
    place = embedded_venue("bloomreach", **world)
    played = play_all(contract, place, scenarios_of("bloomreach"))
    return {
        one.clause.id
        for one in judge(contract, [one.transcript for one in played], features=place.target.features).verdicts
        if one.findings
    }


@pytest.mark.parametrize("awkward", range(6))
def test_awkward_is_legal(awkward):
    assert broken(awkward=awkward, seed=awkward) == set()


@pytest.mark.parametrize("users", [0, 1, 3, 300])
def test_any_number_of_customers_is_clean(users):
    assert broken(users=users) == set()


def test_state_is_plain_json():
    server = build(World(clock=Clock(start=1_767_225_600.0, frozen=True)))
    assert json.loads(json.dumps(server.state)) == server.state


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/data/v2/projects/x/customers/export"), ("POST", "/data/v2/x/customers/export")]
)
def test_other_ways_in_are_shut(method, path):
    server = build(World())
    assert server.answer(Request(method, "http://127.0.0.1" + path)).status in {404, 405}


@pytest.mark.parametrize("header", ["", "Basic", "Basic !!!", "Basic /w==", "Basic a2V5", "Bearer x", "Token y"])
def test_odd_credentials_are_refused_without_a_stumble(header):
    server = build(World())
    url = f"http://127.0.0.1/data/v2/projects/{server.state['project']}/customers/export"
    assert server.answer(Request("POST", url, Headers.of({"Authorization": header}), b"{}")).status == 401


def test_odd_bodies_are_refused_without_a_stumble():
    server = build(World())
    chance = random.Random(1)
    values = [None, True, 0, -1, 1e300, "x", "", [], {}, [[]], {"type": "some"}, {"type": "segment"}, "\u0000"]
    for _ in range(300):
        names = ("format", "attributes", "filter", "execution_time", "timezone")
        body = {name: chance.choice([*values, "csv"]) for name in names}
        with contextlib.suppress(Refused):
            assert (
                server.read(Request("POST", "http://127.0.0.1/", Headers(), json.dumps(body).encode())).format == "csv"
            )


def test_a_segmentation_can_be_named_by_either_word(monkeypatch):
    monkeypatch.setenv("BLR_SECRET", "s")
    named = {"project-token": "t", "key-id": "k", "segmentation-id": "5f0c"}
    target = from_options("bloomreach", "http://127.0.0.1:1", named, "BLR_SECRET")
    assert target.settings["segment_id"] == "5f0c"
    assert "segmentation_id" not in target.settings
