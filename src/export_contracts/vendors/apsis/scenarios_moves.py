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
PATIENT_WITH: Final = frozenset({202, 404, None, 408, 429, 500, 502, 503, 504})
"""Answers after which a look is worth repeating."""

SCHEMES: Final = {"scheme:absent": "", "scheme:other": "Token "}
"""Faults of what stands before a token."""

BREAKDOWNS: Final = frozenset({500, 502, 503, 504})

_IDENTIFIER: Final = re.compile(r"[0-9A-Za-z]{8,}(?:-[0-9A-Za-z]{2,})*")
_LONG: Final = 8


@dataclass(frozen=True, slots=True)
class Mark:
    """What is particular about a request: a `fault` made on purpose, or a `feature` asked for, beside its `twin`."""

    fault: str | None = None
    feature: str | None = None
    twin: int | None = None


def order(
    stage: Stage, what: Json, mark: Mark | None = None, *, patient: bool | None = None, token: str | None = None
) -> Exchange:
    """Order an export, keeping the account's pace, with the account's token or with another `token` of it."""
    keep_pace(stage)
    headers = None if token is None else {"Authorization": f"Bearer {token}"}
    return stage.send(
        "requestDuplicatesExport",
        json=what,
        headers=headers,
        auth="good" if token is None else "none",
        intent=intent(stage, mark),
        patient=patient,
    )


def keep_pace(stage: Stage) -> None:
    """Let a second pass since the last order where the target counts, or where its clock makes waiting free."""
    orders = [one for one in stage.exchanges if one.operation == "requestDuplicatesExport"]
    told = stage.target.features & {"rate_limits", "clock"}
    counts = bool(told) or any(one.status == 429 for one in orders)
    if orders and counts:
        passed = stage.transport.now() - orders[-1].ended
        if passed < 1.0:
            stage.wait(1.0 - max(passed, 0.0))


def poll_url(ordered: Exchange) -> str | None:
    """The poll URL in the answer, None where there is none."""
    if not is_accepted(ordered):
        return None
    return next((url for _, url in poll_urls(ordered)), None)


def until_ready(stage: Stage, ordered: Exchange) -> str | None:
    """Poll with doubling pauses until the file comes or the target's deadline; the URL once it has given the file.

    A breakdown is met with a second look soon after, as the first has told nothing.
    """
    url = poll_url(ordered)
    if url is None:
        return None
    started, pause = stage.transport.now(), stage.target.pace.poll
    while True:
        seen = fetch(stage, url)
        if seen.status in BREAKDOWNS:
            stage.wait_for_work(min(pause, 1.0))
            seen = fetch(stage, url)
        if seen.status == 200:
            return url
        left = started + stage.target.pace.deadline - stage.transport.now()
        if left <= 0 or seen.status not in PATIENT_WITH or seen.fault == "not-sent":
            return None
        stage.wait_for_work(min(pause, HOUR, left))
        pause *= 2


def fetch(
    stage: Stage,
    url: str,
    mark: Mark | None = None,
    *,
    accept: str | None = None,
    gzip: bool = False,
    token: str | None = None,
    scheme: str | None = None,
    patient: bool | None = None,
) -> Exchange:
    """Look at a poll URL with the token of the order, or with a newer `token` of the same account.

    A `scheme` stands before the token in place of "Bearer ".
    """
    headers = {"Accept": accept, "Accept-Encoding": "gzip" if gzip else None}
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    if scheme is not None:
        headers["Authorization"] = scheme + stage.credentials()["Authorization"].partition(" ")[2]
    auth: Auth = "good"
    if mark is not None and mark.fault in {"credential:absent", "credential:wrong"}:
        auth = "none" if mark.fault == "credential:absent" else "wrong"
    return stage.follow(url, "downloadExport", headers=headers, auth=auth, intent=intent(stage, mark), patient=patient)


def invented(url: str) -> str | None:
    """The URL with every identifier in it changed; None where it has none that is surely one."""
    split = urlsplit(url)
    changed = [_IDENTIFIER.sub(_turned, part) for part in (split.path, split.query)]
    if changed == [split.path, split.query]:
        return None
    return urlunsplit(split._replace(path=changed[0], query=changed[1]))


def _turned(match: re.Match[str]) -> str:
    """Digits and letters swapped for others, where a digit tells that this is no word.

    Of parts joined by dashes only the last is touched if it is long: a UUID stays one, with its version and variant.
    """
    head, dash, tail = match.group().rpartition("-")
    if len(tail) < _LONG or not any(one.isdigit() for one in tail):
        head, dash, tail = "", "", match.group()
    if not any(one.isdigit() for one in tail):
        return match.group()
    return head + dash + tail.translate(str.maketrans("0123456789abcdefABCDEF", "9876543210fedcbaFEDCBA"))


def intent(stage: Stage, mark: Mark | None) -> Intent | None:
    """What the sender means by a request, for the transcript."""
    return None if mark is None else Intent(mark.feature or stage.name, mark.fault, mark.twin)
