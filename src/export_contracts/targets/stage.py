"""The stage on which scenarios play: sends, waits, polls, collects, and writes the transcript.

Nothing is asserted here. Whatever a target does, including nothing at all, becomes an exchange.
"""

from __future__ import annotations

import base64
import json as jsonlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol
from urllib.parse import quote, urlencode, urljoin, urlsplit

from export_contracts.catalogue.contract import Contract
from export_contracts.errors import ExportContractsError
from export_contracts.model import (
    Callback,
    DeliveredFile,
    Exchange,
    Headers,
    Intent,
    Json,
    Request,
    Response,
    Transcript,
)
from export_contracts.targets.target import Target

Auth = Literal["good", "none", "wrong"]
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class Unsupported(ExportContractsError):
    """The scenario needs something this target does not offer; it ends here, which is no failure."""


class Exhausted(ExportContractsError):
    """The target stopped answering or its budget is spent; the scenario ends here."""


class Trouble(Exception):
    """No complete answer came; the text says why, in words for a report."""


class Transport(Protocol):
    """Carries one request to a target and brings back the answer, within bounds, or raises Trouble."""

    def carry(self, request: Request) -> Response:
        """Send and receive; never follows a redirect."""

    def now(self) -> float:
        """Seconds since the epoch on the target's clock."""

    def advance(self, seconds: float) -> bool:
        """Turn the target's clock forward; False where it has no control."""

    def sleep(self, seconds: float) -> None:
        """Let real time pass."""

    def files(self) -> Iterator[DeliveredFile]:
        """What lies in the target's bucket now."""

    def callbacks(self) -> list[Callback]:
        """Callbacks received so far."""

    def callback_url(self) -> str | None:
        """An address to which the target may send callbacks."""


@dataclass
class Stage:
    """One scenario's view of one target. `first` is the index of its first exchange."""

    contract: Contract
    target: Target
    transport: Transport
    name: str
    first: int = 0
    seed: int = 0

    def __post_init__(self) -> None:
        self.exchanges: list[Exchange] = []
        self._files: dict[str, DeliveredFile] = {}
        self._seen_files = {one.key for one in self.transport.files()}
        self._seen_callbacks = len(self.transport.callbacks())
        self._troubles = 0

    def setting(self, name: str) -> Json:
        """A setting of the target; ends the scenario as unsupported where it is not declared."""
        value = self.target.settings.get(name)
        if value is None:
            setting = self.contract.manifest.settings.get(name)
            hint = f"add {setting.add}" if setting else None
            raise Unsupported(f"the target declares no {name}", hint=hint)
        return value

    def send(
        self,
        operation: str,
        *,
        json: Json = ...,
        body: bytes | None = None,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str | None] | None = None,
        auth: Auth = "good",
        intent: Intent | None = None,
        patient: bool = True,
    ) -> Exchange:
        """Send one request of the contract. A header given as None is left out.

        A `patient` sender waits and tries again when told to slow down; both exchanges are kept.
        """
        known = next(one for one in self.contract.operations if one.id == operation)
        filled = known.path
        for name, value in {**self.target.settings, **(path or {})}.items():
            filled = filled.replace("{" + name + "}", quote(str(value), safe=""))
        url = self.target.url.rstrip("/") + filled + ("?" + urlencode(query) if query else "")
        fields: dict[str, str | None] = dict(self.credentials(auth))
        if json is not ...:
            fields["Content-Type"] = "application/json"
            body = jsonlib.dumps(json).encode()
        fields.update(headers or {})
        sent = {name: value for name, value in fields.items() if value is not None}
        request = Request(known.method, url, Headers.of(sent), body or b"")
        exchange = self._exchange(request, operation, intent)
        for _ in range(5 if patient else 0):
            if exchange.status != 429:
                break
            self.wait(self._pause(exchange))
            exchange = self._exchange(request, operation, intent)
        return exchange

    def follow(
        self,
        url: str,
        operation: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str | None] | None = None,
        auth: Auth = "none",
        intent: Intent | None = None,
    ) -> Exchange:
        """Send to a URL the target handed out. Credentials travel only to the target's own host."""
        absolute = urljoin(self.target.url.rstrip("/") + "/", url)
        fields: dict[str, str | None] = dict(self.credentials(auth)) if self._own_host(absolute) else {}
        fields.update(headers or {})
        sent = {name: value for name, value in fields.items() if value is not None}
        return self._exchange(Request(method, absolute, Headers.of(sent)), operation, intent)

    def credentials(self, auth: Auth = "good") -> dict[str, str]:
        """The headers that authenticate, or wrong ones, or none."""
        if auth == "none":
            return {}
        fields = {}
        for one in self.contract.manifest.credentials:
            values = [str(self.setting(name)) for name in one.of]
            if auth == "wrong" and one.scheme != "plain":
                values = [value[::-1] + "-wrong" for value in values]
            if one.scheme == "bearer":
                fields[one.header] = f"Bearer {values[0]}"
            elif one.scheme == "basic":
                fields[one.header] = "Basic " + base64.b64encode(":".join(values).encode()).decode()
            else:
                fields[one.header] = values[0]
        return fields

    def poll(self, look: Callable[[], Exchange], settled: Callable[[Exchange], bool]) -> Exchange | None:
        """Look, wait, look again until `settled` or the target's deadline; None when it never was."""
        started = self.transport.now()
        step = self.target.pace.poll
        while True:
            seen = look()
            if settled(seen):
                return seen
            if self.transport.now() - started >= self.target.pace.deadline:
                return None
            self.wait(step)
            step = min(step * 1.5, max(self.target.pace.poll, 30.0))

    def wait(self, seconds: float) -> None:
        """Let `seconds` of the target's time pass, by its clock control if it has one."""
        if not self.transport.advance(seconds):
            self.transport.sleep(seconds)

    def advance(self, seconds: float) -> None:
        """Turn the target's clock; ends the scenario as unsupported where it has no control."""
        if not self.transport.advance(seconds):
            self.setting("clock")

    def collect(self) -> list[DeliveredFile]:
        """Files that arrived in the bucket since this scenario began."""
        for one in self.transport.files():
            if one.key not in self._seen_files and one.key not in self._files:
                self._files[one.key] = one
        return list(self._files.values())

    def callbacks(self) -> list[Callback]:
        """Callbacks received since this scenario began."""
        return self.transport.callbacks()[self._seen_callbacks :]

    def transcript(self) -> Transcript:
        """What has happened so far."""
        return Transcript(
            vendor=self.target.vendor,
            name=self.name,
            origin=self.target.origin,
            exchanges=tuple(self.exchanges),
            callbacks=tuple(self.callbacks()),
            files=tuple(self._files.values()),
            facts=self.target.settings,
            base_url=self.target.url,
        )

    def _pause(self, exchange: Exchange) -> float:
        """Seconds that a 429 asks for, within the target's deadline."""
        headers = exchange.response.headers if exchange.response else Headers()
        asked = headers.get("retry-after") or ""
        if asked.isdecimal():
            return min(float(asked), self.target.pace.deadline)
        reset = headers.get("x-ratelimit-reset") or ""
        remaining = headers.get("x-ratelimit-remaining") or ""
        if reset.isdecimal() and remaining == "0":
            return min(max(float(reset) - self.transport.now(), 1.0), self.target.pace.deadline)
        return self.target.pace.poll

    def _own_host(self, url: str) -> bool:
        ours, theirs = urlsplit(self.target.url), urlsplit(url)
        same = ours.hostname == theirs.hostname or {ours.hostname, theirs.hostname} <= LOOPBACK
        return same and not (ours.scheme == "https" and theirs.scheme == "http")

    def _exchange(self, request: Request, operation: str | None, intent: Intent | None) -> Exchange:
        started = self.transport.now()
        response, trouble = None, None
        try:
            response = self.transport.carry(request)
            self._troubles = 0
        except Trouble as error:
            trouble = str(error)
            self._troubles += 1
        exchange = Exchange(
            index=self.first + len(self.exchanges),
            request=request,
            response=response,
            started=started,
            ended=self.transport.now(),
            operation=operation,
            intent=intent or Intent(label=self.name),
            trouble=trouble,
        )
        self.exchanges.append(exchange)
        if self._troubles >= 3:
            raise Exhausted(f"the target gave no answer three times running: {trouble}")
        return exchange
