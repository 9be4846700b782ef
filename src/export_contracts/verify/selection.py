"""Selects the files that a run is to examine: what locations hold, less what is none of the vendor's. Opens none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from types import ModuleType
from typing import cast

from export_contracts.checks.delivered import Named
from export_contracts.errors import UnreachableError
from export_contracts.verify.local import FilePlace
from export_contracts.verify.storage import Place, Skipped


def files(
    places: Sequence[Place], module: ModuleType, skipped: Skipped, request: str | None = None
) -> Iterator[tuple[int, Named]]:
    """Every file that the vendor's exports may consist of, with the number of its place; not the `request`'s own."""
    left_out = cast("Callable[[Named], str | None] | None", getattr(module, "left_out", None))
    for number, place in enumerate(places):
        for named in _listed(place, skipped):
            # One that was named itself is always read.
            reason = None if left_out is None or isinstance(place, FilePlace) else left_out(named)
            if named.path == request:
                reason = "it holds the request"
            if reason is None:
                yield number, named
            else:
                skipped.add(reason)


def _listed(place: Place, skipped: Skipped) -> Iterator[Named]:
    try:
        yield from place.files(skipped)
    except OSError as error:
        raise UnreachableError(f"{error.filename or 'A file'} cannot be read: {error.strerror or error}.") from None


def nothing(locations: str, skipped: Skipped) -> UnreachableError:
    """What to raise where there is no file."""
    if skipped.reasons:
        return UnreachableError(f"There is nothing to verify at {locations}. {' '.join(skipped.sentences())}")
    return UnreachableError(f"There is no file at {locations}.")
