"""Delivered files in an Azure container, with credentials as Azure's own tools find them. Takes the extra `azure`.

In this order: a shared access signature in the address, AZURE_STORAGE_CONNECTION_STRING, AZURE_STORAGE_ACCOUNT with
AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN, what azure-identity finds, nothing at all. No signature is ever shown.
"""

from __future__ import annotations

import logging
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO, Final, cast
from urllib.parse import unquote, urlsplit

from export_contracts.checks.delivered import Named
from export_contracts.errors import UnreachableError, UsageError
from export_contracts.verify.storage import UNFINISHED, Skipped

if TYPE_CHECKING:
    from azure.storage.blob import ContainerClient

IN_MEMORY: Final = 4 * 1024 * 1024
STEP: Final = 4 * 1024 * 1024
"""Bytes asked for at a time; the library would hold 32 MB of each blob."""
_HOST: Final = re.compile(r"(?P<account>[a-z0-9]+)\.(?:blob|dfs)\.(?P<cloud>.+)")
_CONNECTION: Final = "AZURE_STORAGE_CONNECTION_STRING"
_ACCOUNT: Final = "AZURE_STORAGE_ACCOUNT"


@dataclass(frozen=True)
class AzurePlace:
    """Blobs under a prefix. `url` is the account's, empty where the environment tells it; it travels to workers."""

    shown: str
    container: str
    prefix: str
    url: str = ""
    signature: str = field(default="", repr=False)

    def files(self, skipped: Skipped) -> Iterator[Named]:
        """Blobs in the order of the store, page by page; markers of folders are left out."""
        with self._explained(""):
            for one in _client(self).list_blobs(name_starts_with=self._folder() or None, include=["metadata"]):
                if one.name.endswith("/") or (one.metadata or {}).get("hdi_isfolder") == "true":
                    continue
                if one.name.endswith(UNFINISHED):
                    skipped.add("the name says that it is unfinished")
                    continue
                modified = one.last_modified.timestamp() if one.last_modified else 0.0
                yield Named(f"{self.shown}/{one.name}", one.name, one.size or 0, modified, in_bucket=True)

    def _folder(self) -> str:
        """The prefix as a folder, where there is such a one: of `braze` the blobs below `braze/`, not `braze-old/`."""
        if self.prefix:
            folder = f"{self.prefix}/"
            if next(iter(_client(self).list_blobs(name_starts_with=folder, results_per_page=1)), None) is not None:
                return folder
        return self.prefix

    def open(self, named: Named) -> BinaryIO:
        """A copy of the blob, gone once it is closed."""
        copy = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - whoever asked for it closes it
        try:
            with self._explained(named.path):
                for part in _client(self).download_blob(named.path).chunks():
                    copy.write(part)
        except BaseException:
            copy.close()
            raise
        return cast("BinaryIO", copy)

    @contextmanager
    def _explained(self, name: str) -> Iterator[None]:
        from azure.core.exceptions import AzureError, ClientAuthenticationError, HttpResponseError

        what = f"{self.shown}/{name or self.prefix}".rstrip("/")
        try:
            yield
        except HttpResponseError as error:
            # Messages of the library name addresses, and signatures with them; its codes do not.
            told = getattr(error, "error_code", None)
            unsaid = "401" if isinstance(error, ClientAuthenticationError) else "206"
            code = str(getattr(told, "value", told) or error.status_code or unsaid)
            raise UnreachableError(f"{what} {_SAID.get(code, f'cannot be read: {code}')}.", hint=HINT) from None
        except AzureError as error:
            raise UnreachableError(f"{what} cannot be read: {type(error).__name__}.", hint=HINT) from None


HINT: Final = (
    f"{_CONNECTION}, {_ACCOUNT} with _KEY or _SAS_TOKEN, a signature in the address and azure-identity are heeded."
)
_DENIED: Final = "cannot be read: access is denied"
_BROKEN_OFF: Final = "cannot be read: the download broke off"
_BUSY: Final = "cannot be read: the store asks to slow down, time and again"
_SAID: Final = {
    "BlobNotFound": "was listed, but is gone",
    "ContainerNotFound": "cannot be read: there is no such container",
    "AuthenticationFailed": _DENIED,
    "AuthorizationFailure": _DENIED,
    "AuthorizationPermissionMismatch": _DENIED,
    "NoAuthenticationInformation": _DENIED,
    "PublicAccessNotPermitted": _DENIED,
    "200": _BROKEN_OFF,
    "206": _BROKEN_OFF,
    "401": _DENIED,
    "403": _DENIED,
    "404": "cannot be read: there is no such container or blob",
    "ServerBusy": _BUSY,
    "429": _BUSY,
    "503": _BUSY,
}


def open_azure(location: str) -> AzurePlace:
    """The place that an address of Azure names: az://container/prefix, abfss://… or the container's own https://…."""
    try:
        import azure.storage.blob  # noqa: F401 - only whether it is there
    except ImportError:
        raise UsageError(
            "Azure containers are read with azure-storage-blob, which is not installed.",
            hint='pip install "export-contracts[azure]"',
        ) from None
    split = urlsplit(location)
    host, path = split.hostname or "", unquote(split.path).strip("/")
    if split.scheme in {"az", "azure"}:
        container, prefix, url = split.netloc, path, ""
    elif split.scheme in {"http", "https"}:
        container, _, prefix = path.partition("/")
        url = f"{split.scheme}://{host.replace('.dfs.', '.blob.')}"
    else:
        container, prefix = split.username or "", path
        url = f"https://{host.replace('.dfs.', '.blob.')}"
    if not container or (url and _HOST.fullmatch(host) is None):
        raise UsageError(
            f"The address {location.partition('?')[0]} is not understood.",
            hint="Write az://container/prefix, or https://account.blob.core.windows.net/container/prefix.",
        )
    return AzurePlace(f"az://{container}", container, prefix, url, split.query)


_clients: dict[AzurePlace, ContainerClient] = {}
# Two processes must not speak through the same connection.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_clients.clear)


def _client(place: AzurePlace) -> ContainerClient:
    """One client for each place and process."""
    if place not in _clients:
        _clients[place] = _new_client(place)
    return _clients[place]


def _new_client(place: AzurePlace) -> ContainerClient:
    from azure.storage.blob import ContainerClient

    # Without a handler Python prints the libraries' own warnings, addresses among them.
    logging.getLogger("azure").addHandler(logging.NullHandler())
    settings: dict[str, Any] = {"connection_timeout": 10, "read_timeout": 60, "max_single_get_size": STEP}
    connection = os.environ.get(_CONNECTION, "")
    try:
        if connection and not place.signature and _same_account(place.url, connection):
            return ContainerClient.from_connection_string(connection, place.container, **settings)
        account = os.environ.get(_ACCOUNT, "")
        url = place.url or (f"https://{account}.blob.core.windows.net" if account else "")
        if not url:
            raise UsageError(f"Nothing tells the account of {place.shown}.", hint=HINT)
        return ContainerClient(url, place.container, credential=_credential(place), **settings)
    except ValueError:
        raise UsageError(f"The credentials for {place.shown} are not understood.", hint=HINT) from None


def _same_account(url: str, connection: str) -> bool:
    found = _HOST.fullmatch(urlsplit(url).hostname or "")
    return found is None or f"AccountName={found['account']};" in f"{connection};"


def _credential(place: AzurePlace) -> Any:
    given = place.signature or os.environ.get("AZURE_STORAGE_KEY") or os.environ.get("AZURE_STORAGE_SAS_TOKEN")
    if given:
        return given
    try:
        from azure.identity import DefaultAzureCredential
    except ImportError:
        return None
    return DefaultAzureCredential()
