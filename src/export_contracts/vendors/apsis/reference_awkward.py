"""What an awkward APSIS server may legally do: slow files, the later status codes, other shapes of the same answer.

Off in a plain world; there every function here gives the strict server's choice.
"""

from __future__ import annotations

import dataclasses
import json
from typing import Final
from urllib.parse import urlsplit

from export_contracts.model import Json
from export_contracts.reference.server import Answer
from export_contracts.reference.world import World

_SPELLINGS: Final = {
    "text/csv;charset=UTF-8;header=present": (
        'text/csv; header=present; charset="utf-8"',
        "Text/CSV;charset=utf-8;header=present",
    ),
}


def delay(world: World) -> float:
    """Seconds more than usual until a file is ready."""
    return 1_000.0 if world.maybe(0.2, "slow") else 0.0


def form(world: World) -> dict[str, Json]:
    """Statuses of a poll URL while the file is made and once it has gone; dialect and surplus columns of its file."""
    return {
        "running": 202 if world.maybe(0.3, "202 while running") else 404,
        "gone": 404 if world.maybe(0.3, "404 once gone") else 410,
        "delimiter": ";" if world.maybe(0.2, "semicolons") else ",",
        "surplus": ["Profiles with this value"] if world.maybe(0.3, "surplus") else [],
        "backwards": world.maybe(0.3, "backwards"),
    }


def busy(world: World) -> bool:
    """Whether the account's other keys have used up its rate."""
    return world.maybe(0.03, "429")


def started(world: World, url: str) -> Answer:
    """The answer to an order: the documents say that it holds a poll URL, and neither status nor where."""
    path = urlsplit(url).path
    if world.maybe(0.15, "201 without a body"):
        return Answer(201, b"", {"Location": url})
    status = 200 if world.maybe(0.3, "200 for an order") else 202
    body: Json = {"file_download_url": url, "file_download_url_v2": f"{url}?form=2"}
    if world.maybe(0.2, "another body"):
        body = {"data": {"poll_url": path if world.maybe(0.5) else url}, "status": "accepted"}
    elif world.maybe(0.3, "one URL"):
        del body["file_download_url_v2"]
    return Answer(status, json.dumps(body).encode(), {"Content-Type": "application/json"})


def dressed(world: World, answer: Answer) -> Answer:
    """The same answer with header names or values spelt in another legal way."""
    headers = dict(answer.headers)
    spellings = _SPELLINGS.get(headers.get("Content-Type", ""))
    if spellings and world.maybe(0.3, "spellings"):
        headers["Content-Type"] = spellings[world.maybe(0.5)]
    if world.maybe(0.3, "names in lower case"):
        headers = {name.lower(): value for name, value in headers.items()}
    return dataclasses.replace(answer, headers=headers)
