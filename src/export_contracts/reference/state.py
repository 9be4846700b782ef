"""Keeps references' state in one SQLite file, so that a restart loses nothing: jobs, chance, clock, files.

The file belongs to one server at a time. What is stored is each reference's `state` as JSON text; nothing here
knows what it means.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from export_contracts.errors import UsageError
from export_contracts.model import Json

_OURS: Final = 0x45584354
"""SQLite's application_id of our files."""

_FOREIGN: Final = "file is not a database of ours"

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS kept (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS objects (bucket TEXT, key TEXT, body BLOB NOT NULL, PRIMARY KEY (bucket, key));
"""


class StateFile:
    """Named JSON values and the objects of buckets. Callers serialise their calls."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._open()
        except sqlite3.DatabaseError as error:
            raise _sentence(path, error) from None

    def _open(self) -> None:
        self._database = sqlite3.connect(self.path, timeout=0.5, isolation_level=None, check_same_thread=False)
        try:
            self._database.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._database.execute("BEGIN EXCLUSIVE")
            mark = self._database.execute("PRAGMA application_id").fetchone()[0]
            filled = self._database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            if mark != _OURS and (mark or filled):
                raise sqlite3.DatabaseError(_FOREIGN)  # noqa: TRY301 - told as every trouble with the file is
            self._database.execute(f"PRAGMA application_id = {_OURS}")
            for statement in filter(str.strip, _TABLES.split(";")):
                self._database.execute(statement)
            self._database.execute("COMMIT")
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = NORMAL")
        except BaseException:
            self._database.close()
            raise

    def load(self, name: str) -> Json | None:
        """The value stored under `name`, None where there is none."""
        found = self._run("SELECT value FROM kept WHERE name = ?", name).fetchone()
        if found is None:
            return None
        try:
            return json.loads(found[0])
        except ValueError:
            raise UsageError(f"The state file {self.path} is damaged at {name!r}.", hint="Move it away.") from None

    def save(self, name: str, text: str) -> None:
        """Store JSON text under `name`."""
        self._run("INSERT INTO kept VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, text)

    def clear(self) -> None:
        """Forget everything."""
        self._run("DELETE FROM kept")
        self._run("DELETE FROM objects")

    def bucket(self, name: str) -> StoredBucket:
        """A bucket whose objects live in this file."""
        return StoredBucket(self, name)

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def _run(self, statement: str, *values: Any) -> sqlite3.Cursor:
        try:
            return self._database.execute(statement, values)
        except sqlite3.DatabaseError as error:
            raise _sentence(self.path, error) from None


class StoredBucket:
    """A bucket in a state file."""

    def __init__(self, file: StateFile, name: str) -> None:
        self._file, self._name = file, name

    def put(self, key: str, body: bytes) -> None:
        """Store an object."""
        self._file._run("INSERT OR REPLACE INTO objects VALUES (?, ?, ?)", self._name, key, body)  # noqa: SLF001 - one unit with its file

    def get(self, key: str) -> bytes | None:
        """The object, None where there is none."""
        found = self._file._run("SELECT body FROM objects WHERE bucket = ? AND key = ?", self._name, key)  # noqa: SLF001 - one unit with its file
        row = found.fetchone()
        return None if row is None else bytes(row[0])

    def keys(self, prefix: str = "") -> Iterator[str]:
        """Keys that begin with `prefix`, in order."""
        found = self._file._run("SELECT key FROM objects WHERE bucket = ? ORDER BY key", self._name)  # noqa: SLF001 - one unit with its file
        yield from (key for (key,) in found.fetchall() if key.startswith(prefix))

    def objects(self, prefix: str = "") -> Iterator[tuple[str, bytes]]:
        """Objects whose key begins with `prefix`, by key."""
        for key in self.keys(prefix):
            body = self.get(key)
            if body is not None:
                yield key, body


class MirroredBucket:
    """A bucket that also keeps each object in a state file and, on opening, puts back what a restart lost."""

    def __init__(self, shown: Any, stored: StoredBucket) -> None:
        self._shown, self._stored = shown, stored
        for key, body in stored.objects():
            shown.put(key, body)

    def put(self, key: str, body: bytes) -> None:
        """Store an object in both."""
        self._stored.put(key, body)
        self._shown.put(key, body)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._shown, name)


def _sentence(path: Path, error: sqlite3.DatabaseError) -> UsageError:
    text = str(error)
    if "locked" in text or "busy" in text:
        return UsageError(f"The state file {path} is in use by another server.", hint="Stop that one, or name another.")
    if "not a database" in text:
        hint = "Name a new file, or one made by serve."
        return UsageError(f"{path} is no state file of export-contracts.", hint=hint)
    if "malformed" in text or "corrupt" in text:
        return UsageError(f"The state file {path} is damaged.", hint="Move it away; serve then begins anew.")
    return UsageError(f"The state file {path} cannot be used: {text}.")
