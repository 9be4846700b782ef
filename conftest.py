"""Options of our own tests; the suite's options come from the plugin's entry point."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Every run draws the same examples, so that a red run is about the change and not about luck; `--hypothesis-profile
# search` looks for new ones.
settings.register_profile(
    "repeatable", derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
settings.register_profile("search", deadline=None, suppress_health_check=list(HealthCheck))
settings.load_profile("repeatable")

pytest_plugins = ["pytester"]

# A job that a shell runs in the background ignores Ctrl-C, and so would each process that tests press it on.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--documents DIR`: the vendors' documents, which we cite and may not ship."""
    parser.addoption(
        "--documents",
        metavar="DIR",
        default=os.environ.get("EXPORT_CONTRACTS_DOCUMENTS"),
        help="folder of the source documents, to compute which of their lines the contract forgot",
    )


@pytest.fixture(scope="session")
def documents(request: pytest.FixtureRequest) -> Path:
    """The folder of source documents; without it the tests that need it are skipped."""
    folder = request.config.getoption("--documents")
    if not folder or not Path(folder).is_dir():
        pytest.skip("the vendors' documents are not here: give their folder with --documents DIR")
    return Path(folder)
