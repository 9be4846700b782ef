"""The suite as plain pytest: options, and fixtures that share one run among all items and workers.

Loaded by entry point in every pytest session, hence light: nothing heavy is imported until an item of
the suite is collected. Verdicts come from the same engine as `export-contracts check`.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from export_contracts.check.item import Item
    from export_contracts.check.run import Played
    from export_contracts.gate.passage import Opened
    from export_contracts.model import Clause
    from export_contracts.targets.scenario import Scenario
    from export_contracts.targets.target import Target
    from export_contracts.targets.venue import Venue


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of the suite; without them the embedded reference of every vendor is checked."""
    group = parser.getgroup("export-contracts", "contracts of export APIs")
    group.addoption("--contract-target", metavar="FILE", help="target file of the implementation to check")
    group.addoption("--contract-vendor", metavar="SLUG", action="append", help="only this vendor (repeatable)")
    group.addoption("--contract-live", action="store_true", help="allow a target that is not on this machine")
    group.addoption("--contract-seed", metavar="N", type=int, default=0, help="seed of generated cases (0)")


def pytest_configure(config: pytest.Config) -> None:
    """Say at once what is wrong with the options, and not once for each clause."""
    from export_contracts.errors import ExportContractsError

    for slug in config.getoption("--contract-vendor") or ():
        from export_contracts.catalogue import plugins

        if not plugins.is_known(slug):
            raise pytest.UsageError(f"There is no vendor {slug!r}. Known vendors: {', '.join(plugins.slugs())}.")
    try:
        _target(config)
    except ExportContractsError as error:
        raise pytest.UsageError(" ".join(filter(None, (error.sentence, error.hint)))) from None


def _target(config: pytest.Config) -> Target | None:
    named = config.getoption("--contract-target")
    if not named:
        return None
    from export_contracts.targets.target_file import load

    return load(Path(named), live=config.getoption("--contract-live"))


def _vendors(config: pytest.Config) -> tuple[str, ...]:
    from export_contracts.catalogue import plugins

    target = _target(config)
    if target is not None:
        return (target.vendor,)
    return tuple(config.getoption("--contract-vendor") or plugins.slugs())


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One item for each active provider clause where a test asks for `contract_clause`."""
    if "contract_clause" not in metafunc.fixturenames and "contract_vendor" not in metafunc.fixturenames:
        return
    from export_contracts.catalogue import contract

    vendors = _vendors(metafunc.config)
    if "contract_vendor" in metafunc.fixturenames:
        metafunc.parametrize("contract_vendor", vendors)
        return
    pairs = [
        pytest.param((slug, clause), id=f"{slug}-{clause.id}")
        for slug in vendors
        for clause in contract.load(slug).clauses
        if clause.party == "provider" and contract.load(slug).is_active(clause)
    ]
    metafunc.parametrize("contract_clause", pairs)


@dataclass(frozen=True)
class Run:
    """One vendor's run in this session: what became of each clause, by id, and why the run was not whole, if so."""

    items: Mapping[str, Item]
    shortfalls: tuple[str, ...]


@pytest.fixture(scope="session")
def contract_run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Run]:
    """A function from vendor to this session's run; a run that could not be fails the test that asks for it."""
    from export_contracts.errors import ExportContractsError

    base = tmp_path_factory.getbasetemp()
    shared = base.parent if hasattr(request.config, "workerinput") else base
    judged: dict[str, Run] = {}

    def found(slug: str) -> Run:
        complaint = None
        try:
            if slug not in judged:
                judged[slug] = _judged(slug, request.config, shared / f"export-contracts-{slug}")
        except ExportContractsError as error:
            complaint = " ".join(filter(None, (error.sentence, error.hint)))
        if complaint is not None:
            pytest.fail(complaint, pytrace=False)
        return judged[slug]

    return found


@pytest.fixture(scope="session")
def contract_item(contract_run: Callable[[str], Run]) -> Callable[[str, Clause], Item]:
    """A function from vendor and clause to what became of the clause in this session's run."""
    return lambda slug, clause: contract_run(slug).items[clause.id]


@pytest.fixture
def export_contracts_gate() -> Iterator[Callable[[str], Opened]]:
    """A function from vendor to an open gate: `.url`, `.facts` (token, segment_id, …), `.variables`.

    The test fails at its end if a request it sent broke a consumer clause, or if it sent none.
    """
    from contextlib import ExitStack

    from export_contracts.catalogue import contract
    from export_contracts.gate.passage import opened
    from export_contracts.gate.verdict import complaints

    gates: dict[str, Opened] = {}
    with ExitStack() as stack:

        def enter(slug: str) -> Opened:
            if slug not in gates:
                gates[slug] = stack.enter_context(opened(contract.load(slug)))
            return gates[slug]

        yield enter
        sentences = [
            sentence
            for slug, gate in gates.items()
            for sentence in complaints(contract.load(slug), gate.transcript(contract.load(slug), "pytest"))
        ]
    if sentences:
        pytest.fail("\n".join(sentences), pytrace=False)


def _venue(slug: str, config: pytest.Config) -> Venue:
    from export_contracts.targets.live import live_venue
    from export_contracts.targets.venue import embedded_venue

    target = _target(config)
    return embedded_venue(slug, seed=config.getoption("--contract-seed")) if target is None else live_venue(target)


def _judged(slug: str, config: pytest.Config, folder: Path) -> Run:
    """What became of each clause. Raises where nothing was sent, or never a whole answer came."""
    from datetime import UTC, datetime

    from export_contracts.catalogue import contract
    from export_contracts.check.conduct import PROVIDER, refuse_empty
    from export_contracts.check.item import item
    from export_contracts.check.run import allowed, numbered, scenarios_of
    from export_contracts.check.secrecy import redactor
    from export_contracts.check.shortfall import shortfalls
    from export_contracts.judge import judge
    from export_contracts.report.deviations import weigh

    book, venue = contract.load(slug), _venue(slug, config)
    chosen = allowed(scenarios_of(slug), venue.target)
    played = list(numbered(_shared_plays(slug, venue, chosen, config.getoption("--contract-seed"), folder)))
    refuse_empty(venue, played)
    transcripts = [one.transcript for one in played]
    verdicts = judge(book, transcripts, parties=PROVIDER, features=venue.target.features).verdicts
    known = frozenset(one.id for one in book.clauses)
    declared = weigh(venue.target.deviations, verdicts, known, datetime.now(UTC).date())
    weighed = {one.deviation.clause: one for one in declared}
    redact = redactor(book, venue.target, transcripts).text
    short = tuple(redact(one) for one in shortfalls(book, venue.target, played))
    return Run({one.clause.id: item(one, weighed.get(one.clause.id), redact, short) for one in verdicts}, short)


def _shared_plays(slug: str, venue: Venue, chosen: list[Scenario], seed: int, folder: Path) -> list[Played]:
    """Each scenario once for all workers of pytest-xdist: whoever comes first plays it, under a lock.

    Workers begin at different scenarios of an embedded reference; a live target is never sent two
    scenarios at once, since vendors allow one export of a segment at a time.
    """
    from filelock import FileLock

    from export_contracts.catalogue import contract
    from export_contracts.check.run import play

    folder.mkdir(exist_ok=True)
    book = contract.load(slug)
    for one in chosen:
        lock = folder / (f"{one.name}.lock" if venue.target.origin == "reference" else "all.lock")
        stored = folder / f"{one.name}.pickle"
        with FileLock(lock):
            if not stored.exists():
                stored.write_bytes(pickle.dumps(play(book, venue, one, seed=seed)))
    return [pickle.loads((folder / f"{one.name}.pickle").read_bytes()) for one in chosen]  # noqa: S301 - our own file in a private folder
