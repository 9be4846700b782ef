"""A vendor's manifest, `specs/<slug>/vendor.yaml`: names, hosts, credentials, what a target may offer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from export_contracts.catalogue import strict_yaml
from export_contracts.errors import ContractError
from export_contracts.model import Json


@dataclass(frozen=True, slots=True)
class Link:
    """An operation reached by following a URL found in an answer or in a callback."""

    operation: str
    method: str
    pointer: str
    source: str
    """The operationId whose answer holds the URL, or `callback`."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Something a target may declare: an id, a secret, or a feature such as a bucket.

    `same_as` names the setting for which this is another word; what is declared counts as that one.
    """

    name: str
    about: str
    add: str
    required: bool = False
    secret: bool = False
    same_as: str | None = None


@dataclass(frozen=True, slots=True)
class Credential:
    """One header that authenticates: `scheme` bearer, basic or plain, `of` the settings it is made from."""

    header: str
    scheme: str
    of: tuple[str, ...]


@dataclass(frozen=True)
class Manifest:
    """The whole of `vendor.yaml`."""

    slug: str
    title: str
    prefix: str
    summary: str
    hosts: tuple[str, ...] = ()
    base_path: str = ""
    links: tuple[Link, ...] = ()
    legacy: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    credentials: tuple[Credential, ...] = ()
    settings: Mapping[str, Setting] = field(default_factory=dict)
    companions: tuple[str, ...] = ()
    """Path patterns that clients call beside the contract's operations, such as the vendor's token endpoint."""
    neighbours: tuple[str, ...] = ()
    """Path patterns of other endpoints next to an operation, which no misspelling of it is mistaken for."""
    starts: tuple[str, ...] = ()
    """Operations that start an export, of which a live account is spared too many."""
    stops: tuple[str, ...] = ()
    """Operations that end exports, which nobody does to a live account in passing."""
    matrix: Mapping[str, str] = field(default_factory=dict)
    since: str | None = None
    """The first month, `YYYY-MM`, of which anything is known; None where any month will do."""
    undated: str = ""
    """One sentence on what of this vendor is known without its date, or was never seen to change."""


def load(folder: Path) -> Manifest:
    """Read `vendor.yaml` in `folder`."""
    data = strict_yaml.load(folder / "vendor.yaml")
    try:
        return _manifest(data)
    except (KeyError, TypeError, AttributeError) as error:
        raise ContractError(f"{folder / 'vendor.yaml'} lacks or misspells {error}.") from None


def _manifest(data: Json) -> Manifest:
    links = [
        Link(operation=name, method=one.get("method", "GET"), pointer=origin["pointer"], source=origin["from"])
        for name, one in data.get("followed", {}).items()
        for origin in one["links"]
    ]
    settings = {
        name: Setting(
            name=name,
            about=one["about"],
            add=one["add"],
            required=one.get("required", False),
            secret=one.get("secret", False),
            same_as=one.get("same_as"),
        )
        for name, one in data.get("settings", {}).items()
    }
    credentials = [
        Credential(one["header"], one.get("scheme", "plain"), tuple(one["of"])) for one in data.get("credentials", [])
    ]
    return Manifest(
        slug=data["slug"],
        title=data["title"],
        prefix=data["prefix"],
        summary=data["summary"],
        hosts=tuple(data.get("hosts", ())),
        base_path=data.get("base_path", ""),
        links=tuple(links),
        legacy={name: tuple(paths) for name, paths in data.get("legacy_paths", {}).items()},
        credentials=tuple(credentials),
        settings=settings,
        companions=tuple(data.get("companions", ())),
        neighbours=tuple(data.get("neighbours", ())),
        starts=tuple(data.get("starts", ())),
        stops=tuple(data.get("stops", ())),
        matrix=data.get("matrix", {}),
        since=data.get("since"),
        undated=data.get("undated", ""),
    )
