"""Finds the vendors and clauses that a command names; an unknown one leads to a sentence with the nearest known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from export_contracts.catalogue import contract as contracts
from export_contracts.catalogue import plugins
from export_contracts.catalogue.contract import Contract
from export_contracts.cli.nearest import did_you_mean
from export_contracts.errors import UsageError
from export_contracts.model import Clause


def vendor(name: str) -> str:
    """The slug of a vendor, written in any case."""
    if plugins.is_known(name.lower()):
        return name.lower()
    known = plugins.slugs()
    raise UsageError(
        f"There is no vendor {name!r}.{did_you_mean(name, known)}", hint=f"Known vendors: {', '.join(known)}."
    )


def load(name: str, as_of: str | None = None) -> Contract:
    """The contract of a vendor as it stood in the month `as_of`, `YYYY-MM`; None is the newest."""
    if as_of is not None and not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", as_of):
        raise UsageError(f"{as_of!r} is no month.", hint="Write --as-of 2021-04.")
    return contracts.load(vendor(name), as_of)


def clause(name: str) -> tuple[Contract, Clause]:
    """A clause by its id, written in any case, with the first vendor's contract that holds it."""
    loaded = [contracts.load(slug) for slug in plugins.slugs()]
    (wanted,) = clause_ids([name], loaded)
    return next((contract, one) for contract in loaded for one in contract.clauses if one.id == wanted)


def clause_ids(wanted: Iterable[str], loaded: Sequence[Contract]) -> frozenset[str]:
    """Upper-case ids of the wanted clauses, each of which at least one contract holds."""
    known = {clause.id for one in loaded for clause in one.clauses}
    found = frozenset(part.strip().upper() for one in wanted for part in one.split(",") if part.strip())
    for one in sorted(found - known):
        for other in plugins.slugs():
            if one in {clause.id for clause in contracts.load(other).clauses}:
                raise UsageError(f"{one} is a clause of {other}.", hint=f"export-contracts show {one} tells of it.")
        slug = f" {loaded[0].manifest.slug}" if len(loaded) == 1 else " VENDOR"
        raise UsageError(
            f"There is no clause {one}.{did_you_mean(one, known)}", hint=f"export-contracts show{slug} lists them."
        )
    return found
