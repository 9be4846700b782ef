"""A second APSIS One server, by another hand and of another make, to hold the checks against.

Every choice that the documents leave open is a knob of `Make`; `Defect` names what it may do wrong.
"""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import json
import zlib
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from openpyxl import Workbook

from export_contracts.model import Headers, Request, Response
from export_contracts.targets.transport import Trouble

BASE = "http://127.0.0.1:4711"
TOKEN = "tok-9f3a"
SEGMENT = "usercreated.segments.vip-ab12cd34ef"


@dataclass
class Make:
    taken: int = 202
    shape: str = "file_download_url"
    path: str = "/audience/profiles/reports/{id}"
    running: int = 404
    gone: int = 410
    unknown: int = 404
    stranger: int = 401
    looks: int | None = None
    seconds: float = 12.0
    from_ready: bool = False
    csv_type: str = "text/csv;charset=UTF-8;header=present"
    upper: bool = False
    delimiter: str = ","
    quoting: int = csv.QUOTE_MINIMAL
    ends: str = "\r\n"
    bom: bool = False
    key: str = "export_key"
    extra: bool = False
    zip_workbook: bool = True
    narrow_first: bool = False
    strict: bool = True
    people: int = 12
    everybody_in: bool = False
    late_refusal: bool = False
    token_life: float | None = None
    open_errors: str = "problem"
    column_by: str = "field_name"
    shuffled: bool = False
    no_sheet_types: bool = False


@dataclass
class Other:
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

    @staticmethod
    def python(text):
        return text.replace("!", " not ").replace("&", " and ").replace("|", " or ").strip()

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

    def table(self, job, workbook):
        segments = job["body"].get("segments") or {}
        people = [
            {
                "key": f"k{number:05d}",
                "city": "ABCD"[number % 4],
                "vip": number % 3 == 0 or self.make.everybody_in,
                "number": number,
            }
            for number in range(self.make.people)
        ]
        named = segments.get("segment_discriminators") or segments.get("segment_definitions") or {}

        def passes(one):
            if not isinstance(segments.get("filter"), str) or self.defect == "filter-ignored":
                return True
            text = segments["filter"]
            if self.defect == "not-binds-all" and text.startswith("!"):
                text = f"!({text[1:]})"
            if self.defect == "and-is-or":
                text = text.replace("&", "|")
            if self.defect == "not-ignored":
                text = text.replace("!", "")
            try:
                return bool(eval(self.python(text), {}, dict.fromkeys(named, one["vip"])))
            except (SyntaxError, NameError, TypeError):
                return False

        if self.make.narrow_first:
            people = [one for one in people if passes(one)]
        cities = [one["city"] for one in people]
        people = [one for one in people if cities.count(one["city"]) > 1]
        people = [one for one in people if passes(one)]
        asked = [*job["body"].get("attributes", []), *job["body"].get("tags", [])]
        header = [self.make.key] + [self.name(item) for item in asked]
        rows = [
            [one["key"]] + [one["number"] if place % 2 else f"0{place} é,;x" for place in range(len(asked))]
            for one in people
        ]
        if self.defect == "column-missing" and asked:
            header, rows = header[:-1], [row[:-1] for row in rows]
        if self.defect == "column-missing-extra" and asked:
            header = [*header[:-1], "other"]
        if self.make.extra:
            header, rows = [*header, "count"], [[*row, 2] for row in rows]
        if self.defect == "key-missing":
            header, rows = header[1:] or ["x"], [row[1:] or [""] for row in rows]
        if self.defect == "rows-ragged" and rows:
            rows = [[*rows[0], "surplus"], *rows[1:]]
        if self.defect == "key-blank":
            rows = [["", *row[1:]] for row in rows]
        if self.defect == "xlsx-short" and workbook:
            rows = rows[:-1]
        if self.defect == "xlsx-column-short" and workbook and len(header) > 1:
            header, rows = header[:-1], [row[:-1] for row in rows]
        if self.defect == "differs" and workbook:
            rows = [[f"z{row[0]}", *row[1:]] for row in rows]
        if self.defect == "shrinks" and job["served"] > 1:
            rows = rows[job["served"] - 1 :]
        if self.make.shuffled and job["served"] % 2:
            rows = rows[::-1]
        return header, rows

    def name(self, item):
        if isinstance(item, str):
            return item
        return item.get(self.make.column_by) or item["field_name"]

    def csv(self, header, rows):
        out = io.StringIO(newline="")
        writer = csv.writer(
            out, delimiter=self.make.delimiter, quoting=self.make.quoting, lineterminator=self.make.ends
        )
        if self.defect != "headless":
            writer.writerow(header)
        writer.writerows(rows)
        return out.getvalue().encode("utf-16" if self.defect == "utf-16" else "utf-8-sig" if self.make.bom else "utf-8")

    def workbook(self, header, rows):
        if self.defect == "xlsx-is-csv":
            return self.csv(header, rows)
        book = Workbook()
        book.active.append(header)
        for row in rows:
            book.active.append(row)
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()
