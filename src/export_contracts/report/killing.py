"""The kill matrix: which clauses caught which mutant, and which should have. Proves nothing itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from rich.text import Text

from export_contracts.errors import EXIT_BROKEN, EXIT_KEPT, EXIT_UNREACHABLE
from export_contracts.model import Json
from export_contracts.report.inert import inert
from export_contracts.report.words import many


class Proof(Protocol):
    """What is known of one mutant; `clause` is empty for the run without any."""

    @property
    def clause(self) -> str:
        """The clause that owns the mutant."""

    @property
    def mutant(self) -> str:
        """Its name."""

    @property
    def expected(self) -> frozenset[str]:
        """Clauses that should catch it."""

    @property
    def caught(self) -> frozenset[str]:
        """Clauses that did."""

    @property
    def seconds(self) -> float:
        """How long it took."""

    @property
    def trouble(self) -> str | None:
        """Why it could not be run."""


@dataclass(frozen=True, slots=True)
class Row:
    """One mutant and its fate: killed, survived, astray (caught by others too or instead) or error."""

    vendor: str
    clause: str
    mutant: str
    fate: str
    missed: tuple[str, ...]
    wrong: tuple[str, ...]
    caught: tuple[str, ...]
    seconds: float
    trouble: str | None


def row(vendor: str, proof: Proof) -> Row:
    """A row of the matrix."""
    missed, wrong = sorted(proof.expected - proof.caught), sorted(proof.caught - proof.expected)
    if proof.trouble is not None:
        fate = "error"
    elif wrong:
        fate = "astray"
    else:
        fate = "survived" if missed else ("killed" if proof.clause else "clean")
    return Row(
        vendor,
        proof.clause,
        proof.mutant,
        fate,
        tuple(missed),
        tuple(wrong),
        tuple(sorted(proof.caught)),
        proof.seconds,
        proof.trouble,
    )


def exit_code(rows: Sequence[Row]) -> int:
    """0 where every mutant was killed as declared, 1 where not, 3 where none was run at all."""
    if not any(one.clause for one in rows):
        return EXIT_UNREACHABLE
    return EXIT_KEPT if all(one.fate in {"killed", "clean"} for one in rows) else EXIT_BROKEN


def report(rows: Sequence[Row], seconds: float) -> Iterator[Text]:
    """The matrix as lines, what went wrong last; `seconds` is how long all of it took."""
    for one in sorted(rows, key=lambda one: one.fate not in {"killed", "clean"}):
        line = Text("  ")
        line.append(f"{one.fate:<8}", style="green" if one.fate in {"killed", "clean"} else "bold red")
        line.append(f"  {one.clause or one.vendor:<7}  {one.mutant}")
        line.append(f"  by {', '.join(one.caught) or 'none'}  {one.seconds:.2f} s", style="dim")
        yield line
        yield from (Text(f"            {said}") for said in _wrongs(one))
    killed = sum(one.fate == "killed" for one in rows)
    mutants = sum(bool(one.clause) for one in rows)
    style = "bold green" if exit_code(rows) == EXIT_KEPT else "bold red"
    yield Text(f"{killed} of {many(mutants, 'mutant')} killed as declared, {seconds:.1f} s", style=style)


def _wrongs(one: Row) -> Iterator[str]:
    if one.missed:
        yield f"not caught by {', '.join(one.missed)}"
    if one.wrong:
        yield f"wrongly caught by {', '.join(one.wrong)}"
    if one.trouble:
        yield inert(one.trouble)


def as_json(rows: Sequence[Row], seconds: float) -> dict[str, Json]:
    """The same as data."""
    return {
        "format": "export-contracts/mutants/1",
        "exit_code": exit_code(rows),
        "seconds": round(seconds, 3),
        "mutants": [
            {
                "vendor": one.vendor,
                "clause": one.clause or None,
                "mutant": one.mutant,
                "fate": one.fate,
                "caught": list(one.caught),
                "missed": list(one.missed),
                "wrong": list(one.wrong),
                "seconds": round(one.seconds, 3),
                "trouble": one.trouble,
            }
            for one in rows
        ],
    }
