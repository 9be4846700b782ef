"""Accounts for tests, made of the made-up vendor's clauses and hand-written exchanges."""

import dataclasses
from datetime import UTC, datetime

from export_contracts.judge import judge
from export_contracts.model import Exchange, Headers, Intent, Request, Response, Transcript
from export_contracts.report.account import Account

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
KEY = "canary-token"
GOOD = b'{"id": "7", "note": "queued"}'


def start(index, body=GOOD, status=202, **more):
    """An exchange of `startExport`."""
    headers = Headers.of({"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"})
    sent = Request("POST", f"https://api.sample.invalid/exports?sig={KEY}", headers, b'{"list": "l\'1"}')
    answer = None if status is None else Response(status, Headers.of({"Content-Type": "application/json"}), body)
    return Exchange(index, sent, answer, started=float(index), ended=index + 0.25, **more)


def talk(*exchanges, name="export_and_look", callbacks=()):
    return Transcript("sample", name, "live", exchanges, callbacks=callbacks)


def account(contract, *talks, features=("token", "list_id"), **more):
    """What became of the transcripts, as the command would account for it."""
    judgement = judge(contract, talks, parties=("provider",), features=features)
    usual = {
        "target": f"https://user:{KEY}@api.sample.invalid/v1?key={KEY}",
        "origin": "live",
        "started": NOON,
        "finished": NOON.replace(second=3),
        "seed": 7,
        "played": tuple(one.name for one in talks),
        "command": ("check", "sample", "--url", "https://api.sample.invalid/v1", "--seed", "7"),
    }
    return Account(contract, judgement, **{**usual, **more})


def broken(contract, **more):
    """A run in which a MUST, a SHOULD and a MAY are broken, and much is not judged."""
    return account(
        contract,
        talk(start(0), start(1, b'{"note": 7, "ends": 5}'), start(2, b"[]"), start(3, status=None, trouble="closed")),
        left_out={"two_lists": 'the target declares no second_list_id: add under [ids]: second_list_id = "…"'},
        **more,
    )


def faulty(index, fault, **more):
    """A request with a planted fault."""
    return start(index, intent=Intent("test", fault), **more)


def with_verdict(run, name, **changes):
    """The account with one clause's verdict changed."""
    verdicts = tuple(
        dataclasses.replace(one, **changes) if one.clause.id == name else one for one in run.judgement.verdicts
    )
    return dataclasses.replace(run, judgement=dataclasses.replace(run.judgement, verdicts=verdicts))
