"""Two journeys: one that any target can play, one that needs a second list."""

from export_contracts.targets.scenario import scenario
from export_contracts.targets.stage import Stage


@scenario(harmless=True)
def export_and_look(stage: Stage) -> None:
    """Start an export and look at it once."""
    stage.send("startExport", json={"list": stage.setting("list_id")})
    stage.send("lookAtExport", path={"id": "7"})


@scenario(needs=("second_list_id",))
def two_lists(stage: Stage) -> None:
    """Start an export of another list."""
    stage.send("startExport", json={"list": stage.setting("second_list_id")})
