"""A folder served to this machine's browser until Ctrl-C. No other machine can reach it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from export_contracts.errors import UsageError


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing of each request."""


def serve_folder(folder: Path, port: int, say: Callable[[str], None]) -> None:
    """Serve `folder` on 127.0.0.1; port 0 takes any."""
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), partial(_Quiet, directory=str(folder)))
    except OSError as error:
        raise UsageError(
            f"Port {port} cannot be used: {error.strerror or error}.", hint="--port 0 takes any."
        ) from None
    with server:
        try:
            say(f"http://127.0.0.1:{server.server_port}/")
            server.serve_forever()
        except KeyboardInterrupt:
            return
