"""Checks of times, counts and devices inside the exported users' lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

from export_contracts.checks import Talk, check
from export_contracts.model import Evidence, Finding, Json, Kept
from export_contracts.vendors.braze.checks_files import Row, inside, people
from export_contracts.vendors.braze.clocks import moments

DAY: Final = 86_400.0
WINDOW: Final = 90 * DAY
WINDOW_SLACK: Final = 2 * DAY
DATES: Final = {
    "custom_events": ("last",),
    "purchases": ("last",),
    "campaigns_received": ("last_received",),
    "canvases_received": ("last_received_message", "last_entered", "last_exited", "last_entered_control_at"),
}
"""Members of a list's entries that date the entry; the newest of them counts."""
ONLY_ON: Final = {
    "idfv": "ios",
    "idfa": "ios",
    "google_ad_id": "android",
    "roku_ad_id": "roku",
    "windows_ad_id": "windows",
}
SYSTEMS: Final = {
    "ios": ("ios", "iphone", "ipados"),
    "android": ("android",),
    "roku": ("roku",),
    "windows": ("windows",),
}
"""How names of systems begin, whatever their case; all in plain letters, none of them at the head of another's."""


def moment(text: Json) -> float | None:
    """Seconds since 1970 of a date in any of the documented spellings; a date alone is its midnight in UTC."""
    if not isinstance(text, str):
        return None
    plain = text.strip().replace(" UTC", "+00:00").replace(" GMT", "+00:00").replace("Z", "+00:00").replace(" +", "+")
    try:
        found = datetime.fromisoformat(plain)
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def newest(entry: Mapping[str, Json], names: Iterable[str]) -> float | None:
    """The newest date among these members of an entry."""
    return max((found for name in names if (found := moment(entry.get(name))) is not None), default=None)


def entries(user: Mapping[str, Json], name: str) -> Iterator[tuple[int, dict[str, Json]]]:
    """The objects in a list of a user, with their places."""
    listed = user.get(name)
    for place, one in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(one, dict):
            yield place, one


@check("ninety_days")
def ninety_days(talk: Talk, *, lists: list[str]) -> Iterator[Evidence]:
    """No entry of these lists is older than 90 days at the time of the request."""
    for row, user in people(talk):
        clocks = moments(row.delivery.export.start)
        started = min(clocks, default=0.0)
        for name in lists if clocks else ():
            young: set[bool] = set()
            for place, entry in entries(user, name):
                date = newest(entry, DATES[name])
                if date is None:
                    continue
                young.add(date >= started - WINDOW - WINDOW_SLACK)
                if date < started - WINDOW - WINDOW_SLACK:
                    at = inside(row.where, f"/{name}/{place}")
                    yield Finding(at, "nothing older than 90 days", f"{(started - date) / DAY:.0f} days old")
            if young == {True}:
                yield Kept(inside(row.where, f"/{name}"))


@check("first_before_last")
def first_before_last(talk: Talk) -> Iterator[Evidence]:
    """The first time of an event or purchase is not after its last."""
    for row, user in people(talk):
        for name in ("custom_events", "purchases"):
            ordered: set[bool] = set()
            for place, entry in entries(user, name):
                first, last = moment(entry.get("first")), moment(entry.get("last"))
                if first is None or last is None:
                    continue
                ordered.add(first <= last + DAY)
                if first > last + DAY:
                    at = inside(row.where, f"/{name}/{place}/first")
                    yield Finding(at, f"at most {entry['last']}", entry["first"])
            if ordered == {True}:
                yield Kept(inside(row.where, f"/{name}"))


@check("history_counts")
def history_counts(talk: Talk, *, member: str) -> Iterator[Evidence]:
    """`first` or `count` of a declared old event speaks of all time."""
    for known in talk.facts.get("history") or ():
        wanted = known.get(member)
        for row, user in _by_id(talk).get(str(known.get("external_id")), ()) if wanted is not None else ():
            for place, entry in entries(user, known.get("list", "custom_events")):
                found = entry.get(member)
                if entry.get("name") != known.get("name") or found is None:
                    continue
                at = inside(row.where, f"/{known.get('list', 'custom_events')}/{place}/{member}")
                kept = _at_least(found, wanted) if member == "count" else _no_later(found, wanted)
                yield Kept(at) if kept else Finding(at, f"{wanted}, of all time", str(found))


@check("history_told")
def history_told(talk: Talk) -> Iterator[Evidence]:
    """A declared event, as one of the last 90 days, stands in its list where the list was asked for."""
    for known in talk.facts.get("history") or ():
        name = known.get("list", "custom_events")
        for row, user in _by_id(talk).get(str(known.get("external_id")), ()):
            told = [entry.get("name") for _, entry in entries(user, name)]
            legible = isinstance(user.get(name, []), list) and all(isinstance(one, str) for one in told)
            if name not in (row.delivery.export.fields or ()) or not legible:
                continue
            at = inside(row.where, f"/{name}")
            yield (
                Kept(at) if known.get("name") in told else Finding(at, f"{known.get('name')}, as declared", "not there")
            )


def _by_id(talk: Talk) -> dict[str, list[tuple[Row, dict[str, Json]]]]:
    """Exported users by their external id, so that a crowd is walked through once."""

    def grouped() -> dict[str, list[tuple[Row, dict[str, Json]]]]:
        found: dict[str, list[tuple[Row, dict[str, Json]]]] = {}
        for row, user in people(talk):
            if isinstance(user.get("external_id"), str):
                found.setdefault(user["external_id"], []).append((row, user))
        return found

    return talk.once("braze:by-id", grouped)


def _at_least(found: Json, wanted: Json) -> bool:
    return not isinstance(found, int) or not isinstance(wanted, int) or found >= wanted


def _no_later(found: Json, wanted: Json) -> bool:
    first, limit = moment(found), moment(wanted)
    return first is None or limit is None or first <= limit + DAY


@check("ids_fit_device")
def ids_fit_device(talk: Talk) -> Iterator[Evidence]:
    """An advertising id stands only with devices of the system it belongs to."""
    for row, user in people(talk):
        fitting: set[bool] = set()
        for place, device in entries(user, "devices"):
            system = system_of(device.get("os"))
            if system is None:
                continue
            wrong = [name for name, only in ONLY_ON.items() if device.get(name) and only != system]
            fitting.add(not wrong)
            for name in wrong:
                yield Finding(inside(row.where, f"/devices/{place}/{name}"), f"no {name} on {system}", "one")
        if fitting == {True}:
            yield Kept(inside(row.where, "/devices"))


def system_of(named: Json) -> str | None:
    """The system that the name of a device begins with; None where that says nothing."""
    text = named.lower() if isinstance(named, str) else ""
    return next((one for one, words in SYSTEMS.items() if text.startswith(words)), None)
