"""APSIS One's export of duplicates as its three known pages described it. What they do not tell apart is left alone.

The pages bear no dates of their own; their months follow from what is dated in and around them.
"""

from __future__ import annotations

import dataclasses
import json
from typing import Final

from export_contracts.model import Headers, Json, Request
from export_contracts.reference.server import Answer
from export_contracts.vendors.apsis.reference_request import Order, Refused
from export_contracts.vendors.apsis.reference_service import Apsis

SEGMENTS: Final = "2021-09"
"""From when on exports are narrowed by segments, and a URL that was never given is 404; a trial report before."""
SHEETS: Final = "2022-10"
"""From when on there are workbooks beside CSV, and topics go without a consent list."""
CONSENTS: Final = "usercreated.targets.fashion-t4r6w8z2bc"
CONTACTS: Final = {
    "com.apsis1.channels.email": ("Email", "com.apsis1.attributes.email"),
    "com.apsis1.channels.sms": ("Mobile", "com.apsis1.attributes.mobile"),
}
"""The column that the trial report always had, by channel."""


class ApsisAsOf(Apsis):
    """The service in the month that the world names."""

    def facts(self) -> dict[str, Json]:
        """As of today, with the consent list that topics went with for a year."""
        known = super().facts()
        listed = self.world.before(SHEETS) and not self.world.before(SEGMENTS)
        return {**known, "consent_list": CONSENTS} if listed else known

    def read_order(self, request: Request) -> Order:
        """Segments meant nothing to the trial report, which showed how each profile is reached."""
        sent = request.json
        if not self.world.before(SEGMENTS) or not isinstance(sent, dict):
            return super().read_order(request)
        known = json.dumps({name: one for name, one in sent.items() if name != "segments"}).encode()
        order = super().read_order(dataclasses.replace(request, body=known))
        name, what = CONTACTS.get(order.channel or "", CONTACTS["com.apsis1.channels.email"])
        return dataclasses.replace(order, columns={name: what, **order.columns})

    def file(self, request: Request, export: dict[str, Json]) -> Answer:
        """Before there were workbooks, every file was CSV."""
        if not self.world.before(SHEETS):
            return super().file(request, export)
        kept = tuple(one for one in request.headers if one[0].lower() != "accept")
        return super().file(dataclasses.replace(request, headers=Headers(kept)), export)

    def unknown(self) -> Refused:
        """The trial report said 404 of a file in the making only."""
        if self.world.before(SEGMENTS):
            return Refused(410, "Gone", "The export is no longer available, or there never was one.")
        return super().unknown()
