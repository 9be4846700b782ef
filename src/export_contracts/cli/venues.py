"""The target that a command's options describe: by URL, by file, or the embedded reference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from export_contracts.catalogue.contract import Contract
from export_contracts.cli import loose
from export_contracts.errors import UsageError
from export_contracts.reference.embedded_s3 import late_bucket
from export_contracts.targets import target_file
from export_contracts.targets.live import live_venue
from export_contracts.targets.target_options import from_options
from export_contracts.targets.venue import Venue, embedded_venue

LARGE = 12_000
"""Members of the embedded reference's large segment: Braze delivers them as three files."""


@dataclass(frozen=True)
class Aim:
    """The options that say where to send. `builtin` names all options of the command, for suggestions."""

    words: loose.Words
    builtin: tuple[str, ...] = ()
    url: str | None = None
    token_env: tuple[str, ...] = ()
    target: str | None = None
    live: bool = False
    max_exports: int | None = None
    seed: int = 0
    users: int = 40

    @property
    def is_given(self) -> bool:
        """Whether any option describes a target."""
        return bool(self.url or self.target or self.words.options)


def venue(aim: Aim, contract: Contract) -> Venue:
    """Where `aim` leads; UsageError where its options contradict one another or miss something."""
    slug, options = contract.manifest.slug, aim.words.options
    loose.refuse_unknown(aim.words, contract.manifest, aim.builtin)
    if aim.url and aim.target:
        raise UsageError("--url and --target both say where the API is; give one of them.")
    if aim.target:
        if options or aim.token_env:
            raise UsageError("A target file holds all of a target's settings; options cannot be added to it.")
        path = Path(aim.target)
        return live_venue(target_file.load(path, vendor=slug, live=aim.live, max_exports=aim.max_exports))
    if aim.url:
        live, most = aim.live, aim.max_exports
        return live_venue(from_options(slug, aim.url, options, aim.token_env, live=live, max_exports=most))
    others = {"--token-env": aim.token_env, "--live": aim.live, "--max-exports": aim.max_exports is not None}
    stray = next((name for name in (*options, *others) if others.get(name, True)), None)
    if stray:
        raise UsageError(f"{stray} describes a target, and none was given.", hint="Add --url URL or --target FILE.")
    return embedded_venue(
        slug, seed=aim.seed, users=aim.users, new_bucket=late_bucket, large=LARGE, as_of=contract.as_of
    )


def shown(where: Venue) -> str:
    """What a report calls the venue."""
    return "the embedded reference" if where.target.origin == "reference" else where.target.url


def repeatable(aim: Aim, contract: Contract) -> Iterator[str]:
    """The options as words of a command that sends to the same place; no secrets."""
    for name, value in (("--url", aim.url), ("--target", aim.target)):
        yield from (name, value) if value else ()
    for value in aim.token_env:
        yield from ("--token-env", value)
    yield from loose.repeatable(aim.words.options, contract.manifest)
    if aim.live:
        yield "--live"
    if aim.users != Aim.users:
        yield from ("--users", str(aim.users))
    yield from ("--seed", str(aim.seed))
