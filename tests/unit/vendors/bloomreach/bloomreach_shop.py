"""A second, careless-looking Bloomreach in a few lines: every knob is a legal choice or one defect.

It shares nothing with the reference server, so that the checks are not fitted to one implementation.
"""

# ruff: noqa: ARG001, ARG002, ARG005 - knobs of one kind share a signature

from __future__ import annotations

import base64
import csv
import io
import json
import random
from types import SimpleNamespace

from export_contracts.model import Headers, Response
from export_contracts.targets.target import Target
from export_contracts.targets.venue import Venue

TOKEN, KEY, SECRET, SEGMENTATION = "tok-1", "key-1", "sec-1", "5f0c"
MINIMUM = {"project_token": TOKEN, "key_id": KEY, "secret": SECRET}
PEOPLE = [
    {"registered": f"c{n}@example.com" if n % 5 else None, "cookie": [f"k{n}a", f"k{n}b"][: 1 + n % 2]}
    | {"email": f"c{n}@example.com", "first_name": ["Zoë", 'A "B"', "C, D", "E\nF", None][n % 5], "points": n * 10}
    | {"vip": n % 2 == 0, "score": n / 3 if n % 4 else None, "zone": n % 4}
    for n in range(23)
]
IDS, PROPERTIES = ["registered", "cookie"], ["email", "first_name", "points", "vip", "score"]
FACTS = MINIMUM | {
    "segment_id": SEGMENTATION,
    "segment_indexes": [0, 1, 2],
    "expected_customers": len(PEOPLE),
    "members": [one["registered"] for one in PEOPLE if one["zone"] == 0 and one["registered"]],
    "properties": PROPERTIES,
    "public_token": "pub",
    "key_id_without_permission": "key-2",
    "secret_without_permission": "sec-2",
}


class Shop:
    """A transport that is its own server. `ways` are knobs; what is not set is the plainest choice."""

    def __init__(self, **ways):
        self.ways = SimpleNamespace(**{**DEFAULTS, **ways})
        self.random = random.Random(3)
        self.asked = 0

    def carry(self, request):
        self.asked += 1
        if self.ways.busy and self.asked % 4 == 0:
            return self.fail(429, "slow down")
        _, _, tail = request.path.partition("/projects/")
        if not tail.endswith("/customers/export") or request.method != "POST":
            return self.fail(404, "not found")
        refusal = self.gate(request, tail.split("/")[0])
        if refusal:
            return self.fail(*refusal)
        try:
            body = json.loads(request.body)
        except ValueError:
            return self.table({"format": "csv"}) if self.ways.reads_anything else self.fail(400, "Invalid JSON")
        return self.table(body) if isinstance(body, dict) else self.fail(400, "not an object")

    def gate(self, request, project):
        scheme, _, value = (request.headers.get("authorization") or "").partition(" ")
        if self.ways.open_door and not scheme:
            return None
        if scheme == "Token" and self.ways.public:
            return None
        if scheme != "Basic":
            return self.ways.no_key, "access key not provided"
        key, _, secret = base64.b64decode(value).decode().partition(":")
        good = {KEY: SECRET, "key-2": "sec-2"}
        if key not in good and not self.ways.any_key:
            return self.ways.bad_key, "access key not found"
        if good.get(key, secret) != secret and not self.ways.any_secret:
            return self.ways.bad_secret, "invalid secret"
        if key == "key-2" and not self.ways.any_permission:
            return self.ways.no_permission, "no permission"
        if project != TOKEN and not self.ways.any_project:
            return self.ways.bad_project, "Invalid project id"
        return None

    def table(self, body):
        wanted = body.get("format", self.ways.default_format)
        if wanted not in ["csv", "table_json", *self.ways.more_formats]:
            return self.fail(self.ways.bad_body, "format is required")
        problem = self.problem(body)
        if problem:
            return self.fail(500 if problem == "crash" else self.ways.bad_body, problem)
        header, rows = self.cut(body, wanted)
        if self.ways.shuffled:
            self.random.shuffle(rows)
        return self.write(self.ways.format_of(wanted), header, rows)

    def problem(self, body):
        attributes = body.get("attributes") or {}
        if not all(isinstance(body.get(name, {}), dict) for name in ("attributes", "filter")):
            return "not an object"
        wrong = next((why for fits, why in self.rules(body) if not fits), None)
        if wrong and wrong not in self.ways.lax:
            return wrong
        if attributes.get("type") == "some" and "list" not in attributes and not self.ways.listless:
            return "list is required"
        if "refused" in vars(self.ways) and self.ways.refused(body):
            return "not allowed"
        if "crashes" in vars(self.ways) and self.ways.crashes(body):
            return "crash"
        return None

    def rules(self, body):
        attributes, wanted = body.get("attributes") or {}, body.get("filter") or {}
        listed = attributes.get("list", [])
        yield isinstance(wanted.get("segment_index", 0), int), "not an index"
        yield wanted.get("type", "all") in ("all", "segment"), "no such filter"
        yield attributes.get("type", "some") in ("some", "properties_and_ids"), "no such attributes"
        yield isinstance(listed, list) and all(isinstance(one, dict) for one in listed), "not a list of attributes"
        yield isinstance(body.get("execution_time", 0), (int, float)), "not a time"
        yield isinstance(body.get("timezone", "UTC"), str), "not a time zone"

    def cut(self, body, form):
        newcomers = [
            {"registered": f"new{n}", "cookie": [], "email": f"new{n}@example.com", "points": 1, "zone": n % 4}
            for n in range(self.asked * self.ways.growing)
        ]
        people = [
            one
            for one in [*PEOPLE, *newcomers][: self.ways.most]
            if self.ways.chosen(one, body.get("filter") or {}, form)
        ] + self.ways.extra
        columns = [("id", name) for name in IDS] + [("property", name) for name in PROPERTIES]
        attributes = body.get("attributes") or {}
        if attributes.get("type") == "some":
            columns = [(one["type"], one.get("id") or one.get("property")) for one in attributes.get("list", [])]
            columns = self.ways.listed(columns, form)
        else:
            columns = self.ways.whole(columns, form)
        if self.ways.drops_unknown:
            columns = [one for one in columns if one[1] in IDS + PROPERTIES]
        header = [self.ways.label(kind, name) for kind, name in columns]
        return header, [[one.get(name) for _, name in columns] for one in people]

    def write(self, form, header, rows):
        if form == "csv":
            return self.text(header, rows)
        rows = [[self.ways.absent if cell is None else cell for cell in row] for row in rows]
        body = self.ways.shape(header, rows)
        return Response(self.ways.ok, Headers.of({"content-type": self.ways.json_type}), json.dumps(body).encode())

    def text(self, header, rows):
        out = io.StringIO(newline="")
        writer = csv.writer(out, **self.ways.dialect)
        writer.writerows([header, *([self.ways.cell(cell) for cell in row] for row in rows)][self.ways.skip :])
        body = self.ways.bom + out.getvalue().encode(self.ways.charset)
        return Response(self.ways.ok, Headers.of({"Content-Type": self.ways.csv_type}), body)

    def fail(self, status, sentence):
        body = self.ways.envelope(sentence)
        raw = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        return Response(status, Headers.of({"Content-Type": "application/json"}), raw)

    def now(self):
        return 1_790_000_000.0

    def advance(self, seconds):
        return True

    def sleep(self, seconds):
        return None

    def linger(self, seconds):
        return None

    def listing(self):
        return {}

    def fetch(self, key):
        return None

    def callbacks(self):
        return []

    def callback_url(self):
        return None


def _chosen(one, wanted, form):
    if wanted.get("type") != "segment":
        return True
    return one["zone"] == (3 if wanted.get("segment_index") == -1 else wanted.get("segment_index"))


def _cell(value):
    if isinstance(value, list):
        return json.dumps(value)
    return "" if value is None else value


DEFAULTS = {
    "no_key": 401,
    "bad_key": 401,
    "bad_secret": 403,
    "no_permission": 403,
    "bad_project": 400,
    "bad_body": 400,
    "ok": 200,
    "busy": False,
    "open_door": False,
    "public": False,
    "any_key": False,
    "any_secret": False,
    "any_permission": False,
    "any_project": False,
    "reads_anything": False,
    "listless": False,
    "lax": (),
    "drops_unknown": False,
    "shuffled": False,
    "growing": 0,
    "most": None,
    "default_format": None,
    "more_formats": (),
    "extra": [],
    "absent": None,
    "skip": 0,
    "bom": b"",
    "charset": "utf-8",
    "dialect": {},
    "csv_type": "text/csv",
    "json_type": "application/json",
    "cell": _cell,
    "chosen": _chosen,
    "format_of": lambda form: form,
    "label": lambda kind, name: name,
    "listed": lambda columns, form: columns,
    "whole": lambda columns, form: columns,
    "shape": lambda header, rows: {"header": header, "rows": rows, "success": True},
    "envelope": lambda sentence: {"success": False, "error": sentence},
}


def venue(facts=FACTS, **ways):
    """The shop as something to check."""
    return Venue(Target("bloomreach", "http://shop.test/api", facts), lambda: Shop(**ways))
