"""What a shell may complete: vendors and clauses. Imports the catalogue only when a shell asks."""

from __future__ import annotations

import click


def vendors(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:  # noqa: ARG001 - click's signature
    """Slugs that begin so."""
    from export_contracts.catalogue import plugins

    return [one for one in plugins.slugs() if one.startswith(incomplete)]


def clauses(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:  # noqa: ARG001 - click's signature
    """Ids of every vendor's clauses that begin so."""
    from export_contracts.catalogue import contract, plugins

    known = {clause.id for slug in plugins.slugs() for clause in contract.load(slug).clauses}
    return sorted(one for one in known if one.startswith(incomplete.upper()))


def vendors_and_clauses(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """Both, for a command that shows either."""
    return [*vendors(context, parameter, incomplete), *(clauses(context, parameter, incomplete) if incomplete else ())]


def first_word(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """Slugs, where the first of the words is asked for."""
    return [] if context.params.get(parameter.name or "") else vendors(context, parameter, incomplete)
