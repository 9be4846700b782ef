"""Bloomreach Engagement, then Exponea, as its own clients called it in a month. The copies of its page bear no dates.

Only the path is known to have changed: clients of 2018 and 2019 left `projects` out. Formats and fractions of
seconds that these clients sent are taken by the reference of any month.
"""

from __future__ import annotations

import dataclasses
import re
from typing import Final

from export_contracts.model import Request
from export_contracts.reference.server import Answer
from export_contracts.vendors.bloomreach.reference_service import Bloomreach

MOVED: Final = "2019-12"
"""From when on no client called the older path any more."""
OLDER: Final = re.compile(r"/data/v2/(?!projects/)([^/?]+/customers/export)")


class BloomreachAsOf(Bloomreach):
    """The service in the month that the world names."""

    def answer(self, request: Request) -> Answer:
        """The older path leads to the same export."""
        if self.world.before(MOVED):
            request = dataclasses.replace(request, url=OLDER.sub(r"/data/v2/projects/\1", request.url, count=1))
        return super().answer(request)
