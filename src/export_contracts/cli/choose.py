"""Finds the vendors and clauses that a command names; an unknown one leads to a sentence with the nearest known."""

from __future__ import annotations

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
    found = contracts.load(vendor(name), as_of)
    if _too_early(found):
        raise UsageError(
            f"Nothing is known of {found.manifest.title} before {found.manifest.since}; {as_of} is too early.",
            hint=f"Write --as-of {found.manifest.since}, or later.",
        )
    return found


def every(as_of: str | None = None) -> list[Contract]:
    """The contracts of all vendors of whom something is known of that month."""
    loaded = [contracts.load(one, as_of) for one in plugins.slugs()]
    found = [one for one in loaded if not _too_early(one)]
    if not found:
        first = min(one.manifest.since or "" for one in loaded)
        raise UsageError(
            f"Nothing is known of any vendor before {first}; {as_of} is too early.",
            hint=f"Write --as-of {first}, or later.",
        )
    return found


def several(name: str | None, as_of: str | None) -> list[Contract]:
    """The contract of the vendor named, or of all where none is."""
    return [load(name, as_of)] if name else every(as_of)


def _too_early(contract: Contract) -> bool:
    return contract.as_of is not None and contract.as_of < (contract.manifest.since or "")


def clause(name: str, as_of: str | None = None) -> tuple[Contract, Clause]:
    """A clause by its id, written in any case, with the first vendor's contract that holds it."""
    loaded = [contracts.load(slug, as_of) for slug in plugins.slugs()]
    (wanted,) = clause_ids([name], loaded)
    found = next((contract, one) for contract in loaded for one in contract.clauses if one.id == wanted)
    load(found[0].manifest.slug, as_of)
    return found


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
