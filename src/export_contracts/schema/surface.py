"""Where a contract's operations live, and what is amiss with a request's method and path.

Only what is surely meant for an operation is found amiss: its path with another method, its path misspelt by a
letter, a word or a prefix, its body sent to a neighbour of its path. A path of the vendor's that the contract says
nothing about is nobody's fault here, nor is an inquiry such as a browser's before it sends.
"""

from __future__ import annotations

import difflib
import fnmatch
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import SplitResult

from export_contracts.model import Exchange, split_url
from export_contracts.model.http import unescaped
from export_contracts.schema.openapi import Operation

ALIKE = 0.8
"""How alike two words are at least, from 0 to 1, for one to be taken for the other misspelt."""
PARAMETER = re.compile(r"\{\w+\}")


@dataclass(frozen=True)
class Surface:
    """The operations of one vendor, the patterns of its hosts, and of paths that it serves beside them.

    `companions` belong to the flow of a client of the contract, `neighbours` are other endpoints that lie next to it.
    """

    operations: Sequence[Operation] = ()
    hosts: Sequence[str] = ()
    companions: Sequence[str] = ()
    base_path: str = ""
    neighbours: Sequence[str] = ()

    def amiss(self, exchange: Exchange, base_url: str | None) -> tuple[str, str] | None:
        """A pointer to what is amiss and what the documents have instead; None where nothing surely is."""
        split = split_url(exchange.request.url)
        split = split._replace(path=unescaped(split.path))
        if self.is_inquiry(exchange) or any(fnmatch.fnmatchcase(split.path, one) for one in self.companions):
            return None
        known = next((one for one in self.operations if one.id == exchange.operation), None)
        if known is not None:
            wrong = exchange.request.method.upper() != known.method
            return ("/request/method", known.method) if wrong else self._misplaced(known, split, base_url)
        if exchange.operation is not None:
            return None
        for one in self.operations:
            if any(pattern.match(split.path) for pattern in (one.pattern, *one.legacy_patterns)):
                methods = [other.method for other in self.operations if other.path == one.path]
                return "/request/method", " or ".join(methods)
        if any(fnmatch.fnmatchcase(split.path, one) for one in self.neighbours):
            return None
        near = next(
            (one for one in self.operations if self._is_near(one, split.path) or _is_beside(one, exchange)), None
        )
        return ("/request/path", near.path) if near is not None else None

    def is_inquiry(self, exchange: Exchange) -> bool:
        """Whether it asks about a resource and for nothing of it: OPTIONS, or HEAD of what may be fetched.

        HTTP lets anybody ask either (RFC 9110, 9.1), and the vendors' documents do not speak of them.
        """
        if exchange.request.method == "HEAD":
            return any(one.matches("GET", exchange.request.path) for one in self.operations)
        return exchange.request.method == "OPTIONS"

    def _is_near(self, one: Operation, path: str) -> bool:
        templates = (one.path, *one.legacy)
        tails = (template.removeprefix(self.base_path) for template in templates)
        return any(_near(path, template) for template in templates) or any(_ends(path, tail) for tail in tails)

    def _misplaced(self, known: Operation, split: SplitResult, base_url: str | None) -> tuple[str, str] | None:
        """A prefix is a mock's or a proxy's own affair, but not on the vendor's hosts nor below a known base."""
        matches = [one.match(split.path) for one in (known.pattern, *known.legacy_patterns)]
        found = [match["prefix_"] for match in matches if match is not None]
        if not found:
            return "/request/path", known.path
        base = split_url(base_url) if base_url else None
        if any(fnmatch.fnmatchcase(split.hostname or "", one) for one in self.hosts):
            allowed = {""}
        elif base is not None and base.netloc == split.netloc:
            allowed = {"", base.path.rstrip("/")}
        else:
            return None
        return None if allowed & set(found) else ("/request/path", known.path)


def _is_beside(one: Operation, exchange: Exchange) -> bool:
    """Whether the operation's body, with all it must hold and nothing that is not its own, went to a path beside it."""
    body = exchange.request.json
    folder = _pattern_of(one.path.rpartition("/")[0] + "/")
    return (
        exchange.request.method.upper() == one.method
        and bool(one.needed)
        and isinstance(body, dict)
        and one.needed <= set(body) <= one.members
        and re.search(folder + "[^/]+/?$", exchange.request.path) is not None
    )


def _pattern_of(template: str) -> str:
    return "[^/]+".join(re.escape(one) for one in PARAMETER.split(template))


def _near(path: str, template: str) -> bool:
    """Whether the path has the template's words, whatever their order, or the template but for one word of several."""
    parts = [one for one in template.split("/") if one]
    words = [one for one in parts if not PARAMETER.fullmatch(one)]
    sent = [one.lower() for one in path.split("/") if one]
    if len(sent) > len(parts) + 2:
        return False
    if len(words) > 2 and any(
        _fits(sent, [*parts[:at], *parts[at + 1 :]]) for at, one in enumerate(parts) if one in words
    ):
        return True
    left = list(sent)
    for word in words:
        best = max(left, key=lambda one: _alike(word, one), default="")
        if _alike(word, best) <= ALIKE:
            return False
        left.remove(best)
    return True


def _fits(sent: Sequence[str], parts: Sequence[str]) -> bool:
    """Whether each part sent is a parameter's value or like the word in its place."""
    pairs = zip(sent, parts, strict=False)
    return len(sent) == len(parts) and all(
        PARAMETER.fullmatch(word) or _alike(word, one) > ALIKE for one, word in pairs
    )


def _ends(path: str, tail: str) -> bool:
    return re.search(_pattern_of(tail) + "/?$", path) is not None


@lru_cache(maxsize=4096)
def _alike(one: str, other: str) -> float:
    """How alike two words are; 0 where lengths or letters alone keep them from being ALIKE."""
    matcher = difflib.SequenceMatcher(None, one, other)
    return matcher.ratio() if matcher.real_quick_ratio() > ALIKE and matcher.quick_ratio() > ALIKE else 0.0
