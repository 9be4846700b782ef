"""The suite as plain pytest: options, and fixtures that share one run among all items and workers.

Loaded by entry point in every pytest session, hence light: nothing heavy is imported until an item of
the suite is collected. Verdicts come from the same engine as `export-contracts check`.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from export_contracts.check.run import Played
    from export_contracts.gate.passage import Opened
    from export_contracts.model import Clause, ClauseVerdict, Judgement
    from export_contracts.targets.venue import Venue


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of the suite; without them the embedded reference of every vendor is checked."""
    group = parser.getgroup("export-contracts", "contracts of export APIs")
    group.addoption("--contract-target", metavar="FILE", help="target file of the implementation to check")
    group.addoption("--contract-vendor", metavar="SLUG", action="append", help="only this vendor (repeatable)")
    group.addoption("--contract-live", action="store_true", help="allow a target that is not on this machine")
    group.addoption("--contract-seed", metavar="N", type=int, default=0, help="seed of generated cases (0)")


def _vendors(config: pytest.Config) -> tuple[str, ...]:
    from export_contracts.catalogue import plugins

    named = config.getoption("--contract-target")
    if named:
        return (_target_vendor(named),)
    return tuple(config.getoption("--contract-vendor") or plugins.slugs())


def _target_vendor(path: str) -> str:
    import tomllib

    return str(tomllib.loads(Path(path).read_text(encoding="utf-8")).get("vendor", ""))


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


@pytest.fixture(scope="session")
def contract_verdict(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str, Clause], ClauseVerdict]:
    """A function from vendor and clause to the verdict of this session's run."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if hasattr(request.config, "workerinput") else base
    judged: dict[str, Judgement] = {}

    def verdict(slug: str, clause: Clause) -> ClauseVerdict:
        if slug not in judged:
            judged[slug] = _judged(slug, request.config, shared / f"export-contracts-{slug}")
        return next(one for one in judged[slug].verdicts if one.clause.id == clause.id)

    return verdict


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
    from export_contracts.targets.venue import embedded_venue

    named = config.getoption("--contract-target")
    if not named:
        return embedded_venue(slug, seed=config.getoption("--contract-seed"))
    from export_contracts.targets.live import live_venue
    from export_contracts.targets.target_file import load

    return live_venue(load(Path(named), live=config.getoption("--contract-live")))


def _judged(slug: str, config: pytest.Config, folder: Path) -> Judgement:
    from export_contracts.catalogue import contract
    from export_contracts.check.conduct import PROVIDER
    from export_contracts.check.run import numbered
    from export_contracts.judge import judge

    venue = _venue(slug, config)
    played = list(numbered(_shared_plays(slug, venue, config.getoption("--contract-seed"), folder)))
    transcripts = [one.transcript for one in played]
    return judge(contract.load(slug), transcripts, parties=PROVIDER, features=venue.target.features)


def _shared_plays(slug: str, venue: Venue, seed: int, folder: Path) -> list[Played]:
    """Each scenario once for all workers of pytest-xdist: whoever comes first plays it, under a lock.

    Workers begin at different scenarios of an embedded reference; a live target is never sent two
    scenarios at once, since vendors allow one export of a segment at a time.
    """
    from filelock import FileLock

    from export_contracts.catalogue import contract
    from export_contracts.check.run import play, scenarios_of

    folder.mkdir(exist_ok=True)
    book = contract.load(slug)
    for one in scenarios_of(slug):
        lock = folder / (f"{one.name}.lock" if venue.target.origin == "reference" else "all.lock")
        stored = folder / f"{one.name}.pickle"
        with FileLock(lock):
            if not stored.exists():
                stored.write_bytes(pickle.dumps(play(book, venue, one, seed=seed)))
    return [pickle.loads((folder / f"{one.name}.pickle").read_bytes()) for one in scenarios_of(slug)]  # noqa: S301 - our own file in a private folder
