"""Requests as clauses of clients see them: a member that is null counts as absent.

No document tells the two apart, and many clients write null for what they leave out.
"""

from __future__ import annotations

import dataclasses

from export_contracts.model import Exchange, Json


def as_asked(exchange: Exchange) -> Exchange:
    """The exchange with a view whose request body has no null members; itself where it has none anyway."""
    body = exchange.view["request"]["body"]
    if not isinstance(body, dict | list):
        return exchange
    try:
        pruned = _pruned(body)
        if pruned == body:
            return exchange
    except RecursionError:  # nobody nests so deeply but to see what happens
        return exchange
    copy = dataclasses.replace(exchange)
    copy.view.update(request={**copy.view["request"], "body": pruned})
    return copy


def _pruned(value: Json) -> Json:
    if isinstance(value, dict):
        return {name: _pruned(one) for name, one in value.items() if one is not None}
    return [_pruned(one) for one in value] if isinstance(value, list) else value
