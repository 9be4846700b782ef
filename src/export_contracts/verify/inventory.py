"""The inventory of a run, held against that of the last one that ended well in the same report folder. Opens no file.

These are notes and no findings: an export is a snapshot, and no document says that one delivery holds the files of
another. What documents do say of whole sets, such as the batches that a job names, has clauses.

A list is the first line that tells what it is of, then a name and a size a line. Of a file 16 bytes stay in memory.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from export_contracts.checks.delivered import Named
from export_contracts.checks.readers import among, mark, ordered
from export_contracts.model import Json
from export_contracts.verify.disk_errors import explained

NEW: Final = "files-now"
NOTED: Final = "files-changed"
SHOWN: Final = 3
"""Names that a sentence holds."""
Entry = tuple[str, int]


def changes(folder: Path, before: Path | None, about: Mapping[str, Json], files: Iterable[Named]) -> tuple[str, ...]:
    """Sentences on what has changed since the list `before`; none where it is of something else, or missing.

    The list of now, and the sentences, are put into the run's `folder`, where a run that goes on finds them.
    """
    if before is None:
        return ()
    noted, now = folder / NOTED, folder / NEW
    with explained(folder):
        if noted.is_file():
            return tuple(json.loads(noted.read_text(encoding="utf-8")))
        with now.open("w", encoding="utf-8") as file:
            file.write(json.dumps(about) + "\n")
            file.writelines(json.dumps([one.name, one.size]) + "\n" for one in files)
        told = tuple(_since(before, now, about))
        begun = noted.with_suffix(".begun")
        begun.write_text(json.dumps(told), encoding="utf-8")
        begun.replace(noted)
    return told


def keep(folder: Path, place: Path) -> None:
    """The list of this run is the one that the next looks at."""
    with explained(place.parent), contextlib.suppress(FileNotFoundError):
        (folder / NEW).replace(place)


def _since(before: Path, now: Path, about: Mapping[str, Json]) -> Iterator[str]:
    if next(_read(before, about), None) is None:
        return
    old, new = (ordered(_marks(_read(one, about))) for one in (before, now))
    came = (name for name, _ in _read(now, about) if not among(mark(name), old))
    changed = (one[0] for one in _read(now, about) if among(mark(one[0]), old) and not among(_sized(one), old))
    gone = (name for name, _ in _read(before, about) if not among(mark(name), new))
    for names, what in ((came, "new"), (changed, "of another size"), (gone, "gone")):
        count, shown = 0, list[str]()
        for name in names:
            count += 1
            if count <= SHOWN:
                shown.append(name)
        if count:
            files = f"{count} file{' is' if count == 1 else 's are'}"
            yield f"Since the last run {files} {what}: {', '.join(shown)}{', …' if count > SHOWN else ''}."


def _marks(entries: Iterable[Entry]) -> Iterator[int]:
    for one in entries:
        yield mark(one[0])
        yield _sized(one)


def _sized(entry: Entry) -> int:
    return mark(f"{entry[0]}\0{entry[1]}")


def _read(path: Path, about: Mapping[str, Json]) -> Iterator[Entry]:
    with contextlib.suppress(FileNotFoundError, ValueError), path.open(encoding="utf-8") as file:
        if json.loads(file.readline()) == about:
            for line in file:
                name, size = json.loads(line)
                yield name, size
