"""A restart loses nothing; a file that is not ours, damaged or in use is one sentence."""

import sqlite3

import pytest
from toy import toy

from export_contracts.errors import UsageError
from export_contracts.model import Request
from export_contracts.reference.house import House
from export_contracts.reference.state import MirroredBucket, StateFile
from export_contracts.reference.world import MemoryBucket

JOBS = Request("POST", "http://h/jobs")
LOOK = Request("GET", "http://h/jobs")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "state.sqlite"


def house(path, **options):
    return House({"toy": toy(**options)}, file=StateFile(path))


def ids(one):
    return [job["id"] for job in one.answer("toy", LOOK).response.json]


def test_jobs_chance_and_clock_outlive_a_restart(path):
    uninterrupted = House({"toy": toy(start=1000.0)})
    for _ in range(2):
        uninterrupted.answer("toy", JOBS)
    first = house(path, start=1000.0)
    first.answer("toy", JOBS)
    first.advance(30)
    first.close()
    second = house(path, start=1000.0)
    assert second.now() == 1030.0
    assert second.references["toy"].resumed == 1
    second.answer("toy", JOBS)
    assert ids(second) == ids(uninterrupted)
    second.advance(30)
    assert [job["done"] for job in second.references["toy"].state["jobs"]] == [1060.0, None]
    second.close()
    uninterrupted.close()


def test_what_was_answered_is_stored_even_if_the_server_is_killed(path):
    one = house(path)
    one.answer("toy", JOBS)
    one._file.close()  # no farewell
    again = house(path)
    assert len(ids(again)) == 1
    again.close()


def test_a_running_clock_keeps_its_push(path):
    one = house(path)
    one.advance(86_400)
    now = one.now()
    one.close()
    again = house(path)
    assert again.now() == pytest.approx(now, abs=5)
    again.close()


def test_reset_empties_the_file(path):
    one = house(path)
    one.answer("toy", JOBS)
    one.reset()
    one.close()
    again = house(path)
    assert ids(again) == []
    again.close()


def test_files_of_the_bucket_outlive_a_restart(path):
    file = StateFile(path)
    MirroredBucket(MemoryBucket(), file.bucket("toy")).put("a/b", b"\x00rows")
    file.close()
    file = StateFile(path)
    shown = MemoryBucket()
    restored = MirroredBucket(shown, file.bucket("toy"))
    assert dict(shown.objects()) == {"a/b": b"\x00rows"}
    assert list(restored.keys("a/")) == ["a/b"]
    assert list(file.bucket("toy").objects()) == [("a/b", b"\x00rows")]
    assert file.bucket("other").get("a/b") is None
    file.close()


def test_a_file_made_with_another_seed(path):
    one = house(path, seed=1)
    one.answer("toy", JOBS)
    one.close()
    with pytest.raises(UsageError, match="made with seed 1 and 40 users") as caught:
        house(path, seed=2)
    assert "--seed 1 --users 40" in (caught.value.hint or "")
    again = house(path, seed=1)  # what was refused has neither kept the file nor written to it
    assert len(ids(again)) == 1
    again.close()


def foreign(path):
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE customers (name TEXT)")
    database.close()


def damaged(path):
    one = house(path)
    one.answer("toy", JOBS)
    one.close()
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 4096)


def broken_json(path):
    file = StateFile(path)
    file.save("toy", '{"state": ')
    file.close()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: path.write_bytes(b"no database, but long enough to be looked at" * 100), "is no state file"),
        (foreign, "is no state file"),
        (damaged, "is damaged"),
        (broken_json, "is damaged at 'toy'"),
        (lambda path: path.mkdir(), "cannot be used"),
    ],
)
def test_a_file_that_cannot_be_used(path, make, words):
    make(path)
    with pytest.raises(UsageError, match=words) as caught:
        house(path)
    assert caught.value.exit_code == 2


def test_a_file_in_use_is_left_alone(path):
    one = StateFile(path)
    with pytest.raises(UsageError, match="in use by another server"):
        StateFile(path)
    one.close()
