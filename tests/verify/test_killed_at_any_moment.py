"""A run that is killed goes on with --resume: no finished file is read again, and its report is the same to the byte.

One process imports everything and forks each run. A run that is to be killed counts its own calls, and kills itself
with SIGKILL at one of them: anywhere, within a file, while hashes are spilled or compared, or in the report.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest
from tests.verify.conftest import text, users

from export_contracts.cli import verifying
from export_contracts.cli.main import main
from export_contracts.verify import duplicates, worker

FILES = 6
OTHERS = 6
"""Kills besides one within each file: spread over the whole run."""
FROZEN = dt.datetime(2026, 9, 22, tzinfo=dt.UTC)


class Frozen(dt.datetime):
    """Reports hold the time; here it stands still."""

    @classmethod
    def now(cls, _zone=None):
        return FROZEN


@pytest.fixture
def export(bucket, monkeypatch):
    rows = users(4 * (FILES - 1))
    rows[10]["apps"] = 7
    monkeypatch.setattr(verifying, "datetime", Frozen)
    monkeypatch.setattr(duplicates, "PARTITION", 5)
    return bucket(*(text(rows[start : start + 4]) for start in range(0, len(rows), 4)), text(rows[5:6]))


def forked(words: list[str], kill_at: int | None, counted: Path) -> int:
    """Run the command in a child; its wait status.

    To `counted` come how many calls it had made before it examined each file, and how many at the end.
    """
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    code = 70
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(1, 2)
        examined: list[int] = []
        examine = worker.Examiner.examine

        def counting(self, task, *rest):
            examined.append(calls)
            return examine(self, task, *rest)

        worker.Examiner.examine = counting
        calls = 0

        def profile(_frame, _event, _arg):
            nonlocal calls
            calls += 1
            if calls == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

        sys.setprofile(profile if kill_at is not None else None)
        code = main(words)
        sys.setprofile(None)
        counted.write_text(json.dumps([examined, calls]), encoding="utf-8")
    finally:
        os._exit(code)


def report(folder: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in folder.iterdir() if one.is_file() and not one.name.startswith(".")}


def finished(folder: Path) -> int | None:
    """Files that stand in the journal, None where a whole report has come in its place."""
    journal = folder / "verify-journal" / "journal.ndjson"
    if not journal.is_file():
        return None if (folder / "report.html").is_file() else 0
    return max(0, journal.read_bytes().count(b"\n") - 1)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_run_killed_at_any_moment_goes_on_and_tells_the_same(export, tmp_path):
    counted = tmp_path / "counted.json"
    main(["verify", "braze", str(export), "--report", str(tmp_path / "imports")])

    def run(name: str, *more: str, kill_at: int | None = None) -> int:
        return forked(["verify", "braze", str(export), "--report", str(tmp_path / name), *more], kill_at, counted)

    assert os.waitstatus_to_exitcode(run("same", kill_at=0)) == 1
    whole = report(tmp_path / "same")
    assert {"results.json", "report.html", "junit.xml", "summary.md"} <= set(whole)
    examined, calls = json.loads(counted.read_text(encoding="utf-8"))
    assert len(examined) == FILES
    ends = [*examined[1:], (examined[-1] + calls) // 2]
    spans = [*zip(examined, ends, strict=True), *pairwise(calls * part // OTHERS for part in range(OTHERS + 1))]
    seen = set()
    # The report names its own folder nowhere, so that each run may have one of its own.
    for seed, span in enumerate(spans):
        moment = random.Random(seed).randrange(*span)
        assert os.WIFSIGNALED(run(f"killed-{seed}", kill_at=max(moment, 1)))
        folder = tmp_path / f"killed-{seed}"
        had = finished(folder)
        if had is None:  # killed when all was done, while it was printed
            assert report(folder) == whole
            continue
        assert os.waitstatus_to_exitcode(run(folder.name, "--resume")) == 1
        again, _ = json.loads(counted.read_text(encoding="utf-8"))
        assert len(again) == FILES - had
        assert report(folder) == whole
        assert not any(folder.glob("verify-journal*"))
        seen.add(had)
    assert len(seen) > 3


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="only Linux tells whose child a process is")
def test_no_worker_outlives_a_run_that_is_killed(export, tmp_path):
    words = ["verify", "braze", str(export), "--workers", "2", "--report", str(tmp_path / "killed")]
    run = subprocess.Popen(
        [sys.executable, "-c", SLOWLY, *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert run.stdout is not None
    with run.stdout:
        workers = run.stdout.readline().split()
    run.kill()
    run.wait()
    deadline = time.monotonic() + 300
    while any(map(lives, workers)):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert len(workers) == 2


def lives(process: str) -> bool:
    """Whether it is more than a name that nobody has asked after."""
    try:
        return Path("/proc", process, "stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


SLOWLY = """
import multiprocessing, sys, time
from export_contracts.cli.main import main
from export_contracts.verify import journal, pool
pool.BUNDLE = 1
pool.SOON = 0
def told(self, number, noted):
    while len(workers := multiprocessing.active_children()) < 2:
        time.sleep(0.01)
    print(*(one.pid for one in workers), flush=True)
    time.sleep(60)
journal.Journal.add = told
sys.exit(main(sys.argv[1:]))
"""
