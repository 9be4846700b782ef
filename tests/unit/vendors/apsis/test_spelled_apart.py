"""Which differences between a CSV file and a workbook of one table are matters of spelling."""

from __future__ import annotations

import pytest

from export_contracts.vendors.apsis.checks_spelling import spelled_apart

SHEET = {
    "date": ["1990-05-17T00:00:00", "1984-12-01T00:00:00", "1990-05-17T00:00:00"],
    "truth": ["true", "false", "true"],
    "number": ["1250.5", "-30", "1250.5"],
    "text": ["Göteborg", "Malmö", "Lund"],
}


def is_spelling(typed: list[str], spelled: list[str]) -> bool:
    header = ("key", "v")
    one = [(str(number), value) for number, value in enumerate(typed)]
    other = [(value, str(number)) for number, value in reversed(list(enumerate(spelled)))]
    return spelled_apart(header, lambda: one, ("V", "Key"), lambda: other)


@pytest.mark.parametrize(
    ("kind", "spelled"),
    [
        ("date", ["17.05.1990", "01.12.1984", "17.05.1990"]),
        ("date", ["642902400000", "470707200000", "642902400000"]),
        ("truth", ["yes", "no", "yes"]),
        ("truth", ["1", "0", "1"]),
        ("truth", ["X", "", "X"]),
        ("number", ["1 250,5", "-30", "1 250,5"]),
        ("number", ["1250,5 kr", "-30 kr", "1250,5 kr"]),
    ],
)
def test_spelled_otherwise(kind: str, spelled: list[str]) -> None:
    assert is_spelling(SHEET[kind], spelled)


@pytest.mark.parametrize(
    ("kind", "spelled"),
    [
        ("text", ["Göteborg", "Malmö", "Ystad"]),
        ("date", ["1990-05-18", "1984-12-01", "1990-05-17"]),
        ("date", ["17.05.1990", "01.12.1984", "18.05.1990"]),
        ("truth", ["yes", "yes", "yes"]),
        ("truth", ["true", "true", "true"]),
        ("number", ["1250.5", "-30", "1250"]),
        ("number", ["1250.5", "-30", "many"]),
    ],
)
def test_other_values(kind: str, spelled: list[str]) -> None:
    assert not is_spelling(SHEET[kind], spelled)


def test_rows_that_hold_others_values_are_no_matter_of_spelling() -> None:
    one = [("a", "x", "true"), ("b", "y", "false")]
    other = [("a", "y", "1"), ("b", "x", "0")]
    header = ("key", "name", "member")
    assert not spelled_apart(header, lambda: one, header, lambda: other)
