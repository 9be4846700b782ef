"""Requests per second through the gate against Prism's mock, and who answers first; the same calls in one run.

    python benchmarks/gate.py [PRISM] [CALLS]

PRISM is the path of Prism's command (npm: @stoplight/prism-cli), installed anywhere outside this repository.
The calls are orders of an export of Bloomreach, one after the other on one connection. Prints figures and ratios.
"""

from __future__ import annotations

import base64
import http.client
import json
import socket
import subprocess
import sys
import time
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


def call(connection, path, pair):
    credential = base64.b64encode(pair.encode()).decode()
    headers = {"Authorization": f"Basic {credential}", "Content-Type": "application/json"}
    connection.request("POST", path, json.dumps({"format": "table_json"}), headers)
    answer = connection.getresponse()
    answer.read()
    return answer.status


def measured(host, port, path, pair, calls):
    connection = http.client.HTTPConnection(host, port, timeout=60)
    started = time.perf_counter()
    statuses = {call(connection, path, pair) for _ in range(calls)}
    rate = calls / (time.perf_counter() - started)
    return rate, statuses


def ours(calls):
    started = time.perf_counter()
    words = [sys.executable, "-c", MAIN, "gate", "bloomreach", "--report", "/tmp/export-contracts-benchmark", "--"]
    process = subprocess.Popen(
        [*words, sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    told = {
        one.removeprefix("EXPORT_CONTRACTS_BLOOMREACH_"): value
        for one, value in json.loads(process.stdout.readline()).items()
    }
    split = urlsplit(told["URL"])
    path = f"/data/v2/projects/{told['PROJECT_TOKEN']}/customers/export"
    pair = f"{told['KEY_ID']}:{told['SECRET']}"
    measured(split.hostname, split.port, path, pair, 1)
    first = time.perf_counter() - started
    rate, statuses = measured(split.hostname, split.port, path, pair, calls)
    process.communicate()
    return first, rate, statuses


def prism(command, calls):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    started = time.perf_counter()
    process = subprocess.Popen(
        [command, "mock", "-p", str(port), "-h", "127.0.0.1", str(SPEC)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    path = "/data/v2/projects/12345678-1234-1234-1234-123456789abc/customers/export"
    try:
        while True:
            try:
                measured("127.0.0.1", port, path, "key:secret", 1)
                break
            except OSError:
                time.sleep(0.05)
        first = time.perf_counter() - started
        rate, statuses = measured("127.0.0.1", port, path, "key:secret", calls)
    finally:
        process.terminate()
        process.wait()
    return first, rate, statuses


def main():
    command = sys.argv[1] if len(sys.argv) > 1 else "prism"
    calls = int(sys.argv[2]) if len(sys.argv) > 2 else 500
    gate, other = ours(calls), prism(command, calls)
    for name, (first, rate, statuses) in (("gate", gate), ("prism mock", other)):
        print(f"{name:11} first answer after {first:5.2f} s   {rate:7.0f} requests/s   statuses {sorted(statuses)}")
    print(f"rate {gate[1] / other[1]:.2f} times Prism's; first answer after {gate[0] / other[0]:.2f} of Prism's time")


if __name__ == "__main__":
    main()
