"""No request, however strange, brings a vendor's reference down, and whatever it keeps is JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from export_contracts.catalogue import contract, plugins
from export_contracts.model import Headers, Request
from export_contracts.targets.embedded import embedded
from export_contracts.targets.stage import Stage
from export_contracts.targets.transport import Trouble

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
ODD_HEADERS = st.dictionaries(
    st.sampled_from(["Authorization", "Content-Type", "Accept", "Accept-Encoding", "Range", "Content-Length", "X"]),
    st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=20)
    | st.sampled_from(["Bearer", "Basic Og==", "Basic é", "application/json", "text/csv", "*/*;q=x", "gzip;q=0"]),
    max_size=2,
)


@dataclass(frozen=True)
class Vocabulary:
    """Words that mean something to a vendor: they take a strange request further in than noise would."""

    paths: tuple[str, ...]
    names: tuple[str, ...]
    values: tuple[object, ...]


@cache
def vocabulary(slug: str) -> Vocabulary:
    known = contract.load(slug)
    target, _ = embedded(slug, users=3)
    words = [one for one in target.settings.values() if isinstance(one, str)]
    paths = [one.path for one in known.operations]
    for name, value in target.settings.items():
        paths += [one.replace("{" + name + "}", str(value)) for one in paths if "{" + name + "}" in one]
    names = {name for schema in objects(known.openapi) for name in schema.get("properties", ())}
    enums = [value for schema in objects(known.openapi) for value in schema.get("enum", ())]
    return Vocabulary(tuple(dict.fromkeys(paths)), tuple(sorted(names)) or ("name",), (*words, *enums))


def objects(document: object) -> Iterator[dict]:
    """Every JSON object in the document, itself included."""
    if isinstance(document, dict):
        yield document
    for inner in document.values() if isinstance(document, dict) else document if isinstance(document, list) else ():
        yield from objects(inner)


@st.composite
def requests(draw, slug: str, base: str, good: dict[str, str]) -> Request:
    words = vocabulary(slug)
    path = draw(st.sampled_from(words.paths) | st.text(max_size=10).map(lambda text: "/" + text))
    query = draw(
        st.sampled_from(["", "?", "?a=%zz&a", "?limit=-1", "?limit=x&start=%F0%9F%90%B1"]) | st.text(max_size=6)
    )
    known = st.sampled_from(words.values) | JSON | st.lists(st.sampled_from(words.values), max_size=3)
    asked = st.dictionaries(st.sampled_from(words.names), known, max_size=6)
    body = draw(st.binary(max_size=20) | (asked | JSON).map(lambda value: json.dumps(value).encode()))
    headers = {**(good if draw(st.integers(0, 4)) else {}), "Content-Type": "application/json", **draw(ODD_HEADERS)}
    method = draw(st.sampled_from(["GET", "POST", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "BREW"]))
    return Request(method, base + path + query, Headers.of(headers), body)


@pytest.mark.parametrize("awkward", [None, 5])
@pytest.mark.parametrize("slug", plugins.slugs())
@settings(max_examples=100)
@given(data=st.data())
def test_any_request_has_an_answer(slug, awkward, data):
    target, transport = embedded(slug, users=3, awkward=awkward)
    good = Stage(contract.load(slug), target, transport, "any").credentials()
    for _ in range(data.draw(st.integers(1, 4))):
        request = data.draw(requests(slug, target.url, good))
        try:
            response = transport.carry(request)
        except Trouble:
            continue
        assert 200 <= response.status <= 599
        assert isinstance(response.body, bytes)
        assert all(isinstance(name, str) and isinstance(value, str) for name, value in response.headers)
        transport.advance(data.draw(st.sampled_from([0.0, 5.0, 3600.0, 86_400.0])))
    state = transport.reference.state
    assert json.loads(json.dumps(state, allow_nan=False)) == state
