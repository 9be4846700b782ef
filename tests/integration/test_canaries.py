"""Secrets planted in recorded traffic are found in no report, whatever clause stumbles over them."""

import base64
import contextlib
import io
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from export_contracts.catalogue import plugins
from export_contracts.cli.main import main

CALLS = {
    "braze": ("POST", "https://rest.iad-01.braze.com/users/export/segment"),
    "adobe": ("POST", "https://platform.adobe.io/data/core/ups/export/jobs"),
    "apsis": ("POST", "https://api.apsis.one/audience/profiles/reports/duplicates"),
    "bloomreach": ("POST", "https://api.exponea.com/data/v2/projects/p/customers/export"),
}
CANARY = st.text(alphabet="abcdefghkmnpqrstuvwxyz23456789", min_size=14, max_size=40).map(lambda text: "c4nary" + text)


def entry(call, fields, body, answer, answer_fields):
    method, url = call
    named = [{"name": name, "value": value} for name, value in fields.items()]
    told = [{"name": name, "value": value} for name, value in answer_fields.items()]
    return {
        "startedDateTime": "2026-01-01T00:00:00Z",
        "time": 5,
        "request": {"method": method, "url": url, "headers": named, "postData": {"text": body}},
        "response": {"status": 200, "headers": told, "content": {"text": answer}},
    }


def traffic(slug, canary):
    """Broken on purpose, so that clauses report what they got: bodies of wrong shape that show the secret."""
    method, url = CALLS[slug]
    basic = base64.b64encode(f"key:{canary}".encode()).decode()
    link = f"https://files.example/x.zip?X-Amz-Signature={canary}&a=1"
    answer = json.dumps(
        {"message": {"token": canary}, "object_prefix": link, "url": [link], "success": canary, "id": link}
    )
    for fields in (
        {"Authorization": f"Bearer {canary}", "x-api-key": canary, "x-gw-ims-org-id": canary},
        {"Authorization": f"Basic {basic}", "Cookie": f"sid={canary}"},
        {"Authorization": canary},
    ):
        body = json.dumps({"api_key": canary, "segment_id": {"access_token": canary}, "format": link})
        yield entry((method, url), fields, body, answer, {"Set-Cookie": f"sid={canary}", "Location": link})
        yield entry(
            (method, f"{url}?access_token={canary}"), fields, body, canary, {"Content-Type": "application/json"}
        )
    yield entry(("GET", link), {}, "", answer, {})


@pytest.mark.parametrize("slug", plugins.slugs())
@settings(deadline=None, max_examples=5, database=None, suppress_health_check=list(HealthCheck))
@given(canary=CANARY)
def test_no_report_shows_a_canary(slug, canary, tmp_path):
    assert set(CALLS) == set(plugins.slugs())
    har = tmp_path / "traffic.har"
    har.write_text(json.dumps({"log": {"version": "1.2", "entries": list(traffic(slug, canary))}}))
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        codes = [
            main(["judge", slug, str(har), "--report", str(tmp_path / "r")]),
            main(["judge", slug, str(har), "--json"]),
        ]
    assert codes == [1, 1]
    shown = [said.getvalue(), *(one.read_text() for one in Path(tmp_path / "r").iterdir())]
    assert len(shown) > 3
    for text in shown:
        assert canary not in text
        assert canary[:12] not in text
        assert base64.b64encode(f"key:{canary}".encode()).decode() not in text
