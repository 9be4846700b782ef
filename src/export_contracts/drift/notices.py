"""Notices that something is on its way out: of an operation in a sentence, of a name beside it. Compares nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from export_contracts.drift.change import Change
from export_contracts.drift.said import Operation, Publication

_OUT: Final = (
    r"(?:deprecated|obsolete|retired|discontinued|sunset|end[- ]of[- ]life|obsol[eè]te|dépréciée?|veraltet|abgekündigt|"
    r"obsolet[oa]|descontinuad[oa]|非推奨|廃止)"
)
_LINKS: Final = (
    r"(?:is|was|has|have|been|be|being|will|now|to|as|on|marked|considered|already|since|therefore|est|sera|a|été|"
    r"désormais|considérée?|ist|wurde|wird|als|jetzt|es|está|será|foi|は|が|です)"
)
_SUBJECT: Final = (
    r"(?:\b(?:this|the|cet|cette|diese[rs]?|este|esta)\s+(?:\w+\s+)?"
    r"(?:endpoint|operation|method|api|call|resource|point de terminaison|opération|Endpunkt|operación)|"
    r"(?:この|本)\s*(?:エンドポイント|API))\b"
)
_WHOLE: Final = re.compile(rf"{_SUBJECT}(?:\s*{_LINKS}\b)*[\s(（*_`]*{_OUT}", re.IGNORECASE)
_MARK: Final = re.compile(rf"\W*{_OUT}(?![\w-])|.*[(（\[]\s*{_OUT}\s*[)）\]]\W*\Z", re.IGNORECASE | re.DOTALL)


def marks(text: str) -> bool:
    """Whether what is said beside a name marks it: as the first word, or in brackets at the end."""
    return _MARK.match(text) is not None


def of_operations(page: Publication, operations: Mapping[str, Operation]) -> Iterator[Change]:
    """Operations that a sentence of their section calls deprecated; before any section, the first of them."""
    said = (key for key, text in page.passages if _WHOLE.search(text))
    told = dict.fromkeys((*said, *page.retired))
    for printed in told:
        names = [name for name, key in operations.items() if key == printed]
        name = names[0] if names else next(iter(operations), "") if printed is None else ""
        if name:
            yield Change("operation", "deprecated", name, name, None, "deprecated", "prose")
