"""vcrpy cassettes read back: our own with their metadata, and foreign ones without. Judges and writes nothing."""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final

from export_contracts.errors import TrafficError
from export_contracts.model import (
    UNKNOWN_TIME,
    Callback,
    DeliveredFile,
    Exchange,
    Headers,
    Intent,
    Json,
    Request,
    Response,
    Transcript,
)
from export_contracts.transcript import bounded_yaml
from export_contracts.transcript.cassette import FORMAT

VERSION: Final = 1
HINT: Final = (
    "A cassette is YAML as vcrpy writes it: version 1, with interactions of request and response. "
    "A client whose recordings have another form is judged while it runs: export-contracts gate."
)


def parse(text: str, *, name: str, vendor: str) -> Transcript:
    """The transcript in a cassette's text; `TrafficError` where it is none. `name` is for messages."""
    data = bounded_yaml.load(text, name=name)
    try:
        return _transcript(data, name, vendor)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError, binascii.Error) as error:
        said = bounded_yaml.one_line(f"{type(error).__name__}: {error}")
        raise TrafficError(f"{name} is not a cassette that can be read ({said}).", hint=HINT) from None


def _transcript(data: Json, name: str, vendor: str) -> Transcript:
    if not isinstance(data, dict) or not isinstance(data.get("interactions"), list):
        raise TrafficError(f"{name} is neither HAR nor vcrpy cassette: it has no list of interactions.", hint=HINT)
    if data.get("version", VERSION) != VERSION:
        raise TrafficError(f"{name} is a cassette of version {data['version']!r}; only version 1 is read.", hint=HINT)
    metadata = data.get("metadata") or {}
    ours = metadata.get("format") if isinstance(metadata, dict) else None
    if isinstance(ours, str) and ours.startswith("export-contracts/"):
        if ours != FORMAT:
            raise TrafficError(f"{name} has metadata of format {ours!r}.", hint=f"This release reads {FORMAT}.")
        return _own(data["interactions"], metadata, vendor)
    exchanges = [
        Exchange(
            index,
            _request_in(one["request"]),
            _response_in(one["response"], foreign=True),
            UNKNOWN_TIME,
            UNKNOWN_TIME,
        )
        for index, one in enumerate(data["interactions"])
    ]
    return Transcript(vendor, name, "recorded", tuple(_dated(exchanges)))


def _dated(exchanges: list[Exchange]) -> list[Exchange]:
    """The exchanges at the times their answers' `Date` headers give, if all have one and time runs forward."""
    try:
        moments = [parsedate_to_datetime((one.response or Response(0)).headers.get("date") or "") for one in exchanges]
        times = [one.replace(tzinfo=one.tzinfo or UTC).timestamp() for one in moments]
    except (ValueError, OverflowError, TypeError, IndexError):
        return exchanges
    if times != sorted(times):
        return exchanges
    return [replace(one, started=time, ended=time) for one, time in zip(exchanges, times, strict=True)]


def _own(interactions: list[Json], metadata: dict[str, Json], vendor: str) -> Transcript:
    if metadata["vendor"] != vendor:
        raise TrafficError(
            f"This cassette is of {metadata['vendor']}, not of {vendor}.",
            hint=f"Judge it as {metadata['vendor']}.",
        )
    facts = metadata.get("facts") or {}
    if not isinstance(facts, dict):
        raise TypeError("facts are no mapping")
    return Transcript(
        vendor=vendor,
        name=str(metadata["scenario"]),
        origin=str(metadata["origin"]),
        exchanges=tuple(_own_exchanges(interactions, metadata["exchanges"])),
        callbacks=tuple(Callback(_moment(one["at"]), _plain_request(one["request"])) for one in metadata["callbacks"]),
        files=tuple(map(_file, metadata["files"])),
        facts=facts,
        base_url=_word(metadata.get("base_url")),
        recorded_at=str(metadata["recorded_at"]) if metadata.get("recorded_at") else None,
    )


def _own_exchanges(interactions: list[Json], said: list[Json]) -> Iterator[Exchange]:
    played = iter(interactions)
    for one in said:
        silent = "request" in one
        interaction = None if silent else next(played, None)
        if interaction is None and not silent:
            raise ValueError("there are fewer interactions than exchanges in its metadata")
        yield Exchange(
            index=int(one["index"]),
            request=_plain_request(one["request"]) if interaction is None else _request_in(interaction["request"]),
            response=None
            if interaction is None
            else _response_in(interaction["response"], raw=not one.get("decoded", False)),
            started=_moment(one["started"]) if "started" in one else UNKNOWN_TIME,
            ended=_moment(one["ended"]) if "started" in one else UNKNOWN_TIME,
            operation=_word(one.get("operation")),
            intent=Intent(_word(one.get("label")) or "", _word(one.get("fault")), _twin(one)),
            trouble=_word(one.get("trouble")),
        )
    if next(played, None) is not None:
        raise ValueError("there are more interactions than exchanges in its metadata")


def _moment(seconds: Json) -> float:
    moment = float(seconds)
    if not math.isfinite(moment):
        raise ValueError(f"{seconds!r} is no moment")
    return moment


def _file(file: Json) -> DeliveredFile:
    looks = {name: _moment(file[name]) for name in ("missed", "changed", "gone") if file.get(name) is not None}
    return DeliveredFile(str(file["key"]), base64.b64decode(file["base64"]), _moment(file["at"]), **looks)


def _twin(exchange: Json) -> int | None:
    twin = exchange.get("twin")
    return None if twin is None else int(twin)


def _word(value: Json) -> str | None:
    if value is not None and not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _plain_request(one: Json) -> Request:
    fields = [(str(name), str(value)) for name, value in one["headers"]]
    body = base64.b64decode(one["base64"]) if "base64" in one else _bytes(one["body"])
    return Request(str(one["method"]), str(one["url"]), Headers.of(fields), body)


def _request_in(one: Json) -> Request:
    return Request(str(one["method"]), str(one["uri"]), _fields(one.get("headers")), _bytes(one.get("body")))


def _response_in(one: Json, *, raw: bool = True, foreign: bool = False) -> Response:
    status = one["status"]["code"] if "status" in one else one["status_code"]
    body = one["body"].get("string") if isinstance(one.get("body"), dict) else one.get("body", one.get("content"))
    response = Response(int(status), _fields(one.get("headers")), _bytes(body), raw)
    if foreign and (response.headers.get("content-encoding") or "").strip().lower() in {"gzip", "x-gzip"}:
        # Some recorders undo the compression and leave the header.
        return Response(response.status, response.headers, response.body, response.body.startswith(b"\x1f\x8b"))
    return response


def _fields(headers: Json) -> Headers:
    fields = [
        (str(name), str(value))
        for name, values in (headers or {}).items()
        for value in (values if isinstance(values, (list, tuple)) else [values])
    ]
    return Headers.of(fields)


def _bytes(body: Json) -> bytes:
    if body is None:
        return b""
    if hasattr(body, "read"):
        return bytes(body.read())
    if isinstance(body, str):
        return body.encode("utf-8")
    if isinstance(body, bytes):
        return body
    return b"".join(_bytes(part) for part in body)
