"""What a target is: address, settings, pace, deviations; read from a TOML file or from options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from export_contracts.model import Json


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds. `poll` between two looks at a job, `deadline` for a whole job, `timeout` for one answer.

    `body_limit` is the largest answer in bytes that is read.
    """

    poll: float = 1.0
    deadline: float = 300.0
    timeout: float = 30.0
    body_limit: int = 64 * 1024 * 1024
    generated: int = 20


@dataclass(frozen=True, slots=True)
class Deviation:
    """A known breach: the clause, why it is tolerated, and the date after which it no longer is."""

    clause: str
    reason: str
    until: str | None = None


@dataclass(frozen=True)
class Target:
    """Where to send and what is known of it.

    `settings` holds ids, secrets and expectations by the names of the vendor's manifest, plus the
    features `bucket`, `clock` and `callback` as tables; a feature is offered where its name is there.
    """

    vendor: str
    url: str
    settings: Mapping[str, Json] = field(default_factory=dict)
    pace: Pace = field(default_factory=Pace)
    deviations: tuple[Deviation, ...] = ()
    origin: str = "live"
    live: bool = False
    max_exports: int | None = None

    @property
    def features(self) -> frozenset[str]:
        """Names of everything this target declares."""
        return frozenset(name for name, value in self.settings.items() if value is not None)
