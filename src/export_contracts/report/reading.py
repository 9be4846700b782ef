"""The catalogue as lines for people and as data for programs: clauses, vendors, the matrix of vendors.

Everything here is ours and not a target's, so nothing needs to be made inert.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from rich.text import Text

from export_contracts.catalogue.contract import Contract
from export_contracts.catalogue.manifest import Setting
from export_contracts.model import Clause, Json, Mutant
from export_contracts.report import words
from export_contracts.report.clauses import described

ROWS = ("start", "auth", "selection", "fields", "readiness", "delivery", "formats", "limits", "cancel")
"""Rows of the matrix, in the order in which an export goes."""
LONGEST_VALUE = 40
"""Characters of a value that are shown of a defect."""


def clause(contract: Contract, one: Clause) -> Iterator[Text]:
    """One clause in full."""
    entry = clause_json(contract, one)
    yield Text.assemble((one.id, "bold"), f"  {one.level.upper()} · {one.basis}   {one.title}")
    yield _field("party", one.party)
    yield _field("in force", entry["in_force"])
    for said in words.said_in(entry):
        yield _field("said in", said)
    if one.needs:
        yield _field("needs", ", ".join(one.needs))
    yield _field("check", entry["check"])
    for name, meaning in one.readings.items():
        yield _field("reading", f"{name}: {meaning}")
    for mutant in one.mutants:
        also = f" (also caught by {', '.join(mutant.also)})" if mutant.also else ""
        yield _field("mutant", f"{mutant.name}: {_defect(mutant)}{also}")
    if one.note:
        yield _field("note", " ".join(one.note.split()))
    yield Text(f"  hint: export-contracts {_trial(contract, one)}", style="dim")


def _trial(contract: Contract, one: Clause) -> str:
    """The command that puts the clause to the test."""
    slug = contract.manifest.slug
    if one.party == "consumer":
        return f"gate {slug} -- COMMAND"
    return (
        f"check {slug} --only {one.id}" if one.vendor_prefix == contract.manifest.prefix else f"check --only {one.id}"
    )


def clause_json(contract: Contract, one: Clause) -> dict[str, Json]:
    """The same as data."""
    return {
        **described(one, contract),
        "since": one.since,
        "until": one.until,
        "in_force": _dates(one),
        "needs": list(one.needs),
        "when": dict(one.when),
        "check": one.check,
        "with": dict(one.parameters),
        "readings": dict(one.readings),
        "mutants": {mutant.name: {"defect": _defect(mutant), "also": list(mutant.also)} for mutant in one.mutants},
        "note": one.note,
    }


def vendor(contract: Contract) -> Iterator[Text]:
    """A vendor's clauses as a table, then what a target may declare."""
    yield Text(f"{contract.manifest.title}: {contract.manifest.summary}", style="bold")
    section = None
    if contract.as_of:
        yield Text(f"as of {contract.as_of}")
        if contract.manifest.undated:
            yield Text(contract.manifest.undated)
    for one in contract.clauses:
        if one.section != section:
            section = one.section
            yield Text(f"\n{section.replace('-', ' ')}", style="bold")
        retired = "" if contract.is_active(one) else f"  ({_dates(one)})"
        yield Text(f"  {one.id}  {one.party:<8}  {one.level:<6}  {one.basis:<8}  {one.title}{retired}")
    yield Text("\nsettings of a target, as options and in its file", style="bold")
    secrets = [one.name for one in contract.manifest.settings.values() if one.secret]
    for setting in contract.manifest.settings.values():
        need = "required" if setting.required else "optional"
        yield Text(f"  {option(setting, secrets):<36}  {need}  {setting.about}")
        yield Text(f"  {'':<36}  in a file: {setting.add}", style="dim")


def option(setting: Setting, secrets: Sequence[str]) -> str:
    """How a setting is given as an option: by value, and a secret by the name of an environment variable."""
    if not setting.secret:
        return f"--{setting.name.replace('_', '-')} VALUE"
    return "--token-env NAME" if len(secrets) == 1 else f"--token-env {setting.name}=NAME"


def vendor_json(contract: Contract) -> dict[str, Json]:
    """The same as data."""
    manifest = contract.manifest
    return {
        "vendor": manifest.slug,
        "title": manifest.title,
        "summary": manifest.summary,
        "clauses": [clause_json(contract, one) for one in contract.clauses],
        "settings": {
            one.name: {"about": one.about, "add": one.add, "required": one.required, "secret": one.secret}
            for one in manifest.settings.values()
        },
    }


def vendors(contracts: Sequence[Contract]) -> Iterator[Text]:
    """One line for each vendor."""
    for one in contracts:
        active = sum(one.is_active(clause) for clause in one.clauses)
        yield Text(f"{one.manifest.slug:<12}  {words.many(active, 'clause'):<12}  {one.manifest.summary}")
    yield Text("hint: export-contracts show VENDOR, or show --matrix", style="dim")


def vendors_json(contracts: Sequence[Contract]) -> list[Json]:
    """The same as data."""
    return [
        {
            "vendor": one.manifest.slug,
            "title": one.manifest.title,
            "summary": one.manifest.summary,
            "clauses": sum(one.is_active(clause) for clause in one.clauses),
        }
        for one in contracts
    ]


def matrix(contracts: Sequence[Contract]) -> Iterator[Text]:
    """How the vendors differ, as a Markdown table."""
    yield Text(f"| | {' | '.join(one.manifest.title for one in contracts)} |")
    yield Text("|---" * (len(contracts) + 1) + "|")
    for row, cells in matrix_json(contracts).items():
        yield Text(f"| **{row}** | {' | '.join(cell.replace('|', '&#124;') for cell in cells.values())} |")


def matrix_json(contracts: Sequence[Contract]) -> dict[str, dict[str, str]]:
    """Row to vendor to phrase."""
    return {row: {one.manifest.slug: one.manifest.matrix.get(row, "") for one in contracts} for row in ROWS}


def _dates(one: Clause) -> str:
    if one.since is None and one.until is None:
        return "always"
    if one.since == one.until:
        return "never; withdrawn"
    return " ".join(part for part in (one.since and f"since {one.since}", one.until and f"until {one.until}") if part)


def _defect(mutant: Mutant) -> str:
    if mutant.call is not None:
        return f"{'a server' if mutant.kind == 'server' else 'a client'} with one defect, {mutant.call}"
    side = "the request" if mutant.kind == "client" else "the answer"
    steps = ", ".join(map(_step, mutant.patch))
    return f"{steps} in {side if 'rows' not in mutant.on else 'a delivered row'}"


def _step(step: Mapping[str, Json]) -> str:
    """`replace /response/status with 500`; a value that is long is left out."""
    written = json.dumps(step.get("value"), ensure_ascii=False)
    value = f" with {written}" if "value" in step and len(written) <= LONGEST_VALUE else ""
    return f"{step.get('op')} {step.get('path')}{value}"


def _field(name: str, text: str) -> Text:
    return Text.assemble((f"  {name:<8}  ", "dim"), text)
