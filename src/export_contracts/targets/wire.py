"""One HTTP exchange on a connection of its own, bounded in time and size. Knows no target and no contract.

Nothing is retried, followed, decoded or added but `Host`, `Content-Length` and a `User-Agent`, so that what is
judged is what was on the wire. Every failure is a `Trouble` with one sentence.
"""

from __future__ import annotations

import http.client
import logging
import ssl
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from typing import Final
from urllib.parse import quote, urlsplit

import urllib3
from urllib3.connection import HTTPConnection
from urllib3.util import SKIP_HEADER

from export_contracts.model import Headers, Request, Response
from export_contracts.targets import connecting
from export_contracts.targets.connecting import Deadline, Late
from export_contracts.targets.transport import NotSent, Trouble, Unread

USER_AGENT: Final = "export-contracts (conformance checks; +https://pypi.org/project/export-contracts/)"
_PIECE: Final = 256 * 1024
_INTERIM: Final = range(102, 200)
"""Statuses that announce an answer; 100 is known to the standard library, and what follows 101 is no HTTP."""
_LONGEST_LINE: Final = 65_536
_ENDS: Final = (b"\r\n", b"\n", b"")
_SAFE: Final = "%/:=&?~#+!$,;'@()*[]\"<>\\^`{|}"

# urllib3 logs a traceback for header fields it finds odd; such answers are evidence here, not news
logging.getLogger("urllib3.connection").setLevel(logging.ERROR)


def carry(request: Request, *, timeout: float, body_limit: int, addresses: Sequence[str] = ()) -> Response:
    """Send `request` and read the whole answer: at most `timeout` seconds in all and `body_limit` bytes of body.

    With `addresses` the connection is made to one of them, and the name is not looked up.
    """
    deadline = Deadline(timeout)
    with _in_words(request, deadline, body_limit):
        connection = connecting.connection(request.url, deadline, addresses)
        connection.response_class = _FinalResponse
        try:
            connection.connect()
            with closing(_answer(connection, request)) as answer:
                body = _body(answer, body_limit)
            deadline.check()
        finally:
            connection.close()
            deadline.release()
    fields = [(name, value.strip(" \t")) for name, value in answer.headers.items()]  # blanks around belong to no value
    return Response(answer.status, Headers.of(fields), body)


class _TooLarge(Exception):
    """More body than we read."""


class _FinalResponse(http.client.HTTPResponse):
    """The answer itself, whatever interim ones (102, 103) go before it: the standard library knows of 100 alone."""

    def _read_status(self) -> tuple[str, int, str]:
        found: tuple[str, int, str] = super()._read_status()  # type: ignore[misc]  # private, and nowhere else to stand
        while found[1] in _INTERIM:
            while self.fp.readline(_LONGEST_LINE) not in _ENDS:
                pass
            found = super()._read_status()  # type: ignore[misc]  # the same
        return found


def _answer(connection: HTTPConnection, request: Request) -> urllib3.HTTPResponse:
    # a server may refuse a body by answering and closing before it has read it all: the answer counts
    with suppress(BrokenPipeError, ConnectionResetError):
        connection.request(
            request.method,
            _target(request.url),
            body=request.body or None,
            headers=_fields(request.headers),
            preload_content=False,
            decode_content=False,
        )
    return connection.getresponse()


def _target(url: str) -> str:
    split = urlsplit(url)
    return quote((split.path or "/") + (f"?{split.query}" if split.query else ""), safe=_SAFE)


def _fields(headers: Headers) -> urllib3.HTTPHeaderDict:
    fields = urllib3.HTTPHeaderDict()
    for name, value in headers:
        if "\r" in value or "\n" in value:  # the library would say so and show the value, which may be a secret
            raise NotSent(f"the request cannot be put on the wire: a line breaks in its header {name}")
        fields.add(name, value if value.isascii() else value.encode().decode("latin-1"))
    if "User-Agent" not in fields:
        fields["User-Agent"] = USER_AGENT
    if "Accept-Encoding" not in fields:
        fields["Accept-Encoding"] = SKIP_HEADER
    return fields


def _body(answer: urllib3.HTTPResponse, limit: int) -> bytes:
    body = bytearray()
    while piece := answer.read1(_PIECE, decode_content=False):
        body += piece
        if len(body) > limit:
            raise _TooLarge
    return bytes(body)


@contextmanager
def _in_words(request: Request, deadline: Deadline, limit: int) -> Iterator[None]:
    try:
        yield
    except Trouble:
        raise
    except _TooLarge:
        raise Unread(f"the answer's body is larger than {limit} bytes, so reading was stopped") from None
    except (Late, urllib3.exceptions.HTTPError, http.client.HTTPException, OSError) as error:
        if deadline.passed:
            raise Trouble(f"no complete answer within {deadline.seconds:g} s") from None
        raise Trouble(_sentence(error, _host(request.url), deadline.seconds)) from None
    except (ValueError, AttributeError) as error:
        # http.client reads from a socket it believes open; the deadline may have shut it in between
        if deadline.passed:
            raise Trouble(f"no complete answer within {deadline.seconds:g} s") from None
        raise NotSent(f"the request cannot be put on the wire: {_shortly(error)}") from None


def _sentence(error: Exception, host: str, seconds: float) -> str:
    exceptions = urllib3.exceptions
    match error:
        case exceptions.NameResolutionError():
            return f"the name {host} leads to no address"
        case exceptions.NewConnectionError() if isinstance(error.__cause__, ConnectionRefusedError):
            return f"{host} refuses connections"
        case exceptions.NewConnectionError():
            return f"no connection to {host}: {_shortly(error.__cause__ or error)}"
        case exceptions.ConnectTimeoutError():
            return f"no connection to {host} within {seconds:g} s"
        case ssl.SSLError() | exceptions.SSLError() | ssl.CertificateError():
            return f"TLS with {host} failed: {_shortly(error)}"
        case exceptions.ReadTimeoutError() | TimeoutError():
            return f"no complete answer within {seconds:g} s"
        case http.client.RemoteDisconnected():
            return "the connection was closed without an answer"
        case exceptions.ProtocolError() | http.client.IncompleteRead():
            return "the connection broke in the middle of the answer's body"
        case ConnectionError():
            return "the connection was reset before the answer was complete"
        case http.client.HTTPException():
            return f"the answer is no HTTP: {type(error).__name__} {_shortly(error)}"
    return f"the exchange with {host} failed: {_shortly(error)}"


def _host(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2]


def _shortly(error: BaseException) -> str:
    return " ".join(str(error).split())[:160]
