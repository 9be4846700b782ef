"""Vendors found by entry point `export_contracts.vendors`: a package each, ours or another distribution's.

By convention the package holds `checks`, `scenarios`, `reference` and `mutants`, and `verify` and `sample` where its
exports are files; its specs stand in `specs/<slug>/` here, or in the folder its `SPECS` attribute names.
"""

from __future__ import annotations

import importlib
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType

from export_contracts import resources
from export_contracts.errors import UsageError

GROUP = "export_contracts.vendors"


@cache
def _packages() -> dict[str, str]:
    return {one.name: one.value for one in entry_points(group=GROUP)}


def slugs() -> tuple[str, ...]:
    """Every installed vendor, in alphabetical order."""
    return tuple(sorted(slug for slug in _packages() if (specs_folder(slug) / "vendor.yaml").is_file()))


def _package(slug: str) -> str:
    try:
        return _packages()[slug]
    except KeyError:
        known = ", ".join(sorted(_packages()))
        raise UsageError(f"There is no vendor {slug!r}.", hint=f"Known vendors: {known}.") from None


def specs_folder(slug: str) -> Path:
    """The vendor's folder of specs."""
    folder = getattr(importlib.import_module(_package(slug)), "SPECS", None)
    return Path(folder) if folder else resources.specs() / slug


def module(slug: str, name: str) -> ModuleType:
    """The vendor's module `name`, imported when first asked for."""
    return importlib.import_module(f"{_package(slug)}.{name}")
