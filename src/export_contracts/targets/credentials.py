"""The headers that authenticate: what a manifest says of them, made from secrets. Pure; nothing is looked up here."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable

from export_contracts.catalogue.manifest import Credential


def headers(given: Iterable[Credential], secret: Callable[[str], str], *, wrong: bool = False) -> dict[str, str]:
    """Header fields by name. With `wrong`, secrets that no server knows.

    A plain field beside one of another scheme is an id and stays as it is; where all are plain, they are the secrets.
    """
    fields = {}
    chosen = tuple(given)
    only_plain = all(one.scheme == "plain" for one in chosen)
    for one in chosen:
        values = [secret(name) for name in one.of]
        if wrong and (only_plain or one.scheme != "plain"):
            values = [value[::-1] + "-wrong" for value in values]
        if one.scheme == "bearer":
            fields[one.header] = f"Bearer {values[0]}"
        elif one.scheme == "basic":
            fields[one.header] = "Basic " + base64.b64encode(":".join(values).encode()).decode()
        else:
            fields[one.header] = values[0]
    return fields
