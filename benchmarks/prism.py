"""Our check against Prism, a mock that nobody here wrote, serving each of our openapi.yaml.

    python benchmarks/prism.py [--folder DIR] [--vendor braze …]

Prism answers each request by itself from the document's examples, so that stateless clauses can be kept and stateful
ones cannot. What must not happen is a verdict `error`, or a run that ends in one. Prism is fetched from npm into DIR
(a temporary folder by default). Prints the count of verdicts for each vendor, and the clauses that fail.
"""

from __future__ import annotations

import argparse
import socket
import subprocess
import tempfile
import time
from collections import Counter
from pathlib import Path

from export_contracts.catalogue import contract as contracts
from export_contracts.catalogue import plugins
from export_contracts.check.conduct import Options, conduct
from export_contracts.model import Verdict
from export_contracts.targets.embedded import embedded
from export_contracts.targets.live import live_venue
from export_contracts.targets.target import Pace, Target

PRISM = "@stoplight/prism-cli@5"


def free_port():
    """A port nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def mocked(contract, folder):
    """Prism serving the contract's document: the process and its address, once it answers."""
    port = free_port()
    program = folder / "node_modules" / ".bin" / "prism"
    command = [str(program), "mock", "-p", str(port), str(contract.folder / "openapi.yaml")]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(200):
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return process, f"http://127.0.0.1:{port}"
        time.sleep(0.1)
    process.kill()
    raise SystemExit("Prism did not start within 20 seconds.")


def main():
    """Print a line for each vendor."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder")
    parser.add_argument("--vendor", action="append")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(given.folder or scratch)
        if not (folder / "node_modules" / ".bin" / "prism").exists():
            subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--prefix", str(folder), PRISM], check=True)
        for slug in given.vendor or plugins.slugs():
            contract = contracts.load(slug)
            declared = contract.manifest.settings
            facts = {
                name: value
                for name, value in embedded(slug)[0].settings.items()
                if name in declared and (declared[name].required or name in {"token", "segment_id"})
            }
            process, url = mocked(contract, folder)
            try:
                target = Target(slug, url, facts, Pace(poll=0.1, deadline=1.0, timeout=5.0))
                started = time.perf_counter()
                outcome = conduct(contract, live_venue(target), Options())
            finally:
                process.terminate()
                process.wait(10)
            verdicts = outcome.judgement.verdicts
            counts = Counter(one.verdict.value for one in verdicts)
            shown = ", ".join(f"{counts[one.value]} {one.value}" for one in Verdict if counts[one.value])
            print(f"{slug}: {shown}; {time.perf_counter() - started:.1f} s")
            print("  fail:", ", ".join(one.clause.id for one in verdicts if one.verdict is Verdict.FAIL) or "none")


if __name__ == "__main__":
    main()
