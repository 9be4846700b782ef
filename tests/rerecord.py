"""Records every reference cassette of the house again, after a change of a reference: `python tests/rerecord.py`."""

from __future__ import annotations

from export_contracts import resources
from export_contracts.catalogue import contract as contracts
from export_contracts.catalogue import plugins
from export_contracts.check.record import record, recordable
from export_contracts.targets.venue import embedded_venue


def main() -> None:
    for slug in plugins.slugs():
        folder = resources.cassettes() / slug
        chosen = [one for one in recordable(slug) if (folder / f"reference-{one.name}.yaml").is_file()]
        for path in folder.glob("reference-*.yaml"):
            path.unlink()
        list(record(contracts.load(slug), embedded_venue(slug), chosen, folder, recorded_at="unused"))


if __name__ == "__main__":
    main()
