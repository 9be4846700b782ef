"""A drift report as one HTML file that needs no network and runs no script. Compares nothing."""

from __future__ import annotations

from importlib.metadata import version
from typing import Final

from export_contracts.drift.change import LEVELS, Change
from export_contracts.drift.report import Report
from export_contracts.model import Json
from export_contracts.report.html import policy
from export_contracts.report.inert import inert
from export_contracts.report.templating import TEMPLATES, environment, look

MEANINGS: Final = {
    "breaking-for-consumers": "A client that reads the older form may fail on the newer one.",
    "breaking-for-providers": "An implementation that keeps the older form falls short of the newer one.",
    "compatible": "Nobody has to do anything.",
    "cosmetic": "Words changed, and nothing else.",
}
_BADGES: Final = {"breaking-for-consumers": "fail", "breaking-for-providers": "warn", "compatible": "pass"}


def page(report: Report) -> str:
    """The page."""
    style = look() + (TEMPLATES / "report.css").read_text(encoding="utf-8")
    groups = [
        (one, MEANINGS[one], [_shown(x, report.vendor) for x in report.changes if x.level == one]) for one in LEVELS
    ]
    return (
        environment(TEMPLATES)
        .get_template("drift.html")
        .render(
            style=style,
            policy=policy(style, ""),
            tool=version("export-contracts"),
            vendor=inert(report.vendor),
            before=inert(report.before, 300),
            after=inert(report.after, 300),
            verdict="broken" if report.exit_code else "kept",
            word="drift" if report.exit_code else "no drift that counts" if report.changes else "no drift",
            groups=[one for one in groups if one[2]],
            badges=_BADGES,
            unread=[(inert(one.where, 300), inert(one.what, 300)) for one in report.unread],
            count=len(report.changes),
        )
    )


def _shown(change: Change, vendor: str) -> dict[str, Json]:
    """The change as the template shows it, every string inert."""
    data = change.as_json(vendor)
    data["kind"] = change.kind.removeprefix(f"{change.area.partition('-')[0]}-")  # not `limit: limit new`
    return {name: inert(one, 600) if isinstance(one, str) else one for name, one in data.items()}
