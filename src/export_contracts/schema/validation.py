"""JSON Schema 2020-12 validators with pointers in their answers.

jsonschema decides what is right; jsonschema-rs answers the hot question "is it valid at all". A test
holds the two together over our own schemas and their mutants.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import jsonschema_rs

from export_contracts.model import Json
from export_contracts.schema.pointer import join

if TYPE_CHECKING:  # a third of a short command's start, and needed only where something is invalid
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError


@dataclass(frozen=True, slots=True)
class Violation:
    """One schema violation: where in the instance, what was expected, what was there."""

    pointer: str
    expected: str
    got: str


class Validator:
    """A compiled schema. `schemas` maps URIs (`schemas/user.json`) to the documents it may refer to."""

    def __init__(self, schema: Mapping[str, Json], schemas: Mapping[str, Mapping[str, Json]]) -> None:
        self.schema = schema
        self._schemas = schemas

    @cached_property
    def _slow(self) -> Draft202012Validator:
        from jsonschema import Draft202012Validator, FormatChecker
        from referencing import Registry
        from referencing.jsonschema import DRAFT202012

        resources = [(uri(name), DRAFT202012.create_resource(body)) for name, body in self._schemas.items()]
        registry: Registry[Json] = Registry().with_resources(resources)
        # No format is asserted unless a schema spells it as a pattern: the documents' samples break their own.
        return Draft202012Validator(self.schema, registry=registry, format_checker=FormatChecker(formats=()))

    @cached_property
    def _fast(self) -> jsonschema_rs.Draft202012Validator:
        registry = jsonschema_rs.Registry(
            [(uri(name), dict(body)) for name, body in self._schemas.items()],
        )
        schema = {"$id": uri("contract"), **self.schema}
        return jsonschema_rs.Draft202012Validator(schema, registry=registry, validate_formats=False)

    def is_valid(self, value: Json) -> bool:
        """Whether `value` satisfies the schema (fast path)."""
        try:
            return bool(self._fast.is_valid(value))
        except UnicodeEncodeError:  # half of a surrogate pair, which Python's strings can hold and Rust's cannot
            return self.is_valid_by_the_book(value)

    def is_valid_by_the_book(self, value: Json) -> bool:
        """The same answer from jsonschema, the one that counts."""
        return bool(self._slow.is_valid(value))

    def violations(self, value: Json, at: str = "") -> Iterator[Violation]:
        """Each violation in `value`, deepest cause first for combined schemas."""
        if self.is_valid(value):
            return
        for error in self._slow.iter_errors(value):
            cause = _deepest(error)
            yield Violation(join(at, *cause.absolute_path), _expectation(cause), _got(cause))


def uri(name: str) -> str:
    """The absolute URI under which validators know a schema file such as `schemas/user.json`."""
    return f"https://schemas.invalid/{name}"


def _deepest(error: ValidationError) -> ValidationError:
    from jsonschema.exceptions import best_match

    return best_match([error]) or error


_WORDS: Final = {
    "const": "{}",
    "minimum": "at least {}",
    "maximum": "at most {}",
    "minLength": "text of at least {} characters",
    "maxLength": "text of at most {} characters",
    "minItems": "at least {} items",
    "maxItems": "at most {} items",
    "uniqueItems": "no item twice",
    "minProperties": "at least {} members",
    "not": "anything but {}",
}


def _got(error: ValidationError) -> str:
    """What stood there; text in quotes where the type is wrong, lest "4" be taken for a number."""
    value: Json = error.instance
    return shorten(
        json.dumps(value, ensure_ascii=False) if error.validator == "type" and isinstance(value, str) else value
    )


def _expectation(error: ValidationError) -> str:
    if error.validator == "type":
        wanted: Json = error.validator_value
        return f"type {wanted if isinstance(wanted, str) else ' or '.join(str(one) for one in wanted)}"
    if error.validator == "enum":
        return f"one of {shorten(error.validator_value)}"
    if error.validator == "pattern":
        return f"text that matches {error.validator_value}"
    if error.validator == "required":
        return f"{error.message.split(' ')[0]} to be present"
    if error.validator in {"anyOf", "oneOf"} and error.context:
        return shorten(" or ".join(dict.fromkeys(_expectation(one) for one in error.context)))
    words = _WORDS.get(str(error.validator))
    return shorten(error.message) if words is None else words.format(shorten(error.validator_value))


def shorten(value: Json, limit: int = 160) -> str:
    """`value` as JSON on one line, fit for a report; text without quotes."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=repr)
    text = text if len(text) <= limit else text[: limit - 1] + "…"
    return text.encode("unicode_escape").decode("ascii") if not text.isprintable() else text
