"""What `verify` does between its arguments and its results. Prints only progress."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from export_contracts import resources
from export_contracts.catalogue import plugins
from export_contracts.catalogue.contract import Contract
from export_contracts.checks.delivered import Asked as OfExport
from export_contracts.cli import choose
from export_contracts.cli.progress import progress
from export_contracts.cli.remaining import telling
from export_contracts.errors import EngineError, UsageError
from export_contracts.files.streams import Limits
from export_contracts.model import Json
from export_contracts.report.account import Account
from export_contracts.report.results import document
from export_contracts.transcript.redaction import Redactor
from export_contracts.verify.locations import public
from export_contracts.verify.merge import Verified
from export_contracts.verify.verdicts import judgement
from export_contracts.verify.verification import Order, forget, verify

FOLDER = "export-contracts-report"
UNITS = {"": 1, "KB": 1000, "MB": 1000**2, "GB": 1000**3, "TB": 1000**4}


@dataclass(frozen=True)
class Asked:
    """The options of `verify`, as given."""

    vendor: str
    locations: tuple[str, ...]
    fields: str | None = None
    expect_count: int | None = None
    request: str | None = None
    workers: int = 1
    dask: str | None = None
    resume: bool = False
    max_inflated: str | None = None
    max_ratio: float | None = None
    as_of: str | None = None
    report: str | None = None
    as_json: bool = False


@contextmanager
def verified(asked: Asked) -> Iterator[dict[str, Json]]:
    """Verify and give the results document. What a run can go on from goes once the caller is done with it."""
    started = datetime.now(UTC)
    contract = choose.load(asked.vendor, asked.as_of)
    order = _order(asked, contract)
    with _working_folder(asked) as folder:
        with progress("verifying", threads=False) as say:
            found = verify(contract, order, folder, telling(say, time.monotonic))
        account = Account(
            contract=contract,
            judgement=judgement(contract, found),
            target=", ".join(map(public, asked.locations)),
            origin="delivered",
            started=started,
            finished=datetime.now(UTC),
            played=("delivered files",),
            command=_command(asked, contract),
            trouble=_trouble(found),
            notes=(_summary(found), *found.notes),
            files=tuple(one.as_json() for one in found.histogram),
        )
        yield document([account], today=started.date(), redact=Redactor().text)
        forget(order, folder, found)


def _order(asked: Asked, contract: Contract) -> Order:
    most = asked.max_inflated or _most_inflated(contract)
    body = _request(asked.request)
    names = tuple(one.strip() for one in (asked.fields or "").split(",") if one.strip())
    if asked.fields is not None and not names:
        raise UsageError("--fields names no field.", hint="Write --fields external_id,email")
    return Order(
        asked.locations,
        OfExport(body, asked.expect_count, names),
        Limits(_bytes(most)) if asked.max_ratio is None else Limits(_bytes(most), ratio=asked.max_ratio),
        asked.workers,
        asked.resume,
        asked.dask,
        None if asked.report is None and asked.as_json else Path(asked.report or FOLDER) / "verified-files.ndjson",
        None if asked.request is None else Path(asked.request).resolve().as_posix(),
    )


def _most_inflated(contract: Contract) -> str:
    """What one archive may hold; a vendor whose files are streamed and not cut up may have a bound of its own."""
    slug = contract.manifest.slug
    try:
        module = plugins.module(slug, "verify")
    except ModuleNotFoundError as error:
        if error.name is None or not error.name.endswith(".verify"):
            raise
        raise UsageError(f"Delivered files of {slug} cannot be verified yet.") from None
    return str(getattr(module, "MOST_INFLATED", "512MB"))


def _request(name: str | None) -> dict[str, Json]:
    if name is None:
        return {}
    try:
        body = json.loads(resources.bounded(Path(name)))
    except OSError as error:
        raise UsageError(f"{name} cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{name} is not JSON: {error}.") from None
    if not isinstance(body, dict):
        raise UsageError(f"{name} holds no JSON object.", hint="It should be the body of the export's request.")
    return body


def _bytes(text: str) -> int:
    number = text.strip().upper().rstrip("BKMGT")
    unit = text.strip().upper()[len(number) :]
    unit = unit if unit in UNITS else f"{unit}B"
    try:
        size = int(float(number) * UNITS[unit])
    except (KeyError, ValueError, OverflowError):
        size = 0
    if size <= 0:
        raise UsageError(f"{text!r} is no size.", hint="Write --max-inflated 2GB")
    return size


@contextmanager
def _working_folder(asked: Asked) -> Iterator[Path]:
    """Where the journal is kept; beside the report, so that `--resume` finds it."""
    if asked.report is None and asked.as_json:
        if asked.resume:
            raise UsageError("--resume with --json needs --report, where the interrupted run left its journal.")
        with tempfile.TemporaryDirectory(prefix="export-contracts-") as name:
            yield Path(name) / "verify-journal"
        return
    folder = Path(asked.report or FOLDER) / "verify-journal"
    try:
        yield folder
    except KeyboardInterrupt:
        if "-" in asked.locations or not folder.is_dir():
            raise
        raise EngineError("interrupted", hint="The same command with --resume goes on from there.") from None


def _summary(verified: Verified) -> str:
    rows = f"{verified.rows:,} user{'s' * (verified.rows != 1)}"
    return f"{rows} in {verified.files:,} file{'s' * (verified.files != 1)}."


def _trouble(verified: Verified) -> str | None:
    found = verified.troubles
    if not found.count:
        return None
    more = f" So it is with {found.count - 1} more." if found.count > 1 else ""
    return f"{found.first}{more} What is said here is of the other files only."


def _command(asked: Asked, contract: Contract) -> tuple[str, ...]:
    words = ["verify", contract.manifest.slug, *map(public, asked.locations)]
    for name, value in (
        ("--fields", asked.fields),
        ("--expect-count", asked.expect_count),
        ("--request", asked.request),
        ("--max-inflated", asked.max_inflated),
        ("--max-ratio", asked.max_ratio),
        ("--as-of", asked.as_of),
    ):
        words += [name, str(value)] if value is not None else []
    return tuple(words)
