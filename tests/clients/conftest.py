"""Clients that nobody here wrote, installed from their registries into a folder outside this environment."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

NPM = (
    "@adobe/aio-lib-customer-profile@3.0.2",
    "braze-api@2.13.4",
    "axios@1",
    "got@11",
    "node-fetch@2",
    "typescript@5.9",
    "undici@6",
)
PYPI = ("exponea-python-sdk==0.2.0", "aepp==0.6.0", "braze-client-sdk==1.0.0", "requests==2.34.2")


@pytest.fixture(scope="session")
def clients() -> Path:
    """The folder with `node_modules` and a virtual environment `py`; filled when first asked for."""
    named = os.environ.get("EXPORT_CONTRACTS_CLIENTS")
    if not named:
        pytest.skip("real clients are fetched from registries: run `tox -e clients`")
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed")
    folder = Path(named)
    if not (folder / "done").exists():
        folder.mkdir(parents=True, exist_ok=True)
        for command in (
            ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(folder), *NPM],
            [sys.executable, "-m", "venv", "py"],
            [str(folder / "py/bin/pip"), "install", "--quiet", *PYPI],
        ):
            subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        (folder / "done").touch()
    return folder
