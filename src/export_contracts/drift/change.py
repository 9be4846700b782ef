"""One change, on four axes, with what it means for whom. No comparing and no printing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Final, Literal

from export_contracts.model import Json

Level = Literal["breaking-for-consumers", "breaking-for-providers", "compatible", "cosmetic"]
LEVELS: Final[tuple[Level, ...]] = ("breaking-for-consumers", "breaking-for-providers", "compatible", "cosmetic")
TO_VENDOR: Final = frozenset({"request", "query", "header", "path", "field", "clause-of-clients"})
"""Areas in which the client speaks; in all others the vendor does."""
_CLIENT: Final[dict[str, Level]] = {
    "new": "compatible",
    "new-required": "breaking-for-consumers",
    "gone": "breaking-for-consumers",
    "type-changed": "breaking-for-consumers",
    "now-required": "breaking-for-consumers",
    "now-optional": "breaking-for-providers",
    "need-changed": "breaking-for-consumers",
    "enumeration-grew": "compatible",
    "enumeration-shrank": "breaking-for-consumers",
    "became-null": "breaking-for-providers",
    "placeholder-renamed": "cosmetic",
}
_VENDOR: Final[dict[str, Level]] = {
    "new": "compatible",
    "new-required": "compatible",
    "gone": "breaking-for-consumers",
    "type-changed": "breaking-for-consumers",
    "now-required": "breaking-for-providers",
    "now-optional": "breaking-for-consumers",
    "need-changed": "compatible",
    "enumeration-grew": "breaking-for-consumers",
    "enumeration-shrank": "compatible",
    "became-null": "breaking-for-consumers",
    "never-null": "compatible",
    "status-changed": "breaking-for-consumers",
    "status-new": "breaking-for-consumers",
    "status-gone": "compatible",
    "header-gone": "breaking-for-consumers",
    "header-new": "compatible",
    "reading-changed": "compatible",
    "limit-lowered": "breaking-for-consumers",
    "limit-raised": "compatible",
    "limit-changed": "compatible",
    "limit-gone": "compatible",
    "limit-new": "breaking-for-consumers",
    "format-changed": "breaking-for-consumers",
    "presence-changed": "compatible",
    "media-type-changed": "breaking-for-consumers",
    "undeclared": "compatible",
    "operation-new": "compatible",
    "operation-gone": "compatible",
    "operation-undescribed": "breaking-for-consumers",
    "wording-changed": "breaking-for-consumers",
    "path-changed": "breaking-for-consumers",
    "method-changed": "breaking-for-consumers",
    "clause-broken": "breaking-for-consumers",
    "clause-kept-again": "compatible",
    "clause-new": "breaking-for-providers",
    "clause-ended": "compatible",
    "deprecated": "compatible",
}
_ADVICE: Final = {
    "new": "Nothing has to be done; take it up in the contract if it is used.",
    "new-required": "Clients have to send it, or read that it is always there.",
    "gone": "Find out whether it is only unprinted, and stop relying on it.",
    "type-changed": "Read both types until the old one is surely gone.",
    "now-required": "Make sure that it is sent, or given, always.",
    "now-optional": "Accept its absence.",
    "need-changed": "Read the condition, and send it wherever that is met.",
    "enumeration-grew": "Let unknown values through instead of failing on them.",
    "enumeration-shrank": "Stop sending the value that is gone.",
    "became-null": "Accept null like absence.",
    "status-changed": "Handle the new status like the old one until this is settled.",
    "status-new": "Handle the status, at least as its class.",
    "status-gone": "Keep handling it; nothing depends on its coming.",
    "header-gone": "Do without the header.",
    "reading-changed": "Both readings are legal; accept either.",
    "limit-lowered": "Lower the pace or the size of requests.",
    "limit-new": "Stay within the limit.",
    "undeclared": "It is legal; declare it in the contract if it is to be relied on.",
    "media-type-changed": "Choose the reader by Content-Type.",
    "format-changed": "Parse both forms.",
    "deprecated": "Nothing breaks yet; find out what takes its place, and by when.",
    "placeholder-renamed": "Nothing has to be done; what stands in the path is the same.",
    "wording-changed": "Check permissions and settings against the new wording.",
    "path-changed": "Try the new path, and keep the old one until it fails.",
    "method-changed": "Send the new method, and the old one until it fails.",
    "clause-broken": "Read the clause; the vendor no longer keeps it, or the traffic is not the vendor's.",
    "clause-new": "Implementations have to keep it from then on.",
}


@dataclass(frozen=True)
class Change:
    """What differs at one place. `was` and `now` are short texts without customers' values; None is absence."""

    area: str
    kind: str
    at: str
    operation: str = ""
    was: str | None = None
    now: str | None = None
    where: str = ""
    clauses: tuple[str, ...] = ()
    softened: Level | None = None
    """A milder level than the kind alone has, where the contract allows both."""

    @property
    def direction(self) -> str:
        """Who sends what changed."""
        return "client-to-vendor" if self.area in TO_VENDOR else "vendor-to-client"

    @property
    def level(self) -> Level:
        """Whom it breaks."""
        if self.softened:
            return self.softened
        table = _CLIENT if self.area in TO_VENDOR else _VENDOR
        return table.get(self.kind, _VENDOR.get(self.kind, "compatible"))

    @property
    def advice(self) -> str:
        """One sentence on what to do."""
        if self.kind == "enumeration-grew" and self.area in TO_VENDOR:
            return "Nothing has to be done; the new value may be sent."
        if self.kind == "enumeration-shrank" and self.area not in TO_VENDOR:
            return "Nothing has to be done; the value no longer comes."
        if self.kind == "clause-new" and self.area == "clause-of-clients":
            return "Clients have to keep it from then on."
        return _ADVICE.get(self.kind, "Read the vendor's page, and take the change up in the contract.")

    def fingerprint(self, vendor: str) -> str:
        """Twelve hexadecimal digits, the same wherever and whenever this change is found."""
        said = "\0".join([vendor, self.area, self.kind, self.at, self.operation, self.was or "", self.now or ""])
        return hashlib.sha256(said.encode()).hexdigest()[:12]

    def touching(self, clauses: tuple[str, ...]) -> Change:
        """The same change with the clauses it touches."""
        return replace(self, clauses=clauses)

    def as_json(self, vendor: str) -> dict[str, Json]:
        """The change as reports hold it."""
        return {
            "fingerprint": self.fingerprint(vendor),
            "direction": self.direction,
            "area": self.area,
            "kind": self.kind,
            "level": self.level,
            "operation": self.operation,
            "at": self.at,
            "was": self.was,
            "now": self.now,
            "where": self.where,
            "clauses": list(self.clauses),
            "advice": self.advice,
        }
