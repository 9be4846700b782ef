"""A clause as a test of pytest: what passes, what is skipped, what fails and with which words."""

import pytest

from export_contracts.catalogue import contract
from export_contracts.check.item import item
from export_contracts.model import ClauseVerdict, Finding, LocatedFinding, Verdict, Where
from export_contracts.report.deviations import Weighed
from export_contracts.targets.target import Deviation

CLAUSE = contract.load("braze").clause("BRZ-014")
FOUND = LocatedFinding(0, Finding(Where(exchange=2, pointer="/response/body"), "a prefix", "sesame\x1b[31m"))


def verdict(said, kept=1, findings=(), reason=None):
    return ClauseVerdict(CLAUSE, said, kept, findings, reason=reason, broken=len(findings))


def end(one, weighed=None):
    return item(one, weighed, lambda text: text.replace("sesame", "REDACTED"))


@pytest.mark.parametrize(
    ("one", "ends"),
    [
        (verdict(Verdict.PASS), "passed"),
        (verdict(Verdict.PASS, 0), "failed"),
        (verdict(Verdict.WARN, 0, (FOUND,)), "passed"),
        (verdict(Verdict.FAIL, 3, (FOUND,)), "failed"),
        (verdict(Verdict.ERROR, 3, (), "its check broke"), "failed"),
        (verdict(Verdict.UNEXERCISED, 0, (), "no occasion"), "skipped"),
        (verdict(Verdict.UNSUPPORTED, 0), "skipped"),
    ],
)
def test_how_a_clause_ends(one, ends):
    assert end(one).end == ends


def test_a_failure_says_where_and_shows_no_secret():
    told = end(verdict(Verdict.FAIL, 0, (FOUND,) * 7)).told
    assert "BRZ-014 MUST" in told
    assert "  got       REDACTED\\x1b[31m" in told
    assert "  at        exchange 2, /response/body" in told
    assert told.endswith("  and       2 more")


@pytest.mark.parametrize(("state", "ends"), [("tolerated", "tolerated"), ("past", "failed"), ("over", "failed")])
def test_what_the_target_s_owner_declared(state, ends):
    weighed = Weighed(Deviation("BRZ-014", "known"), state, "as the file says")
    assert end(verdict(Verdict.FAIL, 0, (FOUND,)), weighed).end == ends


def test_in_a_run_that_fell_short_what_was_not_judged_fails():
    said = item(verdict(Verdict.UNEXERCISED, 0, (), "no occasion"), None, str, ("no order was accepted",))
    assert (said.end, said.told) == ("failed", "BRZ-014 was not judged: no order was accepted")
    for other, ends in ((verdict(Verdict.PASS), "passed"), (verdict(Verdict.UNSUPPORTED, 0), "skipped")):
        assert item(other, None, str, ("no order was accepted",)).end == ends
