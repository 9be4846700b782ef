"""Which names of headers, query parameters and JSON keys carry a secret, and what a placeholder looks like.

Data and predicates only; `redaction` applies them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

HEADERS: Final = frozenset(
    {
        "authorization",
        "proxy-authorization",
        "cookie",
        "set-cookie",
        "x-api-key",
        "x-gw-ims-org-id",
        "x-apsis-auth",
        "x-amz-security-token",
        "x-csrf-token",
    }
)
"""Header names, in lower case, whose value never leaves the machine."""

WORDS: Final = frozenset(
    {
        "apikey",
        "appkey",
        "auth",
        "authorization",
        "awsaccesskeyid",
        "accesskey",
        "accesskeyid",
        "accountkey",
        "bearer",
        "googleaccessid",
        "keypairid",
        "pass",
        "passphrase",
        "passwd",
        "password",
        "privatekey",
        "pwd",
        "secret",
        "secretkey",
        "sessionid",
        "jwt",
        "sig",
        "signature",
        "token",
        "xamzcredential",
        "xgoogcredential",
        "credential",
    }
)
ENDINGS: Final = (
    "token",
    "secret",
    "password",
    "passwd",
    "apikey",
    "signature",
    "privatekey",
    "secretkey",
    "accesskey",
    "subscriptionkey",
    "assertion",
)

PLACEHOLDER: Final = re.compile(r"REDACTED-[0-9a-f]{8}(?:@[A-Za-z]+)?")
TEMPLATE: Final = re.compile(r"\{.*\}|<.*>|\[.*\]|YOUR[-_ ].*|\$\w+|%\(\w+\)s", re.IGNORECASE | re.DOTALL)
"""What documentation prints in a secret's place: `{{api_key}}`, `<token>`, `YOUR-REST-API-KEY`."""

SCHEMES: Final = ("bearer", "basic", "token", "digest", "apikey", "aws4-hmac-sha256")
"""Words that may stand before a credential and are kept."""


@lru_cache(maxsize=4096)
def is_secret_name(name: str) -> bool:
    """Whether a query parameter or JSON key of this name holds a secret, whatever its case and punctuation."""
    plain = re.sub(r"[^a-z0-9]", "", name.lower())
    return plain in WORDS or plain.endswith(ENDINGS)


@lru_cache(maxsize=4096)
def is_secret_header(name: str) -> bool:
    """Whether a header of this name holds a secret."""
    lower = name.lower()
    return lower in HEADERS or is_secret_name(lower)


def is_placeholder(value: str) -> bool:
    """Whether `value` is what we have put into a secret's place already."""
    return PLACEHOLDER.fullmatch(value) is not None


def is_harmless(value: str) -> bool:
    """Whether `value` is a placeholder already, ours or a document's, or nothing at all."""
    return not value.strip() or is_placeholder(value) or bool(TEMPLATE.fullmatch(value.strip()))
