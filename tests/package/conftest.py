"""Distributions built and installed as strangers do it. Skipped, with the reason, where no build backend is at hand."""

import importlib.util
import sys
import sysconfig
import tarfile
from pathlib import Path

import pytest
from installing import CHECKOUT, environment, run


@pytest.fixture(scope="session")
def backend():
    """The Python that can build and install."""
    if importlib.util.find_spec("hatchling") is None or importlib.util.find_spec("pip") is None:
        pytest.skip("hatchling or pip is not installed: nothing can be built")
    return sys.executable


@pytest.fixture(scope="session")
def wheel(backend, tmp_path_factory):
    """A wheel built from the unpacked sdist, so that the sdist is proved whole as well."""
    folder = tmp_path_factory.mktemp("dist")
    run(backend, "-m", "hatchling", "build", "-t", "sdist", "-d", folder, cwd=CHECKOUT)
    with tarfile.open(next(folder.glob("*.tar.gz"))) as archive:
        archive.extractall(folder, filter="data")
    source = next(path for path in folder.iterdir() if path.is_dir())
    run(backend, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=source)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="session")
def installed(wheel, tmp_path_factory):
    """A virtual environment with the wheel; what it depends on is lent by this environment."""
    folder = tmp_path_factory.mktemp("venv")
    run(sys.executable, "-m", "venv", "--without-pip", folder)
    python = folder / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", python, "--quiet", "--disable-pip-version-check"]
    run(*pip, "install", "--no-deps", "--no-index", wheel, env=environment())
    site = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())
    (site / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return folder / "bin"
