"""Journeys through Bloomreach's customer export: each sends a few related requests and compares nothing."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from export_contracts.model import Exchange, Intent, Json
from export_contracts.targets.scenario import scenario
from export_contracts.targets.stage import Stage

EXPORT = "exportCustomers"
IDS: tuple[Json, ...] = ({"type": "id", "id": "registered"}, {"type": "id", "id": "cookie"})
DAY = 86_400


def _export(stage: Stage, form: str = "table_json", **body: Json) -> Exchange:
    return stage.send(EXPORT, json={**body, "format": form})


def _faulty(
    stage: Stage, fault: str, twin: Exchange, *, headers: Mapping[str, str] | None = None, json: Json = None
) -> Exchange:
    body = {"format": "table_json"} if json is None else json
    return stage.send(EXPORT, json=body, headers=headers, intent=Intent(stage.name, fault, twin.index))


def _basic(key_id: str, secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{key_id}:{secret}".encode()).decode()}


@scenario(harmless=True, exports=3)
def formats(stage: Stage) -> None:
    """Export everybody as a JSON table and as CSV, and once more, to see whether the project stands still."""
    _export(stage)
    _export(stage, "csv")
    _export(stage)


@scenario(exports=0)
def refused_credentials(stage: Stage) -> None:
    """Export with no key, a wrong key, a wrong secret, and with public access."""
    twin = _export(stage)
    key_id, secret = str(stage.setting("key_id")), str(stage.setting("secret"))
    stage.send(
        EXPORT, json={"format": "table_json"}, auth="none", intent=Intent(stage.name, "credential:absent", twin.index)
    )
    _faulty(stage, "credential:wrong-key", twin, headers=_basic(key_id[::-1] + "-wrong", secret))
    _faulty(stage, "credential:wrong-secret", twin, headers=_basic(key_id, secret[::-1] + "-wrong"))
    public = stage.target.settings.get("public_token") or key_id
    _faulty(stage, "credential:public", twin, headers={"Authorization": f"Token {public}"})


@scenario(exports=1)
def refused_bodies(stage: Stage) -> None:
    """Export without a format, with a list that is missing, and with a body that is no JSON."""
    twin = _export(stage, attributes={"type": "some", "list": list(IDS)})
    _faulty(stage, "required:/format", twin, json={"attributes": {"type": "some", "list": list(IDS)}})
    _faulty(stage, "required:/attributes/list", twin, json={"attributes": {"type": "some"}, "format": "table_json"})
    stage.send(
        EXPORT,
        body=b'{"format": "table_json"',
        headers={"Content-Type": "application/json"},
        intent=Intent(stage.name, "syntax:/", twin.index),
    )
