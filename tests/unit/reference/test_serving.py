"""The reference over HTTP: routes, time, callbacks, a dropped connection, bounds, clean start and stop."""

import http.client
import json
import socket
import threading
import time

import pytest
from toy import toy

from export_contracts.errors import UsageError
from export_contracts.model import Request
from export_contracts.reference import http1
from export_contracts.reference.house import House
from export_contracts.reference.outbox import Outbox
from export_contracts.reference.serving import Serving
from export_contracts.reference.world import MemoryBucket
from export_contracts.targets.receiver import Receiver


def ask(url, method="GET", path="/", body=None, headers=None):
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=60)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


def told(*asked):
    return json.loads(ask(*asked)[2])


@pytest.fixture
def serving():
    with Serving(House({"toy": toy()})) as one:
        yield one


def test_a_vendor_alone_has_the_whole_address(serving):
    status, headers, body = ask(serving.url, "POST", "/echo?a=1&a=", b"12345")
    echoed = json.loads(body)
    assert status == 200
    assert echoed["url"] == serving.url + "/echo?a=1&a="
    assert echoed["base"] == serving.url == serving.addresses["toy"]
    assert echoed["size"] == 5
    assert headers["X-CaSe"] == "é"
    assert headers["Content-Length"] == str(len(body))


def test_several_vendors_are_told_apart_by_prefix_or_host():
    house = House({"one": toy(), "two": toy()})
    with Serving(house, hosts={"two": ("rest.*.two.example",)}) as both:
        assert told(both.url, "GET", "/one/echo")["url"] == both.url + "/echo"
        assert told(both.url, "GET", "/two/echo")["base"] == both.url + "/two"
        ask(both.url, "GET", "/echo", None, {"Host": "rest.eu-1.two.example:443"})
        assert house.references["two"].state["asked"] == 2
        assert ask(both.url, "GET", "/echo")[0] == 404


def test_status_0_closes_the_connection_without_an_answer(serving):
    with pytest.raises(http.client.RemoteDisconnected):
        ask(serving.url, "GET", "/drop")
    assert ask(serving.url, "GET", "/jobs")[0] == 200


def test_no_body_travels_with_204(serving):
    assert ask(serving.url, "GET", "/nothing")[0::2] == (204, b"")


def test_a_body_too_large_is_refused(serving, monkeypatch):
    monkeypatch.setattr(http1, "BODY_LIMIT", 100)
    assert ask(serving.url, "POST", "/echo", b"x" * 101)[0] == 413
    assert ask(serving.url, "POST", "/echo", b"x" * 100)[0] == 200


def test_time_is_turned_on_the_management_port(serving):
    with socket.create_server(("127.0.0.1", 0)):
        ask(serving.url, "POST", "/jobs")
        assert told(serving.url, "GET", "/jobs")[0]["done"] is None
        now = told(serving.control, "POST", "/advance", b'{"seconds": 86400}')["now"]
        assert now == pytest.approx(time.time() + 86_400, abs=60)
        (job,) = told(serving.url, "GET", "/jobs")
        assert job["done"] == job["due"]


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"seconds": -1}', b'{"seconds": "1"}', b'{"seconds": 1e99}', b"\xff"]
)
def test_nonsense_does_not_turn_the_clock(serving, body):
    assert ask(serving.control, "POST", "/advance", body)[0] == 400
    assert ask(serving.control, "GET", "/advance")[0] == 404


def test_state_and_reset(serving):
    ask(serving.url, "POST", "/jobs")
    assert len(told(serving.control, "GET", "/state")["vendors"]["toy"]["jobs"]) == 1
    assert ask(serving.control, "POST", "/reset")[0] == 200
    assert told(serving.control, "GET", "/state")["vendors"]["toy"] == {"asked": 0, "jobs": []}
    assert told(serving.url, "GET", "/echo")["base"] == serving.url


def test_a_callback_is_sent_when_its_time_has_come_and_before_advance_answers(serving):
    receiver = Receiver("127.0.0.1:0", time.time)
    ask(serving.url, "POST", "/jobs", receiver.url.encode())
    ask(serving.control, "POST", "/advance", b'{"seconds": 60}')
    receiver.close()
    assert [one.request.headers.get("x-toy") for one in receiver.received] == ["1"]


def test_what_is_due_happens_without_anybody_asking():
    receiver = Receiver("127.0.0.1:0", time.time)
    with Serving(House({"toy": toy()})) as one:
        ask(one.url, "POST", "/jobs", receiver.url.encode())
        one._house.references["toy"].state["jobs"][0]["due"] = 0
        until = time.monotonic() + 60
        while not receiver.received and time.monotonic() < until:
            time.sleep(0.02)
    receiver.close()
    assert len(receiver.received) == 1


@pytest.mark.parametrize("url", ["http://192.0.2.1/x", "http://callback.example/x", "http://[::1", "mailto:x", ""])
def test_callbacks_stay_on_this_machine(url):
    outbox = Outbox()
    outbox.put(Request("POST", url))
    outbox.close()
    assert outbox.sent == 0
    assert outbox.failed == [f"{url}: not on this machine"]


def test_a_callback_to_nobody_is_noted_and_nothing_else():
    with Serving(House({"toy": toy()})) as one:
        ask(one.url, "POST", "/jobs", b"http://127.0.0.1:1/x")
        ask(one.control, "POST", "/advance", b'{"seconds": 60}')
        assert told(one.control, "GET", "/state")["callbacks"]["failed"] == [
            "http://127.0.0.1:1/x: ConnectionRefusedError"
        ]


def test_many_clients_at_once_are_served_one_by_one(serving):
    threads = [threading.Thread(target=ask, args=(serving.url, "POST", "/jobs")) for _ in range(20)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert told(serving.control, "GET", "/state")["vendors"]["toy"]["asked"] == 20


def test_a_bucket_that_fails_is_told_of_and_ends_nothing(serving):
    class Gone(MemoryBucket):
        def put(self, *_):
            raise OSError("no room")

    serving._house.references["toy"].world.bucket = Gone()
    ask(serving.url, "POST", "/jobs")
    assert ask(serving.control, "POST", "/advance", b'{"seconds": 60}')[0] == 200
    assert told(serving.control, "GET", "/state")["troubles"] == ["the reference of toy broke: OSError: no room"]
    serving._house.references["toy"].world.bucket = MemoryBucket()
    serving._house.references["toy"].state["jobs"][0]["done"] = None
    assert ask(serving.url, "GET", "/jobs")[0] == 200


def test_it_starts_and_stops_within_a_second_and_leaves_nothing_behind():
    before = threading.active_count()

    def took():
        began = time.monotonic()
        with Serving(House({"toy": toy()})) as one:
            assert ask(one.url)[0] == 200
            started = time.monotonic()
        stopped = time.monotonic()
        with pytest.raises(ConnectionRefusedError):
            ask(one.url)
        return max(started - began, stopped - started)

    assert any(took() < 1 for _ in range(10))  # a machine that does other things may take longer now and then
    until = time.monotonic() + 60
    while threading.active_count() > before:
        assert time.monotonic() < until
        time.sleep(0.02)


def test_a_port_that_is_taken():
    with Serving(House({"toy": toy()})) as one:
        port = int(one.url.rpartition(":")[2])
        house = House({"toy": toy()})
        with pytest.raises(UsageError, match=f"Port {port} of 127.0.0.1 cannot be listened at"):
            Serving(house, port=port)
        house.close()
