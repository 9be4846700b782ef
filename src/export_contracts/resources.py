"""Where specs and cassettes are: beside the source in a checkout, inside the package once installed.

An editable install must see edits to `specs/`, so the checkout is looked at first.
"""

from __future__ import annotations

import errno
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


LARGEST = 256 * 1024 * 1024
"""Bytes of the largest file that is read whole, such as a results document."""


def bounded(path: Path, most: int = LARGEST) -> bytes:
    """The bytes of a file that a user named, and that may be a device without end; OSError where there are more."""
    with path.open("rb") as stream:
        body = stream.read(most + 1)
    if len(body) > most:
        raise OSError(errno.EFBIG, f"it is larger than {most // 1024**2} MB")
    return body
