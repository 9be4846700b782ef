from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
import threading
from http import HTTPStatus
from urllib.parse import urlsplit

import pytest
import urllib3

from export_contracts.gate import environment
from export_contracts.gate.authority import Authority
from export_contracts.gate.proxy import Journal, Proxy
from export_contracts.reference.server import Answer


@pytest.fixture
def proxy(tmp_path):
    def echo(request):
        return Answer(200, f"{request.headers.get('Host')} {request.path} {urlsplit(request.url).scheme}".encode())

    proxy = Proxy(["rest.*.braze.com"], echo, Authority(tmp_path), Journal())
    yield proxy
    proxy.close()


def address(proxy):
    return "127.0.0.1", int(proxy.url.rpartition(":")[2])


def told(proxy):
    """What the journal says of trouble, which may come a moment after the client has seen it."""
    for _ in range(100):
        if proxy.journal.troubles:
            break
        threading.Event().wait(0.02)
    return " ".join(proxy.journal.troubles)


def through(proxy, **options):
    trust = {"ca_certs": str(proxy.authority.file), **options}
    return urllib3.ProxyManager(proxy.url, retries=False, timeout=60, **trust)


def test_a_vendors_host_is_answered_by_the_reference(proxy):
    with through(proxy) as client:
        answer = client.request("GET", "https://rest.iad-01.braze.com/users")
    assert answer.data == b"rest.iad-01.braze.com /users https"
    assert proxy.journal.admitted == {"rest.iad-01.braze.com"}


def test_plain_http_is_answered_too(proxy):
    with through(proxy) as client:
        assert client.request("GET", "http://rest.iad-01.braze.com/users").data == b"rest.iad-01.braze.com /users http"


@pytest.mark.parametrize(
    ("wire", "said"),
    [
        (b"secret\x00\r\n\r\n", "400 Bad Request"),
        (b"POST /users HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n", f"413 {HTTPStatus(413).phrase}"),
    ],
)
def test_what_was_refused_unread_is_told_and_not_repeated(proxy, wire, said):
    with socket.create_connection(address(proxy), timeout=60) as client:
        client.sendall(wire)
        client.recv(65536)
    assert told(proxy) == f"a request was refused unread: {said}"


def test_another_host_is_refused_and_never_contacted(proxy):
    with through(proxy) as client, pytest.raises(urllib3.exceptions.ProxyError, match="403"):
        client.request("GET", "https://example.com/")
    assert proxy.journal.refused == {"example.com"}


def test_tls_from_the_first_byte_is_told_apart_by_the_name_in_the_hello(proxy):
    context = ssl.create_default_context(cafile=str(proxy.authority.file))
    with (
        socket.create_connection(address(proxy), timeout=60) as plain,
        context.wrap_socket(plain, server_hostname="rest.fra-01.braze.com") as secure,
    ):
        secure.sendall(b"GET /direct HTTP/1.1\r\nHost: rest.fra-01.braze.com\r\nConnection: close\r\n\r\n")
        answer = b"".join(iter(lambda: secure.recv(4096), b""))
    assert answer.endswith(b"rest.fra-01.braze.com /direct https")


def test_a_client_that_does_not_trust_us_is_told_of_in_a_sentence(proxy):
    with through(proxy, ca_certs=None) as client, pytest.raises(urllib3.exceptions.HTTPError):
        client.request("GET", "https://rest.iad-01.braze.com/users")
    assert "does not trust the gate's certificate" in told(proxy)


def test_a_client_that_hangs_up_within_tls_is_told_of(proxy):
    with socket.create_connection(address(proxy), timeout=60) as client:
        client.sendall(b"CONNECT rest.iad-01.braze.com:443 HTTP/1.1\r\n\r\n")
        assert client.recv(100).startswith(b"HTTP/1.1 200")
        client.sendall(b"\x16\x03\x01\x00\x05hello")
    assert "TLS for rest.iad-01.braze.com was broken off" in told(proxy)


def test_http2_without_asking_is_told_of(proxy):
    with socket.create_connection(address(proxy), timeout=60) as client:
        client.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        assert client.recv(100).startswith(b"HTTP/1.1 505 ")
    assert "HTTP/2" in told(proxy)


def test_node_fetch_reaches_the_gate_by_the_preload(proxy):
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    variables = environment.variables("braze", "http://127.0.0.1:1", {"token": "t"}, proxy.url, proxy.authority.file)
    script = "fetch('https://rest.iad-01.braze.com/x').then(r => r.text()).then(console.log)"
    done = subprocess.run(
        ["node", "-e", script], env=_clean(variables), capture_output=True, text=True, timeout=120, check=False
    )
    assert done.stdout.strip() == "rest.iad-01.braze.com /x https", done.stderr


def test_a_node_client_that_insists_on_http2_is_told_of(proxy):
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    variables = environment.variables("braze", "http://127.0.0.1:1", {"token": "t"}, proxy.url, proxy.authority.file)
    script = "require('http2').connect('https://rest.iad-01.braze.com').on('error', (e) => console.log(e.code))"
    done = subprocess.run(
        ["node", "-e", script], env=_clean(variables), capture_output=True, text=True, timeout=120, check=False
    )
    assert "ENOTFOUND" not in done.stdout
    assert "HTTP/2" in told(proxy), done.stdout + done.stderr


def test_variables_name_every_runtime(proxy):
    variables = environment.variables("braze", "http://127.0.0.1:1", {"token": "t"}, proxy.url, proxy.authority.file)
    assert variables["EXPORT_CONTRACTS_BRAZE_TOKEN"] == "t"
    for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"):
        assert variables[name] == str(proxy.authority.file)
    assert proxy.url.rsplit(":", 1)[1] in variables["JAVA_TOOL_OPTIONS"]


def test_what_the_user_says_to_a_runtime_is_kept(proxy):
    said = {"NODE_OPTIONS": "--no-warnings", "JAVA_TOOL_OPTIONS": "-Xmx1g", "PHP_INI_SCAN_DIR": "/etc/mine"}
    before = ("braze", "http://127.0.0.1:1", {}, proxy.url, proxy.authority.file)
    plain, mixed = environment.variables(*before), environment.variables(*before, inherited=said)
    for name in ("NODE_OPTIONS", "JAVA_TOOL_OPTIONS"):
        assert mixed[name] == f"{said[name]} {plain[name]}"
    assert mixed["PHP_INI_SCAN_DIR"] == f"/etc/mine{plain['PHP_INI_SCAN_DIR']}"


def _clean(variables):
    return {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **variables}
