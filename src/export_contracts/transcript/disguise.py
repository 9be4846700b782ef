"""Customers' values to others of the same form: equal ones stay equal, dates stay in order, nothing can be undone.

A recording keeps what clauses look at (types, forms, which rows are the same, what came first) and no value of anybody.
Values that the contract enumerates, words of three letters, small whole numbers and moments say nothing of a person and
stay; clauses measure moments against the time of the request. Days without a time, such as birthdays, are moved.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from export_contracts.model import Json

SHORTEST: Final = 4
MOST_DIGITS: Final = 20
"""Of a number that can be a moment, a day or a count, and of an exponent that is written out."""
SMALL: Final = 10_000
"""Whole numbers below are counts, buckets and the like."""
_DAY: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?\s?(?:Z|UTC|[+-]\d\d:?\d\d)?")
_NUMBER: Final = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+(?:[eE][+-]?[0-9]{1,3})?)?")
"""A number as text. Without a point before its exponent it may as well be an id: `1234e56`."""
_LONG_NUMBER: Final = re.compile(r"\+?[0-9][0-9 ()/.-]{4,}")
_HEX: Final = re.compile(r"(?:[0-9a-f-]{8,}|[0-9A-F-]{8,})")
_SECONDS: Final = (1_400_000_000, 2_000_000_000)
"""Whole numbers that are moments, in seconds since 1970, and no telephone numbers; in milliseconds a thousand times."""
_SERIALS: Final = (20_000, 60_000)
"""Numbers that are days of a spreadsheet."""
_WORDS: Final = frozenset({"true", "false", "null", "none"})


@dataclass(frozen=True)
class Disguise:
    """The mapping of one recording. `kept`: words that stay as they are. A key is thrown away after its recording."""

    key: bytes
    kept: frozenset[str] = frozenset()
    _days: int = field(init=False, repr=False, default=0)

    def __post_init__(self) -> None:
        """Draw how far all days are moved: a few years back."""
        object.__setattr__(self, "_days", -(400 + int.from_bytes(self._stream("days")[:2], "big") % 900))

    def text(self, value: str) -> str:
        """A text of the same length, of letters and digits where those were."""
        if len(value) < SHORTEST or value in self.kept or value.lower() in _WORDS or _MOMENT.fullmatch(value):
            return value
        if _NUMBER.fullmatch(value):
            return self.number(value)
        if value[:1] in "[{" and value[-1:] in "]}":
            return self.written(value)
        day = _DAY.fullmatch(value)
        return self._day(day) if day else self._letters(value)

    def number(self, value: str) -> str:
        """A number as written to one as long; days of a spreadsheet are moved, moments and small whole numbers stay."""
        if "e" in value.lower():
            plain = _without_exponent(value)
            return value if plain is None or (changed := self.number(plain)) == plain else changed
        whole, point, rest = value.partition(".")
        if not point:
            return self._whole(whole)
        size = abs(int(whole[:MOST_DIGITS] or "0"))
        if _SERIALS[0] <= size < _SERIALS[1] or _is_moment(size):
            return value
        return f"{self._whole(whole)}.{self._fraction(value, rest)}"

    def json(self, value: Json) -> Json:
        """Every value in it, names of members left as they are."""
        if isinstance(value, dict):
            return {name: self.json(one) for name, one in value.items()}
        if isinstance(value, list):
            return [self.json(one) for one in value]
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, bool) or value is None:
            return value
        if isinstance(value, int):
            return int(self.number(str(value)))
        return float(self.number(repr(value))) if math.isfinite(value) else value

    def written(self, text: str) -> str:
        """JSON as it is written, sound or not: strings that name no member, and numbers, one by one."""
        return "".join(self.rewritten(text))

    def rewritten(self, text: str) -> Iterator[str]:
        """The same piece by piece."""
        start = 0
        for found in _JSON.finditer(text):
            yield text[start : found.start()]
            yield self._token(found)
            start = found.end()
        yield text[start:]

    def _token(self, found: re.Match[str]) -> str:
        if found["name"] is not None or found["word"] is not None:
            return found[0]
        if found["number"] is not None:
            return self.number(found[0])
        inner = _unescaped(found["string"])
        changed = self.text(inner)
        return found[0] if changed == inner else f'"{_escaped(changed)}{found["end"]}'

    def _whole(self, value: str) -> str:
        sign, digits = (value[0], value[1:]) if value[:1] in {"+", "-"} else ("", value)
        if len(digits) > MOST_DIGITS:
            return sign + self._digits(digits, digits)
        size = int(digits)
        if (size < SMALL and len(digits) < 8) or (_is_moment(size) and not sign):
            return value
        if _SERIALS[0] <= size < _SERIALS[1]:
            return f"{sign}{size + self._days}"
        return sign + self._digits(digits, digits)

    def _fraction(self, whole: str, digits: str) -> str:
        changed = self._digits(whole, digits)
        return f"{changed[:-1]}{'123456789'[int(changed[-1]) % 9]}" if digits.strip("0") else digits

    def _digits(self, of: str, digits: str) -> str:
        stream = self._stream(of)
        first = str(1 + stream[0] % 9) if digits[0] != "0" else "0"
        rest = "".join(str(one % 10) for one in stream[1:31])
        return first + (rest * (1 + len(digits) // len(rest)))[: len(digits) - 1]

    def _day(self, found: re.Match[str]) -> str:
        try:
            return (date(int(found[1]), int(found[2]), int(found[3])) + timedelta(days=self._days)).isoformat()
        except (ValueError, OverflowError):
            return self._letters(found[0])

    def _letters(self, value: str) -> str:
        hexadecimal = _HEX.fullmatch(value) is not None
        stream = self._stream(value)  # hashed once: a text of megabytes is as many hashes long
        if len(value) > len(stream):
            of = stream.hex()
            stream += b"".join(self._stream(f"{n}:{of}") for n in range(len(value) // len(stream)))
        return "".join(_like(char, stream[n], hexadecimal=hexadecimal) for n, char in enumerate(value))

    def _stream(self, value: str) -> bytes:
        return hmac.new(self.key, value.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()


_JSON: Final = re.compile(
    r'(?P<name>"[^"\\]*+(?:\\.[^"\\]*+)*+"(?=\s*:))|"(?P<string>[^"\\]*+(?:\\.[^"\\]*+)*+)(?P<end>"?)'
    r"|(?P<word>[A-Za-z_]\w*)|(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)",
    re.DOTALL,
)
"""A string that never ends is one all the same, or each quote in it would be looked at as the beginning of another."""


def is_value(text: str) -> bool:
    """Whether a text is surely somebody's and no name of a column: an address, a long number, a day."""
    return "@" in text or _DAY.fullmatch(text) is not None or _LONG_NUMBER.fullmatch(text) is not None


def _without_exponent(value: str) -> str | None:
    """A number written out, as other formats of the same table write it; None where it is nobody's, for its size."""
    try:
        exact = Decimal(value)
    except ArithmeticError:
        return None
    return f"{exact:f}" if abs(exact.adjusted()) <= MOST_DIGITS else None


def _is_moment(size: int) -> bool:
    return any(_SECONDS[0] * unit <= size < _SECONDS[1] * unit for unit in (1, 1000))


def _like(char: str, by: int, *, hexadecimal: bool) -> str:
    if char.isascii() and char.isdigit():
        return str(by % 10)
    if not char.isalpha():
        return char
    letters = string.ascii_lowercase[: 6 if hexadecimal else 26]
    other = letters[by % len(letters)]
    return other.upper() if char.isupper() else other


def _unescaped(text: str) -> str:
    import json

    try:
        found = json.loads(f'"{text}"', strict=False)
    except ValueError:
        return text
    return str(found)


def _escaped(text: str) -> str:
    import json

    return json.dumps(text)[1:-1]
