"""Checks of what the exported users say together: fields asked for, windows of time, membership."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

from export_contracts.checks import Talk, check
from export_contracts.model import Evidence, Finding, Json, Kept, Where
from export_contracts.vendors.braze.checks_files import Row, lines, readable
from export_contracts.vendors.braze.exports import Export, exports, moments

DAY: Final = 86_400.0
WINDOW: Final = 90 * DAY
WINDOW_SLACK: Final = 2 * DAY
SIBLINGS: Final = {
    "push_opted_in_at": "push_subscribe",
    "push_unsubscribed_at": "push_subscribe",
    "email_opted_in_at": "email_subscribe",
    "email_unsubscribed_at": "email_subscribe",
}
"""Members that come along with another name and cannot be asked for themselves."""
EMPTY: Final[tuple[Json, ...]] = (None, False, "", [], {})
"""What a missing member stands for; to say so is no surplus."""
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


def _users(talk: Talk) -> Iterator[tuple[Row, dict[str, Json]]]:
    for row in lines(talk):
        if isinstance(row.line.value, dict):
            yield row, row.line.value


def _entries(user: Mapping[str, Json], name: str) -> Iterator[tuple[int, dict[str, Json]]]:
    listed = user.get(name)
    for place, one in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(one, dict):
            yield place, one


def _in(where: Where, pointer: str) -> Where:
    return Where(where.exchange, pointer, where.file, where.line)


@check("only_fields_asked_for")
def only_fields_asked_for(talk: Talk, *, ref: str) -> Iterator[Evidence]:
    """No user carries an exportable field that was not asked for; unknown members are legal variety."""
    nameable = talk.validator(ref)
    for row, user in _users(talk):
        export = row.delivery.export
        if export.fields is None:
            continue
        surplus = [name for name, value in user.items() if value not in EMPTY and not _wanted(name, export)]
        surplus = [name for name in surplus if name in SIBLINGS or nameable.is_valid(name)]
        for name in surplus:
            yield Finding(_in(row.where, f"/{name}"), "only fields that were asked for", name)
        if not surplus:
            yield Kept(row.where)


def _wanted(name: str, export: Export) -> bool:
    fields = export.fields or frozenset()
    if name == "custom_attributes" and export.attributes:
        return True
    return name in fields or SIBLINGS.get(name) in fields


@check("named_attributes_only")
def named_attributes_only(talk: Talk) -> Iterator[Evidence]:
    """Where custom attributes were asked for by name alone, no other one is exported."""
    for row, user in _users(talk):
        export = row.delivery.export
        found = user.get("custom_attributes")
        if not export.attributes or "custom_attributes" in (export.fields or ()) or not isinstance(found, dict):
            continue
        surplus = sorted(name for name, value in found.items() if value is not None and name not in export.attributes)
        at = _in(row.where, "/custom_attributes")
        yield Finding(at, f"only {sorted(export.attributes)[:5]}", f"also {surplus[:5]}") if surplus else Kept(at)


@check("named_attributes_come")
def named_attributes_come(talk: Talk) -> Iterator[Evidence]:
    """A custom attribute that another export of the segment showed comes when it is asked for by name."""
    for export in exports(talk):
        names = export.attributes or frozenset()
        if not names or "custom_attributes" in (export.fields or ()):
            continue
        known = _attributes(talk, export.segment, whole=True)
        here = _attributes_of(talk, export)
        for name in sorted(names & known):
            at = export.start.at("/request/body/custom_attributes_to_export")
            if not here[0]:
                continue
            yield Kept(at) if name in here[1] else Finding(at, f"the custom attribute {name} in the files", "nowhere")


@check("names_do_not_narrow")
def names_do_not_narrow(talk: Talk) -> Iterator[Evidence]:
    """Names given beside `custom_attributes` have no effect: other attributes are exported as well."""
    for export in exports(talk):
        if not export.attributes or "custom_attributes" not in (export.fields or ()):
            continue
        others = _attributes(talk, export.segment, whole=True) - export.attributes
        count, here = _attributes_of(talk, export)
        if not count or not others:
            continue
        at = export.start.at("/request/body/custom_attributes_to_export")
        if here & others:
            yield Kept(at)
        else:
            yield Finding(at, f"all custom attributes, such as {min(others)}", "only the named ones")


def _attributes(talk: Talk, segment: str | None, *, whole: bool) -> set[str]:
    """Custom attributes seen in exports of the segment that asked for all of them and named none."""
    found: set[str] = set()
    for export in exports(talk):
        if export.segment == segment and (export.attributes is None) == whole:
            found |= _attributes_of(talk, export)[1]
    return found


def _attributes_of(talk: Talk, export: Export) -> tuple[int, set[str]]:
    """How many users an export brought, and the custom attributes they have."""
    count = 0
    found: set[str] = set()
    for row, user in _users(talk):
        if row.delivery.export is export:
            count += 1
            own = user.get("custom_attributes")
            found |= {name for name, value in own.items() if value is not None} if isinstance(own, dict) else set()
    return count, found


@check("ninety_days")
def ninety_days(talk: Talk, *, lists: list[str]) -> Iterator[Evidence]:
    """No entry of these lists is older than 90 days at the time of the request."""
    for row, user in _users(talk):
        clocks = moments(row.delivery.export.start)
        started = min(clocks, default=0.0)
        for name in lists if clocks else ():
            for place, entry in _entries(user, name):
                dates = [found for key in DATES[name] if (found := moment(entry.get(key))) is not None]
                if not dates:
                    continue
                at = _in(row.where, f"/{name}/{place}")
                if max(dates) < started - WINDOW - WINDOW_SLACK:
                    age = (started - max(dates)) / DAY
                    yield Finding(at, "nothing older than 90 days", f"{age:.0f} days old")
                else:
                    yield Kept(at)


@check("first_before_last")
def first_before_last(talk: Talk) -> Iterator[Evidence]:
    """The first time of an event or purchase is not after its last."""
    for row, user in _users(talk):
        for name in ("custom_events", "purchases"):
            for place, entry in _entries(user, name):
                first, last = moment(entry.get("first")), moment(entry.get("last"))
                if first is None or last is None:
                    continue
                at = _in(row.where, f"/{name}/{place}/first")
                yield Kept(at) if first <= last + DAY else Finding(at, f"at most {entry['last']}", entry["first"])


@check("history_counts")
def history_counts(talk: Talk, *, member: str) -> Iterator[Evidence]:
    """`first` or `count` of a declared old event speaks of all time."""
    for known in talk.facts.get("history") or ():
        wanted = known.get(member)
        for row, user in _users(talk) if wanted is not None else ():
            if user.get("external_id") != known.get("external_id"):
                continue
            for place, entry in _entries(user, known.get("list", "custom_events")):
                found = entry.get(member)
                if entry.get("name") != known.get("name") or found is None:
                    continue
                at = _in(row.where, f"/{known.get('list', 'custom_events')}/{place}/{member}")
                kept = _at_least(found, wanted) if member == "count" else _no_later(found, wanted)
                yield Kept(at) if kept else Finding(at, f"{wanted}, of all time", str(found))


def _at_least(found: Json, wanted: Json) -> bool:
    return not isinstance(found, int) or not isinstance(wanted, int) or found >= wanted


def _no_later(found: Json, wanted: Json) -> bool:
    first, limit = moment(found), moment(wanted)
    return first is None or limit is None or first <= limit + DAY


@check("ids_fit_device")
def ids_fit_device(talk: Talk) -> Iterator[Evidence]:
    """An advertising id stands only with devices of the system it belongs to."""
    for row, user in _users(talk):
        for place, device in _entries(user, "devices"):
            system = _system(device.get("os"))
            if system is None:
                continue
            wrong = [name for name, only in ONLY_ON.items() if device.get(name) and only != system]
            for name in wrong:
                yield Finding(_in(row.where, f"/devices/{place}/{name}"), f"no {name} on {system}", "one")
            if not wrong:
                yield Kept(_in(row.where, f"/devices/{place}"))


def _system(named: Json) -> str | None:
    text = named.lower() if isinstance(named, str) else ""
    if text.startswith(("ios", "iphone", "ipados")):
        return "ios"
    return next((one for one in ("android", "roku", "windows") if text.startswith(one)), None)


@check("every_member")
def every_member(talk: Talk) -> Iterator[Evidence]:
    """An export of the declared segment brings every declared member and nobody else."""
    declared = talk.facts.get("members")
    if not isinstance(declared, list):
        return
    wanted = {str(one) for one in declared}
    for export in _complete(talk):
        if "external_id" not in (export.fields or ()):
            continue
        ids = (user.get("external_id") for row, user in _users(talk) if row.delivery.export is export)
        found = {one for one in ids if isinstance(one, str) and one}
        at = export.start.at()
        missing, strangers = wanted - found, found - wanted
        if missing:
            yield Finding(at, "every declared member", f"{len(missing)} missing, such as {min(missing)}")
        if strangers:
            yield Finding(at, "declared members only", f"{len(strangers)} others, such as {min(strangers)}")
        if not missing and not strangers:
            yield Kept(at)


@check("as_many_as_declared")
def as_many_as_declared(talk: Talk) -> Iterator[Evidence]:
    """An export of the declared segment brings as many users as declared; rare doubles count once."""
    wanted = talk.facts.get("expected_users")
    if not isinstance(wanted, int):
        return
    for export in _complete(talk):
        users = [user for row, user in _users(talk) if row.delivery.export is export]
        ids = [user.get("braze_id") or user.get("external_id") for user in users]  # either tells doubles apart
        named = {str(one) for one in ids if one}
        nameless = sum(1 for one in ids if not one)
        if nameless and not named:
            continue
        at = export.start.at()
        if len(named) <= wanted <= len(named) + nameless:
            yield Kept(at)
        else:
            yield Finding(at, f"{wanted} users", str(len(named) + nameless))


def _complete(talk: Talk) -> Iterator[Export]:
    """Exports of the declared segment that are known to be whole: downloaded, or announced by a callback."""
    for export in exports(talk):
        if export.segment != talk.facts.get("segment_id"):
            continue
        announced = bool(export.asked.get("callback_endpoint")) and bool(talk.callbacks)
        alone = sum(bool(one.asked.get("callback_endpoint")) for one in exports(talk)) == 1
        whole = export.ready is not None or (export.files and announced and alone)
        if whole and readable(talk, export):
            yield export
