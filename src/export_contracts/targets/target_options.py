"""Makes a target from command-line options: `--url`, `--token-env`, and one `--name value` for each setting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import parse_qsl

from export_contracts.catalogue import contract
from export_contracts.catalogue.manifest import Manifest, Setting
from export_contracts.errors import UsageError
from export_contracts.model import Json
from export_contracts.targets.sampled import as_sampled
from export_contracts.targets.secrets import from_environment, secret
from export_contracts.targets.strictness import known
from export_contracts.targets.target import Pace, Target
from export_contracts.targets.target_file import FEATURES, WITH_CLOCK, checked_url, renamed, require_complete


def from_options(
    vendor: str,
    url: str,
    pairs: Mapping[str, str],
    token_env: str | Sequence[str] | None = None,
    *,
    live: bool = False,
    max_exports: int | None = None,
) -> Target:
    """The target at `url`. `pairs` are settings of the vendor's manifest, with dashes or underscores.

    `token_env` names the environment variable that holds the credential; with several secrets, `setting=VARIABLE`
    once for each. `bucket`, `clock` and `callback` in `pairs` are their table's first key.
    """
    manifest = contract.load(vendor).manifest
    declared = manifest.settings
    address = checked_url(url, live=live)
    given = {name.strip("-").replace("-", "_"): value for name, value in pairs.items()}
    known(given, [*declared, *(name for name in FEATURES if name not in declared)], "options", noun="option")
    settings = {name: _value(declared, name, value, address) for name, value in given.items()}
    for one in [token_env] if isinstance(token_env, str) else token_env or ():
        name, variable = _credential(manifest, one)
        settings[name] = from_environment(variable, f"--token-env {one}")
    settings = renamed(settings, vendor)
    require_complete(settings, vendor, "options", _option, " ")
    pace = Pace(deadline=WITH_CLOCK) if "clock" in settings else Pace()
    return Target(vendor, address, settings, pace, live=live, max_exports=max_exports)


def _option(name: str, setting: Setting) -> str:
    return f"--token-env {name}=<NAME>" if setting.secret else f"--{name.replace('_', '-')} VALUE"


def _value(declared: Mapping[str, Setting], name: str, value: str, url: str) -> Json:
    if name in FEATURES:
        return _feature(name, value)
    if declared[name].secret:
        return secret(name, value, url, Path("options"))
    return as_sampled(declared[name], value, "options")


def _feature(name: str, value: str) -> Json:
    """A table from its first key's value and, after a question mark, further keys: `s3://name?endpoint=http://…`."""
    first, _, rest = value.partition("?") if name == "bucket" else (value, "", "")
    further = dict(parse_qsl(rest))
    known(further, FEATURES[name], f"--{name}")
    return {FEATURES[name][0]: first, **further}


def _credential(manifest: Manifest, text: str) -> tuple[str, str]:
    """The secret that `text` gives and its variable: where it names none, the required one, else the one sent.

    Of several required ones, it is the one called token.
    """
    name, equals, variable = text.partition("=")
    declared = manifest.settings
    secrets = [one for one, setting in declared.items() if setting.secret]
    sent = [one for one in secrets if any(one in credential.of for credential in manifest.credentials)]
    if equals:
        known({name.replace("-", "_"): None}, secrets, "--token-env", noun="secret")
        return name.replace("-", "_"), variable
    required = [one for one in secrets if declared[one].required] or sent
    required = ["token"] if "token" in required else required
    if len(required) != 1:
        raise UsageError(
            f"--token-env {text}: there are several secrets ({', '.join(required)}).",
            hint=f"Write --token-env {(required or ['token'])[0]}={text}, once for each.",
        )
    return required[0], text
