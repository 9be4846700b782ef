"""What the second APSIS One server delivers: tables as CSV and as workbooks, and every choice that it may make."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from openpyxl import Workbook


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


class Tables:
    """The tables of a server that has a `make`, and perhaps a `defect`."""

    make: Make
    defect: str | None

    @staticmethod
    def python(text):
        return text.replace("!", " not ").replace("&", " and ").replace("|", " or ").strip()

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
