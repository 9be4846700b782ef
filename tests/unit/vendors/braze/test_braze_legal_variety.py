"""Answers that differ from the reference's as the documents allow raise no alarm."""

import dataclasses
from urllib.parse import urlsplit

import pytest

from export_contracts.catalogue import contract
from export_contracts.check.proof import transcripts
from export_contracts.judge import judge
from export_contracts.model import Headers, Mutant, Response
from export_contracts.targets.embedded import EmbeddedTransport
from export_contracts.targets.venue import embedded_venue
from export_contracts.vendors.braze.reference_service import Braze

STARTED = {"operation": "exportUsersBySegment", "status": 200}
EARLY = {"operation": "downloadExport", "status": 403}
CANCEL = {"operation": "cancelSegmentExport", "status": 200}
USERS = {"rows": "users"}


def put(path, value, op="replace"):
    return {"op": op, "path": path, "value": value}


VARIETY = {
    "404 until ready": (EARLY, [put("/response/status", 404)]),
    "a limit's answer for a refusal": (
        {"operation": "exportUsersBySegment", "status": 400},
        [put("/response/status", 429), put("/response/body", {})],
    ),
    "201 for a start": (STARTED, [put("/response/status", 201)]),
    "a member more in the answer": (STARTED, [put("/response/body/dispatch_id", "x", "add")]),
    "minor troubles beside success": (STARTED, [put("/response/body/errors", ["late"], "add")]),
    "no url but null": (STARTED, [put("/response/body/url", None)]),
    "no url but empty text": (STARTED, [put("/response/body/url", "")]),
    "no url at all": (STARTED, [{"op": "remove", "path": "/response/body/url"}]),
    "a charset": (STARTED, [put("/response/headers/content-type", "application/json; charset=utf-8")]),
    "cancel without a body": (CANCEL, [put("/response/status", 204)]),
    "no cancel": (CANCEL, [put("/response/status", 404)]),
    "newer names refused": (
        {**STARTED, "has": "/request/body/fields_to_export/30"},
        [put("/response/status", 400)],
    ),
    "sessions as text": (USERS, [put("/apps/0/sessions", "12")]),
    "a member more in a user": (USERS, [put("/new_thing", {"a": 1}, "add")]),
    "no braze ids": (USERS, [{"op": "remove", "path": "/braze_id"}]),
    "nulls and empties": (
        USERS,
        [put("/country", None), put("/devices", None), put("/dob", ""), put("/custom_attributes", {})],
    ),
    "a blank in a time": (USERS, [put("/created_at", "2020-07-10 15:00:00.000 UTC")]),
    "no custom attributes": (USERS, [{"op": "remove", "path": "/custom_attributes"}]),
}


@pytest.mark.parametrize("name", VARIETY)
def test_no_alarm(name):
    on, patch = VARIETY[name]
    braze = contract.load("braze")
    venue = embedded_venue("braze", mutant=Mutant(name, "patch", patch=tuple(patch), on=on), when={})
    judgement = judge(braze, transcripts(braze, venue), features=venue.target.features)
    assert [one.clause.id for one in judgement.verdicts if one.findings] == []
    assert any(one.kept for one in judgement.verdicts)


@pytest.mark.parametrize("until_ready", [False, True])
def test_downloads_behind_a_redirect_raise_no_alarm(monkeypatch, until_ready):
    """The announced URL sends the client on, from the start or only once there is a file."""
    carry = EmbeddedTransport.carry

    def moved(self, request):
        if request.method != "GET" or "/moved" in request.url:
            return carry(self, dataclasses.replace(request, url=request.url.replace("/moved", "")))
        answer = carry(self, request)
        if answer.status != 200 and not until_ready:
            return answer
        split = urlsplit(request.url)
        return Response(
            302,
            Headers.of({"Location": split._replace(scheme="", netloc="", path="/moved" + split.path).geturl()}),
            b"",
        )

    monkeypatch.setattr(EmbeddedTransport, "carry", moved)
    braze = contract.load("braze")
    venue = embedded_venue("braze")
    seen = transcripts(braze, venue)
    judgement = judge(braze, seen, features=venue.target.features)
    assert [one.clause.id for one in judgement.verdicts if one.findings] == []
    kept = {one.clause.id for one in judgement.verdicts if one.kept}
    assert {"BRZ-106", "BRZ-107"} <= kept


def test_a_format_that_has_no_say_in_the_vendors_own_storage_raises_no_alarm(monkeypatch):
    """The choice is documented for own storage; elsewhere a server may look over the member, whatever it holds."""
    begin = Braze.begin

    def looks_over(self, body, workspace):
        if isinstance(body, dict) and not workspace.own_storage:
            body = {name: value for name, value in body.items() if name != "output_format"}
        return begin(self, body, workspace)

    monkeypatch.setattr(Braze, "begin", looks_over)
    braze = contract.load("braze")
    venue = embedded_venue("braze")
    judgement = judge(braze, transcripts(braze, venue), features=venue.target.features)
    assert [one.clause.id for one in judgement.verdicts if one.findings] == []
