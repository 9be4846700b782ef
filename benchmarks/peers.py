"""Stock Schemathesis and our check against the same served reference, its mutants and its awkward seeds.

    python benchmarks/peers.py [--vendor braze] [--mutants 20] [--examples 20] [--awkward 5]

Each server is started afresh for each tool. Schemathesis gets the vendor's openapi.yaml with the target's ids
pinned, the credential, a fixed seed and --continue-on-failure; it kills a mutant when it reports a failure that it
does not report of the innocent server. We kill one when the clause it belongs to is broken. A false alarm is any
failure of ours at level must, or any new failure of theirs, against an awkward but legal server. Seconds are of the
whole command or call; mutants that need no server (bad clients) are left out.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from export_contracts.catalogue import contract as contracts
from export_contracts.check.conduct import Options, conduct
from export_contracts.model import Verdict
from export_contracts.targets.credentials import headers
from export_contracts.targets.live import live_venue
from export_contracts.targets.served import Defect, Order, Served
from export_contracts.targets.target import Pace, Target


@dataclass
class Score:
    """What one tool came to."""

    killed: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)
    seconds: float = 0.0


def served(slug, mutant=None, when=None, awkward=None):
    """A reference ready to be served, with an S3 bucket of its own."""
    defect = Defect(slug, mutant, when) if mutant else None
    return Served(Order([slug], awkward=awkward, defect=defect))


def ours(contract, server):
    """Ids of broken clauses with their verdicts, and seconds."""
    slug = contract.manifest.slug
    target = Target(slug, server.serving.url, server.settings(slug), Pace(poll=2.0, deadline=86_400.0))
    started = time.perf_counter()
    outcome = conduct(contract, live_venue(target), Options())
    broken = {one.clause.id: one.verdict for one in outcome.judgement.verdicts if one.findings}
    return broken, time.perf_counter() - started


def theirs(contract, server, examples, folder):
    """(code, operation) pairs of the failures that Schemathesis reports, and seconds."""
    facts, url = server.settings(contract.manifest.slug), server.serving.url
    document = folder / "openapi.json"
    document.write_text(json.dumps(pinned(contract.openapi, facts)))
    fields = [f"{name}: {value}" for name, value in headers(contract.manifest.credentials, facts.__getitem__).items()]
    command = [sys.executable, "-m", "schemathesis.cli", "run", str(document), "--url", url]
    command += [word for one in fields for word in ("-H", one)]
    command += ["--max-examples", str(examples), "--continue-on-failure", "--seed", "1", "--no-color"]
    command += ["--report", "json", "--report-json-path", str(folder / "report.json")]
    started = time.perf_counter()
    subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=600, env={**os.environ, "CI": "1"})
    seconds = time.perf_counter() - started
    report = json.loads((folder / "report.json").read_text())
    return set(_failures(report)), seconds


def pinned(node, facts):
    """The published document with the target's ids in place, as a careful user of any tool would have it."""
    if isinstance(node, list):
        return [pinned(one, facts) for one in node]
    if not isinstance(node, dict):
        return node
    if node.get("x-target") in facts:
        return {"type": "string", "enum": [facts[node["x-target"]]]}
    return {key: pinned(value, facts) for key, value in node.items() if key not in {"example", "examples"}}


def _failures(node):
    if isinstance(node, dict):
        if "code" in node and "title" in node:
            yield (node["code"], node.get("operation") or node["title"])
        for value in node.values():
            yield from _failures(value)
    elif isinstance(node, list):
        for value in node:
            yield from _failures(value)


def main():
    """Print the table and the names behind it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vendor", default="braze")
    parser.add_argument("--mutants", type=int, default=20)
    parser.add_argument("--examples", type=int, default=20)
    parser.add_argument("--awkward", type=int, default=5)
    given = parser.parse_args()
    contract = contracts.load(given.vendor)
    mutants = [
        (clause, mutant)
        for clause in contract.clauses
        if contract.is_active(clause) and clause.party == "provider" and clause.level == "must"
        for mutant in clause.mutants
        if mutant.kind != "client"
    ]
    chosen = random.Random(1).sample(mutants, min(given.mutants, len(mutants)))
    us, them = Score(), Score()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)

        def run(mutant=None, when=None, awkward=None):
            with served(given.vendor, mutant, when, awkward) as server:
                mine, took = ours(contract, server)
            us.seconds += took
            with served(given.vendor, mutant, when, awkward) as server:
                others, took = theirs(contract, server, given.examples, folder)
            them.seconds += took
            return mine, others

        mine, usual = run()
        us.alarms += [f"innocent {name}" for name, verdict in mine.items() if verdict is Verdict.FAIL]
        them.alarms += [f"innocent {code} {operation}" for code, operation in usual]
        for clause, mutant in chosen:
            name = f"{clause.id}:{mutant.name}"
            mine, others = run(mutant, dict(clause.when))
            (us.killed if clause.id in mine else us.missed).append(name)
            (them.killed if others - usual else them.missed).append(name)
        for seed in range(1, given.awkward + 1):
            mine, others = run(awkward=seed)
            us.alarms += [f"awkward {seed} {name}" for name, verdict in mine.items() if verdict is Verdict.FAIL]
            them.alarms += [f"awkward {seed} {code} {operation}" for code, operation in others - usual]
    runs = 1 + len(chosen) + given.awkward
    print(f"{given.vendor}: {len(chosen)} of {len(mutants)} must-level mutants, {given.awkward} awkward seeds")
    print(f"{'tool':<34}{'kills':>7}{'misses':>8}{'false alarms':>14}{'seconds/run':>13}")
    for name, score in (("export-contracts check", us), (f"schemathesis run, {given.examples} examples", them)):
        counts = f"{len(score.killed):>7}{len(score.missed):>8}{len(score.alarms):>14}"
        print(f"{name:<34}{counts}{score.seconds / runs:>13.1f}")
    print("missed by us:", ", ".join(us.missed) or "none")
    print("false alarms of ours:", ", ".join(us.alarms) or "none")
    print("false alarms of theirs:", "; ".join(sorted(set(them.alarms))) or "none")


if __name__ == "__main__":
    main()
