"""Servers that export the wrong customers: one defect each."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence
from typing import Any

from export_contracts.model import Json, Request
from export_contracts.reference.population import Population
from export_contracts.reference.server import Answer
from export_contracts.vendors.bloomreach.reference_customers import Customer, customers
from export_contracts.vendors.bloomreach.reference_request import Ask, Column, Refused
from export_contracts.vendors.bloomreach.reference_service import Bloomreach


class FirstTwice(Bloomreach):
    """Exports the first customer twice."""

    def written(self, form: str, columns: Sequence[Column], rows: list[list[Json]]) -> Answer:
        """The first row again, at the end."""
        return super().written(form, columns, [*rows, *rows[:1]])


class IdsOnlyWhenSaid(Bloomreach):
    """Takes properties_and_ids for identifiers alone."""

    def read_columns(self, body: dict[str, Any]) -> tuple[Column, ...] | None:
        """Said in so many words, it means identifiers."""
        if body.get("attributes") == {"type": "properties_and_ids"}:
            return Column("id", "registered"), Column("id", "cookie")
        return super().read_columns(body)


class TypelessIdsOnly(Bloomreach):
    """Takes attributes without a type for identifiers alone."""

    def read_columns(self, body: dict[str, Any]) -> tuple[Column, ...] | None:
        """An object that says nothing means identifiers."""
        if body.get("attributes") == {}:
            return Column("id", "registered"), Column("id", "cookie")
        return super().read_columns(body)


class TypeRequired(Bloomreach):
    """Refuses attributes without a type."""

    def read_columns(self, body: dict[str, Any]) -> tuple[Column, ...] | None:
        """An object that says nothing is one too few."""
        if body.get("attributes") == {}:
            raise Refused(400, "attributes.type is required")
        return super().read_columns(body)


class ZeroIsMissing(Bloomreach):
    """Takes the index 0 for no index."""

    def chosen(self, ask: Ask) -> list[Customer]:
        """The first segment cannot be asked for, but at a time or in a time zone of one's own."""
        if ask.segment is not None and not ask.segment[1] and ask.moment is None:
            raise Refused(400, "filter needs segment_index")
        return super().chosen(ask)


class AllButOne(Bloomreach):
    """Loses a customer where the filter type all is said."""

    def read(self, request: Request) -> Ask:
        """Remembers whether the filter was said."""
        self.said = b'"all"' in request.body
        return super().read(request)

    def chosen(self, ask: Ask) -> list[Customer]:
        """All but the last."""
        chosen = super().chosen(ask)
        return chosen[:-1] if self.said else chosen


class RestIsEverybody(Bloomreach):
    """Takes -1 for no filter."""

    def chosen(self, ask: Ask) -> list[Customer]:
        """Everybody at -1."""
        whole = ask.segment is not None and ask.segment[1] == -1
        return super().chosen(dataclasses.replace(ask, segment=None) if whole else ask)


class IgnoresFilters(Bloomreach):
    """Exports everybody whatever the filter says."""

    def chosen(self, ask: Ask) -> list[Customer]:
        """Everybody."""
        return super().chosen(dataclasses.replace(ask, segment=None))


class SegmentsOverlap(Bloomreach):
    """Puts the customers of segment 1 into segment 2 as well."""

    def chosen(self, ask: Ask) -> list[Customer]:
        """Two segments at index 2."""
        chosen = super().chosen(ask)
        if ask.segment is not None and ask.segment[1] == 2:
            chosen += super().chosen(dataclasses.replace(ask, segment=(ask.segment[0], 1)))
        return chosen


class Strangers(Bloomreach):
    """Finds customers of another project in a segment."""

    def chosen(self, ask: Ask) -> list[Customer]:
        """The segment, and somebody from elsewhere."""
        chosen = super().chosen(ask)
        if ask.segment is not None:
            others = Population(self.world.seed, 1, self.state["anchor"], first=900_000 + 10 * (1 + ask.segment[1]))
            chosen += customers(others)
        return chosen


class RestIsNobody(Bloomreach):
    """Knows nobody at -1."""

    def chosen(self, ask: Ask) -> list[Customer]:
        """Nobody at -1."""
        return [] if ask.segment is not None and ask.segment[1] == -1 else super().chosen(ask)


class CountsFromOne(Bloomreach):
    """Counts segments from 1; 0 is then the last."""

    def chosen(self, ask: Ask) -> list[Customer]:
        """The segment before."""
        if ask.segment is None or ask.segment[1] < 0:
            return super().chosen(ask)
        return super().chosen(dataclasses.replace(ask, segment=(ask.segment[0], (ask.segment[1] - 1) % 3)))


class FirstPageOnly(Bloomreach):
    """Stops after a page of customers."""

    def everybody(self) -> list[Customer]:
        """A page."""
        return list(itertools.islice(super().everybody(), 30))


class KnownOnly(Bloomreach):
    """Leaves out customers without a registered id."""

    def everybody(self) -> list[Customer]:
        """The known ones."""
        return [one for one in super().everybody() if one.ids["registered"] is not None]


class ListBeatsFilter(Bloomreach):
    """Forgets the filter where attributes are listed in full."""

    def chosen(self, ask: Ask) -> list[Customer]:
        """Everybody, if there is a list."""
        return super().chosen(ask if ask.columns is None else dataclasses.replace(ask, segment=None))


class MasksInSegments(Bloomreach):
    """Tells less of the customers of a segment."""

    def export(self, ask: Ask) -> Answer:
        """No addresses where a filter was given."""
        self.masked = ask.segment is not None
        return super().export(ask)

    def cell(self, customer: Customer, column: Column) -> Json:
        """Stars in the place of an address."""
        return "***" if self.masked and column.name == "email" else super().cell(customer, column)
