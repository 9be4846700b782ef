"""Reads a target from a TOML file. Strict: what it does not know it names, with the nearest word it does know.

Shape: `vendor`, `url`, and the tables `[ids]`, `[secrets]`, `[expect]`, `[bucket]`, `[clock]`, `[callback]`, `[pace]`
and `[[deviations]]`. Secrets are named by environment variable or file and never written down, except for a target
on this machine. Options of a command line are read by `target_options`.
"""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from export_contracts import resources
from export_contracts.catalogue import contract, plugins
from export_contracts.catalogue.manifest import Setting
from export_contracts.errors import UsageError
from export_contracts.model import Json
from export_contracts.targets import links
from export_contracts.targets.sampled import as_sampled
from export_contracts.targets.secrets import secret
from export_contracts.targets.strictness import checked_json, checked_number, checked_text, known, table
from export_contracts.targets.target import Deviation, Pace, Target

FEATURES: Final[Mapping[str, tuple[str, ...]]] = {
    "bucket": (
        "url",
        "endpoint",
        "region",
        "profile",
        "access_key_env",
        "secret_key_env",
        "session_token_env",
    ),
    "clock": ("control",),
    "callback": ("listen", "url"),
}
"""Tables that any vendor's target may have, and their keys."""

_NEEDED: Final = {"bucket": ("url",), "clock": ("control",)}

_TOP: Final = ("vendor", "url", "ids", "secrets", "expect", "pace", "deviations", *FEATURES)
WITH_CLOCK: Final = 86_400.0
"""Seconds of deadline for a target whose clock can be turned: waiting costs nothing there."""


def load(path: Path, *, vendor: str | None = None, live: bool = False, max_exports: int | None = None) -> Target:
    """The target in `path`. `vendor`, where the command names one, must agree with the file's."""
    data = _read(path)
    known(data, _TOP, f"{path}", elsewhere=_elsewhere(data.get("vendor", vendor)))
    slug = checked_text(data, "vendor", str(path), default=vendor)
    if vendor is not None and slug != vendor:
        raise UsageError(
            f"{path} describes a target of {slug}, not of {vendor}.",
            hint=f"export-contracts check {slug} --target {path}",
        )
    if slug not in plugins.slugs():
        raise UsageError(f"{path}: there is no vendor {slug!r}.", hint=f"Known vendors: {', '.join(plugins.slugs())}.")
    url = checked_url(checked_text(data, "url", str(path)), live=live)
    settings = {**renamed(_named(data, slug, url, path), slug), **_features(data, path)}
    require_complete(settings, slug, str(path))
    return Target(
        slug,
        url,
        settings,
        _pace(data, path),
        _deviations(data, slug, path),
        live=live,
        max_exports=max_exports,
    )


def _elsewhere(slug: Json) -> dict[str, str]:
    """What belongs into one of the tables, with the line to write there."""
    found = {one.name: f"under [pace]: {one.name} = {one.default}" for one in dataclasses.fields(Pace)}
    if slug in plugins.slugs():
        declared = contract.load(slug).manifest.settings
        found |= {name: one.add for name, one in declared.items() if name not in FEATURES}
    return found


def checked_url(url: str, *, live: bool) -> str:
    """`url` where it can be a target's; one that is not on this machine needs `live`."""
    shown = url.rpartition("@")[2]
    if links.objection(url, url, live=True) or shown != url or "?" in url or "#" in url:
        hint = "Write http(s)://host[:port][/path], without user, password or query."
        raise UsageError(f"{shown!r} is no address of a target.", hint=hint)
    if not live and not links.is_loopback(url):
        raise UsageError(
            f"{url} is not on this machine.",
            hint="--live allows it: harmless scenarios only, paced, at most --max-exports exports.",
        )
    return url.rstrip("/")


def renamed(settings: Mapping[str, Json], slug: str) -> dict[str, Json]:
    """`settings` by the names that clauses use, where a vendor's manifest knows two words for one thing."""
    declared = contract.load(slug).manifest.settings
    return {(declared[name].same_as or name) if name in declared else name: value for name, value in settings.items()}


def _line(_name: str, setting: Setting) -> str:
    return setting.add


def require_complete(
    settings: Mapping[str, Json],
    slug: str,
    where: str,
    line: Callable[[str, Setting], str] = _line,
    between: str = "; ",
) -> None:
    """Raise where settings without which nothing can be sent are missing; `line` says how one of them is given."""
    declared = contract.load(slug).manifest.settings
    missing = {name: one for name, one in declared.items() if one.required and settings.get(name) is None}
    if not missing:
        return
    *others, last = missing
    what = f"{', '.join(others)} and {last} are missing" if others else f"{last} is missing ({missing[last].about})"
    lines = between.join(line(name, one) for name, one in missing.items())
    raise UsageError(f"{where}: {what}.", hint=f"Add {lines}.")


LARGEST = 16 * 1024 * 1024
"""Bytes of the largest target file."""


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(resources.bounded(path, LARGEST).decode("utf-8"))
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 at byte {error.start}.") from None
    except (ValueError, RecursionError) as error:  # numbers too long for Python are no TOMLDecodeError
        raise UsageError(f"{path} is no TOML: {error}.") from None


def _named(data: Mapping[str, Any], slug: str, url: str, path: Path) -> dict[str, Json]:
    """Ids, secrets and expectations by the names of the vendor's manifest."""
    settings = contract.load(slug).manifest.settings
    open_names = [name for name, one in settings.items() if not one.secret and name not in FEATURES]
    found: dict[str, Json] = {}
    for part in ("ids", "expect"):
        given = table(data, part, path)
        where = f"{path} [{part}]"
        known(given, open_names, where)
        found.update({name: as_sampled(settings[name], checked_json(given, name, where), where) for name in given})
    given = table(data, "secrets", path)
    known(given, [name for name, one in settings.items() if one.secret], f"{path} [secrets]")
    found.update({name: secret(name, value, url, path) for name, value in given.items()})
    return found


def _features(data: Mapping[str, Any], path: Path) -> dict[str, dict[str, Json]]:
    found: dict[str, dict[str, Json]] = {}
    for name, keys in FEATURES.items():
        if name in data:
            given = table(data, name, path)
            known(given, keys, f"{path} [{name}]")
            for key in (*_NEEDED.get(name, ()), *given):
                checked_text(given, key, f"{path} [{name}]")
            found[name] = dict(given)
    control = found.get("clock", {}).get("control", "http://localhost")
    if links.objection(control, control, live=True):
        hint = "Write the http address before /advance."
        raise UsageError(f"{path} [clock]: control is no address: {control!r}.", hint=hint)
    return found


def _pace(data: Mapping[str, Any], path: Path) -> Pace:
    given = table(data, "pace", path)
    known(given, [one.name for one in dataclasses.fields(Pace)], f"{path} [pace]")
    numbers = {name: checked_number(given, name, f"{path} [pace]") for name in given}
    if "clock" in data and "deadline" not in numbers:
        numbers["deadline"] = WITH_CLOCK
    whole = {name: int(value) for name, value in numbers.items() if name in {"body_limit", "generated"}}
    return Pace(**{**numbers, **whole})  # type: ignore[arg-type]  # the two whole numbers were made so


def load_deviations(path: Path, slug: str) -> tuple[Deviation, ...]:
    """The known deviations of a file that holds nothing else, such as a client's."""
    data = _read(path)
    known(data, ("deviations",), str(path))
    return _deviations(data, slug, path)


def _deviations(data: Mapping[str, Any], slug: str, path: Path) -> tuple[Deviation, ...]:
    found = []
    ids = [one.id for one in contract.load(slug).clauses]
    given = data.get("deviations", [])
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise UsageError(f"{path}: deviations are tables.", hint="Write [[deviations]] with clause, reason and until.")
    for one in given:
        where = f"{path} [[deviations]]"
        known(one, ("clause", "reason", "until"), where)
        clause = checked_text(one, "clause", where)
        known({clause: None}, ids, where, noun="clause")
        found.append(Deviation(clause, checked_text(one, "reason", where), _until(one.get("until"), where)))
    return tuple(found)


def _until(value: Any, where: str) -> str | None:
    if value is None:
        return None
    try:
        moment = value if isinstance(value, date) else date.fromisoformat(value)
    except (TypeError, ValueError):
        raise UsageError(f"{where}: until is no date: {value!r}.", hint="Write until = 2027-01-31.") from None
    return (moment.date() if isinstance(moment, datetime) else moment).isoformat()
