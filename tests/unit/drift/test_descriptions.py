"""API descriptions as generators and people write them: every form read, each change told once."""

import copy
import json

import pytest

from export_contracts.catalogue import contract as contracts
from export_contracts.errors import UsageError


def described(slug):
    return json.loads(json.dumps(contracts.load(slug).openapi))


def body_of(document):
    schema = document["paths"]["/users/export/segment"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    while "$ref" in schema:
        found = document
        for part in schema["$ref"][2:].split("/"):
            found = found[part]
        schema = found
    return schema


def composed(document):
    schema = body_of(document)
    names = list(schema["properties"])
    first = {one: schema["properties"].pop(one) for one in names[:2]}
    schema["allOf"] = [
        {"type": "object", "properties": first, "required": [one for one in schema["required"] if one in first]}
    ]
    schema["required"] = [one for one in schema["required"] if one not in first]


def alternatives(document):
    schema = body_of(document)
    whole = copy.deepcopy(schema)
    schema.clear()
    schema["oneOf"] = [whole, copy.deepcopy(whole)]


def optional_in_one(document):
    alternatives(document)
    body_of(document)["oneOf"][1]["required"].remove("segment_id")


def nullable(document):
    body_of(document)["properties"]["callback_endpoint"].update(type="string", nullable=True)


def null_without_quotes(document):
    body_of(document)["properties"]["callback_endpoint"].update(type=["string", None])


def dangling(document):
    body_of(document)["properties"]["callback_endpoint"] = {"$ref": "#/components/schemas/NoSuchThing"}


def moved(document):
    document["paths"]["/v2/users/export/segment"] = document["paths"].pop("/users/export/segment")


def elsewhere(document):
    """Operations beside the contract's, one of them much like it by its path."""
    document["paths"]["/users/export/ids"] = {
        "post": {
            "operationId": "ids",
            "requestBody": {
                "content": {
                    "application/json": {
                        "schema": {
                            "type": "object",
                            "required": ["braze_ids"],
                            "properties": {"braze_ids": {"type": "array"}},
                        }
                    }
                }
            },
            "responses": {"200": {"description": "x"}, "418": {"description": "x"}},
        }
    }


def retitled(document):
    document["info"]["title"] = "Somebody's description"


OPENAPI = {
    "by somebody else": (retitled, []),
    "composed of parts": (composed, []),
    "two equal alternatives": (alternatives, []),
    "optional in one alternative": (optional_in_one, [("request", "now-optional", "segment_id")]),
    "nullable": (nullable, [("request", "became-null", "callback_endpoint")]),
    "null that YAML reads as nothing": (null_without_quotes, [("request", "became-null", "callback_endpoint")]),
    "a reference that leads nowhere": (dangling, []),
    "moved": (moved, [("path", "path-changed", "/users/export/segment")]),
    "other operations": (elsewhere, []),
}


@pytest.mark.parametrize("change", OPENAPI)
def test_each_change_of_a_description_shows_once(changes, change):
    document = described("braze")
    alter, expected = OPENAPI[change]
    alter(document)
    assert changes("braze", json.dumps(document))[0] == expected


@pytest.mark.parametrize("slug", ["adobe", "apsis", "bloomreach", "braze"])
def test_somebody_elses_description_of_the_same_shows_its_own_changes_only(changes, slug):
    document = described(slug)
    retitled(document)
    assert changes(slug, json.dumps(document))[0] == []
    path, item = list(document["paths"].items())[-1]
    operation = next(one for one in item.values() if isinstance(one, dict) and "responses" in one)
    operation["responses"]["418"] = {"description": "new"}
    operation.setdefault("parameters", []).append({"name": "dry_run", "in": "query", "schema": {"type": "boolean"}})
    assert [one[1:] for one in changes(slug, json.dumps(document))[0]] == [("new", "dry_run"), ("status-new", "418")]
    assert path


def test_an_operation_that_is_gone_is_not_taken_for_a_neighbour(changes):
    document = described("adobe")
    path = next(one for one in document["paths"] if "{" in one)
    del document["paths"][path]["delete"]
    document["paths"]["/preview/{PREVIEW_ID}"] = {"delete": {"responses": {"200": {"description": "x"}}}}
    assert changes("adobe", json.dumps(document))[0] == [("operation", "operation-undescribed", "cancelExportJob")]


def test_two_members_of_one_name_are_two_changes(changes):
    document = described("adobe")
    text = json.dumps(document)
    assert text.count('"fromIngestTimestamp": {"') >= 2
    found, _ = changes("adobe", text.replace('"fromIngestTimestamp": {"', '"fromIngestedTimestamp": {"'))
    gone = sorted(at for _, kind, at in found if kind == "gone")
    assert "filter.fromIngestTimestamp" in gone
    assert "additionalFields.eventList.filter.fromIngestTimestamp" in gone


def test_a_description_in_several_files_is_one(tmp_path):
    import yaml

    from export_contracts.drift import documents, publications

    document = described("braze")
    item = document["paths"]["/users/export/segment"]
    (tmp_path / "paths").mkdir()
    (tmp_path / "parts.yaml").write_text(yaml.safe_dump({"components": document["components"]}), encoding="utf-8")
    text = json.dumps(item).replace("#/components", "../parts.yaml#/components")
    (tmp_path / "paths" / "export.json").write_text(text, encoding="utf-8")
    document["paths"]["/users/export/segment"] = {"$ref": "paths/export.json"}
    main = tmp_path / "openapi.yaml"
    main.write_text(yaml.safe_dump(document), encoding="utf-8")
    found = documents.compare(contracts.load("braze"), publications.read(main))
    assert (found.changes, found.unread) == ((), ())
    (tmp_path / "paths" / "export.json").unlink()
    found = documents.compare(contracts.load("braze"), publications.read(main))
    assert not [one for one in found.changes if one.kind == "gone"]
    assert any("leads nowhere" in one.what for one in found.unread)


def test_no_file_outside_the_folder_is_opened(tmp_path):
    from export_contracts.drift import several_files

    (tmp_path / "secret.json").write_text('{"type": "object"}', encoding="utf-8")
    inner = tmp_path / "inner"
    inner.mkdir()
    whole, missing = several_files.bundled({"paths": {"/x": {"$ref": "../secret.json"}}}, inner)
    assert missing == ("../secret.json",)
    assert whole["paths"] == {"/x": {"$ref": "../secret.json"}}


def test_a_reference_that_no_file_can_have_leads_nowhere(tmp_path):
    from export_contracts.drift import several_files

    reference = "a" * 300 + ".yaml"
    assert several_files.bundled({"paths": {"/x": {"$ref": reference}}}, tmp_path)[1] == (reference,)


@pytest.mark.parametrize("pairs", ["b: *a, c: *a", "b: *k8"])
def test_a_page_that_unfolds_without_end_is_refused(tmp_path, pairs):
    from export_contracts.drift import publications

    many = "".join(f"k{n}: &k{n} [{', '.join([f'*k{n - 1}'] * 10)}]\n" for n in range(1, 9))
    text = f"openapi: 3.1.0\nk0: &k0 [x, x]\n{many}x: &a {{{pairs}}}\npaths: {{/a: {{get: *a}}}}\n"
    (tmp_path / "page.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="unfolds to more than"):
        publications.read(tmp_path / "page.yaml")
