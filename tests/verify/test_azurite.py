"""The same against Azurite, the emulator of Azure's makers, where it is installed: `npm install --global azurite`."""

from __future__ import annotations

import datetime as dt
import shutil
import socket
import subprocess
import time

import pytest
from tests.verify.conftest import broken, text, users

blob = pytest.importorskip("azure.storage.blob")

EMULATOR = shutil.which("azurite-blob")
ACCOUNT = "devstoreaccount1"
# The account and key that every Azurite has, and that open nothing else.
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="


@pytest.fixture
def address(tmp_path):
    """The address of an emulator of its own."""
    if EMULATOR is None:
        pytest.skip("azurite is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [EMULATOR, "--inMemoryPersistence", "--silent", "--skipApiVersionCheck", "--disableTelemetry"]
    process = subprocess.Popen(
        [*words, "--blobPort", str(port)], cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + 300
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert time.monotonic() < deadline
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/{ACCOUNT}"
    finally:
        process.terminate()
        process.wait()


def test_a_container_of_the_emulator_is_verified_by_key_and_by_signature(address, bucket, verify, monkeypatch):
    keyed = f"AccountName={ACCOUNT};AccountKey={KEY};BlobEndpoint={address}"
    service = blob.BlobServiceClient.from_connection_string(keyed)
    container = service.create_container("exports")
    root = bucket(text(users(20)), text(users(20, first=20)))
    for path in root.rglob("*.zip"):
        container.upload_blob(path.relative_to(root).as_posix(), path.read_bytes())
    may = blob.ContainerSasPermissions(read=True, list=True)
    ends = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
    signature = blob.generate_container_sas(ACCOUNT, "exports", account_key=KEY, permission=may, expiry=ends)
    for connection in (keyed, f"BlobEndpoint={address};SharedAccessSignature={signature}"):
        monkeypatch.setenv("AZURE_STORAGE_CONNECTION_STRING", connection)
        monkeypatch.setattr("export_contracts.verify.azure._clients", {})
        code, results = verify("az://exports/segment-export/", "--expect-count", 40)
        assert (code, broken(results)) == (0, {})
    code, results = verify("az://elsewhere")
    assert code == 3
    assert "access is denied" in results["error"] or "no such container" in results["error"]
