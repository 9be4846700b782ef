"""Where each page of the site stands. Clause addresses are stable: an id is given once and never reused."""

from __future__ import annotations

from export_contracts.catalogue.contract import Contract
from export_contracts.model import Clause


def clause_folder(contract: Contract, clause: Clause) -> str:
    """`braze/BRZ-014`, the address people cite; a clause that binds every vendor stands under `general/`."""
    slug = contract.manifest.slug if clause.vendor_prefix == contract.manifest.prefix else "general"
    return f"{slug}/{clause.id}"


def clause_path(contract: Contract, clause: Clause) -> str:
    """The file of that address."""
    return f"{clause_folder(contract, clause)}/index.html"
