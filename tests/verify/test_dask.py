"""Files handed to a Dask cluster: a real scheduler and two workers as processes, one of which is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.verify.conftest import broken, text, users
from tests.verify.test_whole_runs import comparable

from export_contracts.verify import dask_pool, journal, pool

SRC = Path(dask_pool.__file__).parents[2]


@pytest.fixture
def workers(tmp_path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The address of a scheduler, and its two workers."""
    file = tmp_path / "scheduler.json"
    environment = {**os.environ, "PYTHONPATH": f"{SRC}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}

    def start(role: str, *words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.dask_{role}", "--scheduler-file", str(file), *words]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen(command, env=environment, cwd=tmp_path, **quiet)

    scheduler = start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show")
    crew = [start("worker", "--no-nanny", "--nthreads", "1", "--no-dashboard") for _ in range(2)]
    import distributed

    try:
        deadline = time.monotonic() + 300
        while not file.is_file():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        with distributed.Client(scheduler_file=str(file), timeout="300s", set_as_default=False) as client:
            client.wait_for_workers(2, timeout=300)
            address = client.scheduler.address
        yield address, crew
    finally:
        for one in (*crew, scheduler):
            one.kill()
            one.wait()


@pytest.mark.filterwarnings("ignore::ResourceWarning:distributed")
def test_a_lost_worker_loses_nothing(workers, verify, bucket, tmp_path, monkeypatch):
    address, crew = workers
    rows = users(120)
    rows[70]["apps"] = 7
    root = bucket(*(text(rows[start : start + 5]) for start in range(0, 120, 5)), text(rows[5:7]))
    alone = verify(root)
    add = journal.Journal.add
    noted: list[int] = []

    def killing(self, number, examined):
        noted.append(number)
        if len(noted) == 4:
            crew[0].send_signal(signal.SIGKILL)
            crew[0].wait()
        add(self, number, examined)

    monkeypatch.setattr(journal.Journal, "add", killing)
    monkeypatch.setattr(pool, "BUNDLE", 1)
    code, results = verify(root, "--dask", address, "--report", tmp_path / "of-the-cluster")
    assert "error" not in results, results
    assert crew[0].returncode == -signal.SIGKILL
    assert sorted(noted) == list(range(25))
    assert (code, comparable(results)) == (alone[0], comparable(alone[1]))
    assert broken(results) == {"BRZ-134": 1, "BRZ-178": 2}


def test_without_the_extra_one_sentence_names_it(verify, bucket, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    code, results = verify(bucket(text(users(2))), "--dask", "tcp://127.0.0.1:1")
    assert (code, results["error"].splitlines()[0]) == (2, "error: --dask needs the extra dask.")


def test_a_scheduler_that_is_not_there_is_told(verify, bucket, monkeypatch):
    monkeypatch.setattr(dask_pool, "PATIENCE", "0.2s")
    code, results = verify(bucket(text(users(2))), "--dask", "tcp://127.0.0.1:1")
    assert (code, "No Dask scheduler can be reached at tcp://127.0.0.1:1" in results["error"]) == (3, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("-",), "Standard input cannot be handed to a cluster."),
        ((".", "--workers", "2"), "--workers and --dask exclude one another."),
    ],
)
def test_what_cannot_be_handed_on_is_one_sentence(verify, words, said):
    code, results = verify(*words, "--dask", "tcp://127.0.0.1:1")
    assert (code, results["error"].splitlines()[0]) == (2, f"error: {said}")
