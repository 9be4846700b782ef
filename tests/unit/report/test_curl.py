import shlex
import shutil
import subprocess

import pytest
from accounts import KEY, faulty, start

from export_contracts.catalogue.manifest import Credential, Manifest
from export_contracts.model import Exchange, Headers, Request
from export_contracts.report.curl import curl
from export_contracts.report.inert import inert


def test_a_secret_is_named_and_never_shown(sample):
    line = curl(start(0), sample.manifest, {"token": "MY_KEY"})
    assert '-H "Authorization: Bearer $MY_KEY"' in line
    assert f"Bearer {KEY}" not in line


def test_a_planted_wrong_credential_stays_wrong(sample):
    assert '-H "Authorization: Bearer wrong"' in curl(faulty(0, "credential:wrong"), sample.manifest, {})


def test_bodies_are_quoted_for_the_shell(sample):
    words = shlex.split(curl(start(0), sample.manifest, {}))
    assert words[words.index("--data-raw") + 1] == '{"list": "l\'1"}'


@pytest.mark.parametrize("body", [b"\xff\xfe", b"x" * 5000, b"a\0b"])
def test_bodies_that_are_no_short_text_are_left_to_the_reader(sample, body):
    exchange = Exchange(0, Request("POST", "http://h/", Headers(), body), None)
    assert "--data-binary @body" in curl(exchange, sample.manifest, {})


def test_basic_credentials_go_by_user():
    manifest = Manifest("x", "X", "XXX", "", credentials=(Credential("Authorization", "basic", ("key_id", "secret")),))
    exchange = Exchange(0, Request("GET", "http://h/a?b=c&d", Headers.of({"authorization": "Basic Zm9v"})), None)
    assert curl(exchange, manifest, {}) == "curl -i -u \"$X_KEY_ID:$X_SECRET\" 'http://h/a?b=c&d'"


@pytest.mark.parametrize("text", ['{\n\t"a": "it\'s \\\\n"\r\n}', '{"a": "\x1b[31m\u200b1"}'])
def test_what_no_terminal_shows_reaches_the_shell_all_the_same(sample, text):
    exchange = Exchange(0, Request("POST", "http://h/", Headers(), text.encode()), None)
    line = curl(exchange, sample.manifest, {})
    assert line == inert(line)
    if shutil.which("bash") is None:
        pytest.skip("bash is not installed")
    printed = line.replace("curl -i -X POST --data-raw", "printf %s").removesuffix(" http://h/")
    done = subprocess.run(["bash", "-c", printed], capture_output=True, check=True)
    assert done.stdout == text.encode()
