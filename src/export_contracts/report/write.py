"""Report files, written whole or not at all. Renders nothing."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from export_contracts.errors import ExportContractsError


def write(path: Path, text: str) -> None:
    """Put `text` at `path` by a temporary file beside it and a rename; one clear sentence where that fails."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ExportContractsError(
            f"{path} cannot be written: {error.strerror or error}.",
            hint="Give another folder.",
        ) from None
