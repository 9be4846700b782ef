"""README shows real output: what it quotes is produced here again."""

import json
from pathlib import Path

from export_contracts.cli.main import main

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
SCREEN = 45


def recorded():
    """A start of an export that answers without a prefix, as a browser saves it."""
    headers = [{"name": "Authorization", "value": "Bearer x"}, {"name": "Content-Type", "value": "application/json"}]
    body = json.dumps({"segment_id": "5d9a", "fields_to_export": ["email"]})
    request = {
        "method": "POST",
        "url": "https://rest.iad-01.braze.com/users/export/segment",
        "headers": headers,
        "postData": {"mimeType": "application/json", "text": body},
    }
    content = {"mimeType": "application/json", "text": '{"message": "success"}'}
    response = {"status": 200, "headers": [headers[1]], "content": content}
    entry = {"startedDateTime": "2026-11-22T12:00:00.000Z", "time": 12, "request": request, "response": response}
    return {"log": {"version": "1.2", "entries": [entry]}}


def test_the_failure_block_is_real_output(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("traffic.har").write_text(json.dumps(recorded()), encoding="utf-8")
    assert main(["judge", "braze", "traffic.har", "--only", "BRZ-014"]) == 1
    printed = capsys.readouterr().out
    block = printed[printed.index("BRZ-014  MUST") : printed.index("\n\nBROKEN")]
    assert f"```\n{block}\n```" in README


def test_the_matrix_is_current(capsys):
    assert main(["show", "--matrix"]) == 0
    matrix = capsys.readouterr().out.strip()
    assert f"<!-- matrix -->\n{matrix}\n<!-- /matrix -->" in README


def test_the_first_screen_holds_what_a_stranger_wants():
    screen = README.splitlines()[:SCREEN]
    assert any("export-contracts check" in line for line in screen)
    assert any(line.startswith("Exit codes") for line in screen)
