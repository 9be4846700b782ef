"""Files handed to a Dask cluster: a real scheduler and two workers as processes, one of which is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import tracemalloc
from array import array
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.verify.conftest import broken, text, users
from tests.verify.test_whole_runs import comparable

from export_contracts.verify import dask_pool, hash_parcel, journal, pool
from export_contracts.verify.hash_parcel import AT_ONCE, Packer

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


@pytest.mark.filterwarnings("ignore::ResourceWarning:distributed")
def test_hashes_of_a_large_file_are_fetched_in_parts_and_again_where_their_worker_is_lost(
    workers, verify, bucket, tmp_path, monkeypatch
):
    address, _ = workers
    numbers = [*range(AT_ONCE + 500), 7]
    root = bucket(b"".join(b'{"external_id":"%d"}\n' % one for one in numbers), text(users(3)))
    alone = verify(root, "--expect-count", len(numbers) + 2)
    fetch, lost = dask_pool.Cluster._fetch, []

    def losing(self, future, machine):
        if len(lost) < 2:
            lost.append(machine)
            raise dask_pool.LostError
        return fetch(self, future, machine)

    monkeypatch.setattr(dask_pool.Cluster, "_fetch", losing)
    monkeypatch.setattr(dask_pool, "PIECE", 64 * 1024)
    words = ("--expect-count", len(numbers) + 2, "--report", tmp_path / "of-the-cluster")
    code, results = verify(root, "--dask", address, *words)
    assert "error" not in results, results
    assert (len(lost), broken(results)["BRZ-178"]) == (2, 1)
    assert (code, comparable(results)) == (alone[0], comparable(alone[1]))


def test_hashes_that_are_many_wait_on_disk(tmp_path):
    packer = Packer(str(tmp_path))
    tracemalloc.start()
    for start in range(0, 1_000_000, 1000):
        packer(*range(start, start + 1000))
    parcel = packer.sent("here")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (parcel.size, parcel.content, peak < 3_000_000) == (8_000_000, b"", True)
    parts = [hash_parcel.piece(parcel.path, start, 3_000_000) for start in range(0, parcel.size, 3_000_000)]
    assert array("Q", b"".join(parts)) == array("Q", range(1_000_000))
    hash_parcel.remove(parcel.path)
    given_up = Packer(str(tmp_path))
    given_up(*range(AT_ONCE))
    assert (given_up.drop(), list(tmp_path.iterdir())) == (hash_parcel.NOTHING, [])


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
