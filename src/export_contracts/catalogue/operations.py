"""Which operation of a contract each request of a transcript is for: by its path, or by the link that it follows."""

from __future__ import annotations

import dataclasses

from export_contracts.catalogue.contract import Contract
from export_contracts.model import Exchange, Json, Transcript, split_url
from export_contracts.schema.pointer import resolve
from export_contracts.schema.urls import ANY, urls_at


def resolve_operations(contract: Contract, transcript: Transcript) -> Transcript:
    """The transcript with each exchange's operation filled in, by path or by the link it followed."""
    links = Links(contract)
    for callback in transcript.callbacks:
        links.take("callback", {"request": {"body": callback.request.json}})
    exchanges: list[Exchange] = []
    for exchange in transcript.exchanges:
        operation = links.operation(exchange)
        found = exchange if operation == exchange.operation else dataclasses.replace(exchange, operation=operation)
        exchanges.append(found)
        links.remember(found)
    return dataclasses.replace(transcript, exchanges=tuple(exchanges))


class Links:
    """Which operation a request is for, by its path or by the link in an earlier answer that it follows."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._known: dict[str, str] = {}

    def operation(self, exchange: Exchange) -> str | None:
        """The operation of the exchange's request, None for another endpoint or a question about any."""
        if exchange.request.method == "OPTIONS":
            return None
        found = exchange.operation or self._known.get(_plain(exchange.request.url))
        return found or self._at(exchange.request.method, exchange.request.path)

    def remember(self, exchange: Exchange) -> None:
        """Learn the links of an exchange whose operation is known, and where it was redirected to."""
        if exchange.operation is None:
            return
        self.take(exchange.operation, exchange.view)
        if exchange.redirected_to is not None and _plain(exchange.request.url) in self._known:
            self._known[_plain(exchange.redirected_to)] = exchange.operation

    def take(self, source: str, view: Json) -> None:
        """Learn the links of a view of the operation `source`, or of a callback."""
        for link in self._contract.manifest.links:
            if link.source == source:
                base = resolve(view, "/request/url")
                for _, url in urls_at(view, link.pointer, base if isinstance(base, str) else ""):
                    other = url != base and self._at(link.method, split_url(url).path) is None
                    if other or not link.pointer.endswith(ANY):
                        self._known[_plain(url)] = link.operation

    def _at(self, method: str, path: str) -> str | None:
        return next((one.id for one in self._contract.operations if one.matches(method, path)), None)


def _plain(url: str) -> str:
    return split_url(url)._replace(fragment="").geturl()
