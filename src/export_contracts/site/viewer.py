"""Swagger UI beside our own tables, from the extra `docs`: its bundle is copied, so that nothing is fetched when read.

Without the extra there is none; the pages of operations are whole without it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from export_contracts.catalogue.contract import Contract
from export_contracts.model import Json
from export_contracts.site.operations import Resolver

EXTRA: Final = "docs"
FILES: Final = ("swagger-ui-bundle.js", "swagger-ui.css", "LICENSE")
POLICY: Final = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'self'"
)
"""The viewer writes styles into its page as it goes."""


def bundle() -> Path | None:
    """The folder of the viewer's files; None where the extra is not installed."""
    found = find_spec("flask_swagger_ui")
    if found is None or found.origin is None:
        return None
    folder = Path(found.origin).with_name("dist")
    return folder if all((folder / one).is_file() for one in FILES) else None


def files(folder: Path) -> Iterator[tuple[str, str]]:
    """The viewer's files as paths on the site and texts."""
    for name in FILES:
        yield f"viewer/{name}", (folder / name).read_text(encoding="utf-8")


def description(contract: Contract) -> str:
    """The OpenAPI document as a script, since a page in a mere folder may read no file beside it."""
    document = {**contract.openapi, "paths": _whole(contract.openapi.get("paths", {}), Resolver(contract))}
    schemes = document.get("components", {}).get("securitySchemes")
    document["components"] = {"securitySchemes": schemes} if schemes else {}
    return f"const exportContractsApi={json.dumps(document, separators=(',', ':'))};\n"


def _whole(value: Json, resolve: Resolver, within: tuple[str, ...] = ()) -> Json:
    """The value with what it refers to in place of the references, which the viewer cannot follow in a mere folder."""
    if isinstance(value, list):
        return [_whole(one, resolve, within) for one in value]
    if not isinstance(value, Mapping):
        return value
    reference = value.get("$ref")
    if isinstance(reference, str):
        if reference in within:  # a schema that holds itself is shown once
            return {"description": f"Again {reference.rpartition('/')[2]}."}
        return _whole(resolve(value)[0], resolve, (*within, reference))
    return {name: _whole(one, resolve, within) for name, one in value.items()}
