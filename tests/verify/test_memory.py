"""Memory does not grow with the export: 10,000 rows, each user twice, with partitions that have to be spilled."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.verify.conftest import text, users

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
    words = [sys.executable, "-c", RUN, "verify", "braze", str(root), "--expect-count", "5000", "--json"]
    done = subprocess.run(words, capture_output=True, text=True, check=False, env=os.environ)
    results = json.loads(done.stdout)
    twice = next(one for one in results["clauses"] if one["id"] == "BRZ-178")
    assert (twice["kept"], twice["broken"], len(twice["findings"])) == (5_000, 5_000, duplicates.TOLD)
    assert any("told apart by a hash" in one for one in results["runs"][0]["notes"])
    assert int(done.stderr.split()[-1]) / 1024 < MOST
