"""Options that several commands share."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

import click

from export_contracts.cli import completion
from export_contracts.errors import UsageError

Function = TypeVar("Function", bound=Callable[..., object])
SETTINGS = {"ignore_unknown_options": True, "allow_interspersed_args": True}
"""Of a command that takes a vendor's settings as options, which click cannot know."""


class Month(click.ParamType[str]):
    """A month as it is written on the command line. Whether a vendor was known in it is asked by `choose`."""

    name = "month"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ARG002 - click's signature
        """The month as given, if it is one."""
        if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", value):
            raise UsageError(f"{value!r} is no month.", hint="Write --as-of 2021-04.")
        return value


as_of = click.option(
    "--as-of",
    type=Month(),
    metavar="YYYY-MM",
    help="Go by the contract as it stood in that month, the reference with it; the newest by default.",
)

seed = click.option("--seed", type=int, default=0, metavar="N", help="Repeats a run; 0 by default.")
users = click.option(
    "--users", type=click.IntRange(1), default=40, metavar="N", help="People in the embedded reference; 40 by default."
)
report = click.option("--report", metavar="DIR", help="Where the report goes; ./export-contracts-report by default.")
as_json = click.option("--json", "as_json", is_flag=True, help="Print the results document and nothing else.")


def only(about: str) -> Callable[[Function], Function]:
    """Clauses by their ids."""
    return click.option("--only", multiple=True, metavar="ID", shell_complete=completion.clauses, help=about)


def words(vendor: str) -> Callable[[Function], Function]:
    """A vendor, as usage shows it, and settings of its target."""
    return click.argument(
        "words",
        nargs=-1,
        type=click.UNPROCESSED,
        shell_complete=completion.first_word,
        metavar=f"{vendor} [--SETTING VALUE]...",
    )


def of_a_target(function: Function) -> Function:
    """Where to send, and how gently."""
    for add in (
        click.option(
            "--max-exports",
            type=click.IntRange(0),
            metavar="N",
            help="Exports started at most, with --live; 3 by default.",
        ),
        click.option("--live", is_flag=True, help="Allow a URL beyond this machine: harmless scenarios, paced."),
        click.option("--target", metavar="FILE", help="A target file (TOML) with address, settings, known deviations."),
        click.option(
            "--token-env",
            multiple=True,
            metavar="NAME",
            help="The environment variable with the credential; SETTING=NAME, repeated, where there are several.",
        ),
        click.option("--url", metavar="URL", help="Where the API is; without it, the embedded reference server."),
    ):
        function = add(function)
    return function


def names(command: click.Command) -> tuple[str, ...]:
    """Every option of a command, with its dashes."""
    return tuple(name for one in command.params if isinstance(one, click.Option) for name in one.opts)
