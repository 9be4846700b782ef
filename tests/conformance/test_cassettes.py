"""Every cassette is innocent: judged by every clause of its vendor, provider and consumer alike, none is broken."""

from pathlib import Path

import pytest

from export_contracts import resources
from export_contracts.catalogue import contract as contracts
from export_contracts.catalogue import plugins
from export_contracts.judge import judge
from export_contracts.model import Verdict
from export_contracts.transcript.traffic import cassettes_in, load

CASSETTES = [path for slug in plugins.slugs() for path in cassettes_in(resources.cassettes() / slug)]


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


@pytest.mark.parametrize("path", CASSETTES, ids=_name)
def test_no_clause_is_broken(path: Path) -> None:
    slug = path.parent.name
    judgement = judge(contracts.load(slug), load(path, slug))
    broken = {one.clause.id: one.findings for one in judgement.verdicts if one.findings}
    assert broken == {}
    assert Verdict.PASS in {one.verdict for one in judgement.verdicts}, "nothing was put to the test"
