"""The vocabulary as frozen data: exchanges, transcripts, clauses, findings, verdicts.

Everything observable becomes a `Transcript`; a check turns a transcript into `Finding` and `Kept`
values; the judge turns those into a `ClauseVerdict` per clause. No I/O, no clock, no HTTP library here.
"""

from export_contracts.model.contract import (
    Clause,
    ClauseVerdict,
    Evidence,
    Finding,
    Judgement,
    Kept,
    LocatedFinding,
    Mutant,
    Source,
)
from export_contracts.model.http import (
    DECODED_LIMIT,
    Headers,
    Request,
    Response,
    Unreadable,
    inflate,
    is_vast,
    parse_json,
    split_url,
)
from export_contracts.model.talk import (
    UNKNOWN_TIME,
    Callback,
    DeliveredFile,
    Exchange,
    Intent,
    Transcript,
    UnknownTime,
    Untimed,
    Where,
)
from export_contracts.model.vocabulary import MISSING, VERDICT_OF_LEVEL, Basis, Json, Level, Party, Verdict

__all__ = [
    "DECODED_LIMIT",
    "MISSING",
    "UNKNOWN_TIME",
    "VERDICT_OF_LEVEL",
    "Basis",
    "Callback",
    "Clause",
    "ClauseVerdict",
    "DeliveredFile",
    "Evidence",
    "Exchange",
    "Finding",
    "Headers",
    "Intent",
    "Json",
    "Judgement",
    "Kept",
    "Level",
    "LocatedFinding",
    "Mutant",
    "Party",
    "Request",
    "Response",
    "Source",
    "Transcript",
    "UnknownTime",
    "Unreadable",
    "Untimed",
    "Verdict",
    "Where",
    "inflate",
    "is_vast",
    "parse_json",
    "split_url",
]
