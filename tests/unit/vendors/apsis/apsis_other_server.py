"""A second APSIS One server, by another hand and of another make, to hold the checks against.

Every choice that the documents leave open is a knob of `Make`; `Defect` names what it may do wrong.
"""

from __future__ import annotations

import gzip
import itertools
import json
import zlib
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from apsis_other_tables import Make, Tables

from export_contracts.model import Headers, Request, Response
from export_contracts.targets.transport import Trouble

BASE = "http://127.0.0.1:4711"
TOKEN = "tok-9f3a"
SEGMENT = "usercreated.segments.vip-ab12cd34ef"


@dataclass
class Other(Tables):
    make: Make = field(default_factory=Make)
    defect: str | None = None
    clock: bool = True

    def __post_init__(self):
        self.time = 1_700_000_000.0
        self.jobs = {}
        self.count = itertools.count(1)

    # a transport, too
    def carry(self, request: Request) -> Response:
        self.time += 0.01
        answer = self.answer(request)
        if answer is None:
            raise Trouble("closed")
        status, headers, body = answer
        if self.make.upper:
            headers = {name.upper(): value for name, value in headers.items()}
        return Response(status, Headers.of(headers), body)

    def now(self):
        return self.time

    def advance(self, seconds):
        if self.clock:
            self.time += seconds
        return self.clock

    def sleep(self, seconds):
        self.time += seconds

    def linger(self, seconds):
        assert seconds >= 0

    def listing(self):
        return {}

    def fetch(self, key):
        del key

    def callbacks(self):
        return []

    def callback_url(self):
        return None

    # the server
    def answer(self, request: Request):
        split = urlsplit(request.url)
        authorised = request.headers.get("Authorization") == f"Bearer {TOKEN}"
        if self.make.token_life is not None and self.time > 1_700_000_000 + self.make.token_life:
            authorised = False
        if split.path.endswith("/audience/profiles/reports/duplicates"):
            if not authorised and self.defect != "post-open":
                return self.error(self.make.stranger)
            return self.order(request)
        job_id = parse_qs(split.query).get("job", [split.path.rsplit("/", 1)[-1].removesuffix(".csv")])[0]
        if not authorised and self.defect != "poll-open":
            return self.error(self.make.stranger)
        job = self.jobs.get(job_id)
        if job is None:
            if self.defect == "unknown-ok":
                return 200, {"Content-Type": self.make.csv_type}, b"a\r\n"
            return self.error(self.make.unknown)
        return self.look(request, job)

    def error(self, status):
        if self.make.open_errors == "problem":
            body = {"status": status, "title": "no", "detail": "no"}
            return status, {"Content-Type": "application/problem+json; charset=utf-8"}, json.dumps(body).encode()
        if self.make.open_errors == "html":
            return status, {"Content-Type": "text/html"}, b"<h1>no</h1>"
        return status, {}, b""

    def order(self, request):
        try:
            body = json.loads(request.body)
        except ValueError:
            return self.error(400)
        if self.make.strict or self.make.late_refusal:
            wrong = self.wrong(body)
            if wrong and not self.make.late_refusal:
                return self.error(wrong)
        elif "filter" not in body.get("segments", {"filter"}):
            return self.error(422)
        number = next(self.count)
        job_id = f"7c9e6679-7425-40de-944b-e07fc1f9{number:04d}"
        self.jobs[job_id] = {"at": self.time, "looks": 0, "body": body, "ready": None, "served": 0}
        url = BASE + self.make.path.format(id=job_id)
        shape, headers, answer = self.make.shape, {"Content-Type": "application/json"}, None
        if self.defect == "no-url":
            answer = {"id": job_id}
        elif shape == "location":
            headers = {"Location": url}
        elif shape == "location-relative":
            headers = {"Location": urlsplit(url).path}
        elif shape == "text":
            return self.make.taken, {"Content-Type": "text/plain"}, url.encode()
        elif shape == "json-string":
            answer = url
        elif shape == "nested":
            answer = {"result": {"links": [{"rel": "help", "href": "https://docs.example/x"}], "poll": {"url": url}}}
        elif shape == "relative":
            answer = {"pollUrl": url.removeprefix(BASE)}
        elif shape == "twice":
            answer = {"file_download_url_v2": url, "file_download_url": url}
        elif shape == "both":
            answer = {"file_download_url_v2": url + "?v=2", "file_download_url": url}
        else:
            answer = {shape: url, "expires": 86400}
        return self.make.taken, headers, b"" if answer is None else json.dumps(answer).encode()

    def wrong(self, body):
        if not isinstance(body, dict):
            return 400
        segments = body.get("segments")
        if segments is None:
            return None if self.defect != "segments-required" else 400
        if not isinstance(segments, dict):
            return 400
        named = segments.get("segment_discriminators") or segments.get("segment_definitions")
        if not isinstance(named, dict):
            return 400
        text = segments.get("filter")
        if text is None and self.defect == "filter-optional":
            return None
        if not isinstance(text, str):
            return 400
        if self.defect == "no-negation" and "!" in text:
            return 400
        try:
            eval(self.python(text), {}, dict.fromkeys(named, True))
        except (SyntaxError, NameError, TypeError):
            return 400
        return None

    def is_over(self, job):
        start = job["ready"] if self.make.from_ready and job["ready"] else job["at"]
        life = {"half-day": 43_200, "no-expiry": 1e12, "two-days": 172_800}.get(self.defect, 86_400)
        return self.time > start + life

    def look(self, request, job):
        job["looks"] += 1
        ready = (
            job["looks"] > self.make.looks
            if self.make.looks is not None
            else self.time >= job["at"] + self.make.seconds
        )
        if self.is_over(job):
            return self.error(400 if self.defect == "expired-400" else self.make.gone)
        if not ready:
            if self.defect == "gone-while-running":
                return self.error(410)
            if self.defect == "ok-while-running":
                return 204, {}, b""
            if self.defect == "empty-while-running":
                return 200, {"Content-Type": self.make.csv_type}, b""
            if self.defect == "json-while-running":
                return 200, {"Content-Type": "application/json"}, b'{"status": "running"}'
            if self.defect == "error-while-running":
                return self.error(403)
            later = "v=2" in urlsplit(request.url).query
            return self.error(404) if self.make.running == 404 and not later else (202, {}, b"")
        if self.make.late_refusal and self.wrong(job["body"]):
            return self.error(410)
        job["ready"] = job["ready"] or self.time
        job["served"] += 1
        if self.defect == "once" and job["served"] > 1:
            return self.error(404)
        if self.defect == "flaky" and job["served"] == 2:
            return self.error(410)
        if self.defect == "redirect":
            return 302, {"Location": "/elsewhere"}, b""
        return self.file(request, job)

    def file(self, request, job):
        accept = request.headers.get("Accept") or "*/*"
        workbook = "spreadsheetml" in accept and self.defect != "accept-ignored"
        if self.defect == "xlsx-default" and accept == "*/*":
            workbook = True
        coding = request.headers.get("Accept-Encoding") or ""
        squeeze = "gzip" in coding and (not workbook or self.make.zip_workbook)
        header, rows = self.table(job, workbook)
        body = self.workbook(header, rows) if workbook else self.csv(header, rows)
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" if workbook else self.make.csv_type
        if self.defect == "wrong-type" and workbook:
            kind = "application/vnd.ms-excel"
        if self.defect == "bare-type" and not workbook:
            kind = "text/csv"
        headers = {"Content-Type": kind, "Content-Disposition": "attachment"}
        if self.defect == "gzip-ignored":
            squeeze = False
        if self.defect == "deflate" and squeeze:
            return 200, {**headers, "Content-Encoding": "deflate"}, zlib.compress(body)
        if self.defect == "workbook-refused" and workbook:
            return self.error(406)
        if self.defect == "always-gzip":
            squeeze = True
        if squeeze:
            headers["Content-Encoding"] = "gzip"
            if self.defect != "gzip-lie":
                body = gzip.compress(body)
            if self.defect == "gzip-twice":
                body = gzip.compress(body)
            if self.defect == "gzip-unsaid":
                del headers["Content-Encoding"]
        return 200, headers, body
