"""Each defective server differs from the innocent one, and by an override or two."""

from __future__ import annotations

import inspect

import pytest
from braze_desk import CANCEL, EXPORT, desk

from export_contracts.vendors.braze import mutants
from export_contracts.vendors.braze.reference_requests import FIELDS
from export_contracts.vendors.braze.reference_service import Braze

SUPPORT = {"Pretending"}
SERVERS = {
    name: one
    for name, one in inspect.getmembers(mutants, inspect.isclass)
    if issubclass(one, Braze) and one is not Braze and name not in SUPPORT
}


def strange_requests(braze):
    """Requests that the strict server refuses, each for one reason."""
    good = {"segment_id": braze.facts["many_segments"][0], "fields_to_export": ["email"]}
    many = [f"attribute {number}" for number in range(501)]
    for change in (
        {"segment_id": 7},
        {"fields_to_export": "email"},
        {"fields_to_export": ["email", "emial"]},
        {"output_format": "rar"},
        {"custom_attributes_to_export": many},
        {"custom_attributes_to_export": [7]},
        {"padding": "x" * (5 * 1024 * 1024)},
    ):
        yield braze.send("POST", EXPORT, {**good, **change})
    for name in good:
        yield braze.send("POST", EXPORT, {key: value for key, value in good.items() if key != name})
    yield braze.send("POST", EXPORT, b"{")
    yield braze.send("POST", EXPORT, {**good, "api_key": braze.facts["token"]}, key=None)
    yield braze.send("POST", EXPORT, good, key="unknown")
    yield braze.send("POST", EXPORT, good, key=f'"{braze.facts["token"]}"')
    yield braze.send("POST", EXPORT, good, key="token_without_permission")
    yield braze.send("POST", EXPORT, good, key=braze.facts["token"][:-1])
    yield braze.send("POST", EXPORT, good, key=braze.facts["token"].swapcase())
    yield braze.send("POST", EXPORT, good, Authorization="Bearer")
    yield braze.send("POST", EXPORT, good, Authorization=f"Basic {braze.facts['token']}")
    yield braze.send("PUT", EXPORT, good)
    yield braze.send("POST", "/nowhere", good)


def journey(braze):
    """Everything observable of one long conversation."""
    sent, urls = [], []
    braze.reference.world.send = sent.append
    answers = list(strange_requests(braze))
    address = "http://127.0.0.1:9/callback"
    names = ["newsletter", "loyalty_tier"]
    orders = [
        {"fields": FIELDS, "output_format": "gzip", "custom_attributes_to_export": names},
        {"fields": ["external_id"], "custom_attributes_to_export": names, "callback_endpoint": address},
        {"fields": ["external_id", "email"], "callback_endpoint": address},
    ]
    for order, key in [(one, key) for one in orders for key in ("token", "storage_token")]:
        answers += [braze.export(key=key, **order), braze.export(key=key, **order)]
        urls += [answers[-2].body.partition(b'"url": "')[2].partition(b'"')[0].decode()]
        answers += [braze.get(url) for url in urls if url]
        sent.append("not yet ready")
        braze.wait(90.0)
        answers += [braze.get(url) for url in urls if url]
        braze.wait(3000.0)
    answers += [braze.export(segment) for segment in braze.facts["many_segments"]]
    segment = {"segment_id": braze.facts["many_segments"][0]}
    answers += [braze.send("POST", CANCEL, segment), braze.export(segment["segment_id"])]
    answers += [braze.export(braze.facts["many_segments"][1])]
    braze.wait(20_000.0)
    answers += [braze.get(url) for url in urls if url]
    return answers, sent, dict(braze.bucket)


@pytest.fixture(scope="module")
def innocent():
    return journey(desk())


def test_the_journey_is_the_same_twice(innocent):
    assert journey(desk()) == innocent


@pytest.mark.parametrize("name", sorted(set(SERVERS) - {"AllUsersInOneFile", "BlanksInAUser", "PaddedArchive"}))
def test_a_defective_server_differs_from_the_innocent(innocent, name):
    assert journey(desk(server=SERVERS[name])) != innocent


def test_all_users_in_one_file_shows_beyond_five_thousand():
    braze = desk(server=mutants.AllUsersInOneFile)
    assert len(braze.rows(segment="second_segment_id", key="storage_token")) > 5000
    assert len(braze.bucket) == 1


def test_a_padded_archive_is_one_of_the_second_segment():
    braze = desk(server=mutants.PaddedArchive)
    for segment in (braze.facts["second_segment_id"], braze.facts["many_segments"][-1]):
        braze.export(segment, key="storage_token")
    braze.wait(3000.0)
    assert sorted(b"padding.json" in body for body in dict(braze.bucket).values()) == [False, True]


@pytest.mark.parametrize("name", SERVERS)
def test_a_defect_is_small(name):
    own = {one: value for one, value in vars(SERVERS[name]).items() if not one.startswith("_")}
    assert own
    assert sum(callable(value) for value in own.values()) <= 2
