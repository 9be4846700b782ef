"""Requests per second through the gate against Prism's validation proxy on the same calls, and who answers first.

    python benchmarks/gate.py [PRISM] [CALLS] [STARTS]

PRISM is the path of Prism's command (npm: @stoplight/prism-cli), installed anywhere outside this repository.
The calls are orders of an export of Bloomreach, one after the other on one connection. Prism validates them against
our openapi.yaml and passes them on to our own served reference; the gate answers and records them itself. Prints wall
time and CPU seconds of each process tree, since wall time says little on a machine that does other things as well.
Both are started STARTS times in turn for the time to the first answer, of which the medians are printed.
"""

from __future__ import annotations

import base64
import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

SPEC = Path(__file__).parents[1] / "specs/bloomreach/openapi.yaml"
HOLD = """
import json, os, sys
names = {one: value for one, value in os.environ.items() if one.startswith("EXPORT_CONTRACTS_BLOOMREACH_")}
print(json.dumps(names), flush=True)
sys.stdin.read()
"""
MAIN = "import sys; from export_contracts.cli.main import main; sys.exit(main())"
TICKS = os.sysconf("SC_CLK_TCK")


def call(connection, path, pair):
    """One order; returns the status."""
    credential = base64.b64encode(pair.encode()).decode()
    headers = {"Authorization": f"Basic {credential}", "Content-Type": "application/json"}
    connection.request("POST", path, json.dumps({"format": "table_json"}), headers)
    answer = connection.getresponse()
    answer.read()
    return answer.status


def measured(host, port, path, pair, calls):
    """Requests per second, and the statuses they brought."""
    connection = http.client.HTTPConnection(host, port, timeout=60)
    started = time.perf_counter()
    statuses = {call(connection, path, pair) for _ in range(calls)}
    return calls / (time.perf_counter() - started), statuses


def cpu(process):
    """CPU seconds of a process until now, its own and the kernel's for it."""
    fields = Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


@contextmanager
def gated():
    """The gate holding a command that does nothing: the process and what the command was told."""
    with tempfile.TemporaryDirectory() as report:
        words = [sys.executable, "-c", MAIN, "gate", "bloomreach", "--report", report, "--"]
        process = subprocess.Popen(
            [*words, sys.executable, "-S", "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        told = json.loads(process.stdout.readline())
        yield process, {one.removeprefix("EXPORT_CONTRACTS_BLOOMREACH_"): value for one, value in told.items()}
        process.communicate()


def address(told):
    """Host, port, path and credential of the calls."""
    split = urlsplit(told["URL"])
    path = f"/data/v2/projects/{told['PROJECT_TOKEN']}/customers/export"
    return split.hostname, split.port, path, f"{told['KEY_ID']}:{told['SECRET']}"


def ours(calls):
    """Seconds until the first answer, CPU until then, requests per second, CPU for each request, statuses."""
    started = time.perf_counter()
    with gated() as (process, told):
        measured(*address(told), 1)
        first, begun = time.perf_counter() - started, cpu(process)
        rate, statuses = measured(*address(told), calls)
        return first, begun, rate, (cpu(process) - begun) / calls, statuses


def prism(command, calls):
    """The same of Prism, with a gate as the server behind it."""
    with gated() as (behind, told):
        _, _, path, pair = address(told)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        started = time.perf_counter()
        words = [command, "proxy", "-p", str(port), "-h", "127.0.0.1", str(SPEC), told["URL"]]
        process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            while True:
                try:
                    measured("127.0.0.1", port, path, pair, 1)
                    break
                except OSError:
                    time.sleep(0.02)
            first, begun = time.perf_counter() - started, cpu(process)
            before = cpu(process) + cpu(behind)
            rate, statuses = measured("127.0.0.1", port, path, pair, calls)
            spent = cpu(process) + cpu(behind) - before
        finally:
            process.terminate()
            process.wait()
        return first, begun, rate, spent / calls, statuses


def starts(command, number):
    """Seconds and CPU seconds until the first answer of both, started in turn: the gate's pairs, then Prism's."""
    pairs = [(ours(1)[:2], prism(command, 1)[:2]) for _ in range(number)]
    return [gate for gate, _ in pairs], [other for _, other in pairs]


def middle(measures, place):
    """The median of one of the measures."""
    return statistics.median(one[place] for one in measures)


def main():
    """Print a line for each and the ratios."""
    command = sys.argv[1] if len(sys.argv) > 1 else "prism"
    calls = int(sys.argv[2]) if len(sys.argv) > 2 else 500
    number = int(sys.argv[3]) if len(sys.argv) > 3 else 7
    gate, other = ours(calls), prism(command, calls)
    for name, (_, _, rate, each, statuses) in (("gate", gate), ("prism proxy", other)):
        print(f"{name:11}  {rate:6.0f} requests/s ({each * 1000:5.2f} CPU ms each)   statuses {sorted(statuses)}")
    print(f"rate: {gate[2] / other[2]:.1f} times Prism's, {other[3] / gate[3]:.1f} times by CPU")
    pair = starts(command, number)
    for name, measures in zip(("gate", "prism proxy"), pair, strict=True):
        print(f"{name:11}  first answer after {middle(measures, 0):.2f} s, {middle(measures, 1):.2f} CPU s")
    for place, name in enumerate(("time", "CPU")):
        each = [mine[place] / theirs[place] for mine, theirs in zip(*pair, strict=True)]
        print(f"first answer: {statistics.median(each):.2f} of Prism's {name} ({min(each):.2f} to {max(each):.2f})")


if __name__ == "__main__":
    main()
