"""Recording: one redacted cassette a scenario, the same bytes every time, judged like the play it came from."""

import dataclasses

import pytest

from export_contracts.catalogue import contract as contracts
from export_contracts.catalogue import plugins
from export_contracts.check.record import record, recordable
from export_contracts.check.secrecy import redactor, secrets_of
from export_contracts.errors import ExportContractsError
from export_contracts.judge import judge
from export_contracts.targets.venue import embedded_venue
from export_contracts.transcript.traffic import load


def recorded(slug, folder):
    venue = embedded_venue(slug, users=3)
    done = list(record(contracts.load(slug), venue, recordable(slug)[:2], folder, recorded_at="2026-01-01"))
    return venue, done


@pytest.mark.parametrize("slug", plugins.slugs())
def test_recording_again_gives_the_same_bytes(slug, tmp_path):
    first = [one.path.read_bytes() for one in recorded(slug, tmp_path / "a")[1] if one.path]
    second = [one.path.read_bytes() for one in recorded(slug, tmp_path / "b")[1] if one.path]
    assert first
    assert first == second


@pytest.mark.parametrize("slug", plugins.slugs())
def test_no_secret_setting_of_the_target_is_in_a_cassette(slug, tmp_path):
    venue, done = recorded(slug, tmp_path)
    secrets = [one for one in secrets_of(contracts.load(slug), venue.target) if len(one) >= 4]
    assert secrets
    for one in done:
        text = one.path.read_text(encoding="ascii")
        assert [secret for secret in secrets if secret in text] == []
        assert not set(secrets_of(contracts.load(slug), venue.target)) & set(
            map(str, load(one.path, slug)[0].facts.values())
        )


@pytest.mark.parametrize("slug", plugins.slugs())
def test_a_cassette_is_judged_like_the_play_it_came_from(slug, tmp_path):
    contract = contracts.load(slug)
    _, done = recorded(slug, tmp_path)
    for one in done:
        live = judge(contract, [one.played.transcript])
        replayed = judge(contract, load(one.path, slug))
        assert [(v.clause.id, v.verdict, v.kept) for v in replayed.verdicts] == [
            (v.clause.id, v.verdict, v.kept) for v in live.verdicts
        ]


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ExportContractsError, match="cannot be written"):
        recorded("braze", tmp_path / "file")


def test_a_live_target_s_placeholders_lead_nowhere():
    contract = contracts.load("braze")
    target = dataclasses.replace(embedded_venue("braze").target, origin="live", settings={"token": "c4nary-0123456789"})
    one, two = redactor(contract, target), redactor(contract, target)
    assert one.text("key c4nary-0123456789") != two.text("key c4nary-0123456789")
    assert "c4nary" not in one.text("key c4nary-0123456789")
