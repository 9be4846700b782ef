"""A certificate authority for one run of the gate: made at start, thrown away at the end.

Making it, with the libraries that takes, is a fifth of the gate's start. `meanwhile` has a fork do it while ours reads
its modules. No library for certificates is imported here before it is needed.
"""

from __future__ import annotations

import base64
import contextlib
import functools
import json
import os
import signal
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

JAVA_PASSWORD: Final = "export-contracts"  # noqa: S105 - protects a public certificate in a throw-away file


@dataclass(frozen=True, slots=True)
class Made:
    """What an authority is: its certificate and key in PEM, and a trust store that Java reads."""

    certificate: bytes
    key: bytes
    truststore: bytes


def made() -> Made:
    """A new authority."""
    import trustme
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
    from cryptography.hazmat.primitives.serialization.pkcs12 import PKCS12Certificate, serialize_java_truststore
    from cryptography.x509 import load_pem_x509_certificate

    ca = trustme.CA()
    certificate = ca.cert_pem.bytes()
    trusted = [PKCS12Certificate(load_pem_x509_certificate(certificate), b"export-contracts gate")]
    store = serialize_java_truststore(trusted, BestAvailableEncryption(JAVA_PASSWORD.encode()))
    return Made(certificate, ca.private_key_pem.bytes(), store)


@contextlib.contextmanager
def meanwhile() -> Iterator[Callable[[], Made]]:
    """Have an authority made by a fork that ends with the block; the function waits for it, once.

    Without a fork where the system has none, or where there are threads, which a fork would leave halfway.
    """
    if not hasattr(os, "fork") or threading.active_count() > 1:
        yield functools.cache(made)
        return
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _tell(writing)
    os.close(writing)
    with open(reading, "rb") as answer:  # noqa: PTH123 - a descriptor has no path
        try:
            yield functools.cache(lambda: _told(answer.read()))
        finally:
            os.kill(child, signal.SIGKILL)  # it is still ours to wait for, however it ended
            os.waitpid(child, 0)


def _tell(writing: int) -> NoReturn:
    """The fork's whole life: nothing of what its parent had begun is ended or flushed by it."""
    try:
        one = made()
        parts = (one.certificate, one.key, one.truststore)
        os.write(writing, json.dumps([base64.b64encode(part).decode() for part in parts]).encode())
    finally:
        os._exit(0)


def _told(text: bytes) -> Made:
    try:
        return Made(*(base64.b64decode(part) for part in json.loads(text)))
    except (ValueError, TypeError):  # it was ended before its time
        return made()


class Authority:
    """An authority at work: its files in a folder, and certificates for hosts when they are first asked for."""

    def __init__(self, folder: Path, one: Made | None = None) -> None:
        self._made = one or made()
        self.file = folder / "ca.pem"
        self.file.write_bytes(self._made.certificate)
        truststore(self.file).write_bytes(self._made.truststore)
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._lock = threading.Lock()

    def context(self, host: str) -> ssl.SSLContext:
        """A server context that proves to be `host`, speaking HTTP/1.1 only."""
        import trustme

        with self._lock:
            if host not in self._contexts:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                ca = trustme.CA.from_pem(self._made.certificate, self._made.key)
                ca.issue_cert(host).configure_cert(context)
                context.set_alpn_protocols(["http/1.1"])
                self._contexts[host] = context
            return self._contexts[host]


def truststore(file: Path) -> Path:
    """Where Java's trust store lies, beside the certificate."""
    return file.with_name("truststore.p12")
