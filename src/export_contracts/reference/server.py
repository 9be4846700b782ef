"""What every vendor's reference server is: a strict, stateful function from request to answer.

It reads requests with models of its own, written from the documents, and never with the contract's
schemas or checks: each generated case is thereby a differential test of two readings of one page.
"""

from __future__ import annotations

import copy
import dataclasses
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from export_contracts.model import MISSING, Exchange, Headers, Json, Mutant, Request, Response
from export_contracts.reference.world import World
from export_contracts.schema.pointer import resolve


@dataclass(frozen=True)
class Answer:
    """What a reference answers. `operation` is the operationId served, None for an unknown path.

    `trouble` says why this is no answer of the vendor's, where a real one was asked and gave none.
    """

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    operation: str | None = None
    trouble: str | None = None

    @property
    def response(self) -> Response:
        """The answer as the client sees it."""
        return Response(self.status, Headers.of(self.headers), self.body)


class Reference(ABC):
    """One vendor's server. Subclasses route in `answer` and pass each exported row through `row`.

    All that must outlive a restart stands in `state`, plain JSON. What waits for time either stands there too and
    is completed by `settle`, or is registered with the clock and registered again by `resume`.
    """

    slug: ClassVar[str]
    alone: bool = True
    """Whether requests are answered one at a time; one that keeps nothing of its own may say no."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.state: dict[str, Json] = {}
        self.row_patches: dict[str, Sequence[Mapping[str, Json]]] = {}

    @abstractmethod
    def answer(self, request: Request) -> Answer:
        """Answer one request; never raises for anything a client can send."""

    @abstractmethod
    def facts(self) -> dict[str, Json]:
        """What a target file for this server would declare: ids, secrets, expectations, by setting name."""

    def settle(self, now: float) -> None:  # noqa: B027 - a server in which nothing waits has nothing to settle
        """Complete every job in `state` due at `now` or before, each as of its own moment.

        Called before each answer and now and then in between; `now` may lie a day after the last call.
        """

    def resume(self) -> None:  # noqa: B027 - a server that keeps all in `state` has nothing to register
        """Register again with the clock whatever waits in `state`; called once after a restart filled it."""

    def row(self, kind: str, row: Json) -> Json:
        """The row as exported; a row mutant changes it here."""
        patch = self.row_patches.get(kind)
        return apply_patch(patch, row) if patch else row


def apply_patch(patch: Sequence[Mapping[str, Json]], document: Json) -> Json:
    """JSON Patch, leaving out the operations whose place does not exist in this document."""
    import jsonpatch  # no innocent server needs it

    result = copy.deepcopy(document)
    for operation in patch:
        try:
            result = jsonpatch.apply_patch(result, [dict(operation)])
        except (jsonpatch.JsonPatchException, jsonpatch.JsonPointerException):
            continue
    return result


class Mutated(Reference):
    """A reference whose answers, or exported rows, carry one patched defect."""

    def __init__(self, innocent: Reference, mutant: Mutant, when: Mapping[str, Json]) -> None:
        super().__init__(innocent.world)
        self.state = innocent.state
        self.innocent = innocent
        self.mutant = mutant
        self.on = {**{key: when[key] for key in ("operation", "status") if key in when}, **mutant.on}
        if "rows" in self.on:
            innocent.row_patches[self.on["rows"]] = mutant.patch

    def answer(self, request: Request) -> Answer:
        """The innocent answer, patched where the mutant says."""
        answer = self.innocent.answer(request)
        if "rows" in self.on or not self._applies(request, answer):
            return answer
        return patched(answer, request, self.mutant.patch)

    def settle(self, now: float) -> None:
        """The innocent server's jobs."""
        self.innocent.settle(now)

    def resume(self) -> None:
        """The innocent server's jobs."""
        self.innocent.resume()

    def facts(self) -> dict[str, Json]:
        """The innocent server's facts."""
        return self.innocent.facts()

    def _applies(self, request: Request, answer: Answer) -> bool:
        wanted = self.on.get("operation")
        if wanted is not None and answer.operation not in (wanted if isinstance(wanted, list) else [wanted]):
            return False
        status = self.on.get("status")
        if status is not None and not _status_matches(answer.status, status):
            return False
        view = Exchange(0, request, answer.response).view
        has, lacks = self.on.get("has"), self.on.get("lacks")
        return (has is None or _present(view, has)) and (lacks is None or not _present(view, lacks))


def _present(view: Json, pointer: str) -> bool:
    return resolve(view, pointer) is not MISSING


def _status_matches(status: int, wanted: Json) -> bool:
    if isinstance(wanted, list):
        return any(_status_matches(status, one) for one in wanted)
    return str(wanted).lower() in {str(status), f"{status // 100}xx"}


def patched(answer: Answer, request: Request, patch: Sequence[Mapping[str, Json]]) -> Answer:
    """`answer` after a JSON Patch whose pointers begin with `/response`."""
    view = Exchange(0, request, answer.response).view
    before = view["response"]["body"]
    after = apply_patch(patch, view)["response"]
    body = answer.body
    if after["body"] != before or type(after["body"]) is not type(before):
        changed = after["body"]
        body = changed.encode() if isinstance(changed, str) else json.dumps(changed).encode()
    return dataclasses.replace(answer, status=int(after["status"]), headers=after["headers"], body=body)
