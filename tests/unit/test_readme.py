"""README shows real output: what it quotes is produced here again."""

import json
import re
import shlex
from pathlib import Path

from export_contracts.catalogue import contract
from export_contracts.cli.main import COMMANDS, commands, main
from export_contracts.targets import target_file

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


def quoted():
    """Each command that README quotes, as words: in fenced blocks and between backticks."""
    plain = README.replace("\\\n", " ")
    for found in re.findall(r"(?:^|[\s`;&])export-contracts ([^\n`]+)", plain):
        words = shlex.split(found.partition(" && ")[0].partition(" || ")[0], comments=True)
        if words and words[0] in COMMANDS:
            yield words


def test_quoted_commands_know_their_options():
    settings = {f"--{name.replace('_', '-')}" for name in contract.load("braze").manifest.settings}
    for words in quoted():
        known = {option for one in commands.get_command(None, words[0]).params for option in one.opts}
        own = words[: words.index("--")] if "--" in words else words
        assert {one for one in own if one.startswith("--")} <= known | settings, words


def test_readme_quotes_every_command():
    assert {words[0] for words in quoted()} == set(COMMANDS)


def test_the_target_file_is_one(tmp_path, monkeypatch):
    monkeypatch.setenv("BRAZE_API_KEY", "key")
    (text,) = re.findall(r'```toml\n(vendor = "braze"\n.*?)```', README, re.DOTALL)
    (tmp_path / "target.toml").write_text(text, encoding="utf-8")
    target = target_file.load(tmp_path / "target.toml")
    assert target.settings["token"] == "key"
    assert [one.clause for one in target.deviations] == ["BRZ-014"]
