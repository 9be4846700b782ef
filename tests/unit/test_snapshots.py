"""Every snapshot is compared with something."""

from pathlib import Path

from export_contracts.cli import main

HERE = Path(__file__).parent
SNAPSHOTS = HERE.parent / "snapshots"


def test_no_snapshot_is_left_over():
    sources = "".join(path.read_text(encoding="utf-8") for path in HERE.rglob("test_*.py"))
    of_commands = {f"help-{one}.txt" for one in ("all", *main.COMMANDS)}
    assert [one.name for one in SNAPSHOTS.iterdir() if one.name not in of_commands and one.name not in sources] == []
