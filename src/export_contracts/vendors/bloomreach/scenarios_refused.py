"""Journeys that Bloomreach must refuse: one thing wrong on purpose, beside a request that was served.

Each ends with a request that is served again, so that a breakdown in between is known for an answer.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Final

from export_contracts.model import Exchange, Intent, Json
from export_contracts.targets.scenario import scenario
from export_contracts.targets.stage import Stage
from export_contracts.vendors.bloomreach.declared import REST
from export_contracts.vendors.bloomreach.scenario_requests import EXPORT, IDS, export, segment, some


def _faulty(
    stage: Stage, fault: str, twin: Exchange, *, headers: Mapping[str, str | None] | None = None, json: Json = None
) -> Exchange:
    body = {"format": "table_json"} if json is None else json
    return stage.send(EXPORT, json=body, headers=headers, intent=Intent(stage.name, fault, twin.index))


def _basic(key_id: str, secret: str) -> dict[str, str | None]:
    return {"Authorization": "Basic " + base64.b64encode(f"{key_id}:{secret}".encode()).decode()}


@scenario(exports=1)
def refused_credentials(stage: Stage) -> None:
    """Export with no key, a key that does not exist, a wrong secret, and with public access."""
    twin = export(stage)
    key_id, secret = str(stage.setting("key_id")), str(stage.setting("secret"))
    _faulty(stage, "credential:absent", twin, headers={"Authorization": None})
    _faulty(stage, "credential:unknown-key", twin, headers=_basic(key_id[::-1] + "-wrong", secret))
    for wrong in (secret[::-1] + "-wrong", secret + "0", secret[:-1], secret.swapcase()):
        if wrong != secret:
            _faulty(stage, "credential:wrong-secret", twin, headers=_basic(key_id, wrong))
    _faulty(stage, "credential:empty-secret", twin, headers=_basic(key_id, ""))
    pair = str(_basic(key_id, secret)["Authorization"]).removeprefix("Basic ")
    _faulty(stage, "credential:scheme", twin, headers={"Authorization": f"Bearer {pair}"})
    for name in ("public_token", "project_token", "key_id"):
        if name in stage.target.features:
            public = {"Authorization": f"Token {stage.setting(name)}"}
            _faulty(stage, "credential:public", twin, headers=public)
    if "public_token" in stage.target.features:
        _faulty(stage, "credential:public", twin, headers=_basic(str(stage.setting("public_token")), ""))
        stage.send(
            EXPORT,
            json={"format": "table_json"},
            query={"access_token": str(stage.setting("public_token"))},
            headers={"Authorization": None},
            intent=Intent(stage.name, "credential:public", twin.index),
        )
    export(stage)


@scenario(needs=("key_id_without_permission", "secret_without_permission"), exports=1)
def refused_permission(stage: Stage) -> None:
    """Export with a private key that may not export customers."""
    twin = export(stage)
    key_id, secret = (str(stage.setting(f"{name}_without_permission")) for name in ("key_id", "secret"))
    _faulty(stage, "credential:without-permission", twin, headers=_basic(key_id, secret))
    export(stage)


@scenario(exports=1)
def refused_project(stage: Stage) -> None:
    """Export from a project that is not the key's, and from an address that is nobody's."""
    twin = export(stage)
    stage.send(
        EXPORT,
        json={"format": "table_json"},
        path={"projectToken": "00000000-0000-4000-8000-000000000000"},
        intent=Intent(stage.name, "path:project", twin.index),
    )
    stage.follow(
        f"{stage.target.url.rstrip('/')}/data/v2/projects/{stage.setting('project_token')}/customers/no-such-address",
        EXPORT,
        method="POST",
        headers={"Content-Type": "application/json"},
        auth="good",
        intent=Intent(stage.name, "path:unknown", twin.index),
    )
    export(stage)


@scenario(exports=2)
def refused_bodies(stage: Stage) -> None:
    """Export without a format, with a list that is missing, and with a body that is no JSON."""
    plain = export(stage)
    _faulty(stage, "required:/format", plain, json={})
    listed = export(stage, attributes=some(list(IDS)))
    _faulty(stage, "required:/format", listed, json={"attributes": some(list(IDS))})
    _faulty(stage, "required:/attributes/list", listed, json={"attributes": {"type": "some"}, "format": "table_json"})
    stage.send(
        EXPORT,
        body=b'{"format": "table_json"',
        headers={"Content-Type": "application/json"},
        intent=Intent(stage.name, "syntax:/", plain.index),
    )
    export(stage)


WRONG_VALUES: Final[tuple[tuple[str, Json], ...]] = (
    ("enum:/format", {"format": "no_such_format"}),
    ("type:/format", {"format": ["table_json"]}),
    ("enum:/attributes/type", {"attributes": {"type": "no_such_type"}}),
    ("type:/attributes", {"attributes": "registered"}),
    ("type:/attributes/list", {"attributes": {"type": "some", "list": "registered"}}),
    ("type:/attributes/list/0", {"attributes": {"type": "some", "list": [7]}}),
    ("enum:/filter/type", {"filter": {"type": "no_such_type"}}),
    ("type:/filter", {"filter": "segment"}),
    ("type:/execution_time", {"execution_time": "yesterday"}),
    ("type:/timezone", {"timezone": {"name": "UTC"}}),
)
"""A fault, and the member that has it."""


@scenario(exports=1)
def refused_values(stage: Stage) -> None:
    """Export with values of another type than documented, and outside the documented enumerations."""
    twin = export(stage)
    for fault, wrong in WRONG_VALUES:
        _faulty(stage, fault, twin, json={"format": "table_json", **wrong})
    _faulty(stage, "type:/", twin, json=["table_json"])
    stage.send(EXPORT, method="PUT", json={"format": "table_json"}, intent=Intent(stage.name, "method:PUT", twin.index))
    stage.send(EXPORT, method="GET", intent=Intent(stage.name, "method:GET", twin.index))
    export(stage)


@scenario(needs=("segment_id",), exports=1)
def refused_index(stage: Stage) -> None:
    """Export a segment whose index is no number."""
    twin = export(stage, filter=segment(stage, REST))
    wrong = {**segment(stage, REST), "segment_index": "the rest"}
    _faulty(stage, "type:/filter/segment_index", twin, json={"format": "table_json", "filter": wrong})
    export(stage, filter=segment(stage, REST))
