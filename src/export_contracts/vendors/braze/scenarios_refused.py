"""The journey of requests that must be refused: one fault each, beside a twin without it that was accepted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from export_contracts.model import Exchange, Intent, Json
from export_contracts.targets.scenario import scenario
from export_contracts.targets.stage import Stage
from export_contracts.vendors.braze.journey import START, at_rest, order, start

OVERSIZE: Final = 5 * 1024 * 1024
MOST_ATTRIBUTES: Final = 500


@scenario()
def requests_refused(stage: Stage) -> None:
    """Start a proper export, and when it has ended, spoil one thing of its request after another."""
    body = order(stage, output_format="zip")
    twin = start(stage, body)
    if twin is None:
        return
    at_rest(stage, twin)
    for fault, spoilt in _bodies(body):
        at_rest(stage, stage.send(START, json=spoilt, intent=_intent(stage, fault, twin), patient=True))
    text = json.dumps(body).encode()
    for fault, raw in (("syntax:/", text[:-1]), ("size:/", text + b" " * OVERSIZE)):
        headers: dict[str, str | None] = {"Content-Type": "application/json"}
        at_rest(stage, stage.send(START, body=raw, headers=headers, intent=_intent(stage, fault, twin), patient=True))
    _credentials(stage, body, twin)
    _methods(stage, body, twin)
    unknown = stage.target.url.rstrip("/") + "/users/export/no-such-address"
    headers = {"Content-Type": "application/json"}
    stage.follow(unknown, START, method="POST", headers=headers, auth="good", intent=_intent(stage, "path:/", twin))


def _intent(stage: Stage, fault: str, twin: Exchange) -> Intent:
    return Intent(stage.name, fault, twin.index)


def _bodies(body: dict[str, Json]) -> Iterator[tuple[str, Json]]:
    for name in ("segment_id", "fields_to_export"):
        yield f"required:/{name}", {key: value for key, value in body.items() if key != name}
    yield "type:/segment_id", {**body, "segment_id": 12345}
    yield "type:/segment_id", {**body, "segment_id": None}
    yield "type:/fields_to_export", {**body, "fields_to_export": "email"}
    yield "type:/fields_to_export", {**body, "fields_to_export": {"email": True}}
    yield "type:/fields_to_export", {**body, "fields_to_export": None}
    yield "type:/fields_to_export/0", {**body, "fields_to_export": [7]}
    yield "minItems:/fields_to_export", {**body, "fields_to_export": []}
    yield "type:/output_format", {**body, "output_format": 5}
    yield "type:/callback_endpoint", {**body, "callback_endpoint": 5}
    yield "type:/", [body]
    yield "enum:/output_format", {**body, "output_format": "rar"}
    yield "type:/custom_attributes_to_export", {**body, "custom_attributes_to_export": "plan"}
    yield "type:/custom_attributes_to_export/0", {**body, "custom_attributes_to_export": [7]}
    yield "maxItems:/custom_attributes_to_export", {**body, "custom_attributes_to_export": too_many_names()}


def too_many_names() -> list[Json]:
    """One name more than may be asked for."""
    return [f"attribute_{number}" for number in range(MOST_ATTRIBUTES + 1)]


def _methods(stage: Stage, body: Json, twin: Exchange) -> None:
    """The same address asked with other methods; what they come to is documented for POST alone."""
    at_rest(stage, stage.send(START, method="GET", intent=_intent(stage, "method:GET", twin)))
    at_rest(stage, stage.send(START, method="PUT", json=body, intent=_intent(stage, "method:PUT", twin)))


def _credentials(stage: Stage, body: Json, twin: Exchange) -> None:
    at_rest(stage, stage.send(START, json=body, auth="none", intent=_intent(stage, "credential:absent", twin)))
    at_rest(stage, stage.send(START, json=body, auth="wrong", intent=_intent(stage, "credential:wrong", twin)))
    token = str(stage.setting("token"))
    spoilt = (
        ("credential:absent", "Bearer"),
        *(("credential:wrong", f"Bearer {one}") for one in _nearly(token)),
        ("credential:quoted", f'Bearer "{token}"'),
        ("credential:scheme", token),
        ("credential:scheme", f"Basic {token}"),
        ("credential:powerless", f"Bearer {stage.target.settings.get('token_without_permission') or ''}"),
    )
    for fault, given in spoilt:
        if fault != "credential:powerless" or "token_without_permission" in stage.target.settings:
            headers: dict[str, str | None] = {"Authorization": given}
            at_rest(stage, stage.send(START, json=body, headers=headers, intent=_intent(stage, fault, twin)))


def _nearly(token: str) -> Iterator[str]:
    """Keys that careless comparison takes for the right one: longer, shorter, and of another case."""
    yield token + "0"
    yield from (one for one in (token[:-1], token.swapcase()) if one and one != token)
