"""The command as a stranger meets it: help, errors, exit codes. What people read is compared with snapshots."""

import os
import subprocess
import sys

import pytest

from export_contracts.cli import main as entry
from export_contracts.errors import EngineError, UnreachableError

HEAVY = {"schemathesis", "jsonschema", "boto3", "botocore", "requests", "hypothesis", "rich", "yaml", "moto"}


@pytest.mark.parametrize("command", ["", *entry.COMMANDS])
def test_help(run, snapshot, command):
    code, out, err = run(*command.split(), "--help")
    assert (code, err) == (0, "")
    snapshot(f"help-{command or 'all'}.txt", out)


@pytest.mark.parametrize("command", ["", *entry.COMMANDS])
def test_help_imports_nothing_heavy(command):
    code = (
        "import sys\nfrom export_contracts.cli.main import main\n"
        "main([*sys.argv[1:], '--help'])\n"
        "print(*{name.split('.')[0] for name in sys.modules}, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *command.split()], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0
    assert HEAVY & set(done.stderr.split()) == set()


HERE = "http://127.0.0.1:1"
ERRORS = {
    "no such command": ["chek"],
    "no such option": ["show", "--jsno"],
    "no such vendor": ["show", "sampel"],
    "no such clause": ["show", "SMP-010"],
    "a clause without its zeros": ["show", "SMP-7"],
    "no such clause to check": ["check", "sample", "--only", "SMP-01"],
    "no such vendor to judge": ["judge", "sampel", "x.yaml"],
    "no such file": ["judge", "sample", "none.yaml"],
    "no such setting": ["check", "sample", "--url", HERE, "--lst-id", "5"],
    "setting without value": ["check", "sample", "--url", HERE, "--list-id"],
    "setting without target": ["check", "sample", "--list-id", "5"],
    "live without target": ["check", "sample", "--live"],
    "target without vendor": ["check", "--url", HERE],
    "two vendors": ["check", "sample", "other"],
    "missing setting": ["check", "sample", "--url", HERE, "--token", "abc"],
    "missing settings": ["check", "sample", "--url", HERE],
    "missing variable": ["check", "sample", "--url", HERE, "--list-id", "5", "--token-env", "NOT_SET_9"],
    "not on this machine": ["check", "sample", "--url", "https://api.sample.invalid", "--list-id", "5"],
    "url and file": ["check", "sample", "--url", HERE, "--target", "t.toml"],
    "no such target file": ["check", "sample", "--target", "t.toml"],
    "no such level": ["check", "sample", "--level", "shall"],
    "matrix of one": ["show", "sample", "--matrix"],
    "no such mutant": ["serve", "sample", "--mutant", "SMP-001:omits-di"],
    "mutant of a client": ["serve", "sample", "--mutant", "SMP-007:key-in-body"],
    "no such month": ["check", "sample", "--as-of", "2021"],
}


def test_wrong_usage_is_one_sentence_with_a_hint(run, snapshot):
    shown = []
    for name, words in ERRORS.items():
        code, out, err = run(*words)
        assert (code, out) == (2, ""), name
        shown.append(f"# {name}: export-contracts {' '.join(words)}\n{err}")
    snapshot("errors.txt", "\n".join(shown))


def _raising(error):
    def raising(**_more):
        raise error

    return raising


@pytest.mark.parametrize(
    ("error", "code", "err"),
    [
        (UnreachableError("Nobody there.", hint="Knock."), 3, "error: Nobody there.\nhint: Knock.\n"),
        (EngineError("We broke."), 3, "error: We broke.\n"),
        (KeyboardInterrupt(), 3, "error: interrupted\n"),
    ],
)
def test_whatever_is_raised_has_its_exit_code(run, monkeypatch, error, code, err):
    monkeypatch.setattr(entry.commands, "main", _raising(error))
    assert run("show") == (code, "", err)


def test_the_unexpected_is_one_sentence_and_a_traceback_on_demand(run, monkeypatch):
    monkeypatch.setattr(entry.commands, "main", _raising(ZeroDivisionError("by \x1b[2J")))
    code, _, err = run("show")
    assert code == 3
    assert err.startswith("error: engine error: ZeroDivisionError: by \\x1b[2J\nhint: ")
    assert "Traceback" not in err
    monkeypatch.setenv("EXPORT_CONTRACTS_DEBUG", "1")
    assert "Traceback" in run("show")[2]


@pytest.mark.parametrize("debug", ["", "1"])
def test_no_secret_leaves_by_an_error(run, monkeypatch, debug):
    monkeypatch.setenv("EXPORT_CONTRACTS_DEBUG", debug)
    monkeypatch.setenv("SAMPLE_KEY", "canary-token")
    said = "Authorization: Bearer dXNlcjpwYXNzd29yZDE5 canary-token other-canary https://u:word@h/?sig=ab12ab12ab"
    monkeypatch.setattr(entry.commands, "main", _raising(ValueError(said)))
    _, _, err = run("check", "--token-env", "key=SAMPLE_KEY", "--api-secret=other-canary")
    assert "ValueError" in err
    for secret in ("canary-token", "other-canary", "dXNlcjpwYXNzd29yZDE5", "word@", "ab12ab12ab"):
        assert secret not in err


def test_a_reader_that_hangs_up_is_no_error():
    read, write = os.pipe()
    os.close(read)
    code = "import sys; from export_contracts.cli.main import main; sys.exit(main(['show', 'braze']))"
    done = subprocess.run([sys.executable, "-c", code], stdout=write, stderr=subprocess.PIPE, check=False, timeout=60)
    os.close(write)
    assert done.stderr == b""
    assert done.returncode == 0


def test_the_version_is_the_distribution_s(run):
    code, out, _ = run("--version")
    assert code == 0
    assert out.startswith("export-contracts ")


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("ch", ["check"]),
        ("check br", ["braze"]),
        ("verify a", ["adobe", "apsis"]),
        ("check braze --only brz-01", [f"BRZ-{number:03}" for number in range(10, 20)]),
        ("show BRZ-01", [f"BRZ-{number:03}" for number in range(10, 20)]),
    ],
)
def test_completion_is_offered(typed, offered):
    code = "from export_contracts.cli.main import main; main()"
    line = {"COMP_WORDS": f"export-contracts {typed}", "COMP_CWORD": str(len(typed.split()))}
    words = {"_EXPORT_CONTRACTS_COMPLETE": "bash_complete", **line}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **words},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.stdout.splitlines() == [f"plain,{one}" for one in offered]


def test_a_narrow_encoding_is_no_error():
    code = "import sys; from export_contracts.cli.main import main; sys.exit(main(['show', 'BRZ-014']))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0
    assert b"MUST \\xb7 stated" in done.stdout


def test_a_closed_stdout_is_no_error_of_ours(monkeypatch):
    monkeypatch.setattr("sys.stdout", None)
    assert entry.main(["show"]) == 0


def test_without_arguments_the_help_is_shown(run):
    code, out, err = run()
    assert code == 2
    assert "Commands:" in out + err
    assert "\\n" not in out + err


@pytest.mark.parametrize(
    "words",
    [
        ["report", "/dev/zero"],
        ["check", "braze", "--target", "/dev/zero"],
        ["judge", "braze", "/dev/zero"],
        ["drift", "braze", "--document", "/dev/zero"],
        ["show", "x" * 1000],
    ],
    ids=lambda words: words[0],
)
def test_a_file_that_never_ends_or_cannot_be_is_wrong_usage(run, words):
    code, _, err = run(*words)
    assert (code, err[:7]) == (2, "error: ")
    assert "engine error" not in err
