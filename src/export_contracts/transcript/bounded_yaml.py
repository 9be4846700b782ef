"""Loads a cassette's YAML with vcrpy's own loader, after making sure that it is neither deep nor a bomb.

PyYAML's C loader recurses without bound: a few thousand brackets would end the process, not the reading. What
the contract itself is written in is read by the stricter loader of the catalogue.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import yaml

from export_contracts.errors import TrafficError
from export_contracts.model import Json

DEEPEST: Final = 60
MOST_NODES: Final = 3_000_000
MOST_TEXT: Final = 256 * 1024 * 1024
HINT: Final = "Recorded traffic is a vcrpy cassette (YAML) or a HAR file (JSON)."
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load(text: str, *, name: str) -> Json:
    """The value of the text, `TrafficError` where it is broken, deeper than DEEPEST or larger than MOST_NODES."""
    from vcr.serializers import yamlserializer

    try:
        _measure(text, name)
        data = yamlserializer.deserialize(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{name}, line {mark.line + 1}" if mark else name
        said = one_line(getattr(error, "problem", None) or error)
        raise TrafficError(f"{where} is broken YAML: {said}.", hint=HINT) from None
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError, LookupError) as error:
        raise TrafficError(f"{name} is YAML that cannot be read: {one_line(error)}.", hint=HINT) from None
    if is_vast(data):
        raise TrafficError(f"{name} unfolds to more than {MOST_NODES} values.", hint=HINT)
    if _texts(data) > MOST_TEXT:
        raise TrafficError(f"{name} unfolds to more than {MOST_TEXT} characters.", hint=HINT)
    return data


def is_vast(data: Json) -> bool:
    """Whether the value, with aliases unfolded as a reader would, has more than MOST_NODES parts; endless ones have."""
    return sum(1 for _ in _nodes(data)) > MOST_NODES


def _texts(data: Json) -> int:
    """Characters and bytes of all its texts, those that aliases repeat counted each time."""
    return sum(len(one) for one in _nodes(data) if isinstance(one, (str, bytes)))


def one_line(said: object) -> str:
    """What an exception says, on one line and not too long."""
    return f"{' '.join(str(said).split()):.160}"


def _measure(text: str, name: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            where = f"{name}, line {event.start_mark.line + 1}" if event.start_mark else name
            raise TrafficError(f"{where} is nested deeper than {DEEPEST} levels.", hint=HINT)


def _nodes(data: Json) -> Iterator[Json]:
    """Each value, following aliases as a reader would; ends soon after MOST_NODES."""
    waiting = [data]
    seen = 0
    while waiting and seen <= MOST_NODES:
        one = waiting.pop()
        seen += 1
        yield one
        if isinstance(one, dict):
            waiting.extend(one.values())
        elif isinstance(one, (list, tuple)):
            waiting.extend(one)
