"""`--upstream live`: a second reference, or a server of the test's own, plays the vendor."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import urllib3

from export_contracts.catalogue import contract, plugins
from export_contracts.cli.main import main
from export_contracts.cli.target_writing import toml
from export_contracts.errors import UsageError
from export_contracts.gate.command import Ended
from export_contracts.gate.passage import Passage, opened
from export_contracts.gate.upstream import Upstream, checked
from export_contracts.gate.verdict import judged
from export_contracts.model import Headers, Request
from export_contracts.targets.served import Order, Served
from export_contracts.targets.target import Pace, Target


@pytest.fixture(scope="module")
def vendor():
    with Served(Order(["braze"])) as served:
        yield served


def account(served, **more):
    return Target("braze", served.serving.addresses["braze"], served.settings("braze"), live=True, **more)


def headers(facts):
    return {"Authorization": f"Bearer {facts['token']}", "Content-Type": "application/json"}


def start(url, facts, segment="segment_id"):
    body = json.dumps({"segment_id": facts[segment], "fields_to_export": ["email"]})
    return urllib3.request("POST", url + "/users/export/segment", body=body, headers=headers(facts), retries=False)


def test_what_is_asked_of_the_gate_is_answered_by_the_target(vendor):
    book = contract.load("braze")
    with opened(book, target=account(vendor)) as gate:
        begun = start(gate.url, gate.facts).json()
        assert begun["url"].startswith(gate.url + "/download/"), "or a look at it would pass the gate by"
        assert urllib3.request("GET", begun["url"]).status == 403
        assert vendor.house.references["braze"].state["jobs"]
        one = judged(book, Passage(gate.transcript(book, "client"), Ended(0), gate.journal))
    assert [each.operation for each in one.judgement.transcripts[0].exchanges] == [
        "exportUsersBySegment",
        "downloadExport",
    ]
    assert not any(each.findings for each in one.judgement.verdicts)


def test_no_more_exports_are_started_than_allowed_and_none_is_ended(vendor):
    before = len(vendor.house.references["braze"].state["jobs"])
    with opened(contract.load("braze"), target=account(vendor, max_exports=0)) as gate:
        assert start(gate.url, gate.facts, "second_segment_id").status == 403
        stop = json.dumps({"segment_id": gate.facts["segment_id"]})
        for path, body in (("/export/segment/cancel", stop), ("/users/delete", '{"external_ids": ["a"]}')):
            answer = urllib3.request("POST", gate.url + path, body=body, headers=headers(gate.facts))
            assert answer.status == 403
            assert answer.data.startswith(b"This is the gate, and not the vendor")
        told = " ".join(gate.journal.troubles)
        assert all(one.response is None for one in gate.recorder)
    assert len(vendor.house.references["braze"].state["jobs"]) == before
    for words in ("as many exports as allowed", "would end exports", "no operation of the contract"):
        assert words in told


class Strange(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    asked = ()

    def do_POST(self):
        type(self).asked = (*self.asked, (self.path, dict(self.headers)))
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if "late" in self.path:
            threading.Event().wait(2)
        self.send_response(307)
        self.send_header("Location", "http://elsewhere.example/")
        self.send_header("Set-Cookie", "a=1")
        self.send_header("X-Mine", "yes")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def strange():
    Strange.asked = ()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Strange)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def upstream(url, **more):
    notes = []
    facts = {"token": "t" * 20, "segment_id": "s"}
    return Upstream(contract.load("braze"), Target("braze", url, facts, live=True, **more), notes.append), notes


def order(path="/users/export/segment", **fields):
    return Request(
        "POST", f"http://127.0.0.1:1{path}", Headers.of({"Content-Type": "application/json", **fields}), b"{}"
    )


def test_a_redirect_is_handed_on_and_not_followed(strange):
    behind, _ = upstream(strange)
    answer = behind.answer(order(Connection="close", **{"Proxy-Authorization": "Basic x", "X-Own": "1", "Host": "h"}))
    assert (answer.status, answer.headers["Location"], answer.trouble) == (307, "http://elsewhere.example/", None)
    ((path, sent),) = Strange.asked
    assert path == "/users/export/segment"
    assert sent["X-Own"] == "1"
    assert sent["Host"] == strange.removeprefix("http://")
    assert "Proxy-Authorization" not in sent


def test_silence_is_told_within_the_time_allowed(strange):
    behind, notes = upstream(strange + "/late", pace=Pace(timeout=0.3))
    answer = behind.answer(order())
    assert answer.status == 502
    assert "not the vendor's answer" in answer.trouble
    assert "no answer to POST /users/export/segment" in notes[0]


@pytest.mark.parametrize(
    ("url", "asked", "sent"),
    [
        ("https://rest.iad-01.braze.com", "https://rest.fra-01.braze.eu/a?b=c", "https://rest.fra-01.braze.eu/a?b=c"),
        ("https://rest.iad-01.braze.com", "http://127.0.0.1:1/a", "https://rest.iad-01.braze.com/a"),
        ("http://127.0.0.1:9/braze", "https://rest.fra-01.braze.eu/a", "http://127.0.0.1:9/braze/a"),
        ("http://127.0.0.1:9/braze", "http://127.0.0.1:1/a", "http://127.0.0.1:9/braze/a"),
    ],
)
def test_a_request_goes_to_the_target_or_to_the_vendors_host_it_names(url, asked, sent):
    behind, _ = upstream(url)
    assert behind._address(Request("GET", asked)) == sent


@pytest.mark.parametrize("url", ["https://example.com", "http://rest.iad-01.braze.com", "https://braze.com.example"])
def test_only_the_vendors_hosts_may_be_upstream(url):
    with pytest.raises(UsageError, match="neither on this machine nor one of Braze's hosts"):
        checked(contract.load("braze"), Target("braze", url, live=True))


@pytest.mark.parametrize("slug", plugins.slugs())
def test_every_vendor_says_what_starts_an_export(slug):
    book = contract.load(slug)
    known = {one.id for one in book.operations}
    assert book.manifest.starts
    assert {*book.manifest.starts, *book.manifest.stops} <= known


CLIENT = """
import json, os, urllib.request
env = lambda name: os.environ["EXPORT_CONTRACTS_BRAZE_" + name]
body = json.dumps({"segment_id": env("EMPTY_SEGMENT_ID"), "fields_to_export": ["email"]}).encode()
fields = {"Authorization": "Bearer " + env("TOKEN"), "Content-Type": "application/json"}
print(urllib.request.urlopen(urllib.request.Request(env("URL") + "/users/export/segment", body, fields)).status)
"""


def gate(*words, cwd):
    entry = "import sys; from export_contracts.cli.main import main; sys.exit(main())"
    client = [sys.executable, "-c", CLIENT]
    return subprocess.run(
        [sys.executable, "-c", entry, "gate", "braze", "--upstream", "live", *words, "--", *client],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_by_command_the_report_names_the_target_and_holds_no_secret(vendor, tmp_path):
    settings = vendor.settings("braze")
    (tmp_path / "t.toml").write_text(
        toml(contract.load("braze").manifest, vendor.serving.addresses["braze"], settings), encoding="utf-8"
    )
    done = gate("--target", "t.toml", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{vendor.serving.addresses['braze']} answered, not the reference." in done.stdout
    written = [one.read_text(encoding="utf-8") for one in (tmp_path / "export-contracts-report").iterdir()]
    assert written
    assert not any(settings["token"] in one for one in written)


def test_by_command_a_target_that_never_answers_is_exit_3(vendor, tmp_path):
    text = toml(contract.load("braze").manifest, "http://127.0.0.1:1", vendor.settings("braze"))
    (tmp_path / "t.toml").write_text(text, encoding="utf-8")
    done = gate("--target", "t.toml", cwd=tmp_path)
    assert done.returncode == 3
    assert "http://127.0.0.1:1 never answered" in done.stderr


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "--upstream live needs the account"),
        (["--target", "missing.toml"], "missing.toml cannot be read"),
        (["--target", "t.toml", "--awkward", "1"], "--awkward belongs to the reference"),
        (["--upstream", "reference", "--target", "t.toml"], "--target belongs to --upstream live"),
        (["--upstream", "reference", "--max-exports", "1"], "--max-exports belongs to --upstream live"),
    ],
)
def test_wrong_options_are_one_sentence(capsys, tmp_path, monkeypatch, words, sentence):
    monkeypatch.chdir(tmp_path)
    assert main(["gate", "braze", "--upstream", "live", *words, "--", "true"]) == 2
    assert sentence in capsys.readouterr().err
