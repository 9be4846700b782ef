"""Hand-made conversations with export jobs, and what the contract says of them."""

from __future__ import annotations

import json
from urllib.parse import urlencode

from export_contracts.catalogue import contract
from export_contracts.judge import judge
from export_contracts.model import Exchange, Headers, Request, Response, Transcript

HEADERS = {
    "Authorization": "Bearer abc",
    "x-api-key": "key",
    "x-gw-ims-org-id": "ORG@AdobeOrg",
    "x-sandbox-name": "prod",
}
ROOT = "https://platform.adobe.io/data/core/ups/export/jobs"
ORDER = {
    "filter": {"segments": [{"segmentId": "s"}]},
    "destination": {"datasetId": "d"},
    "schema": {"name": "_xdm.context.profile"},
}


class Desk:
    """Keeps a conversation: each method adds an exchange, whose answer is given."""

    def __init__(self):
        self.exchanges = []

    def say(self, method, path, answer, *, status=200, body=None, headers=None):
        content = b"" if answer is None else json.dumps(answer).encode()
        sent = {**HEADERS, **({"Content-Type": "application/json"} if body is not None else {}), **(headers or {})}
        self.exchanges.append(
            Exchange(
                index=len(self.exchanges),
                request=Request(
                    method,
                    path if "://" in path else ROOT + path,
                    Headers.of({name: value for name, value in sent.items() if value is not None}),
                    b"" if body is None else json.dumps(body).encode(),
                ),
                response=Response(status, Headers.of({"Content-Type": "application/json"}), content),
                started=float(len(self.exchanges)),
                ended=float(len(self.exchanges)),
            )
        )
        return self

    def create(self, job, order=None, **more):
        answer = {**(order or ORDER), "id": job, "status": "NEW", "creationTime": 1_700_000_000_000 + job, **more}
        return self.say("POST", "", answer, body=order or ORDER)

    def read(self, job, status="NEW", order=None, **more):
        shown = {**(order or ORDER), "id": job, "status": status, "creationTime": 1_700_000_000_000 + job, **more}
        return self.say("GET", f"/{job}", shown)

    def page(self, jobs, following="", status="SUCCEEDED", headers=None, **query):
        records = [{**ORDER, "id": one, "status": status, "creationTime": 1_700_000_000_000 + one} for one in jobs]
        link = following and f"/export/jobs/?offset={following}"
        answer = {"records": records, "page": {"pageSize": len(records)}, "link": {"next": link}}
        return self.say("GET", "?" + urlencode(query), answer, headers=headers)

    def cancel(self, job):
        return self.say("DELETE", f"/{job}", None, status=204)

    def verdict(self, clause):
        talk = Transcript("adobe", "by hand", "recorded", tuple(self.exchanges))
        return judge(contract.load("adobe"), [talk], only={clause}).verdicts[0].verdict.value
