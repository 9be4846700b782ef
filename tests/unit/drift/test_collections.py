"""Collections as generators and people write them: every form read, each change told once."""

import copy
import json

import pytest

from export_contracts.drift import publications

URL = "{{baseUrl}}/export/jobs"
DRAWN = {
    "fields": "<string>",
    "mergePolicy": {"id": "<string>", "version": "<number>"},
    "schema": {"name": "<string>"},
    "destination": {"datasetId": "<string>"},
    "additionalFields": {"eventList": {"fields": "<string>", "filter": {"fromIngestTimestamp": "<string>"}}},
    "filter": {
        "fromIngestTimestamp": "<string>",
        "emptyProfiles": "<boolean>",
        "segmentQualificationTime": {"startTime": "<string>", "endTime": "<string>"},
        "segments": [{"segmentId": "<string>", "segmentNs": "<string>", "status": ["<string>", "<string>"]}],
    },
}


def request(name, method, path, **more):
    url = {"path": path.strip("/").split("/"), "host": ["{{baseUrl}}"], **more.pop("url", {})}
    answers = [{"code": code, "name": "x"} for code in more.pop("codes", ())]
    return {
        "name": name,
        "request": {"name": name, "description": {}, "url": url, "method": method, **more},
        "response": answers,
    }


def jobs():
    """As a generator makes it of the API description: folders, `{{baseUrl}}`, descriptions as objects."""
    said = {"content": "How many.", "type": "text/plain"}
    query = [{"key": one, "value": "<string>", "description": said} for one in ("limit", "offset", "status")]
    head = ("x-api-key", "x-sandbox-name", "Accept")
    one = "/export/jobs/:EXPORT_JOB_ID"
    items = [
        request(
            "List",
            "GET",
            "/export/jobs",
            url={"query": query},
            header=[{"key": one, "value": "<string>"} for one in head],
            codes=(200, 403, 503),
        ),
        request(
            "Create",
            "POST",
            "/export/jobs",
            header=[{"key": one, "value": "<string>"} for one in head],
            body={"mode": "raw", "raw": json.dumps(DRAWN, indent=1)},
        ),
        request("Look", "GET", one, codes=(200, 404)),
        request("Cancel", "DELETE", one, codes=(200,)),
    ]
    other = request("Other", "POST", "/segment/jobs", body={"mode": "raw", "raw": '{"snapshot": {"name": "<string>"}}'})
    return {"info": {"name": "x"}, "item": [{"name": "Jobs", "item": items}, {"name": "Segments", "item": [other]}]}


def at(collection, name):
    return next(one for one in collection["item"][0]["item"] if one["name"] == name)


def body(collection, change):
    drawn = copy.deepcopy(DRAWN)
    change(drawn)
    at(collection, "Create")["request"]["body"]["raw"] = json.dumps(drawn)


COLLECTION = {
    "nothing": (lambda _: None, []),
    "query new": (
        lambda c: at(c, "List")["request"]["url"]["query"].append({"key": "sort"}),
        [("query", "new", "sort")],
    ),
    "query gone": (lambda c: at(c, "List")["request"]["url"]["query"].pop(1), [("query", "gone", "offset")]),
    "header new": (
        lambda c: at(c, "List")["request"]["header"].append({"key": "x-region", "value": "a"}),
        [("header", "new", "x-region")],
    ),
    "answer new": (lambda c: at(c, "Look")["response"].append({"code": 410}), [("status", "status-new", "410")]),
    "member new": (lambda c: body(c, lambda b: b.update(region="<string>")), [("request", "new", "region")]),
    "member gone": (
        lambda c: body(c, lambda b: b["filter"].pop("emptyProfiles")),
        [("request", "gone", "filter.emptyProfiles")],
    ),
    "member's type": (
        lambda c: body(c, lambda b: b.update(fields=["<string>"])),
        [("request", "type-changed", "fields")],
    ),
    "request gone": (
        lambda c: c["item"][0]["item"].pop(3),
        [("operation", "operation-undescribed", "cancelExportJob")],
    ),
    "method": (
        lambda c: at(c, "Cancel")["request"].update(method="PUT"),
        [("path", "method-changed", "/data/core/ups/export/jobs/{EXPORT_JOB_ID}")],
    ),
    "url as a string": (
        lambda c: at(c, "Look")["request"].update(url=f"{URL}/:EXPORT_JOB_ID?x={{y}}".split("?")[0]),
        [],
    ),
    "request as a string beside": (
        lambda c: c["item"].append({"name": "Ping", "request": "https://example.com/ping"}),
        [],
    ),
}


@pytest.mark.parametrize("change", COLLECTION)
def test_each_change_of_a_collection_shows_once(changes, change):
    collection = jobs()
    alter, expected = COLLECTION[change]
    alter(collection)
    assert changes("adobe", json.dumps(collection))[0] == expected
    assert changes("adobe", json.dumps({"collection": collection}))[0] == expected


@pytest.mark.parametrize(
    ("those", "expected"),
    [(["Look"], [("header", "gone", "x-gw-ims-org-id")]), (["List", "Create", "Look", "Cancel"], []), ([], [])],
)
def test_a_header_that_one_request_lacks_is_gone_from_it(changes, those, expected):
    collection = jobs()
    for one in collection["item"][0]["item"]:
        names = ["x-api-key", "x-sandbox-name", *([] if one["name"] in those else ["x-gw-ims-org-id"])]
        one["request"]["header"] = [{"key": name, "value": "a"} for name in names]
    assert changes("adobe", json.dumps(collection))[0] == expected


def test_a_collection_without_the_contracts_requests_says_so(changes):
    collection = jobs()
    del collection["item"][0]
    found, unread = changes("adobe", json.dumps(collection))
    assert found == []
    assert any("the contract does not cover" in one for one in unread)
    assert any("nothing was read as request" in one for one in unread)


def braze(*headers):
    """A collection of Braze's one request with these headers."""
    sent = [{"key": "Authorization", "value": "Bearer {{key}}"}, *headers]
    url = {"raw": "{{host}}/users/export/segment", "path": ["users", "export", "segment"]}
    return json.dumps({"item": [{"name": "a", "request": {"method": "POST", "url": url, "header": sent}}]})


def test_a_header_that_no_page_knows_is_new_unless_it_is_switched_off(changes):
    assert changes("braze", braze())[0] == []
    assert changes("braze", braze({"key": "X-Debug", "value": "1", "disabled": True}))[0] == []
    assert changes("braze", braze({"key": "X-Workspace", "value": "1"}))[0] == [("header", "new", "X-Workspace")]


def test_a_sample_in_a_page_that_looks_like_a_request_makes_no_collection():
    sample = '{"name": "log", "request": {"method": "GET", "url": "https://example.com/hook"}}'
    page = f"# Export\n\n- `a`\n- `b`\n\n```json\n{sample}\n```\n"
    assert publications.parse(page, "page.md").form == "markdown"
    assert publications.parse(f"<html><body><h1>Export</h1><pre>{sample}</pre></body></html>", "p").form == "html"
    assert publications.parse(sample, "item.json").form == "postman"
