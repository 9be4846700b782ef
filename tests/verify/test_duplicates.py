"""Hashes that stand more than once are counted to the last one, and take no more room for being the same."""

from __future__ import annotations

import tracemalloc
from collections import Counter
from pathlib import Path

import pytest

from export_contracts.checks.delivered import Place
from export_contracts.reference.draw import Draw
from export_contracts.verify import duplicates
from export_contracts.verify.hash_spill import Spill, Spilled


def found(folder: Path, hashes: list[int]) -> tuple[duplicates.Doubles, int]:
    """What is found among rows of these hashes, and the bytes that finding it took at most."""
    (folder / "ids").mkdir()
    with Spill(folder) as spill, Spilled(folder, 1) as spilled:
        spill.begin()
        spill(*hashes)
        spilled.note(0, spill.finish())
        tracemalloc.start()
        told = duplicates.find(
            folder, spilled, len(hashes), lambda _, rows: ((row, Place("f", row, str(hashes[row]))) for row in rows)
        )
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return told, peak


@pytest.mark.parametrize("partition", [3, 40, 1_000_000])
def test_every_repetition_is_counted(tmp_path, monkeypatch, partition):
    monkeypatch.setattr(duplicates, "PARTITION", partition)
    monkeypatch.setattr(duplicates, "COMPARED", 50)
    draw = Draw("doubles")
    pool = [1 + draw.below((1 << 64) - 1) for _ in range(300)]
    hashes = [pool[draw.below(300)] for _ in range(400)] + [pool[0], pool[1]] * 200 + [0] * 5
    told, _ = found(tmp_path, hashes)
    assert told.named == 800
    assert told.count == 800 - len(Counter(hashes) - Counter([0] * 5))


def test_an_export_of_one_user_over_and_over_takes_no_room(tmp_path, monkeypatch):
    monkeypatch.setattr(duplicates, "PARTITION", 4_000)
    monkeypatch.setattr(duplicates, "COMPARED", 500)
    hashes = [7 << 60] * 60_000
    told, peak = found(tmp_path, hashes)
    assert (told.named, told.count, told.uncompared) == (60_000, 59_999, 60_000 - duplicates.COMPARED)
    assert len(told.told) == duplicates.TOLD
    assert told.told[0].first.line == 0
    assert peak < 1_800_000
