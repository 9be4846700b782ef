"""A results document as a side of drift: it tells the shape of its traffic, as a recording does."""

import json
from datetime import UTC, date, datetime

import jsonschema_rs
import pytest

from export_contracts import resources
from export_contracts.catalogue import contract as contracts
from export_contracts.check.record import recordable
from export_contracts.check.run import play
from export_contracts.drift import shape, sides, traffics
from export_contracts.judge import judge
from export_contracts.report.account import Account
from export_contracts.report.results import document
from export_contracts.targets.venue import embedded_venue

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def results(folder, month=None, *, told=True):
    """The results of one journey at a month, in a file."""
    contract = contracts.load("adobe")
    wanted = next(one for one in recordable("adobe") if one.harmless)
    talk = play(contract, embedded_venue("adobe", as_of=month), wanted).transcript
    account = Account(
        contract, judge(contract, [talk]), "x", "reference", NOW, NOW,
        shape=shape.infer(contract, [talk], shape.SOME_ROWS) if told else None,
    )  # fmt: skip
    path = folder / f"{month}-{told}.json"
    path.write_text(json.dumps(document([account], today=date(2026, 1, 1), redact=str)), encoding="utf-8")
    return contract, str(path), talk


def test_results_have_the_shape_of_the_traffic(tmp_path):
    contract, path, talk = results(tmp_path)
    whole, recorded = sides.load(contract, path), sides.of(contract, [talk], "recorded")
    assert whole.shape == recorded.shape
    assert (whole.broken, whole.readings) == (recorded.broken, recorded.readings)
    assert traffics.compare(contract, whole, recorded, fail_on="any").exit_code == 0


def test_the_shape_in_results_follows_its_schema(tmp_path):
    _, path, _ = results(tmp_path)
    run = json.loads((tmp_path / path).read_text(encoding="utf-8"))["runs"][0]
    schema = json.loads((resources.specs() / "meta" / "shape.schema.json").read_text(encoding="utf-8"))
    assert list(jsonschema_rs.validator_for(schema).iter_errors(run["shape"])) == []


def test_results_of_two_editions_differ_in_shape(tmp_path):
    contract, old, _ = results(tmp_path, "2020-03")
    _, new, _ = results(tmp_path)
    found = traffics.compare(contract, sides.load(contract, old), sides.load(contract, new), fail_on="any")
    assert ("gone", "computeGatewayJobId.pushJob") in {(one.kind, one.at) for one in found.changes}


@pytest.mark.parametrize("other", [True, False])
def test_results_without_a_shape_are_compared_by_verdicts_and_say_so(tmp_path, other):
    contract, silent, _ = results(tmp_path, told=False)
    _, second, _ = results(tmp_path, "2020-03", told=other)
    found = traffics.compare(contract, sides.load(contract, silent), sides.load(contract, second), fail_on="any")
    assert any("no shape of its traffic" in one.what for one in found.unread)
    assert {one.area for one in found.changes} <= {"clause", "reading"}
