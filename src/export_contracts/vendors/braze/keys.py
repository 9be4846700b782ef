"""What the names of delivered files say before any is opened: keys, segments, announced prefixes. No I/O."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from export_contracts.checks.delivered import Asked, Named
from export_contracts.model import DeliveredFile, Exchange, Json, Request, Response
from export_contracts.vendors.braze.checks_keys import PARTS
from export_contracts.vendors.braze.clocks import PLAUSIBLE, stamp
from export_contracts.vendors.braze.exports import START, Export


@dataclass(frozen=True)
class Survey:
    """What was asked for, and the segment that most files of a prefix name, where they disagree."""

    asked: Asked
    segments: Mapping[str, str] = field(default_factory=dict)

    def export(self, named: Named) -> Export:
        """The export that a file belongs to, as far as request and name tell it."""
        key = key_of(named)
        pieces = key.split("/")
        prefix = pieces[-2] if len(pieces) >= len(PARTS) else ""
        body: dict[str, Json] = {"output_format": _format(named.name.lower(), key)}
        body |= self.asked.request
        if prefix in self.segments:
            body.setdefault("segment_id", self.segments[prefix])
        number = float(stamp(prefix) or 0)
        started = number if PLAUSIBLE < number < PLAUSIBLE * 4 else 0.0
        request = Request("POST", "https://rest.example/users/export/segment", body=json.dumps(body).encode())
        answer = Response(200, body=json.dumps({"object_prefix": prefix}).encode())
        start = Exchange(0, request, answer, started, started, START)
        file = DeliveredFile(key, b"", max(started, named.modified))
        return Export(start, (), (file,) if key else ())

    @property
    def segment_known(self) -> bool:
        """Whether the request tells the segment."""
        return "segment_id" in self.asked.request


def _format(name: str, key: str) -> str:
    """The format that was asked for, by the extension. A download of another name may be either, which gzip allows."""
    if name.endswith((".gz", ".gzip")) or (not key and not name.endswith(".zip")):
        return "gzip"
    return "zip"


def survey(asked: Asked, files: Iterable[Named]) -> Survey:
    """Look over the names of all files. Where all files of a prefix name one segment, nothing can be said of it."""
    named: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for one in files:
        pieces = key_of(one).split("/")
        if len(pieces) >= len(PARTS):
            named[pieces[-2]][pieces[-4]] += 1
    return Survey(asked, {prefix: found.most_common(1)[0][0] for prefix, found in named.items() if len(found) > 1})


def key_of(named: Named) -> str:
    """The object key; empty for a file that was moved out of the layout, of which only the contents can be judged."""
    if named.in_bucket:
        return named.path
    pieces = named.path.split("/")
    if PARTS[0] not in pieces:
        return ""
    return "/".join(pieces[len(pieces) - 1 - pieces[::-1].index(PARTS[0]) :])
