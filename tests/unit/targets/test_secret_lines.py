"""A credential that breaks over lines is refused before it is sent, and is never shown."""

import pytest

from export_contracts.errors import UsageError
from export_contracts.model import Headers, Request
from export_contracts.targets import wire
from export_contracts.targets.receiver import Receiver
from export_contracts.targets.secrets import secret
from export_contracts.targets.transport import NotSent

BROKEN = "sekrit-äbc\ndefghi"


@pytest.mark.parametrize("kind", ["env", "file"])
def test_a_credential_of_several_lines_is_wrong_usage(kind, tmp_path, monkeypatch):
    (tmp_path / "key").write_text(BROKEN + "\n", encoding="utf-8")
    monkeypatch.setenv("CANARY_TOKEN", BROKEN)
    place = {"env": "CANARY_TOKEN", "file": "key"}[kind]
    with pytest.raises(UsageError, match="several lines") as caught:
        secret("token", {kind: place}, "http://127.0.0.1", tmp_path / "t.toml")
    assert "sekrit" not in caught.value.sentence


def test_what_a_header_cannot_carry_is_not_shown():
    server = Receiver("127.0.0.1:0", lambda: 0.0)
    try:
        request = Request("GET", server.url, Headers.of({"Authorization": f"Bearer {BROKEN}"}))
        with pytest.raises(NotSent) as caught:
            wire.carry(request, timeout=5, body_limit=100)
    finally:
        server.close()
    assert str(caught.value) == "the request cannot be put on the wire: a line breaks in its header Authorization"
