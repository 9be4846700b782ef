"""Whatever a target does, a request ends in time, in an answer or in one sentence; never in an exception."""

import gzip
import socket
import time
from dataclasses import replace

import pytest
from hostile import (
    OK,
    answering,
    dripping_body,
    dripping_head,
    dripping_tls,
    endless,
    no_tls,
    request_of,
    reset,
    serving,
    silent,
    unread,
)

from export_contracts.catalogue import contract
from export_contracts.check.run import play
from export_contracts.judge import judge
from export_contracts.model import Headers, Request, Response, Unreadable
from export_contracts.targets import wire
from export_contracts.targets.live import LiveTransport, live_venue
from export_contracts.targets.scenario import scenarios_in
from export_contracts.targets.stage import Exhausted, Stage
from export_contracts.targets.target import Pace, Target
from export_contracts.targets.transport import Trouble, Unread
from export_contracts.vendors.braze import scenarios

PACE = Pace(poll=0.05, deadline=0.5, timeout=60, body_limit=1_000_000, generated=2)
HASTY = replace(PACE, timeout=0.4)  # for servers that keep silent; a loaded machine may be slower than that
SETTINGS = {"token": "secret-canary", "segment_id": "s"}


def target(url, pace=PACE, **settings):
    return Target("braze", url, {**SETTINGS, **settings}, pace)


def carry(url, *, method="POST", body=b"{}", pace=PACE):
    return LiveTransport(target(url, pace)).carry(Request(method, url + "/x", Headers.of({"X-One": "1"}), body))


NESTED = b"[" * 5_000_000 + b"]" * 5_000_000
TROUBLES = {
    "hangs": (silent, "no complete answer within 0.4 s"),
    "streams without end": (endless, "larger than 1000000 bytes"),
    "drips its body": (dripping_body, "no complete answer within 0.4 s"),
    "drips its head": (dripping_head, "no complete answer within 0.4 s"),
    "closes mid-body": (answering(OK + b"Content-Length: 50\r\n\r\nhalf"), "broke in the middle"),
    "closes mid-chunk": (answering(OK + b"Transfer-Encoding: chunked\r\n\r\nff\r\nhalf"), "broke in the middle"),
    "has no chunk size": (answering(OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nhalf"), "broke in the middle"),
    "closes at once": (answering(b""), "closed without an answer"),
    "resets": (reset, "reset"),
    "speaks no HTTP": (answering(b"220 smtp.example ESMTP\r\n"), "no HTTP"),
    "has a broken status": (answering(b"HTTP/1.1 abc OK\r\n\r\n"), "no HTTP"),
    "has gigantic headers": (answering(OK + b"X-Big: " + b"a" * 70_000 + b"\r\n\r\n"), "no HTTP"),
    "has a thousand headers": (answering(OK + b"X-Many: a\r\n" * 1000 + b"\r\n"), "no HTTP"),
    "answers 10 MB": (answering(OK + b"Content-Length: 10000000\r\n\r\n" + NESTED), "larger than 1000000 bytes"),
}


def test_blanks_around_a_header_s_value_are_not_part_of_it():
    with serving(answering(OK + b"X-A:\t a b \t\r\nContent-Length: 2\r\n\r\n{}")) as url:
        assert carry(url).headers.get("x-a") == "a b"


@pytest.mark.parametrize("name", TROUBLES)
def test_a_target_that(name):
    manner, words = TROUBLES[name]
    began = time.monotonic()
    with serving(manner) as url, pytest.raises(Trouble) as caught:
        carry(url, pace=HASTY if "within 0.4 s" in words else PACE)
    assert words in str(caught.value)
    assert len(str(caught.value)) < 300
    assert time.monotonic() - began < 30


def test_megabytes_of_nested_json_are_an_answer_that_is_unreadable():
    nested = b"[" * 1_000_000 + b"]" * 1_000_000
    with serving(answering(OK + b"Content-Length: 2000000\r\n\r\n" + nested)) as url:
        response = carry(url, pace=Pace(timeout=60, body_limit=20_000_000))
    assert response.json == Unreadable("JSON nested too deeply")


@pytest.mark.parametrize(
    ("wire", "status", "body"),
    [
        (OK + b"Content-Length: 4\r\n\r\n\xff\xfe{}", 200, b"\xff\xfe{}"),
        (b"HTTP/1.1 302 Found\r\nLocation: http://evil.example/\r\nContent-Length: 0\r\n\r\n", 302, b""),
        (OK + b"\r\nuntil the end", 200, b"until the end"),
        (OK + b"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nraw", 200, b"raw"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n", 200, b"ab"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", 204, b""),
        (b"HTTP/1.1 599 Odd\r\nContent-Length: 0\r\n\r\n", 599, b""),
    ],
)
def test_an_odd_answer_is_still_an_answer(wire, status, body):
    with serving(answering(wire)) as url:
        response = carry(url)
    assert (response.status, response.body) == (status, body)


def test_an_answer_given_before_the_body_was_read_counts():
    with serving(unread) as url:
        try:
            outcome = carry(url, body=b"x" * 5_000_000).status
        except Trouble as trouble:  # the kernel may drop the answer along with the connection
            outcome = str(trouble)
    assert outcome == 413 or "reset" in outcome


def test_headers_and_body_go_out_as_given():
    seen = []

    def manner(connection):
        seen.append(request_of(connection))
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    with serving(manner) as url:
        request = Request("POST", url + "/a b?q=%2F", Headers.of([("X-Case", "1"), ("X-Case", "é")]), b"body")
        LiveTransport(target(url)).carry(request)
    head = seen[0].partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert head[0] == b"POST /a%20b?q=%2F HTTP/1.1"
    assert [one for one in head if one.startswith(b"X-Case")] == [b"X-Case: 1", "X-Case: é".encode()]
    assert {one.split(b":")[0].lower() for one in head[1:]} == {b"host", b"content-length", b"user-agent", b"x-case"}


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://127.0.0.1:1", "refuses connections"),
        ("http://no-such-host.localhost.invalid", "leads from this machine"),
    ],
)
def test_an_address_without_a_server(url, words):
    transport = LiveTransport(target("http://127.0.0.1:1"))
    with pytest.raises(Trouble, match=words):
        transport.carry(Request("GET", url + "/x"))


def test_a_name_that_leads_nowhere():
    one = Target("braze", "http://no-such-host.invalid", SETTINGS, PACE, live=True)
    with pytest.raises(Trouble, match="leads to no address"):
        LiveTransport(one).carry(Request("GET", one.url + "/x"))


def test_tls_where_there_is_none():
    with serving(no_tls) as url, pytest.raises(Trouble, match="TLS with"):
        carry(url.replace("http:", "https:"))


def test_a_greeting_in_tls_that_drips_ends_in_time():
    with serving(dripping_tls) as url, pytest.raises(Trouble, match=r"no complete answer within 0\.4 s"):
        carry(url.replace("http:", "https:"), pace=HASTY)


def test_a_name_is_asked_at_the_addresses_found_for_it_and_nowhere_else():
    seen = []

    def manner(connection):
        seen.append(request_of(connection))
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    with serving(manner) as url:
        port = url.rpartition(":")[2]
        request = Request("GET", f"http://api.example:{port}/x")
        wire.carry(request, timeout=2, body_limit=10, addresses=("127.0.0.9", "127.0.0.1"))
    assert f"\r\nHost: api.example:{port}\r\n".encode() in seen[0]


def test_a_full_backlog_ends_in_time():
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(listener.getsockname())
        began = time.monotonic()
        with pytest.raises(Trouble, match=r"within 0\.4 s"):
            carry(f"http://127.0.0.1:{listener.getsockname()[1]}", pace=HASTY)
        assert time.monotonic() - began < 30
        for one in waiting:
            one.close()


def test_a_url_that_leads_elsewhere_is_not_followed_and_accuses_nobody():
    answer = OK + b"Content-Length: 0\r\n\r\n"
    with serving(answering(answer)) as url:
        stage = Stage(contract.load("braze"), target(url), LiveTransport(target(url)), "test")
        exchanges = [stage.follow("http://evil.example/file", "downloadExport") for _ in range(5)]
    assert all("leads from this machine to evil.example" in one.trouble for one in exchanges)
    assert all(one.fault == "not-sent" and "authorization" not in str(one.view) for one in exchanges)


class Heard(LiveTransport):
    """Sends nothing, and remembers what was to be sent."""

    def __init__(self, one):
        super().__init__(one)
        self.requests = []

    def carry(self, request):
        self.requests.append(request)
        return Response(200)


def test_credentials_stay_away_from_another_host():
    elsewhere = Target("braze", "https://rest.example", SETTINGS, PACE, live=True)
    heard = Heard(elsewhere)
    stage = Stage(contract.load("braze"), elsewhere, heard, "test")
    for url in ("https://other.example/file", "http://rest.example/file", "https://rest.example:8443/file"):
        stage.follow(url, "downloadExport", auth="good")
        stage.follow(url, "downloadExport", headers={"authorization": "Bearer secret-canary"})
    assert len(heard.requests) == 6
    assert not any("secret-canary" in str(one.headers) for one in heard.requests)
    stage.follow("/file", "downloadExport", auth="good")
    assert "secret-canary" in str(heard.requests[-1].headers)


def test_a_dead_target_is_given_up_after_a_few_requests():
    with serving(silent) as url:
        venue = live_venue(target(url, HASTY))
        played = [play(contract.load("braze"), venue, one) for one in scenarios_in(scenarios)]
    sent = [exchange for one in played for exchange in one.transcript.exchanges]
    assert len(sent) == 3
    assert all(one.response is None and one.trouble for one in sent)


def test_a_target_that_dies_later_gets_more_patience_than_one_that_never_lived():
    with serving(answering(OK + b"Content-Length: 0\r\n\r\n")) as url:
        transport = LiveTransport(target(url))
        transport.carry(Request("GET", url + "/x"))
    counted = 0
    with pytest.raises(Exhausted, match="given up after 9"):  # noqa: PT012 - the ninth silence is the point
        while True:
            try:
                transport.carry(Request("GET", url + "/x"))
            except Trouble:
                counted += 1
    assert counted == 9


@pytest.mark.parametrize("interim", [b"103 Early Hints\r\nLink: </a>; rel=preload", b"102 Processing\r\nX: y"])
def test_what_goes_before_an_answer_is_not_the_answer(interim):
    final = b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok"
    with serving(answering((b"HTTP/1.1 " + interim + b"\r\n\r\n") * 2 + final)) as url:
        response = LiveTransport(target(url)).carry(Request("GET", url))
    assert (response.status, response.body) == (201, b"ok")
    assert response.headers.get("link") is None


def test_an_answer_larger_than_we_read_accuses_nobody_and_is_told():
    large = b"a" * 5000
    with serving(answering(OK + b"Content-Length: 5000\r\n\r\n" + large)) as url:
        small = target(url, Pace(poll=0.05, deadline=0.5, timeout=60, body_limit=1000, generated=2))
        stage = Stage(contract.load("braze"), small, LiveTransport(small), "test")
        exchanges = [stage.follow(url + "/file", "downloadExport") for _ in range(4)]
    assert {one.fault for one in exchanges} == {"size:answer"}
    (answered,) = judge(contract.load("braze"), [stage.transcript()], only={"GEN-001"}).verdicts
    assert not answered.findings


def test_an_answer_that_unfolds_to_more_than_we_read_accuses_nobody_either():
    packed = gzip.compress(b"[" + b"{}," * 4_100_000 + b"{}]", 1)
    fields = OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
    with serving(answering(fields + packed)) as url, pytest.raises(Unread, match="too many values to be read"):
        carry(url, pace=Pace(timeout=60))
