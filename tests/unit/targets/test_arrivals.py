"""What becomes of files in a bucket, as looks one after the other find them."""

from __future__ import annotations

from export_contracts.model import DeliveredFile
from export_contracts.targets.arrivals import Arrivals


class Bucket:
    """A transport as far as files go: a second passes with each look."""

    def __init__(self):
        self.stored = {}
        self.time = 0.0

    def now(self):
        self.time += 1
        return self.time

    def listing(self):
        return {key: str(len(body)) for key, body in self.stored.items()}

    def fetch(self, key):
        return DeliveredFile(key, self.stored[key], self.time)


def test_a_file_that_is_written_over_at_rest_has_changed_and_one_still_being_written_has_not():
    bucket = Bucket()
    arrivals = Arrivals(bucket)
    bucket.stored = {"a": b"1", "b": b"1"}
    arrivals.collect()
    bucket.stored["a"] = b"12"
    arrivals.collect()
    bucket.stored["b"] = b"12"
    found = {one.key: one for one in arrivals.collect()}
    assert (found["a"].changed, found["a"].body, found["b"].body) == (None, b"12", b"12")
    assert (found["b"].changed, found["b"].missed) == (bucket.time, 1.0)


def test_a_file_that_went_is_kept_with_the_moment():
    bucket = Bucket()
    arrivals = Arrivals(bucket)
    bucket.stored["a"] = b"1"
    arrivals.collect()
    bucket.stored.clear()
    arrivals.collect()
    went = bucket.time
    bucket.stored["a"] = b"1"
    (found,) = arrivals.collect()
    assert (found.gone, found.changed, found.body) == (went, None, b"1")
