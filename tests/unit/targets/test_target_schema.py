"""The published schema of target files and the reader of them say the same."""

import tomllib

import pytest
from test_target_file import GOOD

from export_contracts.catalogue.clauses import meta_validator
from export_contracts.errors import UsageError
from export_contracts.targets.target_file import load

WRONG = [
    ("[bucket]", "[buckt]"),
    ('url = "s3://exports/team"', ""),
    ('control = "http://127.0.0.1:8081"', ""),
    ("poll = 0.5", "poll = 0"),
    ("poll = 0.5", "pole = 1"),
    ('reason = "known since March"', ""),
    ("BRZ-014", "known"),
    ('{ env = "CANARY_TOKEN" }', '{ vault = "x" }'),
    ("http://127.0.0.1:8080/", "ftp://127.0.0.1:8080/"),
    ("http://127.0.0.1:8080/", "http://u:p@127.0.0.1:8080/"),
]


def read(tmp_path, text):
    path = tmp_path / "target.toml"
    path.write_text(text, encoding="utf-8")
    return load(path, vendor="braze")


def violations(text):
    return list(meta_validator("target").violations(tomllib.loads(text)))


@pytest.fixture(autouse=True)
def _token(monkeypatch):
    monkeypatch.setenv("CANARY_TOKEN", "sesame")


def test_both_take_a_good_file(tmp_path):
    assert violations(GOOD) == []
    assert read(tmp_path, GOOD).vendor == "braze"


@pytest.mark.parametrize(("old", "new"), WRONG)
def test_both_refuse_a_wrong_one(tmp_path, old, new):
    text = GOOD.replace(old, new, 1)
    assert text != GOOD
    assert violations(text) != []
    with pytest.raises(UsageError):
        read(tmp_path, text)
