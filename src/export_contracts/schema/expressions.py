"""Regular expressions, as PCRE2 reads them, of JSON texts: texts, numbers, arrays, members. They are for bytes.

What an expression matches, with a comma, a bracket or a line's end after it, is one JSON text: UTF-8 without a lone
surrogate, numbers that a float can hold. `(?&tail)` and `(?&scalar)` stand in `DEFINED`. Knows no schema.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Final

from export_contracts.model import Json

NEVER: Final = "(?!)"
COLON: Final = ": ?+"
COMMA: Final = ", ?+"
TAIL: Final = rf"(?>{COMMA}(?!\}})|(?=\}}))"
"""What follows a member: a comma and no end, or the end of the object."""
DEPTH: Final = 4
"""Levels of lists and objects in what is matched loosely."""
_ASCII: Final = r"[ !#-\[\]-\x7f]*+"
_ESCAPE: Final = (
    r"\\(?:[\"\\/bfnrt]|u(?:[0-9a-cA-CefEF][0-9a-fA-F]{3}|[dD][0-7][0-9a-fA-F]{2}"
    r"|[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}))"
)
_UTF8: Final = (
    r"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]"
    r"|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}"
)
TEXT: Final = f'"{_ASCII}(?>"|(?&tail))'
_WHOLE: Final = "-?+(?>0|[1-9][0-9]{0,17}+)"
NUMBER: Final = rf"{_WHOLE}(?:\.[0-9]++)?+(?:[eE][-+]?+[0-9]{{1,2}}+)?+"
_CLASS: Final = r"\[-?(?:[A-Z]-[A-Z]|[a-z]-[a-z]|[0-9]-[0-9]|[A-Za-z0-9 .,:;_@+])+-?\]"
_PLAIN: Final = re.compile(rf"(?:[A-Za-z0-9 ,:;_@-]|\\[.+]|\(\?:|\((?!\?)|[)|?*+]|{_CLASS}|\{{[0-9]+(?:,[0-9]*)?\}})*")
"""Patterns that mean the same wherever they are read, and that no quote, backslash or control character matches."""


def either(*choices: str) -> str:
    """The first of these that matches."""
    return choices[0] if len(choices) == 1 else f"(?>{'|'.join(choices)})" if choices else NEVER


def listed(entry: str) -> str:
    """An array of such entries."""
    return rf"\[(?>{entry}(?>{COMMA}(?!\])|(?=\])))*+\]"


def key(name: str) -> str | None:
    """A member's name as it is usually written; None where there are several ways."""
    written = json.dumps(name, ensure_ascii=False)
    usual = written == f'"{name}"' and name.isprintable()
    return re.escape(written) if usual else None


def member(name: str, value: str, *, required: bool = False) -> str:
    """A member with the comma after it; it may be missing unless it is `required`."""
    written = key(name)
    if written is None:
        return NEVER if required else ""
    return f"(?>{written}{COLON}{value}{TAIL})" + ("" if required else "?+")


def jumbled(members: Iterable[tuple[str, str, bool]], groups: Iterable[str], *, hold: bool = False) -> str:
    """An object of these members, each by name, value and whether it is required, in any order and none of them twice.

    Which have come is told by `groups`, names or numbers in order of the members; with `hold` they hold the values.
    """
    alternatives, ends = [], ""
    for (name, value, required), group in zip(members, groups, strict=False):
        written = key(name)
        if written is None:
            ends += NEVER if required else ""
            alternatives += [f"(?!)({value})"] if hold else []
            continue
        once = f"(?({group})(?!))"
        opened = "(" if hold else f"(?{group})"
        alternatives.append(f"{written[1:]}{COLON}{once}{opened}{value}{')' if hold else ''}")
        ends += f"(?({group})|(?!))" if required else ""
    return rf'\{{(?>"{either(*alternatives)}{TAIL})*+\}}{ends}'


def plain(pattern: str) -> str | None:
    """An anchored pattern without its anchors and without groups that are counted."""
    if not (pattern.startswith("^") and pattern.endswith("$")) or _PLAIN.fullmatch(pattern[1:-1]) is None:
        return None
    depth = 0
    for mark in re.sub(r"\[[^\]]*\]|\\.", "", pattern):
        depth += (mark == "(") - (mark == ")")
        if mark == "|" and not depth:
            return None
    return re.sub(r"\((?!\?)", "(?:", pattern[1:-1])


def number(kind: str, least: Json, most: Json) -> str:
    """An `integer` or `number` between these bounds, which may be None."""
    if kind == "integer":
        if least not in {None, 0} or not (most is None or _natural(most)):
            return NEVER
        if most is not None:
            return _up_to(most) if least == 0 else NEVER
        return _WHOLE if least is None else _WHOLE.removeprefix("-?+")
    if least is None and most is None:
        return NUMBER
    if not (_natural(most) and _natural(-least if isinstance(least, int) else None) and most and least):
        return NEVER
    return rf"(?>-{_up_to(-least - 1)}|{_up_to(most - 1)})(?:\.[0-9]++)?+"


def _natural(number: Json) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and number >= 0


def _up_to(most: int) -> str:
    """Natural numbers up to this one."""
    digits = str(most)
    choices = {"0", digits}
    choices.update(f"[1-9][0-9]{{{length - 1}}}" for length in range(1, len(digits)))
    choices.update(
        f"{digits[:at]}[{int(not at)}-{int(digit) - 1}][0-9]{{{len(digits) - at - 1}}}"
        for at, digit in enumerate(digits)
        if int(digit) > int(not at)
    )
    return f"(?>(?:{'|'.join(sorted(choices))})(?![0-9]))"


DEFINED: Final = {
    "tail": rf'(?>(?:{_ESCAPE}|{_UTF8}){_ASCII})++"',
    "scalar": either(TEXT, NUMBER, "true", "false", "null"),
    "any": either("(?&scalar)", r"\{\}", listed(either("(?&scalar)", r"\{\}", listed("(?&scalar)")))),
}
"""What expressions refer to by name."""


def anything() -> Iterator[tuple[str, str]]:
    """Anything at all, to a depth that is enough for what people keep of their customers."""
    inner = "(?&scalar)"
    for level in range(DEPTH):
        anything = either("(?&scalar)", an_object(inner), listed(inner))
        yield f"loose{level}", anything
        inner = f"(?&loose{level})"
    yield "object", an_object(inner)
    yield "loose", either("(?&scalar)", "(?&object)", listed(inner))


def an_object(value: str) -> str:
    """An object of any names with such values, in which a name may stand twice."""
    one = f"{TEXT}{COLON}{value}"
    return rf"\{{(?>{one}(?>{COMMA}{one})*+)?+\}}"
