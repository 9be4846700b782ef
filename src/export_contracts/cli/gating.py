"""What `gate` does between its options and its results. Prints nothing but the command's own output."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from export_contracts.catalogue.contract import Contract
from export_contracts.cli import choose
from export_contracts.errors import UsageError
from export_contracts.gate.command import Stopped, terminable
from export_contracts.gate.gate import gate
from export_contracts.model import Json

if TYPE_CHECKING:  # a judge is not needed before there is something to judge
    from export_contracts.gate.authority import Made
    from export_contracts.gate.verdict import Judged
    from export_contracts.targets.target import Deviation, Target

FOLDER = "export-contracts-report"


@dataclass(frozen=True)
class Behind:
    """Who answers behind the gate: `upstream` is `reference` or `live`, `target` the file of the account."""

    upstream: str = "reference"
    target: str | None = None
    max_exports: int | None = None


@dataclass(frozen=True)
class Asked:
    """The options of `gate`, as given. `words` is the command."""

    vendor: str
    words: tuple[str, ...]
    expect: str | None = None
    awkward: str | None = None
    seed: int = 0
    timeout: float | None = None
    quiet: bool = False
    behind: Behind = Behind()
    as_of: str | None = None


def run(asked: Asked, authority: Callable[[], Made]) -> dict[str, Json]:
    """Gate the command and return the results document. `authority` gives whom the command is to trust."""
    contract = choose.load(asked.vendor, asked.as_of)
    words = asked.words[1:] if asked.words[:1] == ("--",) else asked.words
    if not words:
        raise UsageError("There is no command to run.", hint=f"export-contracts gate {asked.vendor} -- npm test")
    deviations = _expected(asked, contract)
    seeds = _seeds(asked.awkward)
    target = _upstream(asked.behind, contract, seeds)
    started = datetime.now(UTC)
    passed: list[Judged] = []

    work = partial(gate, contract, words, awkward=seeds, target=target, authority=authority, watch=passed.append)
    whole = _to_its_end(partial(work, seed=asked.seed, timeout=asked.timeout, quiet=asked.quiet), passed)

    from export_contracts.cli import gated  # what judges and reports is imported when nobody waits for an answer

    return gated.results(
        contract,
        passed,
        words=words,
        options=_options(asked),
        seed=asked.seed,
        deviations=deviations,
        target=target,
        started=started,
        interrupted=not whole,
    )


def _to_its_end(work: Callable[[], object], done: Sequence[object]) -> bool:
    """Whether the work came to its end; an interruption before anything was done is passed on."""
    try:
        with terminable():
            work()
    except (KeyboardInterrupt, Stopped):
        if not done:
            raise
        return False
    return True


def _options(asked: Asked) -> list[str]:
    edition = ["--as-of", asked.as_of] if asked.as_of else []
    if asked.behind.target is not None:
        return ["--upstream", "live", "--target", asked.behind.target, *edition]
    return ["--seed", str(asked.seed), *(["--awkward", asked.awkward] if asked.awkward else []), *edition]


def _expected(asked: Asked, contract: Contract) -> tuple[Deviation, ...]:
    if asked.expect is None:
        return ()
    from export_contracts.targets import target_file

    found = target_file.load_deviations(Path(asked.expect), contract.manifest.slug)
    for one in found:
        if contract.clause(one.clause).party != "consumer":
            raise UsageError(
                f"{asked.expect} [[deviations]]: {one.clause} binds the vendor, and no client can break it.",
                hint=f"export-contracts show {one.clause} tells of it.",
            )
    return found


def _upstream(behind: Behind, contract: Contract, seeds: tuple[int, ...]) -> Target | None:
    """The account to pass requests on to; None for the reference."""
    if behind.upstream == "reference":
        for option, given in (("--target", behind.target), ("--max-exports", behind.max_exports)):
            if given is not None:
                raise UsageError(f"{option} belongs to --upstream live.", hint="Add --upstream live.")
        return None
    if behind.target is None:
        raise UsageError("--upstream live needs the account to pass requests on to.", hint="Add --target FILE.")
    if seeds:
        raise UsageError("A live account is as awkward as it is: --awkward belongs to the reference.")
    from export_contracts.gate.upstream import checked
    from export_contracts.targets import target_file

    path, most = Path(behind.target), behind.max_exports
    return checked(contract, target_file.load(path, vendor=contract.manifest.slug, live=True, max_exports=most))


def _seeds(text: str | None) -> tuple[int, ...]:
    try:
        return tuple(int(one) for one in text.split(",")) if text else ()
    except ValueError:
        raise UsageError(f"--awkward takes numbers, not {text!r}.", hint="--awkward 1,2,3") from None
