"""Memory does not grow with the export, nor with what a line of it holds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.verify.conftest import broken, text, users

from export_contracts.model import Json
from export_contracts.verify import duplicates

MOST = 120
"""Megabytes that a process may have."""
RUN = """
import sys
from export_contracts.cli.main import main
from export_contracts.verify import duplicates
duplicates.PARTITION, duplicates.COMPARED = 2_000, 500
code = main(sys.argv[1:])
with open("/proc/self/status") as file:
    print(next(line.split()[1] for line in file if line.startswith("VmHWM")), file=sys.stderr)
sys.exit(code)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells the peak of a process")
def test_a_process_stays_small_whatever_it_reads(bucket):
    body = text(users(250))
    parts = [
        b"".join(body.replace(b'"braze_id":"', b'"braze_id":"%02x' % (number + copy)) for copy in range(10))
        for number in (0, 10)
    ]
    root = bucket(*parts, *parts)
    assert sum(map(len, parts)) > 10_000_000
    results, peak = verified(root, "--expect-count", "5000")
    twice = next(one for one in results["clauses"] if one["id"] == "BRZ-178")
    assert (twice["kept"], twice["broken"], len(twice["findings"])) == (5_000, 5_000, duplicates.TOLD)
    assert any("told apart by a hash" in one for one in results["runs"][0]["notes"])
    assert peak < MOST


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells the peak of a process")
def test_a_process_stays_small_whatever_a_line_holds(bucket):
    lines = (
        b'{"apps":[' + b"[]," * 100_000 + b"1]}",  # as many breaches as there is room for
        b'{"apps":[' + b"[]," * 900_000 + b"1]}",
        b'{"email":"\xf0\x9f\x98\x80' + b"a" * 6_000_000 + b'"}',  # one wide character makes the whole text wide
        b'{"email":"' + b"a" * 9_000_000 + b'"}',
        b"[" + text(users(2_000)).replace(b"\n", b",\n").replace(b"\n", b"") + b"1]",
    )
    results, peak = verified(bucket(text(users(5)) + b"\n".join(lines) + b"\n"), "--max-ratio", "100000")
    assert broken(results) == {"BRZ-134": 100_001, "BRZ-193": 2, "BRZ-084": 1}
    assert peak < MOST


def verified(*words: object) -> tuple[dict[str, Json], float]:
    """The results of a run in a process of its own, and its peak in megabytes."""
    command = [sys.executable, "-c", RUN, "verify", "braze", *map(str, words), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)
    return json.loads(done.stdout), int(done.stderr.split()[-1]) / 1024
