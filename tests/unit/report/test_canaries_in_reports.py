"""Wherever a secret is planted in a run, no report of it shows the secret."""

import json
from datetime import date
from urllib.parse import quote

from accounts import NOON
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from export_contracts.catalogue.contract import Contract
from export_contracts.catalogue.manifest import Credential, Manifest, Setting
from export_contracts.check.secrecy import redactor
from export_contracts.model import (
    Clause,
    ClauseVerdict,
    Exchange,
    Finding,
    Headers,
    Judgement,
    LocatedFinding,
    Request,
    Response,
    Source,
    Transcript,
    Verdict,
    Where,
)
from export_contracts.report import html, junit, markdown, terminal
from export_contracts.report.account import Account
from export_contracts.report.results import document, dumps
from export_contracts.targets.target import Target

SECRETS = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=12, max_size=30)
CLAUSE = Clause("SMP-001", "A title", "provider", "must", "stated", (Source("guide"),), "schema")


class Planted(Contract):
    clauses = (CLAUSE,)


def planted(secret: str, folder) -> Account:
    """A run with the secret in every place that a report can show."""
    manifest = Manifest(
        "sample",
        "Sample",
        "SMP",
        "",
        credentials=(Credential("Authorization", "bearer", ("token",)),),
        settings={"token": Setting("token", "key", "add it", required=True, secret=True)},
    )
    contract = Planted(manifest, folder)
    headers = Headers.of({"Authorization": f"Bearer {secret}", "X-Other": f"a {secret} b"})
    url = f"https://api.sample.invalid/{secret}/x?token={quote(secret)}&other={secret}"
    body = json.dumps({"key": secret, secret: [secret]}).encode()
    exchange = Exchange(0, Request("POST", url, headers, body), Response(200, headers, body), trouble=f"no {secret}")
    talk = Transcript("sample", f"scenario {secret}", "live", (exchange,), facts={"token": secret})
    where = Where(0, f"/response/body/{secret}", f"file-{secret}", 1)
    finding = LocatedFinding(0, Finding(where, f"not {secret}", f'{{"token": "{secret}"}} {secret[:8]}…'))
    verdict = ClauseVerdict(CLAUSE, Verdict.FAIL, 1, (finding,), {secret: 1}, f"because {secret}", broken=1)
    return Account(
        contract,
        Judgement("sample", (talk,), (verdict,)),
        f"https://{secret}:{secret}@api.sample.invalid/?k={secret}",
        "live",
        NOON,
        NOON,
        left_out={secret: secret},
        cut_short={"x": f"{secret}!"},
        coverage={"answers": {"met": [secret]}},
        notes=(secret,),
        trouble=f"trouble with {secret}.",
    )


@given(secret=SECRETS)
def test_no_report_shows_a_secret(tmp_path_factory, secret):
    folder = tmp_path_factory.getbasetemp()
    (folder / "documents.yaml").write_text("- {id: guide, title: Guide}")
    account = planted(secret, folder)
    target = Target("sample", "https://api.sample.invalid", {"token": secret})
    redact = redactor(account.contract, target, account.judgement.transcripts).text
    results = document([account], today=date(2026, 11, 22), redact=redact)
    console = Console(highlight=False, markup=False, soft_wrap=True)
    with console.capture() as captured:
        for line in terminal.report(results):
            console.print(line)
    written = (dumps(results), *(one.report(results) for one in (html, junit, markdown)))
    for shown in (*written, captured.get()):
        assert secret not in shown
        assert secret[:8] not in shown
