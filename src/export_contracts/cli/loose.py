"""Settings of a target given as options: `--segment-id X`, by the names in the vendor's manifest.

click cannot know them before it knows the vendor, so commands hand over the words it did not understand.
What the values mean is read elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from export_contracts.catalogue.manifest import Manifest
from export_contracts.cli.nearest import did_you_mean
from export_contracts.errors import UsageError
from export_contracts.report.curl import variable

FEATURES = ("bucket", "clock", "callback")
"""Settings that any vendor's target may have."""


@dataclass(frozen=True)
class Words:
    """The words click left over: those that stand alone, options (with dashes) with their values, and without."""

    alone: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)
    bare: tuple[str, ...] = ()


def split(words: Sequence[str]) -> Words:
    """Tell `--name value` and `--name=value` from words that stand alone."""
    alone: list[str] = []
    bare: list[str] = []
    options: dict[str, str] = {}
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if not word.startswith("-") or word == "-":
            alone.append(word)
            continue
        name, equals, value = word.partition("=")
        if equals:
            options[name] = value
        elif rest and not rest[0].startswith("--"):
            options[name] = rest.pop(0)
        else:
            bare.append(name)
    return Words(tuple(alone), options, tuple(bare))


def refuse_unknown(words: Words, manifest: Manifest, builtin: Iterable[str]) -> None:
    """Raise for an option that is no setting of the vendor or lacks its value. `builtin`: the command's own options."""
    known = {f"--{name.replace('_', '-')}" for name in (*manifest.settings, *FEATURES)}
    for name in (*words.bare, *words.options):
        if name not in known:
            raise UsageError(
                f"There is no option {name} for {manifest.slug}.{did_you_mean(name, (*sorted(known), *builtin))}",
                hint=f"export-contracts show {manifest.slug} lists what a target may declare.",
            )
    if words.bare:
        raise UsageError(f"The option {words.bare[0]} lacks its value.")


def environment(token_env: Iterable[str], manifest: Manifest) -> dict[str, str]:
    """Secret settings to the environment variables that `--token-env VARIABLE` or `setting=VARIABLE` name."""
    secrets = [one for one in manifest.settings.values() if one.secret]
    required = [one.name for one in secrets if one.required] or [one.name for one in secrets]
    found = {}
    for one in token_env:
        name, equals, variable = one.partition("=")
        if equals:
            found[name.replace("-", "_")] = variable
        elif required:
            found[required[0]] = name
    return found


def repeatable(options: Mapping[str, str], manifest: Manifest) -> Iterator[str]:
    """The options as words; a secret that was written out becomes the name of an environment variable."""
    for option, value in options.items():
        setting = manifest.settings.get(option.strip("-").replace("-", "_"))
        if setting is not None and setting.secret:
            yield from ("--token-env", f"{setting.name}={variable(manifest.slug, setting.name, {})}")
        else:
            yield from (option, value)
