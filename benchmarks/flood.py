"""How judging grows with the traffic: each vendor's own cassettes over and over, ten times as many the second time.

`python benchmarks/flood.py [VENDOR…]` prints the CPU seconds of both and their ratio; 10 is linear. The peer is
the same judge at a tenth of the traffic, since nobody else judges recorded exports.
"""

from __future__ import annotations

import dataclasses
import sys
import time

from export_contracts import resources
from export_contracts.catalogue import contract, plugins
from export_contracts.judge import judge
from export_contracts.transcript.traffic import cassettes_in, load

FEW, MANY = 1_000, 10_000


def _exchanges(slug):
    paths = cassettes_in(resources.cassettes() / slug)
    return [one for path in paths for transcript in load(path, slug) for one in transcript.exchanges]


def _seconds(slug, book, number):
    """CPU seconds for `number` exchanges; each round plays a day after the one before."""
    known = _exchanges(slug)[: FEW // 10]
    told = []
    for place in range(number):
        one = known[place % len(known)]
        later = place // len(known) * 86_400
        told.append(dataclasses.replace(one, index=place, started=one.started + later, ended=one.ended + later))
    transcript = dataclasses.replace(load(next(iter(cassettes_in(resources.cassettes() / slug))), slug)[0])
    transcript = dataclasses.replace(transcript, exchanges=tuple(told), callbacks=(), files=())
    began = time.process_time()
    judge(book, [transcript])
    return time.process_time() - began


def main(slugs):
    for slug in slugs:
        book = contract.load(slug)
        few, many = _seconds(slug, book, FEW), _seconds(slug, book, MANY)
        print(f"{slug:12} {FEW:6} exchanges {few:7.2f} s   {MANY:6} exchanges {many:7.2f} s   ratio {many / few:5.1f}")


if __name__ == "__main__":
    main(sys.argv[1:] or plugins.slugs())
