"""Pages are fetched once and bounded; a server that misbehaves costs seconds and gives one sentence."""

import gzip
import http.server
import threading

import pytest
from tests.integration import hostile
from tests.unit.drift import layouts

from export_contracts.catalogue import contract as contracts
from export_contracts.cli.main import main
from export_contracts.drift import fetching
from export_contracts.errors import ExportContractsError

PAGE = layouts.bloomreach(layouts.Docusaurus(), contracts.load("bloomreach")).encode()


class Pages(http.server.BaseHTTPRequestHandler):
    """Answers by the path."""

    def do_GET(self):
        status, headers, body = ANSWERS[self.path]
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value.replace("HERE", f"http://127.0.0.1:{self.server.server_port}"))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Keep quiet."""


HTML = {"Content-Type": "text/html; charset=utf-8"}
ANSWERS = {
    "/page": (200, HTML, PAGE),
    "/packed": (200, {**HTML, "Content-Encoding": "gzip"}, gzip.compress(PAGE)),
    "/moved": (301, {"Location": "/page#there"}, b""),
    "/away": (302, {"Location": "https://example.com/page"}, b""),
    "/into": (302, {"Location": "http://127.0.0.1:1/page"}, b""),
    "/file": (302, {"Location": "file:///etc/hostname"}, b""),
    "/round": (302, {"Location": "HERE/round"}, b""),
    "/bomb": (200, {**HTML, "Content-Encoding": "gzip"}, gzip.compress(b"x" * 4_000_000)),
    "/torn": (200, {**HTML, "Content-Encoding": "gzip"}, gzip.compress(PAGE)[:-20]),
    "/brotli": (200, {**HTML, "Content-Encoding": "br"}, b"x"),
    "/picture": (200, {"Content-Type": "image/png"}, b"\x89PNG"),
    "/gone": (404, HTML, b"<p>gone</p>"),
    "/large": (200, HTML, b"x" * 2_000_000),
}


@pytest.fixture(scope="module")
def site():
    """The address of a site with these pages."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("path", ["/page", "/packed", "/moved"])
def test_a_page_is_fetched_and_read(site, path, capsys):
    assert fetching.fetch(f"{site}{path}") == PAGE
    assert main(["drift", "bloomreach", "--document", f"{site}{path}"]) == 0
    assert "no drift" in capsys.readouterr().out


REFUSED = {
    "/away": "another host",
    "/into": "another host",
    "/file": "no http or https URL",
    "/round": "redirects more than",
    "/bomb": "larger than",
    "/torn": "too early",
    "/brotli": "packed as br",
    "/picture": "image/png",
    "/gone": "answered 404",
    "/large": "larger than",
}


@pytest.mark.parametrize("path", REFUSED)
def test_what_cannot_be_had_is_one_sentence(site, path):
    with pytest.raises(ExportContractsError, match=REFUSED[path]):
        fetching.fetch(f"{site}{path}", most=1_000_000)


@pytest.mark.parametrize(
    "manner", [hostile.silent, hostile.endless, hostile.dripping_body, hostile.dripping_head, hostile.reset]
)
def test_a_hostile_server_costs_its_seconds_at_most(manner):
    with hostile.serving(manner) as url, pytest.raises(ExportContractsError, match="could not be fetched"):
        fetching.fetch(f"{url}/page", seconds=0.3, most=1_000_000)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://example.com/page", "without TLS"),
        ("https://me:secret@example.com/page", "credentials"),
        ("https://example.com:99999/", "no URL"),
        ("http:///page", "no http or https URL"),
    ],
)
def test_a_url_that_is_not_asked(url, why):
    with pytest.raises(ExportContractsError, match=why) as raised:
        fetching.fetch(url)
    assert "secret" not in str(raised.value)


def test_exit_codes_of_pages(site, capsys):
    assert main(["drift", "bloomreach", "--document", f"{site}/gone"]) == 3
    assert main(["drift", "bloomreach", "--document", f"{site}/picture"]) == 2
    capsys.readouterr()
