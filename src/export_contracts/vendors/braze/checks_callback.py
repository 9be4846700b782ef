"""Checks of the callback that says an export is ready."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from export_contracts.checks import Talk, check
from export_contracts.checks.outage import NEUTRAL
from export_contracts.model import Callback, Evidence, Finding, Json, Kept, Unreadable, Where
from export_contracts.vendors.braze.exports import REFUSED, Export, exports, looks_at

PATIENCE: Final = 30.0
"""Seconds after delivery during which a callback may still be on its way."""
HOUR: Final = 3600.0


def _asked_for(talk: Talk) -> list[Export]:
    return [one for one in exports(talk) if one.asked.get("callback_endpoint")]


def _calls(talk: Talk) -> list[tuple[int, Callback]]:
    """The callbacks with their numbers: those that are POSTs, for a probe may come before; where none is, all."""
    numbered = list(enumerate(talk.callbacks))
    return [one for one in numbered if one[1].request.method == "POST"] or numbered


def _at(number: int, pointer: str = "") -> Where:
    return Where(callback=number, pointer=pointer)


def _body(callback: Callback) -> Json:
    body = callback.request.json
    return None if isinstance(body, Unreadable) else body


def _url(callback: Callback) -> str | None:
    body = _body(callback)
    url = body.get("url") if isinstance(body, dict) else None
    return url if isinstance(url, str) and url else None


@check("callback_is_post")
def callback_is_post(talk: Talk) -> Iterator[Evidence]:
    """A callback is a POST."""
    for number, one in _calls(talk):
        if one.request.method == "POST":
            yield Kept(_at(number))
        else:
            yield Finding(_at(number, "/request/method"), "POST", one.request.method)


@check("callback_says_success")
def callback_says_success(talk: Talk, *, ref: str) -> Iterator[Evidence]:
    """Each callback's body is an object whose `success` is true; the bare pair the documents print is a reading."""
    validator = talk.validator(ref)
    for number, one in _calls(talk):
        bare = one.request.body.decode("utf-8", errors="replace").strip()
        if bare.replace(" ", "").startswith('"success":true'):
            yield Kept(_at(number), reading="bare")
            continue
        body = _body(one)
        violations = list(validator.violations(body, "/request/body"))
        for violation in violations:
            yield Finding(_at(number, violation.pointer), violation.expected, violation.got)
        if not violations:
            yield Kept(_at(number), reading="object")


@check("callback_brings_url")
def callback_brings_url(talk: Talk) -> Iterator[Evidence]:
    """Without own storage, a callback carries the download URL, whole: nobody who is called could complete it."""
    asked = _asked_for(talk)
    if not asked or any(one.url is None or one.files for one in asked):
        return
    for number, one in _calls(talk):
        if one.request.method != "POST" or not isinstance(_body(one), dict):
            continue
        url = _url(one)
        if url is not None and (_same(url, asked) or url.lower().startswith(("http://", "https://"))):
            yield Kept(_at(number, "/request/body/url"), reading="same" if _same(url, asked) else "another")
        else:
            yield Finding(_at(number, "/request/body/url"), "the download URL", url or "none")


def _same(url: str | None, asked: list[Export]) -> bool:
    return any(url == one.url for one in asked)


@check("callback_without_url")
def callback_without_url(talk: Talk) -> Iterator[Evidence]:
    """With own storage, a callback carries no download URL."""
    asked = _asked_for(talk)
    if not asked or any(one.url is not None or not one.files for one in asked):
        return
    for number, one in _calls(talk):
        url = _url(one)
        if url is None:
            yield Kept(_at(number))
        else:
            yield Finding(_at(number, "/request/body/url"), "no URL, as the files go to own storage", url)


@check("callback_when_ready")
def callback_when_ready(talk: Talk) -> Iterator[Evidence]:
    """Once a callback has come, the download URL delivers."""
    asked = _asked_for(talk)
    calls = _calls(talk)
    if len(asked) != 1 or not calls:
        return
    came = calls[0][1].at
    for one in asked[0].looks:
        if not came <= one.started <= came + HOUR:
            continue
        if one.status == 200:
            yield Kept(one.at("/response/status"))
        elif one.status in REFUSED:
            yield Finding(one.at("/response/status"), "the file, as the callback had come", str(one.status))
        return


@check("callback_url_delivers")
def callback_url_delivers(talk: Talk) -> Iterator[Evidence]:
    """A URL that only the callback brings delivers: where it was looked at within the hour, one look succeeded."""
    known = {one.url for one in exports(talk)}
    for number, one in _calls(talk):
        url = _url(one)
        looks = [look for look in looks_at(talk, url) if one.at <= look.started <= one.at + HOUR] if url else []
        if any(look.status == 200 for look in looks):
            yield Kept(_at(number, "/request/body/url"))
        elif url not in known and looks and not any(look.status in NEUTRAL for look in looks):
            got = f"status {looks[-1].status} for {url}"
            yield Finding(_at(number, "/request/body/url"), "a URL that delivers the export", got)


@check("callback_after_files")
def callback_after_files(talk: Talk) -> Iterator[Evidence]:
    """With own storage, the files are in the bucket when the callback comes."""
    asked = _asked_for(talk)
    if len(asked) != 1 or asked[0].url is not None:
        return
    for number, one in _calls(talk):
        late = [file for file in asked[0].files if file.missed is not None and file.missed >= one.at]
        for file in late:
            yield Finding(Where(file=file.key), "in the bucket when the callback came", "not there yet")
        if asked[0].files and not late:
            yield Kept(_at(number))


@check("callback_comes")
def callback_comes(talk: Talk) -> Iterator[Evidence]:
    """An export that was to be announced, and has delivered, is announced."""
    asked = [one for one in _asked_for(talk) if one.start.intent is not None and _delivered_at(one) is not None]
    if not asked or talk.facts.get("callback") is None:
        return
    if talk.callbacks:
        yield Kept(_at(_calls(talk)[0][0]))
        return
    delivered = _delivered_at(asked[0])
    end = max(one.ended for one in talk.exchanges)
    if delivered is not None and end - delivered > PATIENCE:
        yield Finding(asked[0].start.at("/request/body/callback_endpoint"), "a callback when ready", "none")


def _delivered_at(export: Export) -> float | None:
    if export.ready is not None:
        return export.ready.ended
    return max((one.at for one in export.files), default=None)
