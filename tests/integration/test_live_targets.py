"""A live target's clock, allowance and callbacks, and what a stage makes of them."""

import json
import time
from pathlib import Path

import pytest
from hostile import answering, request_of, serving

from export_contracts.catalogue import contract
from export_contracts.check.run import play
from export_contracts.cli.main import main
from export_contracts.model import Intent
from export_contracts.targets.live import LiveTransport, live_venue
from export_contracts.targets.scenario import Scenario
from export_contracts.targets.stage import Exhausted, Stage, Unsupported
from export_contracts.targets.target import Pace, Target

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
SLOWER = b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n"
BODY = {"segment_id": "s", "fields_to_export": ["email"]}


def stage(url, *, deadline=2.0, **settings):
    pace = Pace(poll=0.01, deadline=deadline, timeout=60)
    target = Target("braze", url, {"token": "t", "segment_id": "s", **settings}, pace)
    return Stage(contract.load("braze"), target, LiveTransport(target), "test")


def in_turn(*answers):
    """A server that gives each answer once, and the last for ever."""
    left = list(answers)

    def manner(connection):
        request_of(connection)
        connection.sendall(left.pop(0) if len(left) > 1 else left[0])

    return manner


def statuses(one):
    return [exchange.status for exchange in one.exchanges]


def test_a_patient_sender_tries_again_and_keeps_each_exchange():
    with serving(in_turn(SLOWER, SLOWER, OK)) as url:
        one = stage(url)
        last = one.send("exportUsersBySegment", json=BODY)
    assert statuses(one) == [429, 429, 200]
    assert last is one.exchanges[-1]


def test_patience_ends():
    with serving(answering(SLOWER)) as url:
        one = stage(url)
        assert one.send("exportUsersBySegment", json=BODY).status == 429
    assert len(one.exchanges) == 6


@pytest.mark.parametrize("options", [{"patient": False}, {"intent": Intent(fault="second-export")}])
def test_who_asks_for_a_429_takes_it(options):
    with serving(in_turn(SLOWER, OK)) as url:
        one = stage(url)
        one.send("exportUsersBySegment", json=BODY, **options)
    assert statuses(one) == [429]


def test_nobody_waits_longer_than_the_deadline():
    later = SLOWER.replace(b"After: 0", b"After: 86400")
    with serving(in_turn(later, OK)) as url:
        one = stage(url)
        assert one.send("exportUsersBySegment", json=BODY).status == 429
        with pytest.raises(Unsupported, match="declares no clock"):
            one.wait(3.0)


def test_a_turned_clock_is_the_targets_time():
    asked = []

    def manner(connection):
        asked.append(request_of(connection))
        connection.sendall(OK)

    with serving(manner) as url:
        one = stage(url, clock={"control": url + "/control/"})
        before = one.transport.now()
        one.wait(86_400)
        assert one.transport.now() - before == pytest.approx(86_400, abs=60)
    assert asked[0].startswith(b"POST /control/advance HTTP/1.1\r\n")
    assert json.loads(asked[0].partition(b"\r\n\r\n")[2]) == {"seconds": 86_400}


@pytest.mark.parametrize("manner", [answering(b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n"), answering(b"")])
def test_a_clock_that_cannot_be_turned_ends_the_scenario(manner):
    with serving(manner) as url, pytest.raises(Exhausted, match="clock control"):
        stage(url, clock={"control": url}).wait(1.0)


def test_each_scenario_has_a_callback_address_of_its_own():
    from urllib.request import urlopen

    venue = live_venue(Target("braze", "http://127.0.0.1:1", {"callback": {}}))
    first, second = venue.open(), venue.open()
    assert first.callback_url() != second.callback_url()
    urlopen(f"{second.callback_url()}/?x=1", b"{}", timeout=60).close()
    assert (len(first.callbacks()), len(second.callbacks())) == (0, 1)


def test_without_a_callback_table_there_is_no_address():
    one = stage("http://127.0.0.1:1")
    with pytest.raises(Unsupported, match="callback"):
        one.callback_url()


def test_a_folder_that_receives_files_is_watched_from_the_scenarios_beginning(tmp_path):
    (tmp_path / "old").write_bytes(b"before")
    one = stage("http://127.0.0.1:1", bucket={"url": str(tmp_path)})
    (tmp_path / "new").write_bytes(b"half")
    assert [(file.key, file.body) for file in one.collect()] == [("new", b"half")]
    (tmp_path / "new").write_bytes(b"half and half")
    assert [(file.key, file.body) for file in one.collect()] == [("new", b"half and half")]


def test_who_has_waited_in_vain_for_long_looks_only_once(monkeypatch):
    with serving(answering(OK)) as url:
        one = stage(url, deadline=0.05)
        slept = [0.0]
        monkeypatch.setattr(one.transport, "now", lambda: sum(slept))
        monkeypatch.setattr(one.transport, "sleep", slept.append)
        looks = []
        for _ in range(6):
            before = len(one.exchanges)
            assert one.poll(lambda: one.follow("/x", "downloadExport"), lambda _: False) is None
            looks.append(len(one.exchanges) - before)
    assert looks[0] > 1
    assert looks[-1] == 1


def test_a_run_that_has_waited_in_vain_twice_waits_no_more_and_says_so():
    looking = Scenario("looking", lambda one: one.poll(lambda: one.follow("/x", "downloadExport"), lambda _: False))
    with serving(answering(OK)) as url:
        venue = live_venue(stage(url, deadline=0.05).target)
        plays = [play(contract.load("braze"), venue, looking) for _ in range(3)]
    assert [one.cut_short for one in plays[:2]] == [None, None]
    assert "2 times running" in plays[2].cut_short
    assert len(plays[2].transcript.exchanges) == 1


def test_a_run_that_was_starved_is_no_success(tmp_path, monkeypatch, capsys):
    """Nothing is broken where every start is refused for a spent limit; nothing was put to the test either."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BRAZE_API_KEY", "key")
    limits = b"X-RateLimit-Limit: 10\r\nX-RateLimit-Remaining: 0\r\nX-RateLimit-Reset: %d\r\n" % (time.time() + 3600)
    body = b'{"message": "Rate limit reached"}'
    head = b"HTTP/1.1 429 Too Many Requests\r\nContent-Type: application/json\r\nConnection: close\r\n" + limits
    target = 'vendor = "braze"\nurl = "%s"\n[ids]\nsegment_id = "s"\n[secrets]\ntoken = {env = "BRAZE_API_KEY"}\n'
    pace = "[pace]\npoll = 0.01\ndeadline = 0.05\ngenerated = 1\n"
    with serving(answering(head + b"Content-Length: %d\r\n\r\n" % len(body) + body)) as url:
        Path("target.toml").write_text(target % url + pace, encoding="utf-8")
        assert main(["check", "braze", "--target", "target.toml"]) == 3
    said = " ".join(capsys.readouterr().out.split())
    assert "Nothing was found broken, but nothing came within the target's deadline of 0.05 s any more" in said
    assert "scenarios were cut short" in said
