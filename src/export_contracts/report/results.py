"""The canonical results document: every other report is rendered from it and from nothing else.

Its format is described by `specs/meta/results.schema.json` and is a stable interface, as are the exit
codes it carries. Whatever enters it passes the redaction given to `document`.
"""

from __future__ import annotations

import functools
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from importlib.metadata import version
from typing import Final
from urllib.parse import urlsplit

from export_contracts.errors import EXIT_BROKEN, EXIT_KEPT, EXIT_UNREACHABLE
from export_contracts.model import Json, Verdict
from export_contracts.report import clauses, requests, words
from export_contracts.report.account import Account
from export_contracts.report.deviations import Weighed, weigh
from export_contracts.report.evidence import shortened
from export_contracts.report.numbering import number

FORMAT: Final = "export-contracts/results/1"
OUTCOMES: Final = {EXIT_KEPT: "kept", EXIT_BROKEN: "broken", EXIT_UNREACHABLE: "error"}


def document(
    accounts: Sequence[Account], *, today: date, redact: Callable[[str], str], interrupted: bool = False
) -> dict[str, Json]:
    """The results of the runs, in order, as JSON data.

    `today` decides whether a tolerated deviation is past its date. `interrupted` marks a partial run.
    """
    results: dict[str, Json] = {
        "format": FORMAT,
        "tool": {"name": "export-contracts", "version": version("export-contracts")},
        "runs": [_run(one) for one in accounts],
        "clauses": [],
        "deviations": [],
        "requests": [],
    }
    for account, numbering in zip(accounts, number(accounts), strict=True):
        known = frozenset(one.id for one in account.contract.clauses)
        weighed = weigh(account.deviations, account.judgement.verdicts, known, today)
        tolerated = {one.deviation.clause: one for one in weighed if one.state == "tolerated"}
        results["clauses"] += clauses.entries(account, numbering, tolerated)
        results["requests"] += requests.entries(account, numbering, tolerated)
        results["deviations"] += [_deviation(account, one) for one in weighed]
    results["footer"] = _footer(results, interrupted=interrupted)
    redacted: dict[str, Json] = _redacted(results, functools.cache(redact))
    for request in redacted["requests"]:
        shortened(request)
    for run, account in zip(redacted["runs"], accounts, strict=True):
        run["command"] = ["export-contracts", *account.command]
    return redacted


def dumps(results: Mapping[str, Json]) -> str:
    """The document as text: ASCII only, so that no string in it can disturb a terminal."""
    return json.dumps(results, indent=1, ensure_ascii=True) + "\n"


def _run(account: Account) -> dict[str, Json]:
    return {
        "vendor": account.contract.manifest.slug,
        "title": account.contract.manifest.title,
        "target": _without_secrets(account.target),
        "origin": account.origin,
        "as_of": account.contract.as_of,
        "seed": account.seed,
        "started": _moment(account.started),
        "finished": _moment(account.finished),
        "scenarios": {
            "played": list(account.played),
            "left_out": dict(account.left_out),
            "cut_short": dict(account.cut_short),
        },
        "coverage": dict(account.coverage),
        "arrivals": list(requests.arrivals(account)),
        **({"files": [dict(one) for one in account.files]} if account.files else {}),
        **({"shape": dict(account.shape)} if account.shape is not None else {}),
        "command": [],
        "trouble": account.trouble,
        "broke": list(account.broke),
        "failures": list(account.failures),
        "notes": list(account.notes),
    }


def _moment(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _without_secrets(target: str) -> str:
    """A URL without user, query and fragment; anything else unchanged."""
    split = urlsplit(target)
    if not split.scheme or not split.netloc:
        return target
    return split._replace(netloc=split.netloc.rpartition("@")[2], query="", fragment="").geturl()


def _deviation(account: Account, weighed: Weighed) -> dict[str, Json]:
    return {
        "vendor": account.contract.manifest.slug,
        "clause": weighed.deviation.clause,
        "reason": weighed.deviation.reason,
        "until": weighed.deviation.until,
        "state": weighed.state,
        "broken": weighed.broken,
        "sentence": weighed.sentence,
    }


def _footer(results: Mapping[str, Json], *, interrupted: bool) -> dict[str, Json]:
    exit_code, reason = _outcome(results, interrupted=interrupted)
    verdicts = Counter(one["verdict"] for one in results["clauses"])
    return {
        "complete": not interrupted and not any(one["trouble"] for one in results["runs"]),
        "exit_code": exit_code,
        "verdict": OUTCOMES[exit_code],
        "reason": reason,
        "verdicts": {one.value: verdicts[one.value] for one in Verdict},
        "levels": {
            level: words.fates(one for one in results["clauses"] if one["level"] == level)
            for level in ("must", "should", "may")
        },
        "requests": len(results["requests"]),
    }


def _outcome(results: Mapping[str, Json], *, interrupted: bool) -> tuple[int, str | None]:
    """The exit code, and the sentence that says why where the verdicts alone do not."""
    verdicts = {Verdict(one["verdict"]) for one in results["clauses"]}
    trouble = next((one["trouble"] for one in results["runs"] if one["trouble"]), None)
    if interrupted:
        return EXIT_UNREACHABLE, "The run was interrupted; what it had found until then is here."
    if trouble:
        return EXIT_UNREACHABLE, trouble
    if Verdict.ERROR in verdicts:
        return EXIT_UNREACHABLE, "A check broke; that is a defect of ours and says nothing about the target."
    broken = next((one["sentence"] for one in results["deviations"] if one["broken"]), None)
    failure = next((one for run in results["runs"] for one in run["failures"]), None)
    if Verdict.FAIL in verdicts or broken or failure:
        return EXIT_BROKEN, broken or failure
    broke = next((one for run in results["runs"] for one in run["broke"]), None)
    if broke:
        return EXIT_UNREACHABLE, f"Nothing was found broken, but {broke}."
    if not any(one.rank >= Verdict.PASS.rank for one in verdicts):
        return EXIT_UNREACHABLE, "No clause was put to the test, which is no success."
    return EXIT_KEPT, None


def _redacted(value: Json, redact: Callable[[str], str]) -> Json:
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, list):
        return [_redacted(one, redact) for one in value]
    if isinstance(value, dict):
        return {redact(key): _redacted(one, redact) for key, one in value.items()}
    return value
