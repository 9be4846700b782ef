"""A strict Bloomreach Engagement: one project, its private keys, and the customer export.

Written from the documents alone. It refuses what they call required and keeps to one form where they
leave several; the readings of the contract say what else is legal.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo

from export_contracts.model import Json, Request
from export_contracts.reference.population import Population
from export_contracts.reference.server import Answer, Reference
from export_contracts.reference.world import World
from export_contracts.vendors.bloomreach import reference_request as reading
from export_contracts.vendors.bloomreach import reference_tables as tables
from export_contracts.vendors.bloomreach.reference_customers import (
    IDS,
    PROPERTIES,
    SEGMENTATION,
    SEGMENTS,
    Customer,
    customers,
)
from export_contracts.vendors.bloomreach.reference_request import Ask, Column, Refused

OPERATION: Final = "exportCustomers"
PATH: Final = re.compile(r"^/data/v2/projects/([^/]+)/customers/export/?$")
"""What becomes of a slash at the end is not documented: it is passed over, as by most servers."""
JSON: Final = "application/json"
DAY: Final = 86_400


class Bloomreach(Reference):
    """One project with two private keys, of which one may export customers."""

    slug = "bloomreach"

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._made: dict[int, tuple[Customer, ...]] = {}
        draw = world.random.getrandbits
        self.state: dict[str, Any] = {
            "anchor": int(world.clock.now()),
            "project": f"12345678-1234-1234-1234-{draw(48):012x}",
            "keys": {f"{draw(256):064x}": {"secret": f"{draw(256):064x}", "may_export": may} for may in (True, False)},
            "public_token": f"{draw(128):032x}",
        }

    def answer(self, request: Request) -> Answer:
        """The table asked for, or a failure in one of the vendor's envelopes."""
        route = PATH.match(request.path)
        if route is None:
            return self._failed(404, "The requested URL was not found on the server", None)
        if request.method != "POST":
            return self._failed(405, "Method not allowed", None)
        try:
            self.authorise(request)
            self.enter(route[1])
            if self.world.maybe(0.03, "429"):
                raise Refused(429, "Too many requests")  # noqa: TRY301 - each of these steps refuses alike
            return self.export(self.read(request))
        except Refused as refusal:
            return self._failed(refusal.status, refusal.sentence, OPERATION)

    def authorise(self, request: Request) -> None:
        """Private access only: Basic with key id and secret, and the permission to export."""
        key_id, secret = self.private_key(request.headers.get("authorization") or "")
        key = self.state["keys"].get(key_id)
        if key is None:
            raise Refused(401, "access key not found")
        self.compare(key, secret)
        self.permit(key)

    def private_key(self, header: str) -> tuple[str, str]:
        """Key id and secret from the Authorization header."""
        return reading.read_private_key(header)

    def compare(self, key: dict[str, Any], secret: str) -> None:
        """The secret belongs to the key."""
        if secret != key["secret"]:
            raise Refused(403, "invalid secret")

    def permit(self, key: dict[str, Any]) -> None:
        """The key may export customers."""
        if not key["may_export"]:
            raise Refused(403, "No permission to export customers")

    def enter(self, project: str) -> None:
        """The project exists."""
        if project != self.state["project"]:
            raise Refused(400, "Invalid project id")

    def read(self, request: Request) -> Ask:
        """What the request asks for."""
        body = self.read_body(request.body)
        return Ask(
            format=self.read_format(body),
            columns=self.read_columns(body),
            segment=reading.read_segment(body),
            moment=self.read_moment(body),
            zone=self.read_zone(body),
        )

    def read_body(self, body: bytes) -> dict[str, Any]:
        """The JSON object sent."""
        return reading.read_body(body)

    def read_format(self, body: dict[str, Any]) -> str:
        """The output format."""
        return reading.read_format(body)

    def read_columns(self, body: dict[str, Any]) -> tuple[Column, ...] | None:
        """The listed columns."""
        return reading.read_columns(body)

    def read_moment(self, body: dict[str, Any]) -> int | None:
        """The execution time."""
        return reading.read_moment(body)

    def read_zone(self, body: dict[str, Any]) -> ZoneInfo:
        """The time zone."""
        return reading.read_zone(body)

    def export(self, ask: Ask) -> Answer:
        """The table."""
        columns = self.columns(ask)
        rows = [[self.cell(one, column) for column in columns] for one in self.chosen(ask)]
        if self.world.maybe(0.3, "reversed rows"):
            rows.reverse()
        return self.written(ask.format, columns, rows)

    def columns(self, ask: Ask) -> tuple[Column, ...]:
        """The columns in order: as listed, otherwise identifiers and then properties."""
        if ask.columns is not None:
            unknown = [one for one in ask.columns if one.kind == "id" and one.name not in IDS]
            if unknown:
                raise Refused(400, "attributes.list names an unknown identifier")
            return ask.columns
        return (*(Column("id", name) for name in IDS), *(Column("property", name) for name in PROPERTIES))

    def chosen(self, ask: Ask) -> list[Customer]:
        """The customers that the filter lets through."""
        everybody = self.everybody()
        if ask.segment is None:
            return everybody
        segmentation, index = ask.segment
        if segmentation != SEGMENTATION or index not in {-1, *SEGMENTS}:
            raise Refused(400, "filter names an unknown segment")
        moment = self.world.clock.now() if ask.moment is None else ask.moment
        return [one for one in everybody if one.segment(moment, ask.zone) == index]

    def everybody(self) -> list[Customer]:
        """All customers of the project, made once for each anchor: they follow from it and are no state."""
        anchor = self.state["anchor"]
        if anchor not in self._made:
            self._made = {anchor: tuple(customers(Population(self.world.seed, self.world.users, anchor)))}
        return list(self._made[anchor])

    def cell(self, customer: Customer, column: Column) -> Json:
        """A customer's value in a column, null where there is none."""
        if column.kind == "id":
            return customer.ids.get(column.name)
        return customer.properties.get(column.name) if column.kind == "property" else None

    def written(self, form: str, columns: Sequence[Column], rows: list[list[Json]]) -> Answer:
        """The table in the format asked for."""
        style = self._style()
        if form == "csv":
            return self._found(tables.as_csv(columns, rows, style), style.csv_type)
        if form == "native_json":
            return self._found(tables.as_native_json(columns, rows, style), JSON)
        return self._found(tables.as_table_json(columns, rows, style), JSON)

    def facts(self) -> dict[str, Json]:
        """Everything a target file for this server can declare."""
        may, may_not = (
            next((key, one["secret"]) for key, one in self.state["keys"].items() if one["may_export"] is wanted)
            for wanted in (True, False)
        )
        return {
            "project_token": self.state["project"],
            "key_id": may[0],
            "secret": may[1],
            "key_id_without_permission": may_not[0],
            "secret_without_permission": may_not[1],
            "public_token": self.state["public_token"],
            "segment_id": SEGMENTATION,
            "segment_index": 0,
            "segment_indexes": list(SEGMENTS),
            "properties": list(PROPERTIES),
            "expected_customers": self.world.users,
            "members": self._members(0, self.state["anchor"], "UTC"),
            "moments": self._moments(),
        }

    def _moments(self) -> list[Json]:
        anchor = self.state["anchor"]
        asked = ((0, anchor - 45 * DAY, "UTC"), (1, anchor - DAY, "Asia/Tokyo"), (1, anchor - DAY, "America/Chicago"))
        return [
            {"segment_index": index, "execution_time": at, "timezone": zone, "members": self._members(index, at, zone)}
            for index, at, zone in asked
        ]

    def _members(self, index: int, moment: int, zone: str) -> list[Json]:
        inside = [one for one in Bloomreach.everybody(self) if one.segment(moment, ZoneInfo(zone)) == index]
        return [one.ids["registered"] for one in inside if one.ids["registered"] is not None]

    def _style(self) -> tables.Style:
        maybe = self.world.maybe
        return tables.Style(
            line_end="\r\n" if maybe(0.3, "line ends") else "\n",
            quoting=csv.QUOTE_ALL if maybe(0.3, "quotes") else csv.QUOTE_MINIMAL,
            absent="" if maybe(0.3, "empty for null") else None,
            named=maybe(0.3, "a name"),
            rows_first=maybe(0.3, "rows first"),
            csv_type="text/plain" if maybe(0.2, "plain text") else "text/csv; charset=utf-8",
        )

    def _found(self, body: bytes, media_type: str) -> Answer:
        return Answer(200, body, {"Content-Type": media_type}, OPERATION)

    def _failed(self, status: int, sentence: str, operation: str | None) -> Answer:
        body: Json = {"success": False, "error": sentence}
        if status == 404:
            body = {"errors": {"code": 404, "description": sentence}}
        elif sentence == "Invalid JSON":
            body = {"success": False, "message": sentence}
        elif self.world.maybe(0.5):
            body = {"success": False, "errors": {"_global": [sentence]} if self.world.maybe(0.5) else [sentence]}
        if status >= 400 and self.world.maybe(0.1):
            return Answer(status, sentence.encode(), {"Content-Type": "text/plain"}, operation)
        return Answer(status, json.dumps(body).encode(), {"Content-Type": JSON}, operation)
