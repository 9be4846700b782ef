"""The door itself: the command plainly, then once for each awkward seed, judged and reported."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from export_contracts.catalogue.contract import Contract
from export_contracts.errors import EngineError, UnreachableError
from export_contracts.gate.authority import Made, made
from export_contracts.gate.passage import passage

if TYPE_CHECKING:  # the command does not wait for what will judge it
    from export_contracts.gate.verdict import Judged
    from export_contracts.targets.target import Target


def gate(
    contract: Contract,
    command: Sequence[str],
    *,
    seed: int = 0,
    awkward: Sequence[int] = (),
    target: Target | None = None,
    timeout: float | None = None,
    quiet: bool = False,
    authority: Callable[[], Made] = made,
    watch: Callable[[Judged], None] = lambda _: None,
) -> list[Judged]:
    """Every passage, judged. Raises EngineError where the command sent the vendor nothing at all.

    Behind the gate is the reference, or `target`, which then has to answer at least once. `authority` gives the one
    that the command is to trust, whom all passages have in common.
    """
    plain = passage(contract, command, seed=seed, target=target, timeout=timeout, quiet=quiet, authority=authority)
    from export_contracts.gate.verdict import judged

    first = judged(contract, plain)
    if target is not None and plain.unreached:
        raise UnreachableError(f"{target.url} never answered. {' '.join(first.notes)}")
    if first.silent:
        notes = " ".join(first.notes)
        raise EngineError(
            f"The command sent no request to {contract.manifest.title}, so there is nothing to judge"
            f" ({plain.ended.sentence}).{' ' + notes if notes else ''}",
            hint=f"Point it at EXPORT_CONTRACTS_{contract.manifest.slug.upper()}_URL, or let it honour HTTPS_PROXY.",
        )
    watch(first)
    results = [first]
    for one in awkward if plain.ended.code == 0 else ():
        again = passage(contract, command, seed=seed, awkward=one, timeout=timeout, quiet=quiet, authority=authority)
        next_one = judged(contract, again, plain)
        watch(next_one)
        results.append(next_one)
    return results
