"""Checks of what the exported users say together: fields asked for, custom attributes, membership."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from export_contracts.checks import Talk, check
from export_contracts.model import Evidence, Finding, Json, Kept
from export_contracts.schema.validation import shorten
from export_contracts.vendors.braze.checks_files import inside, people, people_of, readable
from export_contracts.vendors.braze.checks_refusals import is_refusal
from export_contracts.vendors.braze.exports import START, Export, exports, exports_of

SIBLINGS: Final = {
    "push_opted_in_at": "push_subscribe",
    "push_unsubscribed_at": "push_subscribe",
    "email_opted_in_at": "email_subscribe",
    "email_unsubscribed_at": "email_subscribe",
}
"""Members that come along with another name and cannot be asked for themselves."""
COUNTED: Final = {"segment_id": "expected_users", "large_segment_id": "large_segment_users"}
"""Settings that name a segment, each with the one that says how many users it has."""
IDS: Final = ("external_id", "braze_id")
"""Who a user is may be said whatever else was asked for."""
TOO_MANY_NAMES: Final = "maxItems:/custom_attributes_to_export"
CROWD: Final = 3
"""Users of which half coming twice is no accident."""
EMPTY: Final[tuple[Json, ...]] = (None, False, "", [], {})
"""What a missing member stands for; to say so is no surplus."""


@check("only_fields_asked_for")
def only_fields_asked_for(talk: Talk, *, ref: str) -> Iterator[Evidence]:
    """No user carries an exportable field that was not asked for; unknown members are legal variety."""
    nameable = talk.validator(ref)
    for row, user in people(talk):
        export = row.delivery.export
        if export.fields is None:
            continue
        surplus = [name for name, value in user.items() if value not in EMPTY and not _wanted(name, export)]
        surplus = [name for name in surplus if name in SIBLINGS or nameable.is_valid(name)]
        for name in surplus:
            yield Finding(inside(row.where, f"/{name}"), "only fields that were asked for", name)
        if not surplus:
            yield Kept(row.where)


def _wanted(name: str, export: Export) -> bool:
    fields = export.fields or frozenset()
    if name in IDS:
        return True
    if name == "custom_attributes" and export.attributes:
        return True
    return name in fields or SIBLINGS.get(name) in fields


@check("named_attributes_only")
def named_attributes_only(talk: Talk) -> Iterator[Evidence]:
    """Where custom attributes were asked for by name alone, no other one is exported."""
    for row, user in people(talk):
        export = row.delivery.export
        found = user.get("custom_attributes")
        if not export.attributes or "custom_attributes" in (export.fields or ()) or not isinstance(found, dict):
            continue
        surplus = sorted(name for name, value in found.items() if value is not None and name not in export.attributes)
        at = inside(row.where, "/custom_attributes")
        yield Finding(at, f"only {sorted(export.attributes)[:5]}", f"also {surplus[:5]}") if surplus else Kept(at)


@check("named_attributes_come")
def named_attributes_come(talk: Talk) -> Iterator[Evidence]:
    """A custom attribute that another export of the segment showed comes when it is asked for by name.

    Judged where too many names were refused: before 2023-06 there was no such parameter, and it is ignored.
    """
    if not any(is_refusal(one) for one in talk.of(START) if one.fault == TOO_MANY_NAMES):
        return
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
    key = f"braze:attributes {whole} {segment!r}"
    same = (one for one in exports_of(talk, segment) if (one.attributes is None) == whole)
    return talk.once(key, lambda: set().union(*(_attributes_of(talk, one)[1] for one in same)))


def _attributes_of(talk: Talk, export: Export) -> tuple[int, set[str]]:
    """How many users an export brought, and the custom attributes they have."""
    count = 0
    found: set[str] = set()
    for user in people_of(talk, export):
        count += 1
        own = user.get("custom_attributes")
        found |= {name for name, value in own.items() if value is not None} if isinstance(own, dict) else set()
    return count, found


@check("every_member")
def every_member(talk: Talk) -> Iterator[Evidence]:
    """An export of the declared segment brings every declared member and nobody else."""
    declared = talk.facts.get("members")
    if not isinstance(declared, list):
        return
    wanted = {str(one) for one in declared}
    for export in _complete(talk, "segment_id"):
        if "external_id" not in (export.fields or ()):
            continue
        ids = (user.get("external_id") for user in people_of(talk, export))
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
    """An export of a declared segment brings as many users as declared; rare doubles count once."""
    declared = {talk.facts.get(name): talk.facts.get(count) for name, count in COUNTED.items()}
    for export in _complete(talk, *COUNTED):
        wanted = declared.get(export.segment)
        if not isinstance(wanted, int):
            continue
        ids = [
            user.get("braze_id") or user.get("external_id") for user in people_of(talk, export)
        ]  # either tells doubles apart
        named = {str(one) for one in ids if one}
        nameless = sum(1 for one in ids if not one)
        if nameless and not named:
            continue
        at = export.start.at()
        if len(named) <= wanted <= len(named) + nameless:
            yield Kept(at)
        else:
            yield Finding(at, f"{wanted} users", str(len(named) + nameless))


@check("nobody_in_it")
def nobody_in_it(talk: Talk) -> Iterator[Evidence]:
    """An export of the segment declared to be empty brings no user."""
    empty = talk.facts.get("empty_segment_id")
    for export in exports(talk):
        if empty is None or export.segment != empty:
            continue
        users = [row for row, _ in people(talk) if row.delivery.export is export]
        if users:
            yield Finding(users[0].where, "no user, as the segment is empty", f"{len(users)}")
        elif (export.ready is not None or export.files) and readable(talk, export):
            yield Kept(export.start.at())


@check("somebody_has_an_id")
def somebody_has_an_id(talk: Talk) -> Iterator[Evidence]:
    """Where both ids are asked for, not every user of an export lacks both."""
    for export in exports(talk):
        users = people_of(talk, export)
        if not users or not export.fields or not export.fields.issuperset(IDS):
            continue
        if any(user.get(name) for user in users for name in IDS):
            yield Kept(export.start.at())
        else:
            got = f"neither in any of {len(users)}, such as {shorten(users[0])}"
            yield Finding(export.start.at("/request/body/fields_to_export"), f"{' or '.join(IDS)} of a user", got)


@check("nearly_nobody_twice")
def nearly_nobody_twice(talk: Talk) -> Iterator[Evidence]:
    """Fewer than half of an export's users come more than once; doubles were once documented as rare."""
    for export in exports(talk):
        ids = Counter(
            str(one) for user in people_of(talk, export) if (one := user.get("braze_id") or user.get("external_id"))
        )
        twice = sum(1 for count in ids.values() if count > 1)
        if len(ids) >= CROWD and twice * 2 >= len(ids):
            yield Finding(export.start.at(), "each user once, but for rare doubles", f"{twice} of {len(ids)} twice")
        elif ids:
            yield Kept(export.start.at())


def _complete(talk: Talk, *segments: str) -> Iterator[Export]:
    """Exports of the declared segments that are known to be whole: downloaded, or announced by a callback."""
    alone = sum(bool(one.asked.get("callback_endpoint")) for one in exports(talk)) == 1
    for export in exports(talk):
        if export.segment not in [talk.facts.get(name) for name in segments]:
            continue
        announced = bool(export.asked.get("callback_endpoint")) and bool(talk.callbacks)
        whole = export.ready is not None or (export.files and announced and alone)
        if whole and readable(talk, export):
            yield export
