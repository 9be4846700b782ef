"""References of the other vendors at two months: traffic differs by what is dated, and by nothing else."""

import pytest

from export_contracts.catalogue import contract as contracts
from export_contracts.check import proof
from export_contracts.check.run import play
from export_contracts.drift import compare_shapes, sides
from export_contracts.drift.declared import Declared
from export_contracts.judge import judge
from export_contracts.targets.scenario import Scenario
from export_contracts.targets.venue import embedded_venue
from export_contracts.vendors.adobe import scenarios_steps as adobe_steps
from export_contracts.vendors.apsis import scenarios_bodies as apsis_bodies
from export_contracts.vendors.apsis import scenarios_moves as apsis_moves

START = "createExportJob"


def adobe(stage):
    """Jobs with batches of their own, after segmentation, without a schema; one cancelled twice; a bad filter."""
    several = adobe_steps.order(stage)
    several["destination"]["segmentPerBatch"] = True
    job = adobe_steps.created(stage.send(START, json=several))
    one = adobe_steps.created(
        stage.send(START, json={**adobe_steps.order(stage), "evaluationInfo": {"segmentation": True}})
    )
    for number in (job, one):
        adobe_steps.finish(stage, number)
    stage.send(START, json={name: part for name, part in adobe_steps.order(stage).items() if name != "schema"})
    marked = adobe_steps.created(stage.send(START, json=adobe_steps.order(stage)))
    for _ in range(2):
        stage.send("cancelExportJob", path={"EXPORT_JOB_ID": marked})
    stage.send("listExportJobs", query={"status": "PROCESSING"})


def apsis(stage):
    """A segment's subscribers as a workbook, and a look at a URL that nobody gave out."""
    started = apsis_moves.order(stage, {**apsis_bodies.body(stage), **apsis_bodies.by_topics(stage)})
    url = apsis_moves.poll_url(started)
    stage.advance(7200.0)
    apsis_moves.fetch(stage, url, accept=apsis_moves.XLSX)
    apsis_moves.fetch(stage, url[:-12] + "0" * 12)


def bloomreach(stage):
    """The same export by the path of today and by that of old."""
    stage.send("exportCustomers", json={"format": "table_json"})
    path = f"/data/v2/{stage.setting('project_token')}/customers/export"
    stage.follow(f"{stage.target.url}{path}", "exportCustomers", method="POST", headers=stage.credentials())


JOURNEYS = {"adobe": adobe, "apsis": apsis, "bloomreach": bloomreach}


def shape(vendor, month):
    contract = contracts.load(vendor)
    venue = embedded_venue(vendor, as_of=month)
    played = play(contract, venue, Scenario("journey", JOURNEYS[vendor]))
    assert played.broke is None
    return sides.of(contract, [played.transcript], month or "newest").shape


def changed(vendor, before, after):
    known = Declared.of(contracts.load(vendor))
    return {(x.area, x.kind, x.at) for x in compare_shapes.compare(known, shape(vendor, before), shape(vendor, after))}


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KNOWN = {
    ("bloomreach", "2019-11", "2019-12"): {("status", "reading-changed", "404")},  # of the older path
    ("apsis", "2021-08", "2021-09"): {
        ("status", "status-changed", "404"),  # of a URL that nobody gave out, 410 before
        ("table", "gone", "text/csv *[]"),  # how each profile is reached
        ("request", "new", "consent_list_discriminator"),
    },
    ("apsis", "2021-09", "2022-10"): {
        ("media-type", "media-type-changed", "200"),
        ("table", "gone", "table text/csv"),
        ("table", "new", f"table {XLSX}"),
        ("request", "gone", "consent_list_discriminator"),
    },
    ("adobe", "2018-12", "2019-11"): {("status", "status-changed", "400")},  # of a filter that was passed over
    ("adobe", "2019-11", "2022-05"): {
        ("response", "gone", "computeGatewayJobId.pushJob"),
        ("response", "gone", "metrics.aCPDatasetWriteTime"),
        ("response", "new", "metrics.exportedProfileByNamespaceCounter"),
        ("response", "new", "metrics.totalExportedProfileCounter"),
        ("response", "undeclared", "evaluationInfo"),
        ("response", "type-changed", "destination.batches"),
        ("response", "undeclared", "destination.batches[]"),
        *(("response", "gone", f"destination.batches.{x}") for x in ("batchId", "segmentId", "segmentNs", "status")),
        ("status", "reading-changed", "204"),  # of a second cancellation
        ("status", "status-changed", "400"),  # of an order without a schema
    },
    ("adobe", "2022-05", "2023-04"): set(),  # what is exported by default lost a word, and nothing shows by not coming
}


@pytest.mark.parametrize("step", KNOWN)
def test_two_editions_differ_by_what_is_dated(step):
    assert changed(*step) == KNOWN[step]


@pytest.mark.parametrize("vendor", JOURNEYS)
def test_the_newest_edition_is_the_reference_as_it_is(vendor):
    assert shape(vendor, "2026-11") == shape(vendor, None)


KEPT = [
    ("braze", "2019-01"), ("braze", "2021-04"), ("braze", "2022-07"), ("braze", "2025-11"), ("bloomreach", "2018-04"),
    ("apsis", "2021-08"), ("apsis", "2021-09"), ("adobe", "2018-12"), ("adobe", "2020-03"), ("adobe", "2022-05"),
]  # fmt: skip


@pytest.mark.parametrize(("vendor", "month"), KEPT)
def test_an_edition_keeps_the_contract_of_its_month(vendor, month):
    contract = contracts.load(vendor, month)
    transcripts = proof.transcripts(contract, embedded_venue(vendor, as_of=month))
    assert proof.broken(judge(contract, transcripts)) == frozenset()
