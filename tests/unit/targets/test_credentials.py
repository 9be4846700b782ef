"""Which header fields a wrong credential spoils."""

import pytest

from export_contracts.catalogue.manifest import Credential
from export_contracts.targets.credentials import headers

BEARER = Credential("Authorization", "bearer", ("token",))
KEY = Credential("X-Api-Key", "plain", ("key",))


@pytest.mark.parametrize(
    ("given", "spoilt"),
    [((BEARER,), {"Authorization"}), ((BEARER, KEY), {"Authorization"}), ((KEY,), {"X-Api-Key"})],
)
def test_a_wrong_credential_is_wrong_in_its_secrets(given, spoilt):
    good, wrong = (headers(given, lambda name: f"my {name}", wrong=spoil) for spoil in (False, True))
    assert {name for name in good if good[name] != wrong[name]} == spoilt
