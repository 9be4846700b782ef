"""YAML restricted to what JSON can say.

PyYAML reads `on` as True, `12:30:00` as 45000, `1540974701302_96` as an integer, a bare date as a date,
and silently keeps the last of duplicate keys. This loader knows JSON's scalars only and refuses duplicates.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, ClassVar

import yaml

from export_contracts.errors import ContractError, UsageError
from export_contracts.model import Json

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _StrictLoader(_Base):  # type: ignore[misc]  # the C loader is only known at run time
    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {}


def _no_duplicates(loader: Any, node: yaml.MappingNode) -> dict[str, Json]:
    mapping: dict[str, Json] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str):
            raise yaml.constructor.ConstructorError(
                None, None, f"key {key!r} is not text; quote it", key_node.start_mark
            )
        if key in mapping:
            raise yaml.constructor.ConstructorError(None, None, f"key {key!r} stands twice", key_node.start_mark)
        mapping[key] = loader.construct_object(value_node, deep=True)
    return mapping


_StrictLoader.add_constructor("tag:yaml.org,2002:map", _no_duplicates)
for _tag, _regex, _first in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("null", r"^(?:null|~|)$", ["n", "~", ""]),
    ("int", r"^-?(?:0|[1-9][0-9]*)$", "-0123456789"),
    ("float", r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$", "-0123456789"),
):
    _StrictLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_regex), list(_first))


def parse(text: str, *, name: str, error: type[UsageError] = ContractError) -> Json:
    """The JSON value of a YAML text; `error` with file and line where it is not strict."""
    try:
        return yaml.load(text, Loader=_StrictLoader)  # noqa: S506 - a subclass of the safe loader
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        where = f"{name}, line {mark.line + 1}" if mark else name
        raise error(
            f"{where} is not strict YAML: {getattr(problem, 'problem', problem)}.",
            hint="Only mappings with unique text keys, lists and JSON scalars are read; quote dates and times.",
        ) from None
    except RecursionError:
        raise error(f"{name} is nested too deeply.") from None


def load(path: Path, *, error: type[UsageError] = ContractError) -> Json:
    """The JSON value of a YAML file."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as problem:
        raise error(f"{path} cannot be read: {problem.strerror}.") from None
    except UnicodeDecodeError as problem:
        raise error(f"{path} is not UTF-8 at byte {problem.start}.") from None
    return parse(text, name=str(path), error=error)
