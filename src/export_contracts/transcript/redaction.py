"""The one choke point before anything is written: a `Redactor` turns secrets in any text into placeholders.

A placeholder is a keyed hash, so that equal secrets stay equal (clauses about "the same token" still judge,
signed URLs still lead to the same place) and nothing leads back. Redacting twice changes nothing. Whole
transcripts are the business of `redact_traffic`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
import secrets as chance
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final
from urllib.parse import unquote

from export_contracts.model import Headers, Json
from export_contracts.transcript.known_secrets import KnownSecrets
from export_contracts.transcript.secret_words import (
    HEADERS,
    SCHEMES,
    is_harmless,
    is_placeholder,
    is_secret_header,
    is_secret_name,
)

_PAIR: Final = re.compile(
    r"""(?P<open>\(?)(?P<q>\\{0,16}["'])(?P<name>[^"'\\]{1,64})(?P=q)(?P<sep>\s*[:,=]\s*)"""
    r"""(?:(?P<v>\\{0,16}["'])(?P<value>(?:[^"'\\]|(?!(?P=v))["']|\\.){0,100000}?)(?P=v)|(?P<number>-?\d[\d.eE+-]*))""",
    re.DOTALL,
)
"""Backslashes before a quote are counted up to 16, four escapings deep: a run of thousands takes for ever otherwise."""
_QUERY: Final = re.compile(r"""(?P<name>[A-Za-z0-9_.-]{1,80})(?P<sep>=|%3[Dd])(?P<value>[^&\s"'<>\\]+)""")
_HEADER: Final = re.compile(
    r"\b(?P<name>" + "|".join(sorted(HEADERS)) + r""")(?P<sep>\s*:\s+)(?P<value>[^\r\n"']+)""", re.IGNORECASE
)
_SCHEME: Final = re.compile(r"\b(?P<scheme>Bearer|Basic)(?P<sep>\s+)(?P<value>(?=\S*\d)[A-Za-z0-9._~+/=-]{12,})")
_USERINFO: Final = re.compile(r"""(?P<start>://)(?P<user>[^/\s"'@:?#]*):(?P<password>[^/\s"'@?#]+)@""")


@dataclass(frozen=True)
class Redactor:
    """`secrets` are values known to be secret; `key` makes placeholders repeat between runs, if one is given."""

    secrets: frozenset[str] = frozenset()
    key: bytes = field(default_factory=lambda: chance.token_bytes(16), repr=False)

    def knowing(self, more: Iterable[str]) -> Redactor:
        """The same redactor with more known secrets, though one may look like what documents print in their place."""
        return Redactor(self.secrets | {one for one in more if one.strip() and not is_placeholder(one)}, self.key)

    def placeholder(self, secret: str) -> str:
        """What stands for `secret`; an organisation id keeps the realm behind its `@`."""
        if secret not in self.secrets and is_harmless(secret):
            return secret
        realm = re.fullmatch(r"[^@\s]+(@[A-Za-z]+)", secret)
        digest = hmac.new(self.key, secret.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
        return f"REDACTED-{digest[:8]}{realm[1] if realm else ''}"

    def text(self, text: str) -> str:
        """`text` without known secrets and without whatever stands in a place for secrets."""
        text = self.literals(text)
        text = _PAIR.sub(self._pair, text)
        text = _HEADER.sub(
            lambda found: found["name"] + found["sep"] + self.header(found["name"], found["value"]), text
        )
        text = _QUERY.sub(self._query, text)
        text = _SCHEME.sub(
            lambda found: found["scheme"] + found["sep"] + self._credential(found["scheme"], found["value"]), text
        )
        return _USERINFO.sub(self._userinfo, text)

    def literals(self, text: str) -> str:
        """`text` without known secrets in any of their written forms."""
        return self._known.hide(text, self.placeholder, self._basic)

    def data(self, body: bytes) -> bytes:
        """`text` for bytes of any kind; what is no text at all only loses known secrets."""
        text = body.decode("utf-8", "surrogateescape")
        redacted = self.literals(text) if b"\0" in body[:4096] else self.text(text)
        return redacted.encode("utf-8", "surrogateescape")

    def header(self, name: str, value: str) -> str:
        """The value of one header; a scheme such as `Bearer` is kept."""
        if not is_secret_header(name):
            return self.text(value)
        if name.lower() == "cookie":
            return "; ".join(self._cookie(one) for one in value.split("; "))
        if name.lower() == "set-cookie":
            first, mark, rest = value.partition(";")
            return self._cookie(first) + mark + rest
        scheme, blank, rest = value.partition(" ")
        if scheme.lower() in SCHEMES and rest.strip():
            return scheme + blank + self._credential(scheme, rest)
        return value if scheme.lower() in SCHEMES and not rest.strip() else self.placeholder(value)

    def headers(self, fields: Headers) -> Headers:
        """Each field redacted, in the same order."""
        return Headers(tuple((name, self.header(name, value)) for name, value in fields))

    def json(self, value: Json, name: str = "") -> Json:
        """A JSON value redacted: strings as text, and whatever stands under a secret's name."""
        if isinstance(value, dict):
            return {self.literals(str(key)): self.json(one, str(key)) for key, one in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.json(one, name) for one in value]
        if isinstance(value, str):
            return self.header(name, self.literals(value)) if is_secret_header(name) else self.text(value)
        if isinstance(value, (int, float)) and not isinstance(value, bool) and is_secret_name(name):
            return 0
        return value

    @cached_property
    def _known(self) -> KnownSecrets:
        return KnownSecrets(self.secrets)

    def _pair(self, found: re.Match[str]) -> str:
        name = found["name"]
        if not is_secret_header(name) or (found["sep"].strip() == "," and not found["open"]):
            return found[0]
        if found["number"] is not None:
            return found[0][: found.start("number") - found.start()] + "0"
        start, end = found.span("value")
        value = self.header(name, _unescaped(found["value"]))
        if value == _unescaped(found["value"]):
            return found[0]
        return found[0][: start - found.start()] + json.dumps(value)[1:-1] + found[0][end - found.start() :]

    def _query(self, found: re.Match[str]) -> str:
        before = found.string[max(0, found.start() - 1) : found.start()]
        name, value, rest = found["name"], found["value"], ""
        if before == "%":
            name = re.sub(r"^(?:25)*(?:26|3[Ff])", "", name)
        elif before == "\\":
            name = re.sub(r"^u0026", "", name)
        if not is_secret_name(name):
            return found[0]
        if found["sep"] != "=":
            value, mark, rest = value.partition("%26")
            rest = mark + rest
        return found["name"] + found["sep"] + self.placeholder(unquote(value)) + rest

    def _credential(self, scheme: str, value: str) -> str:
        return (scheme.lower() == "basic" and self._basic(value)) or self.placeholder(value)

    def _basic(self, packed: str) -> str | None:
        """`user:password` in base64, each half a placeholder and packed again; None where it is not that."""
        try:
            user, colon, password = base64.b64decode(packed, validate=True).decode("utf-8").partition(":")
        except (binascii.Error, ValueError):
            return None
        if not colon:
            return None
        return base64.b64encode(f"{self.placeholder(user)}:{self.placeholder(password)}".encode()).decode()

    def _cookie(self, pair: str) -> str:
        name, equals, value = pair.partition("=")
        return name + equals + self.placeholder(value) if equals else self.placeholder(name)

    def _userinfo(self, found: re.Match[str]) -> str:
        user, password = self.placeholder(unquote(found["user"])), self.placeholder(unquote(found["password"]))
        return f"{found['start']}{user}:{password}@"


def _unescaped(value: str) -> str:
    try:
        return str(json.loads(f'"{value}"'))
    except ValueError:
        return value
