"""The gate as a user runs it, with small clients in the shell and in Python."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

CLIENT = """
import base64, json, os, sys, urllib.request
env = lambda name: os.environ["EXPORT_CONTRACTS_BLOOMREACH_" + name]
key = base64.b64encode(f"{env('KEY_ID')}:{env('SECRET')}".encode()).decode()
body = json.loads(sys.argv[1])
request = urllib.request.Request(
    f"{env('URL')}/data/v2/projects/{env('PROJECT_TOKEN')}/customers/export",
    json.dumps(body).encode(),
    {"Authorization": "Basic " + key, "Content-Type": "application/json"},
)
for _ in range(int(sys.argv[2]) if len(sys.argv) > 2 else 1):
    try:
        answer = json.loads(urllib.request.urlopen(request).read())
    except urllib.error.HTTPError as error:
        answer = {"success": False}
"""
GOOD = [sys.executable, "-c", CLIENT, '{"format": "table_json"}']
BAD = [sys.executable, "-c", CLIENT, '{"format": "table_json", "attributes": {"type": "all"}}']


def gate(*words, cwd, **options):
    main = "import sys; from export_contracts.cli.main import main; sys.exit(main())"
    return subprocess.run(
        [sys.executable, "-c", main, "gate", *words],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        **options,
    )


def ends(pid):
    """Whether a process was told to end: it is gone, or soon is, or is a mere entry that nobody has collected yet."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.05)
    return False


def test_a_client_that_keeps_its_side_passes(tmp_path):
    done = gate("bloomreach", "--", *GOOD, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "KEPT" in done.stdout
    assert (tmp_path / "export-contracts-report" / "results.json").exists()


def test_a_client_that_does_not_fails_with_clause_request_and_pointer(tmp_path):
    done = gate("bloomreach", "--json", "--", *BAD, cwd=tmp_path)
    results = json.loads(done.stdout)
    assert done.returncode == 1
    findings = results["requests"][0]["findings"]
    assert any(one["at"] == "/request/body/attributes/type" for one in findings), findings


LIKE_CURL = """
import contextlib, sys, urllib.error, urllib.request
_, _, header, url = sys.argv
with contextlib.suppress(urllib.error.HTTPError):
    urllib.request.urlopen(urllib.request.Request(url, b"", dict([header.split(": ")]), method="POST"))
"""


def test_a_token_in_the_command_is_in_no_report(tmp_path):
    told = '"$@" -H "Authorization: Bearer sekrit-1234" "$EXPORT_CONTRACTS_BRAZE_URL/users/export/segment"'
    done = gate("braze", "--", "sh", "-c", told, "client", sys.executable, "-c", LIKE_CURL, cwd=tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    written = [one.read_text(encoding="utf-8") for one in (tmp_path / "export-contracts-report").iterdir()]
    assert written
    assert not any("sekrit-1234" in one for one in (done.stdout, done.stderr, *written))


def test_the_verdict_comes_from_the_traffic_and_from_the_commands_exit(tmp_path):
    done = gate("bloomreach", "--", "sh", "-c", '"$@" && exit 4', "client", *GOOD, cwd=tmp_path)
    assert done.returncode == 1
    assert "The command exited with 4." in done.stdout


def test_a_client_that_sends_nothing_is_never_green(tmp_path):
    done = gate("bloomreach", "--", "true", cwd=tmp_path)
    assert done.returncode == 3
    assert "sent no request to Bloomreach Engagement" in done.stderr
    assert "EXPORT_CONTRACTS_BLOOMREACH_URL" in done.stderr


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["bloomreach", "--", "no-such-command"], 2, "'no-such-command' was not found"),
        (["bloomreach"], 2, "There is no command to run"),
        (["bloomrich", "--", "true"], 2, "bloomreach"),
        (["bloomreach", "--awkward", "a,b", "--", "true"], 2, "--awkward takes numbers"),
        (["bloomreach", "--expect", "missing.toml", "--", "true"], 2, "missing.toml"),
    ],
)
def test_wrong_usage_is_one_sentence(tmp_path, words, code, sentence):
    done = gate(*words, cwd=tmp_path)
    assert done.returncode == code
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("command", "clause", "code", "sentence"),
    [
        (BAD, "BLR-048", 0, "tolerated"),
        (GOOD, "BLR-046", 1, "BLR-046 is kept now"),
        (GOOD, "BLR-048", 1, "nothing in this traffic concerns it"),
        (GOOD, "BLR-001", 2, "binds the vendor"),
    ],
)
def test_a_deviation_that_does_not_occur_fails(tmp_path, command, clause, code, sentence):
    (tmp_path / "known.toml").write_text(f'[[deviations]]\nclause = "{clause}"\nreason = "ticket 5"\n')
    done = gate("bloomreach", "--expect", "known.toml", "--", *command, cwd=tmp_path)
    assert (done.returncode, sentence in done.stdout + done.stderr) == (code, True), done.stdout + done.stderr


def test_a_command_that_never_ends_is_stopped(tmp_path):
    done = gate("bloomreach", "--timeout", "1", "--", "sh", "-c", '"$@"; sleep 60', "client", *GOOD, cwd=tmp_path)
    assert done.returncode == 1
    assert "did not end in time" in done.stdout


FLOOD = """
import base64, http.client, json, os, urllib.parse
env = lambda name: os.environ["EXPORT_CONTRACTS_BLOOMREACH_" + name]
key = base64.b64encode(f"{env('KEY_ID')}:{env('SECRET')}".encode()).decode()
headers = {"Authorization": "Basic " + key, "Content-Type": "application/json"}
wire = http.client.HTTPConnection(urllib.parse.urlsplit(env("URL")).netloc)
for number in range(1000):
    wire.request("POST", f"/data/v2/projects/{env('PROJECT_TOKEN')}/customers/export", '{"format": "csv"}', headers)
    wire.getresponse().read()
"""


def test_a_flood_is_judged_to_the_last_request(tmp_path):
    done = gate("bloomreach", "--json", "--", sys.executable, "-c", FLOOD, cwd=tmp_path)
    results = json.loads(done.stdout)
    assert done.returncode == 0
    assert len(results["requests"]) == 1000


def test_a_client_that_falls_over_an_awkward_answer_did_not_survive(tmp_path):
    fragile = CLIENT + "\nsys.exit(0 if list(answer) == ['success', 'header', 'rows'] or len(answer) == 3 else 9)"
    for seed in range(1, 8):
        done = gate("bloomreach", "--awkward", str(seed), "--", sys.executable, "-c", fragile, GOOD[3], cwd=tmp_path)
        if done.returncode == 1:
            assert f"did not survive the awkward server {seed}" in done.stdout
            return
    pytest.fail("no awkward seed bothered a fragile client")


def test_two_gates_at_once_do_not_meet(tmp_path):
    folders = [tmp_path / "one", tmp_path / "two"]
    with contextlib.ExitStack() as end:
        running = []
        for folder in folders:
            folder.mkdir()
            running.append(end.enter_context(begun("bloomreach", "--", *GOOD, cwd=folder)))
        said = [one.communicate() for one in running]
    assert [one.returncode for one in running] == [0, 0], said
    for folder in folders:
        results = json.loads((folder / "export-contracts-report" / "results.json").read_text())
        assert len(results["requests"]) == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stopped_gate_leaves_nothing_behind(tmp_path, number):
    scratch = tmp_path / "tmp"
    scratch.mkdir()
    words = ["bloomreach", "--", "sh", "-c", "echo $$ > pid; sleep 600"]
    with begun(*words, cwd=tmp_path, env={**os.environ, "TMPDIR": str(scratch)}) as gate:
        pid = line(tmp_path / "pid")
        gate.send_signal(number)
        said, complained = gate.communicate()
    assert gate.returncode == 3, said + complained
    assert "Traceback" not in complained
    assert list(scratch.iterdir()) == []
    assert not Path(f"/proc/{pid.strip()}").exists()


@contextlib.contextmanager
def begun(*words, **options):
    """A gate in a process of its own, which does not outlive a test that fails."""
    main = "import sys; from export_contracts.cli.main import main; sys.exit(main())"
    words = [sys.executable, "-c", main, "gate", *words]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options) as gate:
        try:
            yield gate
        finally:
            gate.kill()


def line(file):
    """What the command writes into the file, as soon as it is a whole line."""
    until = time.monotonic() + 300
    while not file.exists() or not file.read_text().endswith("\n"):
        assert time.monotonic() < until
        time.sleep(0.05)
    return file.read_text()


AGAIN = """
"$@" || exit 1
[ -e again ] || { touch again; exit 0; }
sleep 600 & echo $$ $! > pids; wait
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_gate_stopped_at_an_awkward_server_tells_what_it_had_found(tmp_path, number):
    with begun("bloomreach", "--awkward", "1", "--", "sh", "-c", AGAIN, "client", *GOOD, cwd=tmp_path) as gate:
        pids = line(tmp_path / "pids")
        gate.send_signal(number)
        said, complained = gate.communicate()
    assert gate.returncode == 3, said + complained
    assert "interrupted" in said
    assert "Traceback" not in complained
    results = json.loads((tmp_path / "export-contracts-report" / "results.json").read_text())
    assert results["footer"]["complete"] is False
    assert [one["status"] for one in results["requests"]] == [200]
    assert all(ends(one) for one in pids.split())


def test_what_a_command_leaves_in_the_background_ends_with_it(tmp_path):
    script = f'"$@"; sleep 600 & echo $! > {tmp_path}/pid'
    done = gate("bloomreach", "--", "sh", "-c", script, "client", *GOOD, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert ends((tmp_path / "pid").read_text().strip())


TLS = "import urllib.request; urllib.request.urlopen('https://api.exponea.com/', timeout=60)"


def test_a_client_that_trusts_other_authorities_only_is_told_so(tmp_path):
    empty = tmp_path / "none.pem"
    empty.write_text("")
    script = ["env", f"SSL_CERT_FILE={empty}", "SSL_CERT_DIR=/nonexistent", sys.executable, "-c", TLS]
    done = gate("bloomreach", "--", *script, cwd=tmp_path)
    assert done.returncode == 3
    assert "does not trust the gate's certificate" in done.stderr


def test_the_fixture_fails_a_test_whose_client_breaks_the_contract(pytester):
    pytester.makepyfile(
        """
        import json, urllib.request

        def send(gate, path):
            request = urllib.request.Request(gate.url + path, b"{}", {"Content-Type": "application/json"})
            try:
                urllib.request.urlopen(request)
            except urllib.error.HTTPError:
                pass

        def test_breaks(export_contracts_gate):
            gate = export_contracts_gate("bloomreach")
            send(gate, f"/data/v2/projects/{gate.facts['project_token']}/customers/export")

        def test_silent(export_contracts_gate):
            export_contracts_gate("bloomreach")
        """
    )
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=2, errors=2)
    result.stdout.fnmatch_lines(["*A request names its output format*", "*sent no request to Bloomreach Engagement*"])
