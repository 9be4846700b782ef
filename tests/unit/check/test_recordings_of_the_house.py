"""The cassettes of the house: they say where they come from, are redacted, and are readable by vcrpy."""

import pytest
import yaml
from vcr.serialize import deserialize
from vcr.serializers import yamlserializer

from export_contracts import resources
from export_contracts.catalogue import contract as contracts
from export_contracts.catalogue import plugins
from export_contracts.check.record import record, recordable
from export_contracts.files.archive import read_archive
from export_contracts.targets.venue import embedded_venue
from export_contracts.transcript.redact_traffic import redact
from export_contracts.transcript.redaction import Redactor
from export_contracts.transcript.traffic import cassettes_in, load

CASSETTES = [path for slug in plugins.slugs() for path in cassettes_in(resources.cassettes() / slug)]
DOCUMENTED = [path for path in CASSETTES if path.name.startswith("documented-")]
each = pytest.mark.parametrize("path", CASSETTES, ids=lambda path: f"{path.parent.name}/{path.stem}")
each_documented = pytest.mark.parametrize("path", DOCUMENTED, ids=lambda path: f"{path.parent.name}/{path.stem}")


def metadata(path):
    return yaml.safe_load(path.read_text(encoding="ascii"))["metadata"]


@pytest.mark.parametrize("slug", plugins.slugs())
def test_every_vendor_has_documented_cassettes(slug):
    assert [path for path in DOCUMENTED if path.parent.name == slug]


@each
def test_origin_name_and_date_agree(path):
    (transcript,) = load(path, path.parent.name)
    assert path.stem == f"{transcript.origin}-{transcript.name}"
    assert transcript.origin in {"documented", "reference", "live"}
    assert len(transcript.recorded_at) == len("2026-11-22")
    assert metadata(path)["about"]


@each
def test_nothing_is_left_to_redact(path):
    (transcript,) = load(path, path.parent.name)
    assert redact(Redactor(), transcript) == transcript


@each
def test_vcrpy_reads_it(path):
    requests, responses, _ = deserialize(path.read_text(encoding="ascii"), yamlserializer)
    (transcript,) = load(path, path.parent.name)
    answered = [one for one in transcript.exchanges if one.response is not None]
    assert [one.uri for one in requests] == [one.request.url for one in answered]
    assert [one["status"]["code"] for one in responses] == [one.status for one in answered]


@each
def test_it_is_small(path):
    assert path.stat().st_size < 100_000


@each_documented
def test_a_documented_cassette_says_what_was_printed_and_what_was_not(path):
    said = metadata(path)
    documents = contracts.load(path.parent.name).documents
    for one in said["sources"]:
        assert one["part"]
        assert one.get("elsewhere") or (one["document"] in documents and one["lines"])
    assert said["not_in_the_documents"]
    assert said["document_date"]


def contents(path, slug):
    """A cassette as values, archives opened: how tightly a body is packed differs between builds of zlib."""
    (transcript,) = load(path, slug)
    for one in transcript.exchanges:
        answer = one.response
        opened = read_archive(answer.body) if answer else None
        packed = opened is not None and opened.kind in {"zip", "gzip"}
        fields = (
            [pair for pair in answer.headers if not (packed and pair[0].lower() == "content-length")] if answer else []
        )
        yield one.request, one.started, one.ended, one.intent, one.trouble, one.status, fields
        yield opened.members if packed else answer and answer.body
    yield [(one.key, one.at, read_archive(one.body)) for one in transcript.files]
    yield transcript.callbacks, transcript.facts, metadata(path)["about"], transcript.recorded_at


@pytest.mark.parametrize("slug", plugins.slugs())
def test_recording_the_reference_again_changes_nothing(slug, tmp_path):
    """After a change of a reference, `python tests/rerecord.py` records its cassettes again."""
    house = {path.name: path for path in CASSETTES if path.parent.name == slug and path.name.startswith("reference-")}
    chosen = [one for one in recordable(slug) if f"reference-{one.name}.yaml" in house]
    done = list(record(contracts.load(slug), embedded_venue(slug), chosen, tmp_path, recorded_at="2026-11-22"))
    assert house
    assert sorted(house) == sorted(one.path.name for one in done)
    stale = [one.path.name for one in done if [*contents(one.path, slug)] != [*contents(house[one.path.name], slug)]]
    assert stale == []
