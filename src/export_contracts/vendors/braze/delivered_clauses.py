"""The clauses that speak of delivered archives, lines and users, and their checks at work on what was already read.

No file is opened here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Final

from export_contracts.catalogue import contract as contracts
from export_contracts.catalogue.contract import Contract
from export_contracts.checks import Talk, builtin, registry
from export_contracts.checks.tally import Tally
from export_contracts.model import Clause, Json, Transcript
from export_contracts.schema.fitted import Fitted
from export_contracts.schema.validation import Validator
from export_contracts.vendors.braze import checks
from export_contracts.vendors.braze.checks_files import Delivery, Row
from export_contracts.vendors.braze.exports import Export
from export_contracts.vendors.braze.quick_blocks import fitted
from export_contracts.vendors.braze.quick_counts import merged, takes

OF_FILES: Final = frozenset(
    {"archive_sound", "archive_clean", "download_is_archive", "stored_as_asked", "members_small"}
    | {"key_part", "key_depth", "key_names_segment", "key_date_is_true"}
)
"""Checks that look at a file's name and at what kind of archive it is."""
OF_SETS: Final = frozenset({"as_many_as_declared", "users_once"})
_CHECKS: Final = {**registry.checks_in(builtin), **registry.checks_in(checks)}
_ROW_READERS: Final = registry.rows_in(checks)


class Clauses:
    """The contract at the date `as_of`, as far as delivered files can put it to the test."""

    def __init__(self, as_of: str | None) -> None:
        self._as_of = as_of

    @cached_property
    def contract(self) -> Contract:
        """The contract at the date judged by."""
        return contracts.load("braze", self._as_of)

    @cached_property
    def of_rows(self) -> tuple[Clause, ...]:
        """Clauses of lines and users."""
        return tuple(one for one in self._active() if takes(one) and one.parameters.get("rows", "users") == "users")

    @cached_property
    def of_files(self) -> tuple[Clause, ...]:
        """Clauses of names and archives."""
        return tuple(one for one in self._active() if one.check in OF_FILES)

    @cached_property
    def of_sets(self) -> tuple[Clause, ...]:
        """Clauses of the export as a whole."""
        return tuple(one for one in self._active() if one.check in OF_SETS)

    def _active(self) -> Iterator[Clause]:
        for one in self.contract.clauses:
            of_rows = one.check != "schema" or "rows" in one.parameters
            if one.party == "provider" and of_rows and self.contract.is_active(one):
                yield one

    @cached_property
    def _schema(self) -> dict[str, Json]:
        return merged(self.of_rows)

    @cached_property
    def schema(self) -> Validator:
        """What all schemas of rows say together."""
        return self.contract.validator(self._schema)

    @cached_property
    def decoder(self) -> Fitted | None:
        """What decodes blocks of users; it learns from file to file."""
        return fitted(self.contract, self._schema)

    def judge_file(self, tally: Tally, delivery: Delivery) -> None:
        """Let the checks of names and archives look at a file."""
        talk = self._talk(delivery.export, deliveries=(delivery,), lines=())
        self._judge((one for one in self.of_files if _applies(one, delivery)), tally, talk)

    def judge_rows(self, tally: Tally, export: Export, rows: tuple[Row, ...]) -> None:
        """Let every check of rows look at these."""
        self._judge(self.of_rows, tally, self._talk(export, deliveries=(), lines=rows))

    def _judge(self, clauses: Iterable[Clause], tally: Tally, talk: Talk) -> None:
        for clause in clauses:
            for evidence in _CHECKS[clause.check](talk, **clause.parameters):
                tally.take(clause.id, evidence)

    def _talk(self, export: Export, *, deliveries: tuple[Delivery, ...], lines: tuple[Row, ...]) -> Talk:
        """One for all clauses: what a check has gathered the next one need not."""
        shared: dict[str, object] = {
            "braze:exports": (export,),
            "braze:deliveries": deliveries,
            "braze:lines": lines,
        }
        transcript = Transcript("braze", "delivered", "delivered")
        return Talk(transcript, (), self.contract.validator, _ROW_READERS, shared)


def _applies(clause: Clause, delivery: Delivery) -> bool:
    if clause.check == "key_names_segment":
        return delivery.export.segment is not None
    misnamed = any(one.code == "wrong-extension" for one in delivery.archive.problems)
    unpacked = delivery.archive.kind == "plain" and not misnamed
    return not (clause.check == "download_is_archive" and unpacked)
