"""What was asked for by `Accept` and `Accept-Encoding`, and whether the answer is that. Looks at bytes, not at rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from export_contracts.checks import Talk, check
from export_contracts.model import Evidence, Exchange, Finding, Kept, Unreadable
from export_contracts.vendors.apsis.checks_calls import is_fair

Format = Literal["csv", "xlsx"]
TYPES: Final[Mapping[Format, str]] = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
CSV_PARAMETERS: Final = {"charset": "utf-8", "header": "present"}
TYPE: Final = "/response/headers/content-type"
CODING: Final = "/response/headers/content-encoding"
BODY: Final = "/response/body"
GZIP: Final = b"\x1f\x8b"
ZIP: Final = b"PK"
_PARAMETER: Final = re.compile(r';\s*([^=;\s]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)')


@dataclass(frozen=True, slots=True)
class MediaType:
    """A media type as HTTP compares it: case of the type and of parameter names and quotes do not count."""

    name: str
    parameters: Mapping[str, str] = field(default_factory=dict)


def media_type(text: str) -> MediaType:
    """The media type a header field names."""
    pairs = _PARAMETER.findall(text)
    values = {name.lower(): value.strip().strip('"').strip().lower() for name, value in pairs}
    return MediaType(text.split(";", maxsplit=1)[0].strip().lower(), values)


def asked_format(look: Exchange) -> Format | None:
    """The one format a look asks for: CSV where it says nothing; None where it names several or another."""
    accept = look.request.headers.get("accept")
    if accept is None or not accept.strip():
        return "csv"
    if "," in accept:
        return None
    wanted = media_type(accept)
    if wanted.parameters.get("q", "1").startswith("0"):
        return None
    return next((one for one, name in TYPES.items() if name == wanted.name), None)


def asks_gzip(look: Exchange) -> bool | None:
    """Whether gzip is asked for by name; None where the header leaves the server a choice."""
    header = look.request.headers.get("accept-encoding")
    if header is None or header.strip().lower() in {"", "identity"}:
        return False
    items = {one.split(";")[0].strip().lower(): media_type(one).parameters.get("q", "1") for one in header.split(",")}
    if items == {"gzip": items.get("gzip", "")} and not re.fullmatch(r"0(\.0*)?", items["gzip"]):
        return True
    return None


def given_format(look: Exchange) -> Format | None:
    """The format that the answer says it has."""
    assert look.response is not None
    return next((one for one, name in TYPES.items() if name == look.response.media_type), None)


def plain(look: Exchange) -> bytes | None:
    """The file without its content coding; None where the coding cannot be undone or hides another gzip."""
    assert look.response is not None
    content = look.response.content
    return None if isinstance(content, Unreadable) or content.startswith(GZIP) else content


def _files(talk: Talk) -> Iterator[Exchange]:
    return (one for one in talk.selected if one.status == 200 and is_fair(one))


@check("served_format")
def served_format(talk: Talk, *, format: Format | None = None) -> Iterator[Evidence]:  # noqa: A002 - the documents' word
    """The answer names the format asked for; without `format`, whatever was asked, one of the two that exist."""
    for look in _files(talk):
        assert look.response is not None
        got = look.response.headers.get("content-type")
        if format is None:
            fits, wanted = given_format(look) is not None, " or ".join(TYPES.values())
        elif asked_format(look) == format:
            fits, wanted = given_format(look) == format, TYPES[format]
        else:
            continue
        yield Kept(look.at(TYPE)) if fits else Finding(look.at(TYPE), wanted, got or "no Content-Type")


@check("csv_parameters")
def csv_parameters(talk: Talk) -> Iterator[Evidence]:
    """A CSV answer says that it is UTF-8 and has a header, in whatever spelling HTTP allows."""
    for look in _files(talk):
        assert look.response is not None
        if given_format(look) != "csv":
            continue
        header = look.response.headers.get("content-type") or ""
        given = media_type(header).parameters
        missing = [f"{name}={value}" for name, value in CSV_PARAMETERS.items() if given.get(name) != value]
        if missing:
            yield Finding(look.at(TYPE), f"the parameters {', '.join(missing)}", header)
        else:
            yield Kept(look.at(TYPE))


@check("gzip_on_request")
def gzip_on_request(talk: Talk, *, format: Format) -> Iterator[Evidence]:  # noqa: A002 - the documents' word
    """A file asked for with `Accept-Encoding: gzip` carries `Content-Encoding: gzip`."""
    for look in _files(talk):
        if asks_gzip(look) and given_format(look) == format:
            coding = _coding(look)
            if coding in {"gzip", "x-gzip"}:
                yield Kept(look.at(CODING))
            else:
                yield Finding(look.at(CODING), "Content-Encoding: gzip", coding or "no Content-Encoding")


@check("plain_by_default")
def plain_by_default(talk: Talk) -> Iterator[Evidence]:
    """A file for which no coding was asked is not compressed, neither by its header nor in its bytes."""
    for look in _files(talk):
        assert look.response is not None
        if asks_gzip(look) is not False:
            continue
        coding = _coding(look)
        if coding not in {"", "identity"}:
            yield Finding(look.at(CODING), "no Content-Encoding, as none was asked for", coding)
        elif look.response.body.startswith(GZIP):
            yield Finding(look.at(BODY), "the file as it is", "gzip")
        else:
            yield Kept(look.at(BODY))


@check("gzip_is_gzip")
def gzip_is_gzip(talk: Talk) -> Iterator[Evidence]:
    """What is said to be gzip is one whole gzip, and once undone it is the file and no second gzip."""
    for look in _files(talk):
        assert look.response is not None
        if _coding(look) not in {"gzip", "x-gzip"} or not look.response.raw:
            continue
        content = look.response.content
        if not look.response.body.startswith(GZIP):
            yield Finding(look.at(BODY), "gzip, as Content-Encoding says", _opening(look.response.body))
        elif isinstance(content, Unreadable):
            yield Finding(look.at(BODY), "one whole gzip", content.reason)
        elif content.startswith(GZIP):
            yield Finding(look.at(BODY), "the file under one gzip", "a second gzip under the first")
        else:
            yield Kept(look.at(BODY))


@check("bytes_fit_type")
def bytes_fit_type(talk: Talk) -> Iterator[Evidence]:
    """The bytes are of the kind that Content-Type names: a workbook is a zip archive, CSV is none."""
    for look in _files(talk):
        file, format_ = plain(look), given_format(look)
        if file is None or format_ is None:
            continue
        if file.startswith(ZIP) == (format_ == "xlsx"):
            yield Kept(look.at(BODY))
        else:
            yield Finding(look.at(BODY), f"{format_.upper()}, as Content-Type says", _opening(file))


def _coding(look: Exchange) -> str:
    assert look.response is not None
    return (look.response.headers.get("content-encoding") or "").strip().lower()


def _opening(body: bytes) -> str:
    return f"bytes that begin with {body[:8]!r}" if body else "no bytes"
