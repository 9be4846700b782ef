"""Numbers that are unique over a whole results file, for exchanges that are only numbered within their transcript."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from export_contracts.model import Exchange, Transcript
from export_contracts.report.account import Account


@dataclass(frozen=True)
class Numbering:
    """`of[(transcript, exchange index)]` is the number; numbers follow the order of the traffic."""

    of: dict[tuple[int, int], int]
    exchanges: tuple[tuple[int, Transcript, Exchange], ...]


def number(accounts: Sequence[Account]) -> Iterator[Numbering]:
    """One numbering for each account; each begins where the one before it ended."""
    first = 0
    for account in accounts:
        listed = tuple(
            (place, transcript, exchange)
            for place, transcript in enumerate(account.judgement.transcripts)
            for exchange in transcript.exchanges
        )
        yield Numbering({(place, one.index): first + n for n, (place, _, one) in enumerate(listed)}, listed)
        first += len(listed)
