"""Journeys through Mailhaven's export. Nothing is asserted here: whatever comes back is judged by the clauses."""

from __future__ import annotations

from export_contracts.model import Exchange, Intent
from export_contracts.schema.pointer import resolve
from export_contracts.targets.scenario import scenario
from export_contracts.targets.stage import Stage


@scenario(harmless=True)
def export_a_list(stage: Stage) -> None:
    """Start an export, wait for its end, and look twice more."""
    started = stage.send("startExport", json={"list": stage.setting("list_id")})
    job = resolve(started.view, "/response/body/export")
    if not isinstance(job, str):
        return
    stage.poll(lambda: stage.send("lookAtExport", path={"export": job}), _ended)
    for _ in range(2):
        stage.send("lookAtExport", path={"export": job})


@scenario(harmless=True)
def strangers(stage: Stage) -> None:
    """Ask as nobody, and as somebody unknown, beside a request that is taken."""
    good = stage.send("startExport", json={"list": stage.setting("list_id")})
    for auth, fault in (("none", "credential:absent"), ("wrong", "credential:wrong")):
        intent = Intent(fault=fault, twin=good.index)
        stage.send("startExport", json={"list": stage.setting("list_id")}, auth=auth, intent=intent)


def _ended(look: Exchange) -> bool:
    return resolve(look.view, "/response/body/state") == "done" or look.status != 200
