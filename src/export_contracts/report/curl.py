"""A request as a curl line that can be pasted, with secrets named as environment variables and never shown."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from export_contracts.catalogue.manifest import Credential, Manifest
from export_contracts.model import Exchange

LONGEST_BODY = 4000
_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\", "'": "\\'"}
_OMITTED = frozenset({"host", "content-length", "connection", "accept-encoding", "user-agent", "transfer-encoding"})


def curl(exchange: Exchange, manifest: Manifest, environment: Mapping[str, str]) -> str:
    """The line. Bodies that are no text or are longer than LONGEST_BODY are left for the reader to supply."""
    request = exchange.request
    words = ["curl", "-i"]
    if request.method != "GET":
        words += ["-X", _quoted(request.method)]
    credentials = {one.header.lower(): one for one in manifest.credentials}
    wrong = (exchange.fault or "").startswith("credential:")
    for name, value in request.headers:
        known = credentials.get(name.lower())
        if known is not None:
            words.append(_credential(known, manifest.slug, environment, wrong=wrong))
        elif name.lower() not in _OMITTED:
            words += ["-H", _quoted(f"{name}: {value}")]
    words += _body(request.body)
    return " ".join([*words, _quoted(request.url)])


def variable(slug: str, setting: str, environment: Mapping[str, str]) -> str:
    """The environment variable of a secret setting: the one it was read from, or BRAZE_TOKEN by default."""
    return environment.get(setting) or f"{slug}_{setting}".upper().replace("-", "_")


def _credential(known: Credential, slug: str, environment: Mapping[str, str], *, wrong: bool) -> str:
    names = ["wrong" if wrong else f"${variable(slug, one, environment)}" for one in known.of]
    if known.scheme == "basic":
        return f'-u "{":".join(names)}"'
    prefix = "Bearer " if known.scheme == "bearer" else ""
    return f'-H "{known.header}: {prefix}{names[0]}"'


def _quoted(text: str) -> str:
    """As a word of a shell; what a terminal would not show is escaped as bash, zsh and ksh read it."""
    if text.isprintable():
        return shlex.quote(text)
    return f"$'{''.join(map(_escaped, text))}'"


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    return "".join(f"\\x{one:02x}" for one in character.encode("utf-8", "replace"))


def _body(body: bytes) -> list[str]:
    if not body:
        return []
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if not text or len(text) > LONGEST_BODY or "\0" in text:
        return ["--data-binary", "@body"]
    return ["--data-raw", _quoted(text)]
