"""What `serve` does between its options and a running server, and what it tells the user."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from export_contracts.catalogue.contract import Contract
from export_contracts.cli import choose
from export_contracts.cli.nearest import did_you_mean
from export_contracts.cli.target_writing import toml
from export_contracts.errors import UsageError
from export_contracts.model import Json
from export_contracts.report.write import write
from export_contracts.targets.served import Defect, Order, Served


@dataclass(frozen=True)
class Asked:
    """The options of `serve`, as given."""

    vendor: str | None = None
    port: int = 8080
    host: str = "127.0.0.1"
    management_port: int = 0
    seed: int = 0
    users: int = 40
    mutant: str | None = None
    awkward: int | None = None
    state: str | None = None
    bucket: str | None = None
    endpoint: str | None = None
    callbacks_anywhere: bool = False
    targets: str | None = None
    as_of: str | None = None


@dataclass(frozen=True)
class Running:
    """A server that answers, and what was asked of it."""

    asked: Asked
    served: Served
    contracts: tuple[Contract, ...]


@contextmanager
def serving(asked: Asked) -> Iterator[Running]:
    """Serve until the block ends."""
    contracts = tuple(choose.several(asked.vendor, asked.as_of))
    order = Order(
        [one.manifest.slug for one in contracts],
        host=asked.host,
        port=asked.port,
        control_port=asked.management_port,
        seed=asked.seed,
        users=asked.users,
        awkward=asked.awkward,
        defect=_defect(asked.mutant, contracts) if asked.mutant else None,
        state=Path(asked.state) if asked.state else None,
        bucket=asked.bucket,
        endpoint=asked.endpoint,
        callbacks_anywhere=asked.callbacks_anywhere,
        as_of=asked.as_of,
    )
    with Served(order) as served:
        running = Running(asked, served, contracts)
        if asked.targets is not None:
            _write_targets(running, Path(asked.targets))
        yield running


def told(running: Running) -> str:
    """Lines for the user: where to send, where time is managed, how to check it."""
    return "".join(f"{line}\n" for line in _lines(running))


def _lines(running: Running) -> Iterator[str]:
    for contract in running.contracts:
        slug = contract.manifest.slug
        yield f"{slug:<12}  {running.served.serving.addresses[slug]}"
        if contract.as_of and contract.manifest.undated:
            yield f"{'':<12}  as of {contract.as_of}: {contract.manifest.undated}"
    yield f'{"time":<12}  {running.served.serving.control}   POST /advance {{"seconds": N}}'
    yield "to check it:" if running.asked.targets else "to check it (with --targets DIR, the lists are told, too):"
    for contract in running.contracts:
        yield f"  {_check(running, contract)}"


def told_json(running: Running) -> str:
    """The same as one line of JSON, with all that a target file for each vendor would declare."""
    data: Json = {
        "control": running.served.serving.control,
        "vendors": {
            one.manifest.slug: {
                "url": running.served.serving.addresses[one.manifest.slug],
                "settings": running.served.settings(one.manifest.slug),
            }
            for one in running.contracts
        },
    }
    return json.dumps(data, ensure_ascii=True) + "\n"


def _write_targets(running: Running, folder: Path) -> None:
    for one in running.contracts:
        slug = one.manifest.slug
        url, settings = running.served.serving.addresses[slug], running.served.settings(slug)
        write(folder / f"{slug}.toml", toml(one.manifest, url, settings))


def _check(running: Running, contract: Contract) -> str:
    slug = contract.manifest.slug
    edition = ["--as-of", contract.as_of] if contract.as_of else []
    if running.asked.targets is not None:
        file = f"{running.asked.targets}/{slug}.toml"
        return shlex.join(["export-contracts", "check", slug, "--target", file, *edition])
    settings = running.served.settings(slug)
    words = ["export-contracts", "check", slug, "--url", running.served.serving.addresses[slug]]
    words += ["--clock", running.served.serving.control]
    for name, setting in contract.manifest.settings.items():
        if setting.same_as is None and _fits_an_option(name, settings.get(name)):
            words += [f"--{name.replace('_', '-')}", str(settings[name])]
    if "bucket" in contract.manifest.settings:
        table = dict(settings["bucket"])
        url, rest = table.pop("url"), urlencode(table, safe=":/")
        words += ["--bucket", f"{url}?{rest}" if rest else url]
    if "callback" in contract.manifest.settings:
        words += ["--callback", "127.0.0.1:0"]
    return shlex.join([*words, *edition])


def _fits_an_option(name: str, value: Json) -> bool:
    """Whether `check` reads the value back from an option; lists and tables need a target file."""
    return isinstance(value, str) or (name.startswith("expected_") and isinstance(value, int))


def _defect(wanted: str, contracts: tuple[Contract, ...]) -> Defect:
    """The defect that `ID:name` names, and the vendor that gets it."""
    name, _, mutant_name = wanted.partition(":")
    if not mutant_name:
        raise UsageError(f"--mutant takes ID:NAME, not {wanted!r}.", hint=f"export-contracts show {name} lists them.")
    (wanted_id,) = choose.clause_ids([name], contracts)
    contract = next(one for one in contracts if wanted_id in {clause.id for clause in one.clauses})
    clause = contract.clause(wanted_id)
    known = {one.name: one for one in clause.mutants}
    if mutant_name not in known:
        raise UsageError(
            f"{wanted_id} has no mutant {mutant_name!r}.{did_you_mean(mutant_name, known)}",
            hint=f"Its mutants: {', '.join(known)}.",
        )
    mutant = known[mutant_name]
    if mutant.kind == "client":
        raise UsageError(f"{wanted_id}:{mutant_name} is a defect of a client; no server can have it.")
    return Defect(contract.manifest.slug, mutant, clause.when)
