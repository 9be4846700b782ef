"""Which lines of a document the contract cites, or says that they promise nothing, and which it forgot.

A Postman collection keeps a whole description in one line of JSON: `89#12` is line 12 of the decoded
text on line 89.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from export_contracts.catalogue.contract import Contract

_RANGE = re.compile(r"^(\d+)(?:#(\d+))?(?:-(\d+))?$")
_LONG_STRING = re.compile(r'^\s*"\w+":\s*("(?:[^"\\]|\\.)*\\n(?:[^"\\]|\\.)*"),?\s*$')

Line = tuple[int, int]
"""Line number and, within a decoded description, sub-line number; 0 for a plain line."""


def parse_lines(text: str) -> Iterator[Line]:
    """The lines that `"40-41, 47, 89#12-14"` names."""
    for part in text.split(","):
        match = _RANGE.match(part.strip())
        if match is None:
            continue
        line, sub, last = int(match[1]), int(match[2] or 0), match[3]
        if sub:
            yield from ((line, one) for one in range(sub, int(last or sub) + 1))
        else:
            yield from ((one, 0) for one in range(line, int(last or line) + 1))


def lines_of(text: str) -> dict[Line, str]:
    """Every line of a document that is not blank, long JSON strings taken apart."""
    lines: dict[Line, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        match = _LONG_STRING.match(line) if len(line) > 2000 else None
        if match:
            parts = json.loads(match[1]).split("\n")
            lines.update({(number, sub): part for sub, part in enumerate(parts, start=1) if part.strip()})
        elif line.strip():
            lines[number, 0] = line
    return lines


def citations(contract: Contract, document: str) -> dict[Line, list[str]]:
    """Line to the clause ids that cite it, and `no promise` where documents.yaml says so."""
    cited: dict[Line, list[str]] = {}
    for clause in contract.clauses:
        for source in clause.source:
            if source.document == document and source.lines:
                _add(cited, parse_lines(source.lines), clause.id)
    for entry in contract.documents.get(document, {}).get("no_promise", []):
        _add(cited, parse_lines(entry["lines"]), "no promise")
    return cited


def _add(cited: dict[Line, list[str]], lines: Iterable[Line], by: str) -> None:
    for line in lines:
        cited.setdefault(line, []).append(by)


def forgotten(contract: Contract, document: str, text: str) -> list[str]:
    """Each non-blank line that nothing cites, as `12: its text`."""
    cited = citations(contract, document)
    return [
        f"{number}{f'#{sub}' if sub else ''}: {line.strip()[:100]}"
        for (number, sub), line in lines_of(text).items()
        if (number, sub) not in cited
    ]


def beyond(contract: Contract, document: str, text: str) -> list[str]:
    """Each cited line that the document does not have, or that is blank."""
    present = lines_of(text)
    cited = citations(contract, document)
    return [f"{line}#{sub}: {', '.join(by)}" for (line, sub), by in cited.items() if (line, sub) not in present]
