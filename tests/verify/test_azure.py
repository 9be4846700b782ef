"""Exports in an Azure container: listed in pages, read, and told of in one sentence when they cannot be."""

from __future__ import annotations

import base64
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

import pytest
from tests.verify.conftest import broken, text, users

from export_contracts.cli.main import main

blob = pytest.importorskip("azure.storage.blob")

from export_contracts.verify import azure  # noqa: E402 - only where the extra is installed

KEY = base64.b64encode(b"k" * 32).decode()
PAGE = 2


class Container(BaseHTTPRequestHandler):
    """As much of the Blob service as reading takes: pages of names, ranges of bytes, refusals."""

    blobs: dict[str, bytes]
    gone: set[str]
    busy: int
    denied: bool
    asked: list[str]
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        split = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(split.query).items()}
        type(self).asked.append(self.headers.get("Authorization") or split.query)
        _, _, container, *rest = unquote(split.path).split("/")
        if type(self).busy:
            type(self).busy -= 1
            self.refuse(503, "ServerBusy")
        elif type(self).denied:
            self.refuse(403, "AuthenticationFailed")
        elif container != "exports":
            self.refuse(404, "ContainerNotFound")
        elif query.get("comp") == "list":
            self.list(query)
        else:
            self.give("/".join(rest))

    def refuse(self, status: int, code: str) -> None:
        body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>no</Message></Error>".encode()
        self.answer(status, body, {"x-ms-error-code": code, "Content-Type": "application/xml"})

    def list(self, query: dict[str, str]) -> None:
        names = sorted(name for name in type(self).blobs if name.startswith(query.get("prefix", "")))
        start = int(query.get("marker", "0"))
        shown, more = names[start : start + PAGE], len(names) > start + PAGE
        items = "".join(
            f"<Blob><Name>{escape(name)}</Name><Properties><Last-Modified>Sun, 22 Nov 2026 10:00:00 GMT</Last-Modified>"
            f"<Content-Length>{len(type(self).blobs[name])}</Content-Length><BlobType>BlockBlob</BlobType></Properties>"
            f"<Metadata>{'<hdi_isfolder>true</hdi_isfolder>' if name.endswith('folder') else ''}</Metadata></Blob>"
            for name in shown
        )
        marker = f"<NextMarker>{start + PAGE if more else ''}</NextMarker>"
        body = f"<?xml version='1.0'?><EnumerationResults><Blobs>{items}</Blobs>{marker}</EnumerationResults>"
        self.answer(200, body.encode(), {"Content-Type": "application/xml"})

    def give(self, name: str) -> None:
        body = type(self).blobs.get(name)
        if body is None or name in type(self).gone:
            self.refuse(404, "BlobNotFound")
            return
        first, _, last = (self.headers.get("x-ms-range") or "bytes=0-").removeprefix("bytes=").partition("-")
        part = body[int(first) : int(last) + 1 if last else None]
        where = f"bytes {first}-{int(first) + len(part) - 1}/{len(body)}"
        self.answer(206, part, {"Content-Range": where, "ETag": '"1"', "x-ms-blob-type": "BlockBlob"})

    def answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def container(monkeypatch) -> Iterator[type[Container]]:
    for name in ("AZURE_STORAGE_ACCOUNT", "AZURE_STORAGE_KEY", "AZURE_STORAGE_SAS_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    kind = type("Fresh", (Container,), {"blobs": {}, "gone": set(), "busy": 0, "denied": False, "asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    endpoint = f"BlobEndpoint=http://127.0.0.1:{server.server_port}/store"
    monkeypatch.setenv("AZURE_STORAGE_CONNECTION_STRING", f"AccountName=store;AccountKey={KEY};{endpoint}")
    monkeypatch.setattr(azure, "_clients", {})
    yield kind
    server.shutdown()
    server.server_close()


def fill(container, root):
    for path in root.rglob("*.zip"):
        container.blobs[path.relative_to(root).as_posix()] = path.read_bytes()


def test_a_container_is_verified(container, bucket, verify):
    fill(container, bucket(text(users(20)), text(users(20, first=20)), text(users(20, first=40))))
    container.blobs["segment-export/folder"] = b""
    code, results = verify("az://exports/segment-export", "--expect-count", 60)
    assert (code, broken(results)) == (0, {})
    assert results["runs"][0]["notes"] == ["60 users in 3 files."]
    assert {one["id"]: one["kept"] for one in results["clauses"]}["BRZ-087"] == 3
    assert all(one.startswith("SharedKey store:") for one in container.asked)


def test_large_blobs_come_in_ranges(container, verify):
    container.blobs["e.csv"] = b"Export key,Text\n" + b"".join(b"k%07d,%s\n" % (at, b"x" * 900) for at in range(38_000))
    code, results = verify("az://exports/e.csv", vendor="apsis")
    assert (code, results["runs"][0]["notes"]) == (0, ["38,000 users in 1 file."])


def test_what_cannot_be_read_is_one_sentence(container, verify):
    code, results = verify("az://nowhere/x")
    assert (code, "there is no such container" in results["error"]) == (3, True)
    code, results = verify("az://exports/nothing/")
    assert (code, "There is no file" in results["error"]) == (3, True)
    container.denied = True
    code, results = verify("az://exports")
    assert (code, "access is denied" in results["error"]) == (3, True)


def test_a_blob_that_goes_between_listing_and_reading_is_trouble(container, bucket, verify):
    fill(container, bucket(text(users(5)), text(users(5, first=5))))
    container.gone.add(next(name for name in container.blobs if name.endswith("000.zip")))
    code, results = verify("az://exports")
    assert (code, results["footer"]["complete"]) == (3, False)
    assert "was listed, but is gone" in results["footer"]["reason"]


def test_a_busy_store_is_asked_again(container, bucket, verify, monkeypatch):
    monkeypatch.setattr("azure.core.pipeline.transport.RequestsTransport.sleep", lambda *_: None)
    fill(container, bucket(text(users(5))))
    container.busy = 2
    assert verify("az://exports")[0] == 0


@pytest.mark.usefixtures("container")
def test_a_signature_is_never_shown(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("azure.core.pipeline.transport.RequestsTransport.sleep", lambda *_: None)
    address = "https://nobody.blob.core.windows.net.invalid/exports/x?sv=2024&sig=SECRETSECRET"
    code = main(["verify", "braze", address, "--report", str(tmp_path / "report")])
    shown = capsys.readouterr()
    assert code == 3
    assert "SECRETSECRET" not in shown.out + shown.err
    assert not any("SECRETSECRET" in path.read_text() for path in tmp_path.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("location", "account", "container", "prefix"),
    [
        ("az://exports/a/b", "", "exports", "a/b"),
        ("https://a1.blob.core.windows.net/exports/a%20b/", "https://a1.blob.core.windows.net", "exports", "a b"),
        ("abfss://exports@a1.dfs.core.windows.net/a", "https://a1.blob.core.windows.net", "exports", "a"),
        ("wasbs://exports@a1.blob.core.windows.net", "https://a1.blob.core.windows.net", "exports", ""),
    ],
)
def test_addresses_are_read(location, account, container, prefix):
    found = azure.open_azure(location)
    assert (found.url, found.container, found.prefix) == (account, container, prefix)


def test_without_the_library_it_is_one_sentence(verify, monkeypatch):
    monkeypatch.setitem(sys.modules, "azure.storage.blob", None)
    code, results = verify("az://exports")
    assert code == 2
    assert 'pip install "export-contracts[azure]"' in results["error"]


def test_an_account_that_nobody_names_is_wrong_usage(verify, monkeypatch):
    for name in ("AZURE_STORAGE_CONNECTION_STRING", "AZURE_STORAGE_ACCOUNT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(azure, "_clients", {})
    code, results = verify("az://exports")
    assert (code, "Nothing tells the account" in results["error"]) == (2, True)


@pytest.mark.usefixtures("container")
def test_an_identity_that_is_not_known_is_one_sentence(verify, monkeypatch):
    from azure.core.exceptions import ClientAuthenticationError

    def refused(*_: object, **__: object) -> None:
        raise ClientAuthenticationError("no token for https://login/?secret=SECRET")

    monkeypatch.setattr(blob.ContainerClient, "list_blobs", refused)
    code, results = verify("az://exports")
    assert (code, "access is denied" in results["error"]) == (3, True)
    assert "SECRET" not in results["error"]
