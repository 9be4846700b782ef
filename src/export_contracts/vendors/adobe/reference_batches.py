"""What the reference's export jobs leave behind: the files of their batches, by key. Puts nothing anywhere itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from export_contracts.model import Json
from export_contracts.reference.population import Person, Population
from export_contracts.vendors.adobe.reference_jobs import destination

EVERYTHING: Final = ("_id", "identities.id", "person.name.lastName", "personalEmail.address", "homeAddress.city")
"""Columns where no fields were asked for."""
PER_FILE: Final = 50_000


def columns(order: Mapping[str, Json]) -> list[str]:
    """Dot paths of the columns that an order asks for."""
    asked = [one.strip() for one in (order.get("fields") or "").split(",") if one.strip()]
    return asked or list(EVERYTHING)


def batches(job: Json) -> list[str]:
    """Ids of the job's batches."""
    shown = destination(job)
    return [one["batchId"] for one in shown["batches"]] if "batches" in shown else [shown["batchId"]]


def shares(people: Population, count: int) -> Iterator[Iterator[Person]]:
    """The people in as many parts of about one size."""
    for number in range(count):
        yield people.people(len(people) * number // count, len(people) * (number + 1) // count)


def row(person: Person, paths: Sequence[str]) -> dict[str, str]:
    """A profile; fields that nobody here knows are blank."""
    return {path: _KNOWN[path](person) if path in _KNOWN else "" for path in paths}


_KNOWN: Final[Mapping[str, Callable[[Person], str]]] = {
    "_id": lambda person: person.uuid,
    "identities.id": lambda person: person.key,
    "person.name.lastName": lambda person: person.traits.last_name,
    "personalEmail.address": lambda person: person.email,
    "homeAddress.city": lambda person: person.traits.place.city,
}
