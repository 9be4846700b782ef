"""What the site's search reads: one small entry for each page, as a script, so that a mere folder will do."""

from __future__ import annotations

import json
from collections.abc import Iterable

from export_contracts.catalogue.contract import Contract
from export_contracts.site.fields import tables
from export_contracts.site.links import clause_path
from export_contracts.site.operations import pages


def script(contracts: Iterable[Contract]) -> str:
    """JavaScript that sets `exportContracts` to a list of `[address, name, title, words]`."""
    entries: dict[str, list[str]] = {}
    for contract in contracts:
        slug, title = contract.manifest.slug, contract.manifest.title
        entries[f"{slug}/index.html"] = [title, contract.manifest.summary, slug]
        for operation in pages(contract):
            address = f"{slug}/operations.html#{operation.id}"
            words = f"{slug} {operation.method} {operation.path} operation"
            entries[address] = [f"{operation.method} {operation.path}", operation.summary, words]
        for table in tables(contract):
            for field in table.fields:
                name = field.member.place.rpartition("/")[2]
                if name != "*":
                    entries[f"{slug}/fields.html#{field.anchor}"] = [name, f"in {table.title}", f"{slug} field"]
        for one in contract.clauses:
            words = " ".join(
                (slug, one.section, one.party, one.level, one.basis, one.note or "", *one.readings.values())
            )
            entries.setdefault(clause_path(contract, one), [one.id, one.title, words])
    text = json.dumps([[address, *one] for address, one in entries.items()], separators=(",", ":"))
    return f"const exportContracts={text};\n"
