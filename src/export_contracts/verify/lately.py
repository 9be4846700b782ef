"""Which files came, went or changed since the last run that ended well in the same report folder. Opens none."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from export_contracts.checks.delivered import Named
from export_contracts.model import Json
from export_contracts.verify.journal import explained


def since(path: Path, about: Mapping[str, Json], files: Iterable[Named]) -> Iterator[str]:
    """Sentences on what has changed since the listing at `path`; none where it is of something else, or missing."""
    before = dict(_read(path, about))
    if not before:
        return
    new, changed = [], []
    for named in files:
        size = before.pop(named.name, None)
        if size is None:
            new.append(named.name)
        elif size != named.size:
            changed.append(named.name)
    for names, what in ((new, "new"), (changed, "of another size"), (sorted(before), "gone")):
        if names:
            count = f"{len(names)} file{' is' if len(names) == 1 else 's are'}"
            yield f"Since the last run {count} {what}: {', '.join(names[:3])}{', …' if len(names) > 3 else ''}."


def keep(path: Path, about: Mapping[str, Json], files: Sequence[Named]) -> None:
    """Put down what was listed, for the next run."""
    begun = path.with_suffix(".begun")
    with explained(path.parent):
        with begun.open("w", encoding="utf-8") as file:
            file.write(json.dumps(about) + "\n")
            file.writelines(json.dumps([one.name, one.size]) + "\n" for one in files)
        begun.replace(path)


def _read(path: Path, about: Mapping[str, Json]) -> Iterator[tuple[str, int]]:
    with contextlib.suppress(FileNotFoundError, ValueError), path.open(encoding="utf-8") as file:
        if json.loads(file.readline()) == about:
            for line in file:
                name, size = json.loads(line)
                yield name, size
