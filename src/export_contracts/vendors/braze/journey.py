"""What the journeys share: starting an export patiently, waiting for its end, reading what was delivered.

An exemplary client: it waits for a running export instead of asking again and again. Nothing is judged here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from export_contracts.files.archive import read_archive
from export_contracts.files.ndjson import read_ndjson
from export_contracts.model import Callback, DeliveredFile, Exchange, Intent, Json
from export_contracts.schema.pointer import resolve
from export_contracts.targets.stage import Stage

STRANGERS_WAIT: Final = 8
"""Looks into the bucket for which files without the announced prefix are suspected to be another export's."""
START: Final = "exportUsersBySegment"
DOWNLOAD: Final = "downloadExport"
FEW: Final = ("external_id", "braze_id", "email", "country")
PATIENCE_ENDED: Final = "patience-ended"
"""Marks the last request of a journey that waited for an export until the target's deadline had passed."""
CALLBACK_WAIT: Final = 60.0
"""Seconds after delivery for which a callback is awaited."""


def order(stage: Stage, *fields: str, **more: Json) -> dict[str, Json]:
    """The body of a request for the target's segment."""
    return {"segment_id": stage.setting("segment_id"), "fields_to_export": list(fields or FEW), **more}


def start(stage: Stage, body: Json, *, storage: bool = False, intent: Intent | None = None) -> Exchange | None:
    """Start an export, waiting while the segment is busy; the accepted exchange, or None."""
    headers = storage_headers(stage) if storage else {}
    began = stage.transport.now()
    sent = stage.poll(
        lambda: stage.send(START, json=body, headers=headers, intent=intent, patient=False),
        lambda seen: seen.status != 429,
    )
    if sent is None and intent is None and stage.transport.now() - began >= stage.target.pace.deadline:
        stage.send(START, json=body, headers=headers, intent=Intent(stage.name, PATIENCE_ENDED), patient=False)
    return sent if accepted(sent) else None


def storage_headers(stage: Stage) -> dict[str, str | None]:
    """The key of the workspace with own storage, where it is another one."""
    token = stage.target.settings.get("storage_token")
    return {"Authorization": f"Bearer {token}"} if token else {}


def accepted(exchange: Exchange | None) -> bool:
    """Whether the request was answered with success."""
    return exchange is not None and exchange.status is not None and exchange.status < 300


def url_of(started: Exchange) -> str | None:
    """The download URL that the answer holds, if any."""
    url = resolve(started.view, "/response/body/url")
    return url if isinstance(url, str) and url else None


def url_told(callback: Callback) -> str | None:
    """The download URL that a callback brings, if any."""
    body = callback.request.json
    url = body.get("url") if isinstance(body, dict) else None
    return url if isinstance(url, str) and url.startswith(("http://", "https://")) else None


def look(stage: Stage, url: str, fault: str | None = None) -> Exchange:
    """One GET of a download URL."""
    return stage.follow(url, DOWNLOAD, intent=Intent(stage.name, fault) if fault else None)


def await_download(stage: Stage, url: str) -> Exchange | None:
    """Look until the URL delivers, or the deadline of the target has passed: one last look says so."""
    began = stage.transport.now()
    seen = stage.poll(lambda: look(stage, url), lambda seen: seen.status == 200)
    if seen is None and stage.transport.now() - began >= stage.target.pace.deadline:
        look(stage, url, PATIENCE_ENDED)
    return seen


def await_files(stage: Stage, started: Exchange) -> list[DeliveredFile]:
    """Files of the export in the bucket, once no more have come for a while: longer where none bears its prefix."""
    if "bucket" not in stage.target.features:
        return []
    counts: list[int] = []

    def settled(own: list[DeliveredFile]) -> bool:
        counts.append(len(own))
        looks = 2 if bears_prefix(own, started) else STRANGERS_WAIT
        return len(counts) >= looks and own != [] and len(set(counts[-looks:])) == 1

    stage.poll(lambda: own_files(stage.collect(), started), settled)
    return own_files(stage.collect(), started)


def bears_prefix(files: list[DeliveredFile], started: Exchange) -> bool:
    """Whether any of `files` carries the prefix that the start announced."""
    prefix = _prefix(started)
    return any(bool(prefix) and prefix in one.key for one in files)


def own_files(files: list[DeliveredFile], started: Exchange) -> list[DeliveredFile]:
    """Those of `files` that carry the export's prefix; where none does, those that came since it was started."""
    prefix = _prefix(started)
    named = [one for one in files if prefix and prefix in one.key]
    return named or [one for one in files if one.at >= started.started]


def _prefix(started: Exchange) -> str:
    prefix = resolve(started.view, "/response/body/object_prefix")
    return prefix if isinstance(prefix, str) else ""


def called(stage: Stage) -> list[Callback]:
    """The callbacks that are POSTs: others may probe the address before."""
    return [one for one in stage.callbacks() if one.request.method == "POST"]


def await_callback(stage: Stage) -> None:
    """Wait for a callback, at most a minute."""
    began = stage.transport.now()
    step = stage.target.pace.poll
    while not called(stage) and stage.transport.now() - began < CALLBACK_WAIT:
        stage.wait_for_work(min(step, CALLBACK_WAIT / 4))
        step *= 1.5


def at_rest(stage: Stage, started: Exchange) -> None:
    """Wait until an accepted export has ended, so that the segment is free again."""
    if started.operation != START or not accepted(started):
        return
    url = url_of(started)
    if url is not None:
        await_download(stage, url)
    elif "bucket" in stage.target.features:
        await_files(stage, started)


def common_attribute(stage: Stage, started: Exchange) -> str | None:
    """The custom attribute that most of the delivered users have."""
    names: Counter[str] = Counter()
    for user in _users(stage, started):
        own = user.get("custom_attributes")
        names.update(own.keys() if isinstance(own, dict) else ())
    return min(names, key=lambda name: (-names[name], name)) if names else None


def _users(stage: Stage, started: Exchange) -> Iterator[dict[str, Json]]:
    for body in _bodies(stage, started):
        for member in read_archive(body).members:
            yield from (line.value for line in read_ndjson(member.body) if isinstance(line.value, dict))


def _bodies(stage: Stage, started: Exchange) -> Iterator[bytes]:
    url = url_of(started)
    if url is None:
        yield from (one.body for one in await_files(stage, started))
        return
    seen = await_download(stage, url)
    if seen is not None and seen.response is not None:
        content = seen.response.content
        yield content if isinstance(content, bytes) else b""
