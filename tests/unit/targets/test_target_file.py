"""A target file says what it means, or one sentence says what is wrong with it."""

import json

import pytest

from export_contracts.errors import UsageError
from export_contracts.targets.target import Deviation
from export_contracts.targets.target_file import load
from export_contracts.targets.target_options import from_options

GOOD = """
vendor = "braze"
url = "http://127.0.0.1:8080/"
[ids]
segment_id = "seg"
[secrets]
token = { env = "CANARY_TOKEN" }
[bucket]
url = "s3://exports/team"
endpoint = "http://127.0.0.1:9000"
[clock]
control = "http://127.0.0.1:8081"
[callback]
listen = "127.0.0.1:0"
[pace]
poll = 0.5
generated = 3
[[deviations]]
clause = "BRZ-014"
reason = "known since March"
until = 2027-01-31
"""


@pytest.fixture(autouse=True)
def _token(monkeypatch):
    monkeypatch.setenv("CANARY_TOKEN", "sesame")


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "target.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_whole_file(written):
    target = load(written(GOOD), vendor="braze")
    assert (target.vendor, target.url) == ("braze", "http://127.0.0.1:8080")
    assert target.settings["token"] == "sesame"
    assert {"segment_id", "bucket", "clock", "callback"} <= target.features
    assert (target.pace.poll, target.pace.generated, target.pace.deadline) == (0.5, 3, 86_400.0)
    assert target.deviations == (Deviation("BRZ-014", "known since March", "2027-01-31"),)


def test_a_secret_from_a_file_beside_the_target_file(written, tmp_path):
    (tmp_path / "key").write_text("from-file\n", encoding="utf-8")
    target = load(written(GOOD.replace('{ env = "CANARY_TOKEN" }', '{ file = "key" }')))
    assert target.settings["token"] == "from-file"


def test_a_secret_may_be_written_out_for_this_machine(written):
    assert load(written(GOOD.replace('{ env = "CANARY_TOKEN" }', '"plain"'))).settings["token"] == "plain"


@pytest.mark.parametrize(
    ("old", "new", "sentence", "hint"),
    [
        ("segment_id", "segmnt_id", "there is no key 'segmnt_id'", "Did you mean segment_id?"),
        ("[bucket]", "[buckt]", "there is no key 'buckt'", "Did you mean bucket?"),
        (
            'vendor = "braze"',
            'vendor = "braze"\nsegment = "s"',
            "there is no key 'segment'",
            "under [ids]: segment_id =",
        ),
        ('vendor = "braze"', 'vendor = "braze"\ntoken = "t"', "there is no key 'token'", "under [secrets]: token ="),
        ('vendor = "braze"', 'vendor = "braze"\ndeadlin = 3', "there is no key 'deadlin'", "under [pace]: deadline ="),
        ("poll =", "pole =", "there is no key 'pole'", "Did you mean poll?"),
        ("poll = 0.5", "poll = -1", "no positive number", None),
        ("poll = 0.5", "poll = inf", "no positive number", None),
        ("BRZ-014", "BRZ-999999", "there is no clause 'BRZ-999999'", "BRZ"),
        ("2027-01-31", '"soon"', "until is no date", "2027"),
        ('vendor = "braze"', 'vendor = "brase"', "there is no vendor 'brase'", "braze"),
        ('url = "http://127.0.0.1:8080/"', "", "url is missing", "url"),
        ("http://127.0.0.1:8080/", "https://rest.iad-01.braze.com", "not on this machine", "--live"),
        ("http://127.0.0.1:8080/", "http://u:p4ss@127.0.0.1/", "is no address of a target", "without user"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1/?a=1", "is no address of a target", "query"),
        ("http://127.0.0.1:8080/", "http://[::1", "is no address of a target", "http"),
        ('segment_id = "seg"', "", "segment_id is missing", "[ids]"),
        ('segment_id = "seg"', "segment_id = 2026-01-01", "nothing JSON can say", "quotes"),
        ("CANARY_TOKEN", "NO_SUCH_VARIABLE", "NO_SUCH_VARIABLE is not set", "export NO_SUCH_VARIABLE"),
        ('{ env = "CANARY_TOKEN" }', '{ file = "absent" }', "cannot be read", None),
        ('{ env = "CANARY_TOKEN" }', '{ vault = "x" }', "not understood", "env"),
        ("[clock]", "[clock", "is no TOML", None),
        ("http://127.0.0.1:8081", "127.0.0.1:8081", "control is no address", "/advance"),
        ("[callback]", "callback = 3\n[x]", "", None),
    ],
)
def test_a_mistake_in_the_file(written, old, new, sentence, hint):
    with pytest.raises(UsageError) as caught:
        load(written(GOOD.replace(old, new, 1)))
    assert caught.value.exit_code == 2
    assert sentence in caught.value.sentence
    assert hint is None or hint in (caught.value.hint or "")
    assert "p4ss" not in caught.value.sentence


def test_a_written_out_secret_is_refused_for_another_machine(written):
    text = GOOD.replace('{ env = "CANARY_TOKEN" }', '"plain-canary"').replace("127.0.0.1:8080", "mock.example")
    with pytest.raises(UsageError, match="token is written out") as caught:
        load(written(text), live=True)
    assert "plain-canary" not in str(caught.value) + str(caught.value.hint)


def test_a_file_that_is_not_there_or_not_text(tmp_path):
    with pytest.raises(UsageError, match="cannot be read"):
        load(tmp_path / "absent.toml")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match="not UTF-8"):
        load(tmp_path / "bytes.toml")


def test_a_file_of_another_vendor(written):
    with pytest.raises(UsageError, match="describes a target of braze, not of adobe"):
        load(written(GOOD), vendor="adobe")


def test_options_make_a_target():
    target = from_options(
        "braze",
        "http://localhost:8080",
        {"segment-id": "seg", "bucket": "s3://exports?endpoint=http://h:1", "clock": "http://localhost:8081"},
        "CANARY_TOKEN",
    )
    assert target.settings["token"] == "sesame"
    assert target.settings["bucket"] == {"url": "s3://exports", "endpoint": "http://h:1"}
    assert target.settings["clock"] == {"control": "http://localhost:8081"}
    assert from_options("braze", "http://h", {"segment_id": "s"}, ["token=CANARY_TOKEN"], live=True).live


@pytest.mark.parametrize(
    ("vendor", "name", "text", "value"),
    [
        ("braze", "expected_users", "12", 12),
        ("braze", "large_segment_users", "12000", 12000),
        ("braze", "large_segment_users", "many", "many"),
        ("braze", "members", "a, b,", ["a", "b"]),
        ("braze", "members", '["a,b"]', ["a,b"]),
        ("braze", "many_segments", "one", ["one"]),
        ("braze", "history", '[{"count": 7}]', [{"count": 7}]),
        ("braze", "second_segment_id", "12", "12"),
        ("apsis", "attributes", "City,Name", "City,Name"),
        ("apsis", "expected_rows", '{"wanted": 12}', {"wanted": 12}),
    ],
)
def test_text_becomes_what_the_setting_is(vendor, name, text, value, tmp_path):
    pairs = {"segment_id": "s", name: text}
    settings = from_options(vendor, "http://127.0.0.1:1", pairs, "token=CANARY_TOKEN").settings
    assert settings[name] == value
    lines = f"vendor = '{vendor}'\nurl = 'http://127.0.0.1:1'\nsecrets.token = 'sesame'\nids.segment_id = 's'"
    path = tmp_path / "t.toml"
    path.write_text(f"{lines}\nexpect.{name} = {json.dumps(text)}", encoding="utf-8")
    assert load(path).settings[name] == value


@pytest.mark.parametrize(
    ("pairs", "token_env", "sentence"),
    [
        ({"segment-idd": "s"}, "CANARY_TOKEN", "there is no option 'segment_idd'"),
        ({"segment-id": "s"}, None, "token is missing"),
        ({"segment-id": "s"}, "NO_SUCH_VARIABLE", "is not set"),
        ({"segment-id": "s"}, "tokn=CANARY_TOKEN", "there is no secret 'tokn'"),
        ({}, "CANARY_TOKEN", "segment_id is missing"),
        ({"segment-id": "s", "bucket": "s3://x?endpint=y"}, "CANARY_TOKEN", "there is no key 'endpint'"),
        ({"segment-id": "s", "history": "[{"}, "CANARY_TOKEN", "history is no sound JSON"),
    ],
)
def test_a_mistake_in_the_options(pairs, token_env, sentence):
    with pytest.raises(UsageError) as caught:
        from_options("braze", "http://127.0.0.1:8080", pairs, token_env)
    assert sentence in caught.value.sentence
