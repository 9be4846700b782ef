"""Vendors: a package each, ours under `export_contracts.vendors`, another distribution's by entry point of that name.

Entry points are asked for what is not ours only: looking through every installed distribution for them costs a command
more than all else that it reads before it begins.

By convention the package holds `checks`, `scenarios`, `reference` and `mutants`, and `verify` and `sample` where its
exports are files; its specs stand in `specs/<slug>/` here, or in the folder its `SPECS` attribute names.
"""

from __future__ import annotations

import importlib
from functools import cache
from pathlib import Path
from types import ModuleType

from export_contracts import resources
from export_contracts.errors import UsageError

GROUP = "export_contracts.vendors"
"""The group of entry points, and the package of our own vendors."""
OURS = Path(__file__).parents[1] / "vendors"
LONGEST = 100
"""Characters of the longest name that is looked for as a folder."""


@cache
def _packages() -> dict[str, str]:
    from importlib.metadata import entry_points

    return {one.name: one.value for one in entry_points(group=GROUP)}


def slugs() -> tuple[str, ...]:
    """Every installed vendor, in alphabetical order."""
    return tuple(sorted(slug for slug in _packages() if (specs_folder(slug) / "vendor.yaml").is_file()))


def is_known(slug: str) -> bool:
    """Whether `slugs` would name it, without looking at any other."""
    return _is_ours(slug) or slug in slugs()


def _is_ours(slug: str) -> bool:
    return slug.isidentifier() and len(slug) <= LONGEST and (OURS / slug / "__init__.py").is_file()


def _package(slug: str) -> str:
    if _is_ours(slug):
        return f"{GROUP}.{slug}"
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
