"""The command, called in this process with the made-up vendor alone."""

import pytest

from export_contracts.cli import main as entry


@pytest.fixture
def run(capsys, sample, monkeypatch, tmp_path):
    """Exit code, stdout and stderr of `export-contracts` with these words, in an empty folder."""
    assert sample.manifest.slug == "sample"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")

    def call(*words):
        code = entry.main([str(word) for word in words])
        out, err = capsys.readouterr()
        return code, out, err

    return call
