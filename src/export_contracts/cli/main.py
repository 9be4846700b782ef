"""The command `export-contracts`: finds the command asked for, and turns whatever goes wrong into one sentence.

Commands are imported when they are used, so that `--help` is instant. What a command does stands in its module.
"""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from itertools import zip_longest

import click

from export_contracts.cli.nearest import did_you_mean
from export_contracts.errors import EXIT_UNREACHABLE, EXIT_USAGE, ExportContractsError

DEBUG = "EXPORT_CONTRACTS_DEBUG"
COMMANDS = {
    "check": "Does this implementation keep the contract?",
    "docs": "Build the site of all contracts.",
    "drift": "Has the vendor changed, in traffic or in its documents?",
    "gate": "Does this client keep its side, and survive what the vendor may answer?",
    "judge": "Judge recorded traffic (cassette or HAR); nothing is sent.",
    "mutants": "Prove that every clause can fail.",
    "record": "Record a target's traffic as redacted cassettes.",
    "report": "Render results again: HTML, SARIF, badge, comparison.",
    "sample": "Write a synthetic export of any size.",
    "serve": "Run the strict reference server.",
    "show": "What exactly is promised, and who said so?",
    "verify": "Is this delivered export whole and well formed?",
}
EPILOG = """\b
Exit codes: 0 the contract is kept, 1 it is broken, 2 wrong usage or configuration,
3 target unreachable, run interrupted or engine error.

\b
Completion, for bash (zsh and fish alike):
eval "$(_EXPORT_CONTRACTS_COMPLETE=bash_source export-contracts)"
"""


class _Lazy(click.Group):
    """A group whose commands are modules of this package, imported only when called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - the same
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"export_contracts.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in COMMANDS and not name.startswith("-") and not ctx.resilient_parsing:
            raise click.UsageError(f"There is no command {name!r}.{did_you_mean(name, COMMANDS)}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name]) for name in self.list_commands(ctx)])


@click.group(
    cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}, epilog=EPILOG
)
@click.version_option(package_name="export-contracts", message="%(prog)s %(version)s")
def commands() -> None:
    """An executable contract for customer-segment export APIs."""


def main(args: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code; nothing but one sentence and a hint is shown of an error."""
    _always_printable()
    try:
        code = commands.main(args=args, prog_name="export-contracts", standalone_mode=False)
        sys.stdout.flush()
    except (click.Abort, KeyboardInterrupt):
        return _interrupted()
    except BrokenPipeError:
        return _hang_up()
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return EXIT_USAGE
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx else "export-contracts"
        return _say(error.format_message(), f"{path} --help", EXIT_USAGE, args)
    except click.ClickException as error:
        return _say(error.format_message(), None, EXIT_USAGE, args)
    except ExportContractsError as error:
        return _say(error.sentence, error.hint, error.exit_code, args)
    except Exception as error:  # noqa: BLE001 - the last line of defence: one sentence instead of a traceback
        if os.environ.get(DEBUG):
            import traceback

            click.echo(_without_secrets(traceback.format_exc(), args), err=True)
        what = f"engine error: {type(error).__name__}: {error}"
        return _say(what, f"This is a defect of ours; {DEBUG}=1 shows where.", EXIT_UNREACHABLE, args)
    return code if isinstance(code, int) else 0


def _always_printable() -> None:
    """A terminal or pipe that knows no `→` gets an escape instead of an error of ours."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, io.StringIO())  # closed by the caller: files are still written
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _interrupted() -> int:
    """Say so, undisturbed: who presses Ctrl-C twice is not shown a traceback of what says it."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return _say("interrupted", None, EXIT_UNREACHABLE)
    finally:
        signal.signal(signal.SIGINT, before)


def _say(sentence: str, hint: str | None, code: int, args: Sequence[str] | None = None) -> int:
    from export_contracts.report.inert import inert

    for name, said in (("error", sentence), ("hint", hint)):
        if said:
            click.echo(f"{name}: {inert(_without_secrets(said, args), longest=2000)}", err=True)
    return code


def _without_secrets(said: str, args: Sequence[str] | None) -> str:
    """What was said without the credentials that this command was given, or that stand where credentials do."""
    from export_contracts.transcript.redaction import Redactor
    from export_contracts.transcript.secret_words import is_secret_name

    words = list(sys.argv[1:] if args is None else args)
    given = []
    for word, after in zip_longest(words, words[1:], fillvalue=""):
        name, _, value = word.partition("=")
        value = value or after
        if name == "--token-env":
            given.append(os.environ.get(value.rpartition("=")[2], ""))
        elif name.startswith("--") and is_secret_name(name):
            given.append(value)
    return Redactor(frozenset(one for one in given if one)).text(said)


def _hang_up() -> int:
    """Nobody reads our output any more: end quietly, and keep Python from complaining at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return EXIT_UNREACHABLE
