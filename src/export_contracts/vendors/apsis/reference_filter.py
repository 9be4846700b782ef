"""The reference's own reading of `segments.filter`: names, `!`, `&`, `|` and parentheses. No request, no profile.

The document shows one expression, `!(europe) & women`. That `|` exists, and that `!` binds before `&` and `&`
before `|`, is this server's choice.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from typing import Final

Test = Callable[[AbstractSet[str]], bool]
"""Whether somebody who is in the named segments passes."""

DEEPEST: Final = 50
_TOKEN: Final = re.compile(r"\s*(?:([A-Za-z0-9_.-]+)|([!&|()]))")


class BadFilter(ValueError):
    """The expression cannot be understood; the text says why."""


def compiled(text: str, names: AbstractSet[str]) -> Test:
    """The expression as a test; `BadFilter` where it is malformed or names a segment that was not declared."""
    reader = _Reader(_tokens(text), names)
    test = reader.alternatives(0)
    if reader.next is not None:
        raise BadFilter(f"{reader.next!r} is not expected there")
    return test


def _tokens(text: str) -> list[str]:
    found, place = [], 0
    stripped = text.rstrip()
    while place < len(stripped):
        match = _TOKEN.match(stripped, place)
        if match is None:
            raise BadFilter(f"character {place + 1} is not part of any expression")
        found.append(match.group(1) or match.group(2))
        place = match.end()
    return found


class _Reader:
    def __init__(self, tokens: list[str], names: AbstractSet[str]) -> None:
        self._tokens = tokens
        self._names = names
        self._place = 0

    @property
    def next(self) -> str | None:
        return self._tokens[self._place] if self._place < len(self._tokens) else None

    def alternatives(self, depth: int) -> Test:
        tests = [self._all_of(depth)]
        while self._take("|"):
            tests.append(self._all_of(depth))
        return lambda member: any(test(member) for test in tests)

    def _all_of(self, depth: int) -> Test:
        tests = [self._one(depth)]
        while self._take("&"):
            tests.append(self._one(depth))
        return lambda member: all(test(member) for test in tests)

    def _one(self, depth: int) -> Test:
        if depth > DEEPEST:
            raise BadFilter("it is nested too deeply")
        if self._take("!"):
            inner = self._one(depth + 1)
            return lambda member: not inner(member)
        if self._take("("):
            inner = self.alternatives(depth + 1)
            if not self._take(")"):
                raise BadFilter("a parenthesis is not closed")
            return inner
        name = self.next
        if name is None or name in "!&|()":
            raise BadFilter(f"a name is expected, not {name or 'the end'!r}")
        if name not in self._names:
            raise BadFilter(f"{name!r} is not among the declared names")
        self._place += 1
        return lambda member: name in member

    def _take(self, token: str) -> bool:
        if self.next != token:
            return False
        self._place += 1
        return True
