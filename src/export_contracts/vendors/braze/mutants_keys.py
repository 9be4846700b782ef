"""Braze's reference with one defect each, of API keys: how they are sent, compared and what they permit."""

from __future__ import annotations

from export_contracts.model import Request
from export_contracts.vendors.braze.reference_company import Workspace
from export_contracts.vendors.braze.reference_service import Braze


class AcceptsAnyKey(Braze):
    """Does not look at the key."""

    def workspace(self, request: Request, key: str | None) -> Workspace:  # noqa: ARG002 - every request alike
        """The default workspace for any key, or none."""
        return self.company.workspaces.get(key or "") or self.company.workspaces[self.company.key("default")]


class AcceptsEmptyKey(Braze):
    """Takes the word Bearer for a key."""

    def workspace(self, request: Request, key: str | None) -> Workspace:
        """The default workspace where no key follows the scheme."""
        empty = (request.headers.get("authorization") or "").strip().lower() == "bearer"
        return super().workspace(request, self.company.key("default") if empty else key)


class AcceptsAnyScheme(Braze):
    """Looks at the last word of the header only."""

    def key_of(self, request: Request) -> str | None:
        """The key after any scheme, or after none."""
        return (request.headers.get("authorization") or "").rpartition(" ")[2] or None


class AcceptsBeginningsOfKeys(Braze):
    """Compares no further than the given key goes."""

    def key_of(self, request: Request) -> str | None:
        """The first known key that begins so."""
        key = super().key_of(request)
        return next((one for one in self.company.workspaces if key and one.startswith(key)), key)


class AcceptsKeysOfAnyCase(Braze):
    """Compares keys without their case."""

    def key_of(self, request: Request) -> str | None:
        """The known key that differs by no more."""
        key = super().key_of(request)
        return next((one for one in self.company.workspaces if key and one.casefold() == key.casefold()), key)


class AcceptsQuotedKey(Braze):
    """Takes a key in quotation marks for the key."""

    def key_of(self, request: Request) -> str | None:
        """The key without its marks."""
        key = super().key_of(request)
        return key.strip('"') if key else None


class PermissionIgnored(Braze):
    """Does not look at a key's permissions."""

    def permitted(self, workspace: Workspace, permission: str) -> None:
        """Never refuse."""
