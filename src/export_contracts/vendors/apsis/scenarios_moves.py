"""The moves of which journeys are made: order, poll with back-off, fetch. Every fault is marked where it is planted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from export_contracts.model import Exchange, Intent, Json
from export_contracts.targets.stage import Auth, Stage
from export_contracts.vendors.apsis.checks_calls import is_accepted, poll_urls

CSV: Final = "text/csv;charset=UTF-8;header=present"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HOUR: Final = 3_600.0
LONGEST_STEP: Final = HOUR
_IDENTIFIER: Final = re.compile(r"[0-9A-Za-z]{8,}(?:-[0-9A-Za-z]{2,})*")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something made wrong on purpose, beside the exchange in which it is right."""

    name: str
    twin: int | None = None


def body(stage: Stage, expression: str = "wanted", *, columns: bool = False) -> dict[str, Json]:
    """An order for the profiles that `expression` selects, with whatever this target's orders need besides."""
    names = {"wanted": stage.setting("segment_id")}
    if re.search(r"\bother\b", expression):
        names["other"] = stage.setting("other_segment_id")
    settings = stage.target.settings
    segments = {
        "timezone": settings.get("timezone") or "Europe/Stockholm",
        "segment_discriminators": names,
        "filter": expression,
    }
    extra = settings.get("body")
    asked = {name: settings[name] for name in ("attributes", "tags") if columns and settings.get(name)}
    return {"segments": segments, **asked, **(extra if isinstance(extra, dict) else {})}


def order(stage: Stage, what: Json, *, fault: Fault | None = None, patient: bool | None = None) -> Exchange:
    """Send an order for an export."""
    return stage.send("requestDuplicatesExport", json=what, intent=_intent(stage, fault), patient=patient)


def poll_url(ordered: Exchange) -> str | None:
    """The poll URL in the answer, None where there is none."""
    if not is_accepted(ordered):
        return None
    return next((url for _, url in poll_urls(ordered)), None)


def until_ready(stage: Stage, ordered: Exchange) -> str | None:
    """Poll with doubling pauses until the file comes or the target's deadline; the URL once it has given the file."""
    url = poll_url(ordered)
    if url is None:
        return None
    started, pause = stage.transport.now(), stage.target.pace.poll
    while True:
        seen = fetch(stage, url)
        if seen.status == 200:
            return url
        left = started + stage.target.pace.deadline - stage.transport.now()
        if left <= 0 or seen.status not in {202, 404, None, 408, 429, 500, 502, 503, 504}:
            return None
        stage.wait(min(pause, LONGEST_STEP, left))
        pause *= 2


def fetch(
    stage: Stage, url: str, *, accept: str | None = None, gzip: bool = False, fault: Fault | None = None
) -> Exchange:
    """Look at a poll URL with the token of the order."""
    headers = {"Accept": accept, "Accept-Encoding": "gzip" if gzip else None}
    auth: Auth = "good"
    if fault is not None and fault.name.startswith("credential:"):
        auth = "none" if fault.name.endswith("absent") else "wrong"
    return stage.follow(url, "downloadExport", headers=headers, auth=auth, intent=_intent(stage, fault))


def invented(url: str) -> str | None:
    """The URL with every identifier in it changed; None where it has none that is surely one."""
    split = urlsplit(url)
    changed = [_IDENTIFIER.sub(_turned, part) for part in (split.path, split.query)]
    if changed == [split.path, split.query]:
        return None
    return urlunsplit(split._replace(path=changed[0], query=changed[1]))


def _turned(match: re.Match[str]) -> str:
    """Digits and letters swapped for others, where a digit tells that this is no word."""
    text = match.group()
    if not any(one.isdigit() for one in text):
        return text
    return text.translate(str.maketrans("0123456789abcdefABCDEF", "9876543210fedcbaFEDCBA"))


def _intent(stage: Stage, fault: Fault | None) -> Intent | None:
    return None if fault is None else Intent(stage.name, fault.name, fault.twin)
