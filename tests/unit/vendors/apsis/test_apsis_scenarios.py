from __future__ import annotations

import dataclasses

import pytest

from export_contracts.catalogue import contract
from export_contracts.check.run import play, play_all, scenarios_of
from export_contracts.judge import judge
from export_contracts.targets.venue import Venue, embedded_venue


def declaring(venue: Venue, **changes) -> Venue:
    settings = {name: one for name, one in {**venue.target.settings, **changes}.items() if one is not None}
    return Venue(dataclasses.replace(venue.target, settings=settings), venue.open)


def test_an_api_key_does_instead_of_a_token():
    book = contract.load("apsis")
    venue = declaring(embedded_venue("apsis"), token=None)
    scenario = next(one for one in scenarios_of("apsis") if one.name == "export_as_csv")
    exchanges = play(book, venue, scenario).transcript.exchanges
    assert [one.operation for one in exchanges[:2]] == ["createToken", "requestDuplicatesExport"]
    assert exchanges[-1].status == 200
    assert [one.operation for one in exchanges].count("createToken") == 1


def test_without_token_and_key_the_scenario_is_left_out_with_the_line_to_add():
    venue = declaring(embedded_venue("apsis"), token=None, client_id=None)
    scenario = next(one for one in scenarios_of("apsis") if one.name == "export_as_csv")
    played = play(contract.load("apsis"), venue, scenario)
    assert "token" in played.left_out
    assert played.transcript.exchanges == ()


@pytest.mark.parametrize(
    "words",
    [{"topics": "usercreated.topics.a-0123456789", "attributes": "City, Email"}, {"body": '{"note": "x"}'}],
)
def test_settings_may_be_words_of_a_command_line(words):
    venue = declaring(embedded_venue("apsis"), expected_rows=None, compared=None, **words)
    book = contract.load("apsis")
    played = play_all(book, venue, scenarios_of("apsis"))
    verdicts = judge(book, [one.transcript for one in played], parties=("provider",)).verdicts
    assert [one.clause.id for one in verdicts if one.findings] == []


@pytest.mark.parametrize("seed", range(8))
def test_awkward_server_raises_no_alarm(seed):
    book = contract.load("apsis")
    played = play_all(book, embedded_venue("apsis", awkward=seed), scenarios_of("apsis"))
    verdicts = judge(book, [one.transcript for one in played]).verdicts
    assert [one.clause.id for one in verdicts if one.findings] == []
