"""Runs as a whole: workers, interruptions, doubles."""

from __future__ import annotations

import io
import multiprocessing
import os
import shutil
import signal
from pathlib import Path

import pytest
from tests.verify.conftest import broken, findings, text, users

from export_contracts.catalogue import contract
from export_contracts.checks.delivered import Examined, Named
from export_contracts.cli.main import main
from export_contracts.cli.remaining import telling
from export_contracts.verify import duplicates, journal, listing, pool, progress, verification
from export_contracts.verify.hash_spill import Spill
from export_contracts.verify.progress import Done
from export_contracts.verify.verification import Order
from export_contracts.verify.worker import Examiner, Task


def sampled(folder: Path, count: int, *defects: str) -> Path:
    words = [word for one in defects for word in ("--defect", one)]
    assert main(["sample", "braze", "--users", str(count), "--seed", "3", "--to", str(folder), *words]) == 0
    return folder


def comparable(results: dict) -> dict:
    """Results without the times of the run."""
    return {**results, "runs": [{**one, "started": "", "finished": ""} for one in results["runs"]]}


def test_workers_do_not_change_the_result(verify, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("export_contracts.vendors.braze.sample.PER_FILE", 100)
    monkeypatch.setattr(pool, "BUNDLE", 1)
    root = sampled(tmp_path / "export", 1_000, "schema:0.03", "doubled-member:0.01", "not-json:0.01", "duplicate:0.02")
    capsys.readouterr()
    code, alone = verify(root)
    assert code == 1
    assert {"BRZ-106", "BRZ-175", "BRZ-084", "BRZ-178"} <= set(broken(alone))
    for workers, forks in ((3, pool.may_fork), (2, lambda: False)):
        monkeypatch.setattr(pool, "may_fork", forks)
        results = verify(root, "--workers", workers, "--report", tmp_path / f"of-{workers}")[1]
        assert comparable(results) == comparable(alone)


def test_the_same_seed_writes_the_same_bytes(tmp_path):
    first, second = (sampled(tmp_path / name, 50, "utf8:0.5") for name in ("a", "b"))
    bodies = [[path.read_bytes() for path in sorted(one.rglob("*.zip"))] for one in (first, second)]
    assert bodies[0] == bodies[1]


def test_a_killed_worker_ends_the_run_and_the_next_one_goes_on(verify, bucket, tmp_path, monkeypatch):
    rows = users(200)
    root = bucket(*(text(rows[start : start + 5]) for start in range(0, 200, 5)), text(rows[5:6]))
    monkeypatch.setattr(pool, "BUNDLE", 1)
    add = journal.Journal.add

    def killing(self, number, examined):
        add(self, number, examined)
        for one in multiprocessing.active_children()[:1]:
            os.kill(one.pid, signal.SIGKILL)

    monkeypatch.setattr(journal.Journal, "add", killing)
    code, results = verify(root, "--workers", "2", "--report", tmp_path / "killed")
    assert (code, "A worker process was killed" in results["error"], "--resume" in results["error"]) == (3, True, True)
    monkeypatch.setattr(journal.Journal, "add", add)
    whole = verify(root, "--report", tmp_path / "whole")
    code, results = verify(root, "--resume", "--workers", "2", "--report", tmp_path / "killed")
    assert (code, comparable(results)) == (whole[0], comparable(whole[1]))


def test_small_files_are_handed_out_together():
    tasks = [Task(number, 0, Named("a", "a", size)) for number, size in enumerate([1, 1, pool.BUNDLE, 5, 5, 5])]
    found = [[task.number for task in bundle] for bundle in pool.bundles(tasks)]
    assert found == [[0, 1], [2], [3, 4, 5]]


def test_large_files_come_first_and_all_others_in_their_order(tmp_path):
    sizes = [1, listing.LARGE + 1, 7, listing.LARGE + 3, 3, listing.LARGE + 1]
    files = listing.Listing(tmp_path / "listing", [(0, Named("a", "a", size)) for size in sizes])
    assert [one.number for one in files.largest_first()] == [3, 1, 5, 0, 2, 4]
    files.close()


@pytest.mark.parametrize(("soon", "here"), [(pool.SOON, 1), (0, 0)])
def test_the_first_of_several_processes_examines_little_itself(bucket, tmp_path, monkeypatch, soon, here):
    root = bucket(*(text(users(2, first=first)) for first in (0, 2, 4)))
    monkeypatch.setattr(pool, "may_fork", lambda: True)
    monkeypatch.setattr(pool, "BUNDLE", 1)
    monkeypatch.setattr(pool, "SOON", soon)
    examine, seen = Examiner.examine_into, []

    def noting(self, spill, task, heard):
        seen.append(task.number)
        return examine(self, spill, task, heard)

    monkeypatch.setattr(Examiner, "examine_into", noting)
    order = Order((str(root),), workers=2)
    verified = verification.verify(contract.load("braze"), order, tmp_path / "work", lambda _: None)
    assert (verified.rows, verified.files, seen) == (6, 3, [0][:here])


def test_what_was_finished_is_not_read_again(verify, bucket, monkeypatch):
    root = bucket(*(text(users(5, first=start)) for start in (0, 5, 10)))
    add = journal.Journal.add

    def once(self, number, examined):
        if number == 2:
            raise KeyboardInterrupt
        add(self, number, examined)

    monkeypatch.setattr(journal.Journal, "add", once)
    assert verify(root)[0] == 3
    monkeypatch.setattr(journal.Journal, "add", add)
    for path in sorted(root.rglob("*.zip"))[:2]:
        times = path.stat()
        path.write_bytes(b"\0" * times.st_size)  # read again it would be told
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    code, results = verify(root, "--resume")
    assert (code, results["runs"][0]["notes"]) == (0, ["15 users in 3 files."])


def test_a_journal_of_another_run_is_not_taken_up(verify, bucket, monkeypatch):
    root = bucket(text(users(5)))
    monkeypatch.setattr(journal.Journal, "add", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    assert verify(root)[0] == 3
    monkeypatch.undo()
    bucket(text(users(6)))
    code, results = verify(root, "--resume")
    assert (code, "other files or options" in results["error"]) == (2, True)


def test_torn_ends_of_a_journal_are_cut_off(tmp_path):
    first = journal.begin(tmp_path / "j", "mark", 1)
    first.file.write(b'{"file": 0, "ro')
    first.close()
    again = journal.take_up(tmp_path / "j", "mark", 1)
    assert (0 in again, (tmp_path / "j" / "journal.ndjson").read_bytes()) == (False, b'{"run": "mark"}\n')
    again.close()


def test_a_finished_file_whose_hashes_are_lost_is_examined_again(tmp_path):
    first = journal.begin(tmp_path / "j", "mark", 2)
    with Spill(tmp_path / "j") as spill:
        for number in (0, 1):
            spill.begin()
            spill(1, 2, 3)
            first.add(number, journal.note(number, Examined(rows=3), spill.finish()))
    first.close()
    (spilled,) = (tmp_path / "j" / "ids").iterdir()
    spilled.write_bytes(spilled.read_bytes()[:-1])
    again = journal.take_up(tmp_path / "j", "mark", 2)
    assert [number in again for number in (0, 1)] == [True, False]
    again.close()


def test_doubles_are_told_with_both_places(verify, bucket):
    rows = users(30)
    code, results = verify(bucket(text(rows), text([*users(3, first=50), rows[4]])), "--expect-count", 33)
    assert (code, broken(results)) == (0, {"BRZ-178": 1})
    (found,) = findings(results, "BRZ-178")
    assert found["file"].endswith("001.zip!001.json")
    assert found["line"] == 4
    assert "000.zip!000.json:5" in found["got"]


def test_users_whose_hashes_agree_by_chance_are_no_doubles(verify, bucket, monkeypatch):
    monkeypatch.setattr("export_contracts.vendors.braze.delivered_lines.hashed", lambda *_: 7)
    monkeypatch.setattr("export_contracts.vendors.braze.quick_blocks.hashes", lambda names: [7] * len(names))
    assert broken(verify(bucket(text(users(30)), text(users(30, first=30))))[1]) == {}


def test_small_partitions_find_the_same(verify, bucket, monkeypatch):
    rows = users(60)
    root = bucket(text(rows), text(rows[10:20]))
    told = findings(verify(root)[1], "BRZ-178")
    monkeypatch.setattr(duplicates, "PARTITION", 3)
    monkeypatch.setattr(duplicates, "MOST_BITS", 2)
    assert findings(verify(root)[1], "BRZ-178") == told
    assert len(told) == 10


def test_a_bomb_is_a_warning_and_is_not_unpacked(verify, bucket):
    root = bucket(text(users(5)), b" " * (40 * 1024 * 1024))
    code, results = verify(root, "--max-inflated", "10MB")
    assert (code, set(broken(results))) == (0, {"BRZ-172"})
    shutil.rmtree(root)


def test_how_much_an_archive_may_have_shrunk_is_for_the_user_to_say(verify, bucket):
    root = bucket(b"".join(b'{"external_id":"%06d","country":"%s"}\n' % (n, b" " * 4000) for n in range(9000)))
    assert "BRZ-172" in broken(verify(root, "--max-ratio", "50", "--max-inflated", "1GB")[1])
    assert "BRZ-172" not in broken(verify(root, "--max-ratio", "2000", "--max-inflated", "1GB")[1])
    shutil.rmtree(root)


def test_progress_tells_rate_and_time_left_within_a_file_too():
    said: list[str] = []
    seconds = iter([0.0, 0.0, 5.0, 10.0])
    tell = telling(said.append, lambda: next(seconds))
    tell(Done(1, 4, 100_000_000, 400_000_000, 0))
    tell(Done(1, 4, 150_000_000, 400_000_000, 0))
    tell(Done(2, 4, 200_000_000, 400_000_000, 10_000))
    assert said == [
        "1 of 4 files, 100 MB of 400 MB",
        "1 of 4 files, 150 MB of 400 MB, 10.0 MB a second, 0:25 left",
        "2 of 4 files, 200 MB of 400 MB, 10,000 users, 1,000 users a second, 0:20 left",
    ]


@pytest.mark.parametrize("workers", [1, 2])
def test_one_large_file_is_heard_of_while_it_is_read(bucket, tmp_path, monkeypatch, workers):
    root = bucket(text(users(300)), text(users(1)))
    monkeypatch.setattr(pool, "PERIOD", 0.0001)
    monkeypatch.setattr("export_contracts.files.streams.STEP", 1024)
    said: list[Done] = []
    order = Order((str(root),), workers=workers)
    verified = verification.verify(contract.load("braze"), order, tmp_path / "work", said.append)
    sizes = [one.size for one in said]
    assert sizes == sorted(sizes)
    steps = [one.step for one in said if one.step]
    assert steps[0] == "adding up file 1 of 2"
    assert "looking for what came twice: part 1 of 1" in steps
    assert (sizes[0], sizes[-1], said[-1].files) == (0, said[-1].of_size, 2)
    if workers == 1:
        assert any(0 < one.size < one.of_size and not one.files for one in said)
    verification.forget(order, tmp_path / "work", verified)
    assert not any(tmp_path.glob("work*"))


def test_a_file_that_is_gone_through_twice_counts_once():
    heard: list[int] = []
    with progress.Watched(io.BytesIO(bytes(1000)), 1000, 2, heard.append) as file:
        for _ in range(3):
            file.seek(0)
            while file.read(300):
                pass
    assert (sum(heard), heard[0]) == (1000, 150)
    with progress.Watched(io.BytesIO(bytes(1000)), 1000, 2, heard.append) as file:
        file.read(10)
    assert sum(heard) == 2000
