"""No legal choice raises an alarm, and no single documented defect goes unnoticed, on a server that is not ours."""

# ruff: noqa: ARG001, ARG005 - knobs of one kind share a signature

import pytest
from bloomreach_shop import FACTS, MINIMUM, PEOPLE, SEGMENTATION, venue

from export_contracts.catalogue import contract as contracts
from export_contracts.check.run import play_all, scenarios_of
from export_contracts.judge import judge

ERRORS = {
    "errors": lambda sentence: {"success": False, "errors": [sentence]},
    "global": lambda sentence: {"success": False, "errors": {"_global": [sentence]}},
    "message": lambda sentence: {"success": False, "message": sentence},
    "code": lambda sentence: {"errors": {"code": 17, "description": sentence}},
    "text": lambda sentence: sentence,
    "empty": lambda sentence: "",
}
SHAPES = {
    "named": lambda header, rows: {"name": "x", "rows": rows, "header": header},
    "columns-data": lambda header, rows: {"success": True, "columns": header, "data": rows},
    "wrapped": lambda header, rows: {"success": True, "results": {"header": header, "rows": rows}},
    "objects": lambda header, rows: {"data": [dict(zip(header, row, strict=True)) for row in rows]},
    "bare-objects": lambda header, rows: [dict(zip(header, row, strict=True)) for row in rows],
    "bare-rows": lambda header, rows: [header, *rows],
    "typed": lambda header, rows: {"header": [{"name": one, "type": "string"} for one in header], "rows": rows},
}
LEGAL = {
    "plain": {},
    **{f"error-{name}": {"envelope": one} for name, one in ERRORS.items()},
    **{f"shape-{name}": {"shape": one} for name, one in SHAPES.items()},
    "statuses": {"no_key": 403, "bad_key": 400, "bad_secret": 401, "no_permission": 404, "bad_project": 404},
    "failures-under-200": {"no_key": 200, "bad_secret": 200, "no_permission": 200, "bad_project": 200},
    "no-permission-text": {"no_permission": 200, "envelope": lambda sentence: sentence, "bad_project": 404},
    "busy": {"busy": True},
    "growing": {"growing": 1},
    "growing-fast": {"growing": 5},
    "one-customer": {"most": 1},
    "two-customers": {"most": 2},
    "nobody": {"most": 0},
    "capitals": {"label": lambda kind, name: name.upper()},
    "shuffled": {"shuffled": True},
    "absent-is-empty": {"absent": ""},
    "native": {"more_formats": ("native_json",)},
    "quoted": {"dialect": {"quoting": 1, "lineterminator": "\n"}},
    "semicolons": {"dialect": {"delimiter": ";"}},
    "tabs": {"dialect": {"delimiter": "\t"}},
    "backslashes": {"dialect": {"doublequote": False, "escapechar": "\\"}},
    "bom": {"bom": b"\xef\xbb\xbf"},
    "latin-1": {"charset": "latin-1"},
    "utf-16": {"charset": "utf-16"},
    "media-types": {"csv_type": "application/octet-stream", "json_type": "text/plain"},
    "qualified-labels": {"label": lambda kind, name: f"{kind}: {name}"},
    "display-labels": {"label": lambda kind, name: name.replace("_", " ").title(), "drops_unknown": True},
    "opaque-labels": {"label": lambda kind, name: f"col{sum(map(ord, name))}"},
    "python-lists": {"cell": lambda value: "" if value is None else str(value)},
    "first-cookie": {"cell": lambda value: value[0] if isinstance(value, list) else value},
    "nulls-spelt": {"cell": lambda value: "null" if value is None else value},
    "numbers-as-text": {"cell": lambda value: f"{value:.2f}" if isinstance(value, float) else value},
    "confusing-labels": {"label": lambda kind, name: {"registered": "Login", "vip": "Is registered"}.get(name, name)},
    "extra-id": {"whole": lambda columns, form: [columns[0], ("id", "loyalty_card"), *columns[1:]]},
    "extra-last": {"whole": lambda columns, form: [*columns, ("segmentation", "5f0c")]},
    "csv-orders-properties-otherwise": {
        "whole": lambda columns, form: columns if form != "csv" else [*columns[:2], *columns[:1:-1]]
    },
}
NOTICED = {
    "csv-orders-properties-otherwise": ["BLR-059"],
    "semicolons": ["BLR-073"],
    "tabs": ["BLR-073"],
}
"""What the documents leave open and one would rather know of."""
SETTINGS = {
    "minimum": MINIMUM,
    "with-segment": MINIMUM | {"segment_id": SEGMENTATION},
    "command-line": FACTS | {"segment_indexes": "0,1,2", "properties": "email,first_name", "segment_index": "0"},
    "everything": FACTS,
}


def broken(facts, **ways):
    contract = contracts.load("bloomreach")
    place = venue(facts, **ways)
    played = play_all(contract, place, scenarios_of("bloomreach"))
    verdicts = judge(
        contract, [one.transcript for one in played], parties=("provider",), features=place.target.features
    ).verdicts
    return {one.clause.id: (one.clause.level, one.findings[0].finding) for one in verdicts if one.findings}


@pytest.mark.parametrize(
    ("name", "settings"),
    [(name, one) for name in LEGAL for one in ("minimum", "everything")]
    + [("plain", "with-segment"), ("plain", "command-line")],
)
def test_legal_choices_raise_no_alarm(name, settings):
    known = SETTINGS[settings]
    if {"growing", "most"} & LEGAL[name].keys():  # what the target declares would be wrong then
        known = {one: value for one, value in known.items() if one not in {"expected_customers", "members"}}
    found = broken(known, **LEGAL[name])
    for clause in NOTICED.get(name, ()):
        assert found.pop(clause)[0] == "may"
    assert found == {}


def _first(kind, columns):
    return sorted(columns, key=lambda one: one[0] != kind)


def _overlap(one, wanted, form):
    return wanted.get("type") != "segment" or wanted.get("segment_index") == -1 or one["zone"] == 0


def _segment_only(form, index):
    def chosen(one, wanted, asked):
        if wanted.get("type") != "segment" or (asked == form and wanted.get("segment_index") == index):
            return True
        return one["zone"] == (3 if wanted.get("segment_index") == -1 else wanted.get("segment_index"))

    return chosen


DEFECTS = {
    "no-key-needed": ({"open_door": True}, "BLR-010"),
    "any-key": ({"any_key": True}, "BLR-011"),
    "any-secret": ({"any_secret": True}, "BLR-012"),
    "public-access": ({"public": True}, "BLR-013"),
    "any-project": ({"any_project": True}, "BLR-015"),
    "default-format": ({"default_format": "csv"}, "BLR-016"),
    "some-without-list": ({"listless": True}, "BLR-017"),
    "broken-json": ({"reads_anything": True}, "BLR-018"),
    "always-json": ({"format_of": lambda form: "table_json"}, "BLR-003"),
    "always-csv": ({"format_of": lambda form: "csv"}, "BLR-004"),
    "claims-success": ({"envelope": lambda sentence: {"success": True, "error": sentence}}, "BLR-007"),
    "fails-under-200": ({"shape": lambda header, rows: {"success": False, "errors": ["x"]}}, "BLR-002"),
    "fails-with-rows": ({"shape": lambda header, rows: {"success": False, "header": header, "rows": rows}}, "BLR-002"),
    "narrow-rows": ({"shape": lambda header, rows: {"header": header, "rows": [r[1:] for r in rows]}}, "BLR-005"),
    "short-header": ({"shape": lambda header, rows: {"header": header[1:], "rows": rows}}, "BLR-005"),
    "no-header-row": ({"skip": 1}, "BLR-061"),
    "twice": ({"extra": [PEOPLE[1]]}, "BLR-006"),
    "ids-last": ({"whole": lambda columns, form: _first("property", columns)}, "BLR-027"),
    "alphabetical": ({"whole": lambda columns, form: sorted(columns, key=lambda one: one[1])}, "BLR-027"),
    "csv-ids-last": ({"whole": lambda c, form: c if form != "csv" else _first("property", c)}, "BLR-027"),
    "no-cookie": ({"whole": lambda columns, form: columns[:1] + columns[2:]}, "BLR-028"),
    "list-order": ({"listed": lambda columns, form: sorted(columns)}, "BLR-025"),
    "list-order-ids-first": ({"listed": lambda columns, form: _first("id", columns)}, "BLR-025"),
    "list-plus": ({"listed": lambda columns, form: [*columns, ("id", "x")]}, "BLR-024"),
    "list-ids-only": ({"listed": lambda columns, form: [one for one in columns if one[0] == "id"]}, "BLR-024"),
    "list-ignored-in-csv": (
        {"listed": lambda c, form: c if form != "csv" else [("id", "registered"), ("id", "cookie"), ("id", "z")]},
        "BLR-024",
    ),
    "list-refused": ({"refused": lambda body: "attributes" in body}, "BLR-023"),
    "time-refused": ({"refused": lambda body: "execution_time" in body}, "BLR-019"),
    "zone-refused": ({"refused": lambda body: "timezone" in body}, "BLR-020"),
    "all-refused": ({"refused": lambda body: (body.get("filter") or {}).get("type") == "all"}, "BLR-031"),
    "csv-refused": ({"refused": lambda body: body.get("format") == "csv"}, "BLR-001"),
    "csv-misses-people": (
        {"chosen": lambda one, wanted, form: form != "csv" or one["zone"] != 1},
        "BLR-057",
    ),
    "any-attributes": ({"lax": ("no such attributes",)}, "BLR-068"),
    "any-filter": ({"lax": ("no such filter",)}, "BLR-068"),
    "any-time": ({"lax": ("not a time",)}, "BLR-069"),
    "any-zone": ({"lax": ("not a time zone",)}, "BLR-069"),
    "crashes-when-refusing": ({"bad_body": 500}, "BLR-070"),
    "sends-to-a-login-page": ({"no_key": 302}, "BLR-070"),
    "created": ({"ok": 201}, "BLR-071"),
    "html": ({"json_type": "text/html"}, "BLR-072"),
    "bare-quotes": ({"dialect": {"quoting": 3, "quotechar": None, "escapechar": "~"}}, "BLR-005"),
    "one-label": ({"label": lambda kind, name: "value"}, "BLR-075"),
    "nameless": ({"shape": lambda header, rows: {"success": True, "data": rows}}, "BLR-076"),
    "success-as-text": ({"shape": lambda header, rows: {"success": "true", "header": header, "rows": rows}}, "BLR-078"),
    "csv-cuts-cells": ({"cell": lambda value: value[:3] if isinstance(value, str) else ""}, "BLR-057"),
}
NEEDS_SEGMENT = {
    "filter-ignored": ({"chosen": lambda one, wanted, form: True}, "BLR-033"),
    "index-ignored": ({"chosen": lambda one, wanted, form: not wanted.get("type") or one["zone"] == 0}, "BLR-033"),
    "rest-is-all": ({"chosen": _segment_only("table_json", -1)}, "BLR-033"),
    "filter-ignored-in-csv": ({"chosen": _segment_only("csv", 0)}, "BLR-057"),
    "rest-refused": ({"refused": lambda body: (body.get("filter") or {}).get("segment_index") == -1}, "BLR-031"),
    "rest-crashes": ({"crashes": lambda body: (body.get("filter") or {}).get("segment_index") == -1}, "BLR-031"),
    "zero-refused": ({"refused": lambda body: (body.get("filter") or {}).get("segment_index") == 0}, "BLR-031"),
    "overlap": ({"chosen": _overlap}, "BLR-033"),
}
NEEDS_MORE = {
    "no-properties": ({"whole": lambda columns, form: columns[:2]}, "BLR-028"),
    "permission": ({"any_permission": True}, "BLR-014"),
    "one-based": (
        {
            "chosen": lambda one, wanted, form: (
                wanted.get("type") != "segment" or one["zone"] == wanted["segment_index"] - 1
            )
        },
        "BLR-037",
    ),
    "rest-is-nobody": (
        {"chosen": lambda one, wanted, form: wanted.get("type") != "segment" or one["zone"] == wanted["segment_index"]},
        "BLR-036",
    ),
    "page": ({"chosen": lambda one, wanted, form: one["points"] < 150}, "BLR-038"),
}


@pytest.mark.parametrize("name", DEFECTS)
def test_one_defect_is_caught_with_the_least_that_a_target_declares(name):
    ways, clause = DEFECTS[name]
    assert clause in broken(MINIMUM, **ways)


@pytest.mark.parametrize("name", NEEDS_SEGMENT)
def test_one_defect_of_segments_is_caught_with_a_segmentation(name):
    ways, clause = NEEDS_SEGMENT[name]
    assert clause in broken(MINIMUM | {"segment_id": SEGMENTATION}, **ways)


@pytest.mark.parametrize("name", NEEDS_MORE)
def test_one_defect_is_caught_where_the_target_declares_what_it_knows(name):
    ways, clause = NEEDS_MORE[name]
    assert clause in broken(FACTS, **ways)
