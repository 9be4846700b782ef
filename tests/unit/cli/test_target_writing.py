from hypothesis import given
from hypothesis import strategies as st

from export_contracts.catalogue import contract as contracts
from export_contracts.cli.target_writing import toml
from export_contracts.targets import target_file

TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
LEAVES = TEXT | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(LEAVES, lambda one: st.lists(one) | st.dictionaries(TEXT, one), max_leaves=8)


@given(value=VALUES.filter(lambda one: not isinstance(one, str)), secret=TEXT.filter(str.strip))
def test_what_is_written_is_read_back(tmp_path_factory, value, secret):
    settings = {
        "segment_id": "s-1",
        "members": value,
        "token": secret,
        "bucket": {"url": "s3://x", "endpoint": "http://127.0.0.1:1"},
        "clock": {"control": "http://127.0.0.1:2"},
        "callback": {},
        "unknown": "left out",
    }
    path = tmp_path_factory.getbasetemp() / "target.toml"
    path.write_text(
        toml(contracts.load("braze").manifest, "http://127.0.0.1:3", settings), encoding="utf-8", newline=""
    )
    target = target_file.load(path)
    assert target.url == "http://127.0.0.1:3"
    assert {**target.settings, "unknown": "left out"} == settings
