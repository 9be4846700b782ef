"""The site: every link leads somewhere, every clause has its page, nothing is fetched from elsewhere."""

import dataclasses
import json
import re
from posixpath import dirname, join, normpath

import pytest
from markup import Page

from export_contracts.catalogue import contract as contracts
from export_contracts.catalogue import plugins
from export_contracts.cli.main import main
from export_contracts.errors import ContractError
from export_contracts.model import Source
from export_contracts.site import editions, history, life_cycle, viewer
from export_contracts.site.build import build
from export_contracts.site.fields import tables
from export_contracts.site.operations import about, kind, pages
from export_contracts.site.pages import pages as all_pages
from export_contracts.site.prose import phrase, prose

SLUGS = ("adobe", "apsis", "bloomreach", "braze")


@pytest.fixture(scope="module")
def site():
    return dict(all_pages([contracts.load(one) for one in SLUGS]))


@pytest.fixture(scope="module")
def parsed(site):
    return {path: Page(text) for path, text in site.items() if path.endswith(".html")}


def test_without_the_extra_the_site_is_whole_and_has_no_viewer(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(viewer, "find_spec", lambda _: None)
    assert main(["docs", str(tmp_path)]) == 0
    assert "export-contracts[docs]" in capsys.readouterr().err
    assert not (tmp_path / "viewer").exists()
    text = (tmp_path / "braze" / "operations.html").read_text(encoding="utf-8")
    assert "openapi.html" not in text
    assert "/users/export/segment" in text


@pytest.mark.parametrize("slug", SLUGS)
def test_what_the_viewer_reads_refers_to_nothing(slug):
    text = viewer.description(contracts.load(slug))
    document = json.loads(text.removeprefix("const exportContractsApi=").rstrip(";\n"))
    assert "$ref" not in json.dumps(document["paths"])
    assert set(document["paths"]) == set(contracts.load(slug).openapi["paths"])


def test_a_schema_that_holds_itself_is_shown_once(sample):
    tree = {"type": "object", "properties": {"left": {"$ref": "#/components/schemas/Tree"}}}
    contract = dataclasses.replace(sample)  # with an OpenAPI document of its own
    contract.openapi["components"] = {"schemas": {"Tree": tree}}
    contract.openapi["paths"]["/x"] = {"get": {"tree": {"$ref": "#/components/schemas/Tree"}}}
    assert '"left":{"description":"Again Tree."}' in viewer.description(contract)


def test_every_element_is_closed_and_every_id_unique(parsed):
    for path, page in parsed.items():
        assert page.open == [], path
        assert len(page.ids) == len(set(page.ids)), path


def test_every_link_leads_somewhere_on_the_site(parsed, site):
    lost = set()
    for path, page in parsed.items():
        for tag, attrs in page.elements:
            where = attrs.get("href") or attrs.get("src") or attrs.get("action")
            if where is None or where == "data:,":
                continue
            assert "://" not in where, f"{path} leads elsewhere: {where}"
            file, _, place = where.partition("#")
            target = normpath(join(dirname(path), file)) if file else path
            if target not in site or (place and tag == "a" and place not in parsed[target].ids):
                lost.add((path, where))
    assert lost == set()


def test_every_clause_has_an_address_of_its_own(site):
    for slug in SLUGS:
        for clause in contracts.load(slug).clauses:
            folder = "general" if clause.id.startswith("GEN-") else slug
            text = site[f"{folder}/{clause.id}/index.html"]
            assert clause.id in text
            assert all(f"<code>{clause.id}:{one.name}</code>" in text for one in clause.mutants)


def test_no_page_runs_or_styles_anything_of_its_own(parsed, site):
    for path, page in parsed.items():
        names = {name for _, attrs in page.elements for name in attrs}
        assert not {one for one in names if one.startswith("on")} | {"style"} & names, path
        assert "<script>" not in site[path]
        assert "default-src &#39;none&#39;" in site[path]


def test_the_search_index_knows_every_clause_and_field(site, parsed):
    text = site["search-index.js"]
    entries = json.loads(text.removeprefix("const exportContracts=").rstrip(";\n"))
    found = {name for _, name, _, _ in entries}
    assert {one.id for slug in SLUGS for one in contracts.load(slug).clauses} <= found
    assert {"random_bucket", "fields_to_export"} <= found
    assert len({address for address, *_ in entries}) == len(entries)
    for address, *_ in entries:
        file, _, place = address.partition("#")
        assert place in ("", *parsed[file].ids)
    assert len(text) < 200_000


@pytest.mark.parametrize("slug", SLUGS)
def test_every_life_cycle_names_clauses_in_force(slug):
    contract = contracts.load(slug)
    cycle = life_cycle.load(contract.folder)
    reached = {move.end.name for move in cycle.moves} | {cycle.states[0].name}
    assert reached == {one.name for one in cycle.states}
    for move in cycle.moves:
        assert move.clauses
        assert all(contract.is_active(contract.clause(one)) for one in move.clauses)


def test_a_life_cycle_with_an_unknown_state_is_refused(tmp_path):
    (tmp_path / "life-cycle.yaml").write_text(
        "states: {a: {title: a, about: b}}\nmoves: [{from: a, to: b, by: x, clauses: []}]"
    )
    with pytest.raises(ContractError, match="lacks or misspells 'b'"):
        life_cycle.load(tmp_path)
    assert life_cycle.load(tmp_path / "nowhere") is None


def test_a_comma_in_unquoted_words_is_refused(tmp_path):
    (tmp_path / "life-cycle.yaml").write_text("states: {a: {title: a, about: b, c}}\nmoves: []")
    with pytest.raises(ContractError, match="lacks or misspells 'c'"):
        life_cycle.load(tmp_path)


def test_operations_show_their_members_and_answers():
    start = next(pages(contracts.load("braze")))
    assert (start.method, start.path) == ("POST", "/users/export/segment")
    by_place = {one.place: one for one in start.bodies[0].members}
    assert by_place["/segment_id"].required
    assert by_place["/custom_attributes_to_export"].kind == "list of text"
    assert {"200", "429", "5XX"} <= {one.status for one in start.answers}
    assert "/object_prefix" in {one.place for one in start.answers[0].bodies[0].members}


def test_what_holds_for_a_whole_path_stands_with_each_of_its_operations():
    listed = next(pages(contracts.load("adobe")))
    assert {"header x-gw-ims-org-id", "header x-sandbox-name", "query limit"} <= {
        one.place for one in listed.parameters
    }
    assert listed.credentials == "bearer token and header x-api-key"
    token, *_ = pages(contracts.load("apsis"))
    assert (token.id, token.credentials) == ("createToken", "")


def test_editions_tell_what_was_printed_when():
    first, *_ = editions.groups(contracts.load("braze"))
    assert first.title == "Members of the request of exportUsersBySegment"
    dated = [(one.what, one.since, one.until) for one in first.rows if one.name == "fields_to_export"]
    assert dated[:2] == [("optional, list of text", "", "2021-04"), ("conditional, list of text", "2021-04", "2021-12")]
    assert all(one.start >= 0 and one.start + one.width <= 100.1 for one in first.rows)
    assert next(one.start for one in first.rows if one.name == "fields_to_export") == 0


def test_a_vendor_without_dated_promises_has_no_editions(sample):
    assert list(editions.groups(sample)) == []
    assert "sample/editions.html" not in dict(all_pages([sample]))


def test_the_history_of_a_clause_is_in_order():
    contract = contracts.load("braze")
    found = list(history.events(contract.clause("BRZ-060"), contract.documents))
    assert found[0] == ("always", "in force since the oldest document that is known")
    assert found[1][0] == "2022-06"
    assert found[1][1].endswith(", line 62")
    ended = dataclasses.replace(contract.clause("BRZ-014"), until="2027-01", source=(Source("x"),))
    assert list(history.events(ended, {}))[1:] == [("2027-01", "no longer in force"), ("undated", "said in x")]


def test_fields_lead_to_their_clauses_with_dates():
    found = {one.file: one for one in tables(contracts.load("braze"))}
    users = {one.member.place: one for one in found["schemas/user.json"].fields}
    assert [one.id for one in users["/email"].clauses] == ["BRZ-106"]
    assert users["/created_from"].dates == ("since 2026-05",)


def test_schemas_in_words():
    assert kind({"type": ["string", "null"]}) == "text or null"
    assert kind({"const": True}) == "true or false"
    assert kind({}) == "any"
    assert about({"description": "x", "enum": ["a", True], "default": None}) == "x One of `a`, `true`. Default: `null`."


def test_tags_in_our_prose_stay_text():
    assert "<script>" not in prose("a <script>alert(1)</script> `b`")
    assert phrase("`b` <i>") == "<code>b</code> &lt;i&gt;"
    assert "href" not in phrase("[x](javascript:alert(1))")


def test_a_vendor_with_little_has_a_site_too(sample, tmp_path):
    assert plugins.slugs() == ("sample",)
    assert build([sample], tmp_path) > len(sample.clauses)
    text = (tmp_path / "sample" / "index.html").read_text(encoding="utf-8")
    assert "Life cycle" not in text
    assert re.search(r"<h1>Sample Cloud</h1>", text)


def test_a_site_of_a_month_says_so_on_every_page(tmp_path):
    build([contracts.load("bloomreach", "2019-11")], tmp_path)
    texts = [one.read_text(encoding="utf-8") for one in tmp_path.rglob("*.html")]
    assert texts
    assert all("as they stood in 2019-11." in one for one in texts)
    assert not any('id="month-shown"' in one for one in texts)


def test_a_site_of_today_names_no_month(site):
    assert not any("as they stood in" in text for path, text in site.items() if path.endswith(".html"))
