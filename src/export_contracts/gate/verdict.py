"""What passages through the gate come to: clauses broken, answers met and survived, and the sentences that fail it.

Pure: the verdict comes from the traffic, and only then from how the command ended.
"""

from __future__ import annotations

import dataclasses
import fnmatch
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from export_contracts.catalogue.contract import Contract
from export_contracts.coverage import measure
from export_contracts.gate.passage import Passage
from export_contracts.judge import judge
from export_contracts.model import Exchange, Judgement, Party, Transcript, Verdict

CONSUMER: tuple[Party, ...] = ("consumer",)
PROVIDER: tuple[Party, ...] = ("provider",)


@dataclass(frozen=True)
class Judged:
    """A passage with its judgement, what it met, and sentences: `broken` fail the gate, `notes` do not."""

    passage: Passage
    judgement: Judgement
    met: Mapping[str, Mapping[str, Sequence[str]]]
    broken: tuple[str, ...]
    notes: tuple[str, ...]
    silent: bool
    """No request was for an operation of the vendor, nor surely meant for one."""


def judged(contract: Contract, one: Passage, plain: Passage | None = None) -> Judged:
    """Judge a passage; `plain` is the passage without awkwardness that it is compared with."""
    judgement = judge(contract, [one.transcript], parties=CONSUMER)
    seen = judgement.transcripts[0]
    silent = not _addressed(contract, seen) and not any(verdict.findings for verdict in judgement.verdicts)
    return Judged(
        passage=one,
        judgement=judgement,
        met={**measure(contract, judgement.transcripts).as_json(), "readings": _readings(contract, one.transcript)},
        broken=tuple(_failures(one, plain)),
        notes=tuple(_notes(contract, one, seen)),
        silent=silent,
    )


def complaints(contract: Contract, transcript: Transcript) -> Iterator[str]:
    """A sentence for each breach of a binding consumer clause in `transcript`, or for its silence."""
    judgement = judge(contract, [transcript], parties=CONSUMER)
    clean = not any(one.findings for one in judgement.verdicts)
    if clean and not _addressed(contract, judgement.transcripts[0]):
        yield f"The test sent no request to {contract.manifest.title}."
    for one in judgement.verdicts:
        for located in one.findings if one.verdict is Verdict.FAIL else ():
            found = located.finding
            place = f"exchange {found.at.exchange}, {found.at.pointer}"
            yield f"{one.clause.id} {one.clause.title}: expected {found.expected}, got {found.got} ({place})"


def _addressed(contract: Contract, seen: Transcript) -> bool:
    """Whether any request was for an operation of the contract; fetching a token alone is none."""
    known = {one.id for one in contract.operations}
    return any(exchange.operation in known for exchange in seen.exchanges)


def _readings(contract: Contract, transcript: Transcript) -> dict[str, list[str]]:
    """Readings that the answers showed; of thousands of answers of one shape the first speaks for all."""
    different = {(one.operation, one.request.method, _shape(one)): one for one in reversed(transcript.exchanges)}
    kept = tuple(sorted(different.values(), key=lambda one: one.index))
    only = {one.id for one in contract.clauses if one.readings}
    short = dataclasses.replace(transcript, exchanges=kept)
    verdicts = judge(contract, [short], parties=PROVIDER, only=only).verdicts
    met = {f"{one.clause.id} {name}" for one in verdicts for name in one.readings}
    known = {f"{one.clause.id} {name}" for one in verdicts for name in one.clause.readings}
    return {"met": sorted(met), "missed": sorted(known - met)}


def _failures(one: Passage, plain: Passage | None) -> Iterator[str]:
    if one.ended.code == 0 and not one.ended.timed_out:
        return
    if one.awkward is None or plain is None:
        yield f"{one.ended.sentence[0].upper()}{one.ended.sentence[1:]}."
        return
    why = f"{one.ended.sentence}; {_difference(one, plain)}"
    yield f"The command did not survive the awkward server {one.awkward}: {why}."


def _difference(one: Passage, plain: Passage) -> str:
    pairs = list(zip(one.transcript.exchanges, plain.transcript.exchanges, strict=False))
    for mine, theirs in pairs:
        if _shape(mine) != _shape(theirs):
            return (
                f"exchange {mine.index}, {mine.request.method} {mine.request.path}, was answered {_shape(mine)} "
                f"where the plain server answered {_shape(theirs)}"
            )
    for mine, theirs in pairs:
        if _body(mine) != _body(theirs):
            return (
                f"exchange {mine.index}, {mine.request.method} {mine.request.path}, brought {_begun(mine)} "
                f"where the plain server sent {_begun(theirs)}"
            )
    last = one.transcript.exchanges[-1:]
    return f"its last exchange was {last[0].index}, answered {_shape(last[0])}" if last else "it sent nothing"


def _body(exchange: Exchange) -> bytes:
    return exchange.response.body if exchange.response else b""


def _begun(exchange: Exchange) -> str:
    return f"a body that begins {_body(exchange)[:40].decode('utf-8', 'replace')!r}"


def _shape(exchange: Exchange) -> str:
    body = exchange.view.get("response", {}).get("body")
    if not isinstance(body, dict):
        media = exchange.response.media_type if exchange.response else ""
        return f"{exchange.status} {media}".strip()
    members = ", ".join(f"{name}=null" if value is None else name for name, value in body.items())
    return f"{exchange.status} with {members}"


def _notes(contract: Contract, one: Passage, seen: Transcript) -> Iterator[str]:
    strangers = [
        exchange
        for exchange in seen.exchanges
        if not exchange.operation
        and not any(fnmatch.fnmatchcase(exchange.request.path, known) for known in contract.manifest.companions)
    ]
    if strangers:
        first = strangers[0].request
        count = f"{len(strangers)} requests address" if len(strangers) > 1 else "1 request addresses"
        yield f"{count} no operation of the contract; the first is {first.method} {first.path}."
    if one.journal.refused:
        yield f"Refused, since they are no hosts of the vendor: {', '.join(sorted(one.journal.refused))}."
    yield from sorted(f"{sentence[0].upper()}{sentence[1:]}." for sentence in one.journal.troubles)
    if one.dropped:
        yield f"{one.dropped} bodies were too much to be kept; requests among them are not judged."
