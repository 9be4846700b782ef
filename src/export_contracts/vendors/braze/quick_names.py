"""Hashes of what tells users apart: 64 bits each, 0 for a user of whom nothing tells. Equal hashes prove nothing."""

from __future__ import annotations

from collections.abc import Sequence

from xxhash import xxh3_64_intdigest

from export_contracts.model import Json
from export_contracts.schema.proved import OTHER


def hashed(own: Json, other: Json) -> int:
    """The hash of a user by both ids."""
    name = f"{own}" if own else f"{OTHER}{other}" if other else ""
    return (xxh3_64_intdigest(name.encode("utf-8", "surrogatepass")) or 1) if name else 0


def hashes(names: Sequence[bytes]) -> list[int]:
    """The same of many users by the names that a `Proof` has of them."""
    found = list(map(xxh3_64_intdigest, names))
    if all(names) and all(found):
        return found
    return [(one or 1) if name else 0 for name, one in zip(names, found, strict=True)]
