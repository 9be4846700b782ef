"""The stage on which scenarios play: sends, waits, polls, collects, and writes the transcript.

Nothing is asserted here. Whatever a target does, including nothing at all, becomes an exchange.
"""

from __future__ import annotations

import dataclasses
import json as jsonlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal
from urllib.parse import quote, urlencode

from export_contracts.catalogue import plugins
from export_contracts.catalogue.contract import Contract
from export_contracts.errors import ExportContractsError, UnreachableError
from export_contracts.model import Callback, DeliveredFile, Exchange, Headers, Intent, Json, Request, Transcript
from export_contracts.schema.openapi import Operation
from export_contracts.targets import credentials, links, patience
from export_contracts.targets.arrivals import Arrivals
from export_contracts.targets.insistence import Insistence
from export_contracts.targets.target import Target
from export_contracts.targets.transport import NotSent, Transport, Trouble, Unread
from export_contracts.targets.waiting import Deadlines, Waiting

Auth = Literal["good", "none", "wrong"]
UNREAD: Final = "size:answer"
"""Marks a request whose answer was larger than we read: the bound is ours, and no clause may blame the target."""


class Unsupported(ExportContractsError):
    """The scenario needs something this target does not offer; it ends here, which is no failure."""


class Exhausted(ExportContractsError):
    """The target stopped answering or its budget is spent; the scenario ends here."""


@dataclass
class Stage(Waiting):
    """One scenario's view of one target. `first` is the index of its first exchange."""

    contract: Contract
    target: Target
    transport: Transport
    name: str
    first: int = 0
    seed: int = 0
    deadlines: Deadlines = field(default_factory=Deadlines)

    def __post_init__(self) -> None:
        self.exchanges: list[Exchange] = []
        self._arrivals = Arrivals(self.transport)
        self._seen_callbacks = len(self.transport.callbacks())
        self._troubles = 0
        self._insistence = Insistence()
        self._obtained: dict[str, Json] = {}

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
        method: str | None = None,
        json: Json = ...,
        body: bytes | None = None,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str | None] | None = None,
        auth: Auth = "good",
        intent: Intent | None = None,
        patient: bool | None = None,
    ) -> Exchange:
        """Send one request of the contract, by its own or another `method`. A header given as None is left out.

        A `patient` sender waits and tries again when told to slow down; each exchange is kept. By default the
        sender is patient unless the request carries a planted fault.
        """
        known = next(one for one in self.contract.operations if one.id == operation)
        url = self._root(known.path) + self._path(known, path or {}) + ("?" + urlencode(query) if query else "")
        fields: dict[str, str | None] = dict(self.credentials(auth))
        if json is not ...:
            fields["Content-Type"] = "application/json"
            body = jsonlib.dumps(json).encode()
        fields.update(headers or {})
        sent = {name: value for name, value in fields.items() if value is not None}
        request = Request(method or known.method, url, Headers.of(sent), body or b"")
        return self._patiently(request, operation, intent, patient=patient)

    def follow(
        self,
        url: str,
        operation: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str | None] | None = None,
        auth: Auth = "none",
        intent: Intent | None = None,
        patient: bool | None = None,
    ) -> Exchange:
        """Send to a URL the target gave. Credentials travel to the target's own origin or within this machine only.

        A faultless GET goes on where the answer redirects it within the same origin; each hop is kept.
        """
        absolute = links.absolute(self.target.url, url)
        ours = links.may_carry(self.target.url, absolute)
        fields: dict[str, str | None] = dict(self.credentials(auth)) if ours else {}
        fields.update(headers or {})
        secret = () if ours else [one.header.lower() for one in self.contract.manifest.credentials]
        sent = {name: value for name, value in fields.items() if value is not None and name.lower() not in secret}
        request = Request(method, absolute, Headers.of(sent))
        exchange = self._patiently(request, operation, intent, patient=patient)
        plain = method == "GET" and (intent is None or intent.fault is None)
        for _ in range(links.HOPS if plain else 0):
            onward = links.onward(exchange)
            if onward is None:
                break
            request = dataclasses.replace(request, url=onward)
            exchange = self._patiently(request, operation, intent, patient=patient)
        return exchange

    def _path(self, operation: Operation, given: Mapping[str, str]) -> str:
        """The operation's path, filled from `given`, else from settings by name or by the parameter's `x-target`."""
        values = dict(self.target.settings)
        for one in (operation.definition or {}).get("parameters", []):
            pinned = self.target.settings.get(one.get("schema", {}).get("x-target"))
            if pinned is not None:
                values[one["name"]] = pinned
        filled = operation.path
        for name, value in {**values, **given}.items():
            if "{" + name + "}" in filled:
                filled = filled.replace("{" + name + "}", quote(str(value), safe=""))
        return filled

    def credentials(self, auth: Auth = "good") -> dict[str, str]:
        """The headers that authenticate, or wrong ones, or none."""
        if auth == "none":
            return {}
        given = self.contract.manifest.credentials
        return credentials.headers(given, lambda name: str(self._secret(name)), wrong=auth == "wrong")

    def _secret(self, name: str) -> Json:
        """A setting that authenticates; where it is not declared, what the vendor's `authenticate` obtains for it."""
        if self.target.settings.get(name) is None and name not in self._obtained:
            obtain = getattr(plugins.module(self.contract.manifest.slug, "scenarios"), "authenticate", None)
            self._obtained[name] = None
            self._obtained.update(obtain(self) if obtain is not None else {})
        obtained = self._obtained.get(name)
        return self.setting(name) if obtained is None else obtained

    def collect(self) -> list[DeliveredFile]:
        """Files that arrived in the bucket since this scenario began."""
        try:
            return self._arrivals.collect()
        except UnreachableError as error:
            raise Exhausted(error.sentence, hint=error.hint) from None

    def callback_url(self) -> str:
        """An address for callbacks; ends the scenario as unsupported where the target declares none."""
        url = self.transport.callback_url()
        return url if url is not None else str(self.setting("callback"))

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
            files=self._arrivals.files,
            facts=self.target.settings,
            base_url=self.target.url,
        )

    def _root(self, path: str) -> str:
        """The target's URL; a base path that it shares with the operation's path is not doubled."""
        root, base = self.target.url.rstrip("/"), self.contract.manifest.base_path
        return root.removesuffix(base) if base and path.startswith(base) else root

    def _patiently(self, request: Request, operation: str, intent: Intent | None, *, patient: bool | None) -> Exchange:
        if patient is None:
            patient = intent is None or intent.fault is None
        left = self.target.pace.deadline
        if self.target.live and self.exchanges:
            self.transport.sleep(min(patience.spent(self.exchanges[-1].response, self.transport.now()), left))
        exchange = self._exchange(request, operation, intent)
        for attempt in range(patience.ATTEMPTS if patient else 0):
            pause = patience.pause(exchange.response, self.transport.now(), attempt)
            if pause is None or pause > left:
                break
            self.wait(pause)
            left -= pause
            exchange = self._exchange(request, operation, intent)

        def again() -> Exchange:
            if intent is None or intent.fault is None or ":" in intent.fault:
                self.wait(1.0)  # a fault that is a word is one of time, such as a second export, and would pass
            return self._exchange(request, operation, intent)

        return exchange if self.target.live else self._insistence.upon(exchange, again)

    def _exchange(self, request: Request, operation: str | None, intent: Intent | None) -> Exchange:
        started = self.transport.now()
        response, trouble = None, None
        intent = intent or Intent(label=self.name)
        try:
            response = self.transport.carry(request)
            self._troubles = 0
        except NotSent as error:
            # a planted fault of ours: no clause may hold the target to an answer it was never asked for
            trouble, intent = str(error), dataclasses.replace(intent, fault=intent.fault or "not-sent")
        except Unread as error:
            trouble, intent = str(error), dataclasses.replace(intent, fault=intent.fault or UNREAD)
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
            intent=intent,
            trouble=trouble,
        )
        self.exchanges.append(exchange)
        if self._troubles >= 3:
            raise Exhausted(f"the target gave no answer three times running: {trouble}")
        return exchange
