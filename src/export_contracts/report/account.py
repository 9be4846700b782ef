"""What reports need to know of one vendor's run, however it came about. Data only; nothing is computed here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from export_contracts.catalogue.contract import Contract
from export_contracts.model import Json, Judgement
from export_contracts.targets.target import Deviation


@dataclass(frozen=True)
class Account:
    """One vendor's judgement and the circumstances it was made in.

    `target` is a URL, a file name or `embedded`; `origin` is live, reference, documented or another
    word for where the traffic comes from. `left_out` and `cut_short` map scenarios to reasons.
    `command` holds the arguments that repeat the run (`check`, `braze`, `--seed`, `7`); it is shown as it is and
    holds no secret, for it may hold the names of secrets. `environment`
    maps secret settings to the environment variables they were read from. `trouble` says in one
    sentence why the run ended early. `failures` are sentences that fail the run beside the clauses (the
    gated command exited with 1), `notes` sentences worth reading that do not, `broke` what went wrong on
    the way, so that the run cannot be called kept, each to follow the words "Nothing was found broken, but".
    `files` tells how rows and breaches lie over delivered files: `{name, files, rows, unread, broken: {clause: count}}`
    for each stretch of files that follow one another. `shape` is that of the traffic
    (`specs/meta/shape.schema.json`), without a customer's value, so that results can be a side of `drift`.
    """

    contract: Contract
    judgement: Judgement
    target: str
    origin: str
    started: datetime
    finished: datetime
    seed: int | None = None
    played: tuple[str, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)
    cut_short: Mapping[str, str] = field(default_factory=dict)
    coverage: Mapping[str, Json] = field(default_factory=dict)
    deviations: tuple[Deviation, ...] = ()
    command: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    trouble: str | None = None
    failures: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    broke: tuple[str, ...] = ()
    files: tuple[Mapping[str, Json], ...] = ()
    shape: Mapping[str, Json] | None = None
