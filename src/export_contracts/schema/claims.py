"""What entries of rows' lists have to show beside being valid, as expressions that PCRE2 checks in passing.

An expression here matches nothing of the text: it looks on from the place where a member's value begins, and holds only
together with what matches that value. Dates are compared by their days, which have to be written YYYY-MM-DD.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from export_contracts.schema.expressions import COLON, COMMA, NEVER, key


@dataclass(frozen=True)
class Claim:
    """Of the entries of one list: `before` the values of some members an expression has to hold.

    The `needed` members have to come in each entry, and those `behind` a member only behind it. A list counts where it
    has an entry or, if an expression `before` has a group called `shown`, where that was set.
    """

    before: Mapping[str, str] = field(default_factory=dict)
    needed: frozenset[str] = frozenset()
    behind: Mapping[str, frozenset[str]] = field(default_factory=dict)
    shown: str | None = None

    def can_hold(self, names: Sequence[str]) -> bool:
        """Whether members that come in the order of `names` can come as claimed."""
        return self.needed <= set(names) and all(
            first not in names or rest.isdisjoint(names[: names.index(first)]) for first, rest in self.behind.items()
        )


@dataclass(frozen=True)
class Claims:
    """Claims by the place of the list; the first of the `names` that is a text and not empty tells rows apart."""

    names: tuple[str, ...]
    entries: Mapping[str, Claim] = field(default_factory=dict)


def not_before(day: str) -> str:
    """A text that begins with this day or a later one."""
    rest = ""
    for mark in reversed(day):
        later = f"|[{int(mark) + 1}-9]" if mark.isdecimal() and mark != "9" else ""
        rest = f"(?>{mark}{rest}{later})" if later else f"{mark}{rest}"
    return f'(?="{rest})'


def not_after(following: str) -> str:
    """A text that begins with a day, where the member that follows at once begins with the same day or a later one."""
    written = key(following)
    if written is None:
        return NEVER
    there = f'[^"]*+"{COMMA}{written}{COLON}"'
    return f'(?="(?>{"|".join(_differing(place, there) for place in _PLACES)}))'


_DAY: Final = "0000-00-00"
_PLACES: Final = (3, 5, 6, 8, 9, 2)
"""Of the digits of a day, those in front that differ most often; other centuries are not compared."""
_LAST: Final = 9


def _differing(place: int, there: str) -> str:
    """Days that are alike up to this digit, and of which the second has a greater one; or the same in the last place.

    What stands there can be compared with what stands here only for being equal, so that each digit has its own case.
    """
    alike = "".join("-" if mark == "-" else "[0-9]" for mark in _DAY[:place])
    least = int(place != _LAST)
    cases = (rf"{digit}(?={there}\g{{-1}}[{digit + least}-9])" for digit in range(10 - least))
    return f"({alike})(?>{'|'.join(cases)})"


def beginning(cases: Mapping[tuple[str, ...], str], shown: str) -> str:
    """A text that begins with some of these words, of ASCII letters in whatever case, and for which its case holds.

    In any other case it is null, or a text of plain ASCII; else the group `shown` is set.
    """
    known = f"(?i:{'|'.join(word for words in cases for word in words)})"
    each = "|".join(f'(?="(?i:{"|".join(words)})){holds}' for words, holds in cases.items())
    return rf'(?>(?=(?<{shown}>"){known})(?>{each})|(?!"{known})(?=null|"[ !#-\[\]-~]*+"))'


def none_of(*names: str) -> str:
    """Among the members to come of this object, which holds no other, these are null or empty."""
    written = [one for name in names if (one := key(name)) is not None]
    if len(written) < len(names):
        return NEVER
    member = f'(?:{"|".join(written)}){COLON}(?!null|"")'
    return rf'(?=(?>(?!{member})(?>"(?>[^"\\]++|\\.)*+"|[^"{{}}]++))*+\}})'
