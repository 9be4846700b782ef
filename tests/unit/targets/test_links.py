"""Which URLs of an answer are followed, and which of them see our credentials."""

import pytest

from export_contracts.model import Exchange, Headers, Request, Response
from export_contracts.targets import links

LOCAL, REMOTE = "http://127.0.0.1:8080", "https://rest.iad-01.braze.com"


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [
        (LOCAL, "http://localhost:8080/x", True),
        (LOCAL, "http://[::1]:8080/x", True),
        (LOCAL, "http://127.0.0.1:9000/x", False),
        (REMOTE, "https://rest.iad-01.braze.com:443/x", True),
        (REMOTE, "https://REST.iad-01.braze.com/x", True),
        (REMOTE, "http://rest.iad-01.braze.com/x", False),
        (REMOTE, "https://rest.iad-01.braze.com.evil.example/x", False),
        (REMOTE, "https://evil.example/rest.iad-01.braze.com", False),
        (REMOTE, "https://rest.iad-01.braze.com@evil.example/", False),
        (LOCAL, "http://[::1", False),
        (LOCAL, "http://localhost:port/", False),
    ],
)
def test_credentials_travel_to_the_same_origin_only(ours, theirs, same):
    assert links.same_origin(ours, theirs) is same
    within = ours == LOCAL and theirs == "http://127.0.0.1:9000/x"
    assert links.may_carry(ours, theirs) is (same or within)


def test_credentials_of_a_remote_target_never_travel_into_this_machine():
    assert not links.may_carry(REMOTE, "http://localhost/x")
    assert not links.may_carry(LOCAL, REMOTE)


@pytest.mark.parametrize(
    ("ours", "theirs", "live", "word"),
    [
        (LOCAL, "http://localhost:9000/file", False, None),
        (LOCAL, "https://s3.example.com/file", False, "--live"),
        (LOCAL, "https://s3.example.com/file", True, None),
        (LOCAL, "file:///etc/passwd", True, "no http"),
        (LOCAL, "http://[::1", True, "no http"),
        (LOCAL, "", True, "no http"),
        (REMOTE, "https://s3.example.com/file", True, None),
    ],
)
def test_a_url_that_leads_elsewhere_is_refused_in_a_sentence(ours, theirs, live, word):
    objection = links.objection(ours, theirs, live=live)
    assert objection is None if word is None else word in (objection or "")


def test_a_relative_url_is_taken_from_the_targets_address():
    assert links.absolute("http://h/base", "file/1") == "http://h/base/file/1"
    assert links.absolute("http://h/base", "http://[::1") == "http://[::1"


@pytest.mark.parametrize(
    ("status", "location", "onward"),
    [
        (302, "/there", "https://rest.iad-01.braze.com/there"),
        (307, "?again=1", "https://rest.iad-01.braze.com/here?again=1"),
        (302, "https://REST.iad-01.braze.com:443/there", "https://REST.iad-01.braze.com:443/there"),
        (302, "http://rest.iad-01.braze.com/there", None),
        (302, "https://evil.example/there", None),
        (302, "http://169.254.169.254/latest", None),
        (302, "/here", None),
        (302, "http://[::1", None),
        (302, None, None),
        (304, "/there", None),
        (201, "/there", None),
    ],
)
def test_a_redirect_leads_on_within_its_origin_only(status, location, onward):
    fields = {} if location is None else {"location": location}
    exchange = Exchange(0, Request("GET", REMOTE + "/here"), Response(status, Headers.of(fields), b""))
    assert links.onward(exchange) == onward
