"""Faithful servers of another make raise no alarm; each single defect of theirs does."""

from __future__ import annotations

import csv
import dataclasses

import apsis_other_server as other
import pytest

from export_contracts.catalogue import contract
from export_contracts.check.run import play_all, scenarios_of
from export_contracts.judge import judge
from export_contracts.targets.target import Pace, Target
from export_contracts.targets.venue import Venue

COLUMNS = {
    "attributes": [
        {"field_name": "City name", "attribute_discriminator": "com.apsis1.attributes.city"},
        {"field_name": "N", "attribute_discriminator": "com.apsis1.attributes.n"},
    ]
}
INNOCENT = {
    "taken": [200, 201],
    "shape": [
        "location",
        "location-relative",
        "text",
        "json-string",
        "nested",
        "relative",
        "both",
        "twice",
        "url",
        "pollURL",
    ],
    "path": ["/x?job={id}", "/files/{id}.csv"],
    "running": [202],
    "gone": [404],
    "unknown": [410],
    "stranger": [403],
    "looks": [0, 1, 6],
    "seconds": [0.0, 500.0, 40_000.0],
    "from_ready": [True],
    "csv_type": ['text/csv; header=present; charset="utf-8"', "TEXT/CSV;charset=utf-8;HEADER=present;x=y"],
    "upper": [True],
    "delimiter": [";", "\t", "|"],
    "quoting": [csv.QUOTE_ALL],
    "ends": ["\n"],
    "bom": [True],
    "key": ["Profile"],
    "extra": [True],
    "narrow_first": [True],
    "people": [0, 1, 4, 100],
    "everybody_in": [True],
    "token_life": [3_600.0, 50_000.0],
    "open_errors": ["html", "none"],
    "column_by": ["attribute_discriminator"],
    "shuffled": [True],
}
LENIENT = {"zip_workbook": False, "strict": False, "unknown": 403}
DEFECTS = [
    "post-open",
    "poll-open",
    "unknown-ok",
    "no-url",
    "filter-optional",
    "no-negation",
    "segments-required",
    "half-day",
    "no-expiry",
    "two-days",
    "gone-while-running",
    "empty-while-running",
    "json-while-running",
    "error-while-running",
    "not-binds-all",
    "and-is-or",
    "rows-ragged",
    "deflate",
    "workbook-refused",
    "expired-400",
    "ok-while-running",
    "once",
    "flaky",
    "redirect",
    "accept-ignored",
    "xlsx-default",
    "wrong-type",
    "bare-type",
    "gzip-ignored",
    "always-gzip",
    "gzip-lie",
    "gzip-twice",
    "gzip-unsaid",
    "filter-ignored",
    "not-ignored",
    "column-missing",
    "column-missing-extra",
    "key-missing",
    "key-blank",
    "xlsx-short",
    "xlsx-column-short",
    "differs",
    "shrinks",
    "headless",
    "utf-16",
    "xlsx-is-csv",
]
WARNED_OF = {"segments-required"}
NEEDS_COLUMNS = {"column-missing", "column-missing-extra", "xlsx-column-short"}


def found(make, defect=None, *, clock=True, settings=None):
    """Levels of the clauses that were broken, by id."""
    book = contract.load("apsis")
    declared = {"token": other.TOKEN, "segment_id": other.SEGMENT, **(settings or {})}
    if clock:
        declared["clock"] = {"control": "here"}
    target = Target("apsis", other.BASE, declared, Pace(poll=1.0, deadline=86_400.0 if clock else 300.0))
    played = play_all(book, Venue(target, lambda: other.Other(make, defect, clock)), scenarios_of("apsis"))
    verdicts = judge(book, [one.transcript for one in played], parties=("provider",), features=target.features).verdicts
    return {one.clause.id: one.clause.level for one in verdicts if one.findings}


@pytest.mark.parametrize(("clock", "settings"), [(True, COLUMNS), (False, {})], ids=["declared", "minimal"])
@pytest.mark.parametrize(("knob", "value"), [(knob, value) for knob, values in INNOCENT.items() for value in values])
def test_faithful_server_raises_no_alarm(knob, value, clock, settings):
    make = dataclasses.replace(other.Make(), **{knob: value})
    assert {one: how for one, how in found(make, clock=clock, settings=settings).items() if how != "may"} == {}


@pytest.mark.parametrize(("knob", "value"), LENIENT.items())
def test_lenient_server_breaks_no_must(knob, value):
    assert "must" not in found(dataclasses.replace(other.Make(), **{knob: value}), settings=COLUMNS).values()


@pytest.mark.parametrize("defect", DEFECTS)
def test_each_defect_is_caught(defect):
    assert level(defect) in found(other.Make(), defect, settings=COLUMNS).values()


@pytest.mark.parametrize("defect", [one for one in DEFECTS if one not in NEEDS_COLUMNS])
def test_each_defect_is_caught_with_the_least_declared(defect):
    assert level(defect) in found(other.Make(), defect).values()


def level(defect):
    return "should" if defect in WARNED_OF else "must"
