"""Where specs and cassettes are: beside the source in a checkout, inside the package once installed.

An editable install must see edits to `specs/`, so the checkout is looked at first.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from export_contracts.errors import ContractError

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent.parent


@cache
def _folder(name: str) -> Path:
    in_checkout = _CHECKOUT / name
    if _PACKAGE.parent.name == "src" and in_checkout.is_dir():
        return in_checkout
    inside = _PACKAGE / "_data" / name
    if inside.is_dir():
        return inside
    raise ContractError(f"The folder {name}/ is missing from this installation.", hint="Install the package again.")


def specs() -> Path:
    """The folder that holds one folder for each vendor, and `meta/`."""
    return _folder("specs")


def cassettes() -> Path:
    """The folder that holds one folder of cassettes for each vendor."""
    return _folder("cassettes")
