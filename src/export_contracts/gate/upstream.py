"""The vendor itself behind the gate: requests are passed on, within bounds that keep a live account unharmed.

Passed on are operations of the contract and what a client needs besides, such as the token endpoint; nothing that
stops a job, and no more starts of exports than allowed. Only the target's host is connected to, or one of the
vendor's where the target is the vendor. No redirect is followed, nothing is sent twice, no credential is added.
"""

from __future__ import annotations

import fnmatch
import threading
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from export_contracts.catalogue.contract import Contract
from export_contracts.catalogue.operations import Links
from export_contracts.errors import UsageError
from export_contracts.model import Exchange, Headers, Json, Request, Response
from export_contracts.reference.server import Answer, Reference
from export_contracts.reference.world import World
from export_contracts.targets import links, wire
from export_contracts.targets.target import Target
from export_contracts.targets.target_file import FEATURES
from export_contracts.targets.transport import Trouble

EXPORTS: Final = 3
"""Exports started at most where nobody says otherwise."""
REWRITTEN: Final = 1024 * 1024
"""Bytes of an answer's body in which the target's address is looked for; larger ones are deliveries."""
_OWN: Final = frozenset(
    (
        *("connection", "content-length", "expect", "host", "keep-alive", "proxy-authenticate", "proxy-authorization"),
        *("proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"),
    )
)


def checked(contract: Contract, target: Target) -> Target:
    """The target where it may be an upstream: this machine, or a host of the vendor by https."""
    split = urlsplit(target.url)
    if links.is_loopback(target.url) or (split.scheme == "https" and _is_vendors(contract, split.hostname)):
        return target
    raise UsageError(
        f"{target.url} is neither on this machine nor one of {contract.manifest.title}'s hosts by https.",
        hint=f"Its hosts: {', '.join(contract.manifest.hosts)}.",
    )


class Upstream(Reference):
    """Answers as the target does. `note` is told, in a sentence, what was not passed on."""

    def __init__(self, contract: Contract, target: Target, note: Callable[[str], None]) -> None:
        super().__init__(World())
        self.slug = contract.manifest.slug  # type: ignore[misc]  # an instance speaks for one vendor
        self._contract = contract
        self._target = target
        self._note = note
        self.alone = False  # a client's pool of connections is as wide behind the gate as before it
        self._counting = threading.Lock()
        self._links = Links(contract)
        self._left = EXPORTS if target.max_exports is None else target.max_exports

    def facts(self) -> dict[str, Json]:
        """What the target's owner declared, secrets among them: the command needs them to be let in."""
        return {name: value for name, value in self._target.settings.items() if name not in FEATURES}

    def answer(self, request: Request) -> Answer:
        """The target's answer, or our own where the request is not passed on or none came."""
        operation = self._links.operation(Exchange(0, request, None))
        refusal = self._refusal(request, operation)
        if refusal is not None:
            self._note(f"not passed on: {request.method} {request.path}, {refusal}")
            return _own(403, refusal, operation)
        url = self._address(request)
        pace = self._target.pace
        try:
            passed = Request(request.method, url, _kept(request.headers), request.body)
            response = wire.carry(passed, timeout=pace.timeout, body_limit=pace.body_limit)
        except Trouble as trouble:
            self._note(f"no answer to {request.method} {request.path}: {trouble}")
            return _own(502, str(trouble), operation)
        told = Response(response.status, self._readdressed_fields(response), self._readdressed(response.body))
        self._links.remember(Exchange(0, request, told, operation=operation))
        return Answer(told.status, told.body, dict(told.headers), operation)

    def _refusal(self, request: Request, operation: str | None) -> str | None:
        manifest = self._contract.manifest
        if operation is None:
            known = any(fnmatch.fnmatchcase(request.path, one) for one in manifest.companions)
            return None if known else "no operation of the contract"
        if operation in manifest.stops:
            return "which would end exports of a live account"
        if operation in manifest.starts:
            with self._counting:
                if self._left <= 0:
                    return "as many exports as allowed were started (--max-exports)"
                self._left -= 1
        return None

    def _address(self, request: Request) -> str:
        """The same path on the target; on the host asked for where it and the target are both the vendor's."""
        asked, target = urlsplit(request.url), urlsplit(self._target.url)
        rest = (asked.path or "/") + (f"?{asked.query}" if asked.query else "")
        if _is_vendors(self._contract, asked.hostname) and _is_vendors(self._contract, target.hostname):
            return f"https://{asked.hostname}{rest}"
        return self._target.url + rest

    def _readdressed(self, text: bytes) -> bytes:
        """Text in which a target on this machine goes by the gate's address, or what follows would pass it by."""
        if not links.is_loopback(self._target.url) or len(text) > REWRITTEN:
            return text
        return text.replace(self._target.url.encode(), self.world.base_url.encode())

    def _readdressed_fields(self, response: Response) -> Headers:
        """The header fields that concern the client, each name once."""
        names = {name.lower(): name for name, _ in reversed(response.headers.fields) if name.lower() not in _OWN}
        values = ((name, (response.headers.get(name) or "").encode("latin-1", "replace")) for name in names.values())
        return Headers(tuple((name, self._readdressed(value).decode("latin-1")) for name, value in values))


def _is_vendors(contract: Contract, host: str | None) -> bool:
    return any(fnmatch.fnmatchcase(host or "", one) for one in contract.manifest.hosts)


def _own(status: int, sentence: str, operation: str | None) -> Answer:
    text = f"This is the gate, and not the vendor: {sentence}.\n".encode()
    trouble = f"not the vendor's answer: {sentence}"
    return Answer(status, text, {"Content-Type": "text/plain; charset=utf-8"}, operation, trouble)


def _kept(headers: Headers) -> Headers:
    return Headers(tuple((name, value) for name, value in headers if name.lower() not in _OWN))
