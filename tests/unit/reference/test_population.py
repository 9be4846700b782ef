from __future__ import annotations

import json

import pytest

from export_contracts.reference.population import RECENT, Person, Population

ANCHOR = 1_767_225_600


@pytest.fixture
def people() -> list[Person]:
    return list(Population(seed=7, size=300, anchor=ANCHOR).people())


def everything(person: Person) -> tuple[object, ...]:
    told = (person.traits, person.attributes, person.events, person.purchases, person.revenue, person.gadgets)
    return (person.key, person.uuid, person.email, person.phone, *told)


def test_a_person_depends_on_seed_and_index_alone(people):
    again = Population(seed=7, size=12, anchor=ANCHOR)
    assert everything(again.person(11)) == everything(people[11])
    assert everything(Person(8, 11, ANCHOR)) != everything(people[11])


def test_a_property_does_not_depend_on_which_was_asked_for_first(people):
    other = Person(7, 5, ANCHOR)
    assert (other.gadgets, other.traits) == (people[5].gadgets, people[5].traits)


def test_identifiers_are_unique(people):
    for name in ("key", "uuid", "email"):
        assert len({getattr(one, name) for one in people}) == 300


def test_millions_cost_nothing_until_asked_for():
    crowd = Population(seed=1, size=20_000_000, anchor=ANCHOR)
    assert len(crowd) == 20_000_000
    assert crowd.person(19_999_999).key == "customer-19999999"
    with pytest.raises(IndexError):
        crowd.person(20_000_000)


def test_disjoint_ranges_share_nobody():
    first, second = Population(1, 5, ANCHOR), Population(1, 5, ANCHOR, first=5)
    assert not {one.key for one in first.people()} & {one.key for one in second.people()}


def test_happenings_are_recent_and_consistent(people):
    for one in [one for person in people for one in person.events + person.purchases]:
        assert ANCHOR - RECENT - 60 < one.last < ANCHOR
        assert one.first <= one.last
        assert (one.count == 1) == (one.first == one.last)


def test_somebody_has_a_history_older_than_the_recent_past(people):
    assert any(one.first < ANCHOR - RECENT for person in people for one in person.events)


def test_attributes_are_json_and_of_every_type(people):
    kinds = {type(value) for person in people for value in person.attributes.values()}
    assert kinds >= {str, int, float, bool, list, dict}
    assert all(json.loads(json.dumps(person.attributes)) == person.attributes for person in people)


def test_names_come_in_many_scripts(people):
    names = "".join(person.traits.last_name for person in people)
    assert {"ü", "髙", "ح", "'", "Ź"} <= set(names)


def test_addresses_are_reserved_ones(people):
    assert {person.email.split("@")[1] for person in people} == {"example.com", "example.org", "example.net"}
