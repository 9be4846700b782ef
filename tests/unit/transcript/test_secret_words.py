"""What redaction takes for a secret among words, and what it leaves: schemes, names, placeholders, odd secrets."""

import base64
import json
import time

import pytest

from export_contracts.model import Exchange, Headers, Request, Response, Transcript
from export_contracts.transcript.redact_traffic import redact
from export_contracts.transcript.redaction import Redactor
from export_contracts.transcript.secret_words import is_secret_name

KEY = b"test"


def test_schemes_pairs_and_realms_keep_their_shape():
    redactor = Redactor(key=KEY)
    token = redactor.placeholder("abc")
    assert redactor.header("Authorization", "Bearer abc") == f"Bearer {token}"
    assert redactor.header("authorization", "abc") == token
    assert redactor.header("Authorization", "Bearer") == "Bearer"
    basic = redactor.header("Authorization", "Basic " + base64.b64encode(b"abc:def").decode())
    assert base64.b64decode(basic[6:]).decode() == f"{token}:{redactor.placeholder('def')}"
    assert redactor.header("x-gw-ims-org-id", "5AE@AdobeOrg").endswith("@AdobeOrg")
    assert redactor.header("Set-Cookie", "a=abc; Path=/; HttpOnly") == f"a={token}; Path=/; HttpOnly"
    assert redactor.header("x-sandbox-name", "prod") == "prod"


def test_what_documentation_prints_in_a_secret_s_place_stays():
    redactor = Redactor(key=KEY)
    for value in ("{{api_key}}", "YOUR-REST-API-KEY", "{ACCESS_TOKEN}", "<token>"):
        assert redactor.header("Authorization", f"Bearer {value}") == f"Bearer {value}"


@pytest.mark.parametrize("name", ["Ocp-Apim-Subscription-Key", "client_assertion", "jwt", "X-Goog-Api-Key", "id_token"])
def test_names_of_secrets_in_use_elsewhere_are_known(name):
    assert is_secret_name(name)


def test_innocent_words_stay():
    redactor = Redactor(frozenset({"abc"}), KEY)
    for text in (
        '{"message": "success", "tokens": 3, "next": "a"}',
        "Basic authentication is required",
        "abc of it",
        "a=b&page=2",
    ):
        assert redactor.text(text) == text
    assert [
        name
        for name in ("segment_id", "external_id", "object_prefix", "expires", "X-Amz-Date", "page")
        if is_secret_name(name)
    ] == []


@pytest.mark.parametrize(
    "text",
    [
        base64.b64encode(b"user:c4nary-in-base64").decode() + " " + "A" * 100_000,
        "\\" * 100_000 + '"token":"x"',
        '"token":"' + "\\" * 100_000,
    ],
)
def test_a_text_made_to_be_slow_is_not(text):
    started = time.process_time()
    assert "c4nary-in-base64" not in Redactor(frozenset({"c4nary-in-base64"}), KEY).text(text)
    assert time.process_time() - started < 10


@pytest.mark.parametrize("secret", ["$ecret2024", "{t0ken-1234}", "<t0ken>", "[abc9]"])
def test_a_known_secret_may_look_like_a_placeholder_of_documents(secret):
    redactor = Redactor(key=KEY).knowing([secret])
    for text in (f"a {secret} b", json.dumps({"token": secret}), f"Authorization: Bearer {secret}"):
        assert secret not in redactor.text(text)
        assert redactor.text(redactor.text(text)) == redactor.text(text)
    assert Redactor(key=KEY).text(json.dumps({"token": "{{api_key}}"})) == '{"token": "{{api_key}}"}'


def test_thousands_of_tokens_are_gone_in_time_that_does_not_grow_with_their_number():
    rows = [{"external_id": f"u{one}", "push_tokens": [{"token": f"t0ken-{one:06}"}]} for one in range(3000)]
    answer = Response(200, Headers(), json.dumps(rows).encode())
    whole = Transcript("b", "n", "live", (Exchange(0, Request("GET", "http://h/"), answer, 0.0, 0.1),))
    started = time.process_time()
    (done,) = redact(Redactor(key=KEY), whole).exchanges
    assert b"t0ken-" not in done.response.body
    assert time.process_time() - started < 20
