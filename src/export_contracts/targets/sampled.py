"""Text made what the sample line of a setting shows: a number, a list, a table. What is no text stays as it is.

A command line knows text only, and whoever quotes a number in a target file means the number all the same.
"""

from __future__ import annotations

import json
from typing import Final

from export_contracts.catalogue.manifest import Setting
from export_contracts.errors import UsageError
from export_contracts.model import Json

LONGEST_NUMBER: Final = 18


def as_sampled(setting: Setting, value: Json, where: str) -> Json:
    """`value` by the kind of its setting: digits to a number, JSON to itself, text with commas to a list of texts.

    Lists of tables have no such short form; text that is no JSON is left for the vendor to make sense of.
    """
    if not isinstance(value, str) or setting.secret:
        return value
    sample = setting.add.partition(f"{setting.name} = ")[2]
    if sample[:1].isdecimal() and value.strip().isdecimal() and len(value) <= LONGEST_NUMBER:
        return int(value)
    if value.lstrip()[:1] in {"[", "{"} and (sample[:1] in {"[", "{"} or " table " in setting.add):
        return _json(setting, value, where)
    if sample.startswith("[") and not sample.startswith("[{"):
        return [one.strip() for one in value.split(",") if one.strip()]
    return value


def _json(setting: Setting, text: str, where: str) -> Json:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        hint = f"A list or table stands in a target file, or here as JSON. In a file: {setting.add}."
        raise UsageError(f"{where}: {setting.name} is no sound JSON.", hint=hint) from None
