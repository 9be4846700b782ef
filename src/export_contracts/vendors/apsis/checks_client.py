"""What a client of the export owes the vendor: one token, growing pauses, an end. Judges requests and their times."""

from __future__ import annotations

import difflib
import itertools
import re
from collections import deque
from collections.abc import Iterator, Sequence
from statistics import fmean
from typing import Final

from export_contracts.checks import Talk, check
from export_contracts.model import Evidence, Exchange, Finding, Kept
from export_contracts.vendors.apsis.checks_calls import DAY, ORDER, SLACK, Export, exports
from export_contracts.vendors.apsis.checks_filter import Expression, named_segments
from export_contracts.vendors.apsis.checks_negotiation import TYPES, media_type

URL: Final = "/request/url"
TOKEN_FIELD: Final = "/request/headers/authorization"  # noqa: S105 - a place, no secret
FILTER: Final = "/request/body/segments/filter"
ALIKE: Final = 0.85
"""How alike two names are at least for one to be a misspelling of the other."""
GROWTH: Final = 1.4
"""How much longer later pauses are than earlier ones at least; doubling with jitter stays well above."""


def _own(export: Export) -> list[Exchange]:
    """Looks in which nothing was made wrong on purpose."""
    return [one for one in export.looks if one.fault is None]


@check("client_same_token")
def client_same_token(talk: Talk) -> Iterator[Evidence]:
    """Each look carries a bearer token that the client uses for its other calls too."""
    orders = (one for one in talk.exchanges if one.operation == ORDER and one.fault is None)
    used = {_credential(one) for one in orders} - {None}
    issued = set(_issued(talk))
    for look in talk.selected:
        token = _credential(look)
        if token is None:
            yield Finding(look.at(TOKEN_FIELD), "the token of the order", "no Authorization")
        elif used and token not in used and token not in issued:
            yield Finding(look.at(TOKEN_FIELD), "the token of the order", "another one")
        else:
            yield Kept(look.at(TOKEN_FIELD))


def _credential(exchange: Exchange) -> str | None:
    """What stands in Authorization; the case of the scheme tells nothing apart."""
    header = exchange.request.headers.get("authorization")
    scheme, _, token = (header or "").strip().partition(" ")
    return None if header is None else f"{scheme.lower()} {token.strip()}"


def _issued(talk: Talk) -> Iterator[str]:
    for one in talk.exchanges:
        answer = one.response.json if one.operation == "createToken" and one.response is not None else None
        if isinstance(answer, dict) and isinstance(answer.get("access_token"), str):
            yield f"bearer {answer['access_token']}"


@check("client_backs_off")
def client_backs_off(talk: Talk) -> Iterator[Evidence]:
    """The pauses between looks at an export in progress grow."""
    for export in exports(talk):
        pauses = list(_pauses(_own(export)))
        if len(pauses) == 2 and pauses[1] >= GROWTH * pauses[0]:
            yield Kept(export.looks[0].at())
        if len(pauses) < 3:
            continue
        half = len(pauses) // 2
        grown = fmean(pauses[half:]) >= GROWTH * fmean(pauses[:half]) or max(pauses) >= 4 * pauses[0]
        if grown and max(pauses) > 0:
            yield Kept(export.looks[0].at())
        else:
            got = ", ".join(f"{one:.1f}" for one in pauses[:8])
            yield Finding(export.looks[0].at(), "pauses that grow exponentially", f"pauses of {got} s")


def _pauses(looks: Sequence[Exchange]) -> Iterator[float]:
    """Seconds between a look answered with "in progress" and the next one."""
    for one, following in itertools.pairwise(looks):
        if one.status in {202, 404}:
            yield following.started - one.ended


@check("client_stops_when_gone")
def client_stops_when_gone(talk: Talk) -> Iterator[Evidence]:
    """After 410 nobody looks at the URL again."""
    for export in exports(talk):
        looks = [one for one in export.looks if one.fault in {None, "late-download"}]
        gone = next((place for place, one in enumerate(looks) if one.status == 410), None)
        if gone is None:
            continue
        if len(looks) > gone + 1:
            yield Finding(looks[gone + 1].at(URL), "no further look after 410", f"{len(looks) - gone - 1} more")
        else:
            yield Kept(looks[gone].at(URL))


@check("client_stops_after_a_day")
def client_stops_after_a_day(talk: Talk) -> Iterator[Evidence]:
    """Nobody looks at a poll URL whose day has passed."""
    for export in exports(talk):
        if export.order is None:
            continue
        for look in _own(export):
            late = look.started - export.order.ended
            if late > DAY + SLACK:
                yield Finding(look.at(URL), "no look more than a day after the order", f"one after {late / 3600:.1f} h")
            else:
                yield Kept(look.at(URL))


@check("client_keeps_rate")
def client_keeps_rate(talk: Talk, *, operation: str, most: int, seconds: float) -> Iterator[Evidence]:
    """No more calls start within the window than the account may make in it."""
    recent: deque[float] = deque()
    for exchange in talk.exchanges:
        if exchange.operation != operation or exchange.fault is not None:
            continue
        while recent and recent[0] <= exchange.started - seconds:
            recent.popleft()
        recent.append(exchange.started)
        if len(recent) > most:
            yield Finding(exchange.at(), f"at most {most} calls in {seconds:g} s", f"{len(recent)}")
        else:
            yield Kept(exchange.at())


@check("client_body_size")
def client_body_size(talk: Talk, *, most: int) -> Iterator[Evidence]:
    """An order's body has no more than `most` bytes."""
    for order in talk.selected:
        size = len(order.request.body)
        if size > most:
            yield Finding(order.at("/request/body"), f"at most {most} bytes", f"{size} bytes")
        else:
            yield Kept(order.at("/request/body"))


@check("client_asks_known_format")
def client_asks_known_format(talk: Talk) -> Iterator[Evidence]:
    """A look leaves `Accept` out or names one of the two formats."""
    for look in talk.selected:
        accept = look.request.headers.get("accept")
        if accept is None:
            continue
        names = {media_type(one).name for one in re.split(r",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", accept)}
        if names & {*TYPES.values(), "*/*", "text/*", "application/*"}:
            yield Kept(look.at("/request/headers/accept"))
        else:
            yield Finding(look.at("/request/headers/accept"), " or ".join(TYPES.values()), accept)


@check("client_filter")
def client_filter(talk: Talk, *, wrong: str) -> Iterator[Evidence]:
    """A filter names declared segments only (`wrong: names`), its parentheses match, its operators have operands."""
    for order in talk.selected:
        body = order.request.json
        segments = body.get("segments") if isinstance(body, dict) else None
        text = segments.get("filter") if isinstance(segments, dict) else None
        if not isinstance(text, str) or not isinstance(segments, dict):
            continue
        expression = Expression(text)
        declared = set(named_segments(order))
        problem: str | None = None
        if wrong == "names":
            unknown = [name for name in expression.names if not _is_declared(name, declared)]
            problem = f"{unknown[0]} is not declared" if unknown else None
        elif expression.unbalanced:
            problem = f"unbalanced: {text}" if wrong == "parentheses" else None
        elif wrong == "form" and expression.tokens and not expression.is_formed(declared):
            problem = f"no expression: {text}"
        yield Kept(order.at(FILTER)) if problem is None else Finding(order.at(FILTER), "a filter that fits", problem)


def _is_declared(name: str, declared: set[str]) -> bool:
    """Whether a token is a name, or could be part of one: which characters a name may have is not told."""
    return name in declared or any(name in other.split() for other in declared)


@check("client_spelling")
def client_spelling(talk: Talk, *, known: Sequence[str]) -> Iterator[Evidence]:
    """No member's name is nearly, and not quite, a known one. Drawn requests are no client's and not judged."""
    for order in talk.selected:
        body = order.request.json
        if not isinstance(body, dict) or (order.intent is not None and order.intent.label == "generated"):
            continue
        wrong = [(name, near) for name in body if (near := _nearly(name, known))]
        for name, near in wrong:
            yield Finding(order.at("/request/body"), near, name)
        if not wrong:
            yield Kept(order.at("/request/body"))


def _nearly(name: str, known: Sequence[str]) -> str | None:
    """The known name that this one is a misspelling of; a singular may be a member of its own."""
    if name in known or f"{name}s" in known:
        return None
    plain = {one.replace("_", ""): one for one in known}
    near = difflib.get_close_matches(name.lower().replace("_", "").replace("-", ""), plain, n=1, cutoff=ALIKE)
    return plain[near[0]] if near else None
