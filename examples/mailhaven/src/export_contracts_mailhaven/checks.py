"""What no built-in check can say of Mailhaven's exports. Pure: from a transcript to findings."""

from __future__ import annotations

from collections.abc import Iterator

from export_contracts.checks.registry import check
from export_contracts.checks.talk import Talk
from export_contracts.model import Evidence, Finding, Kept
from export_contracts.schema.pointer import resolve


@check("done_is_final")
def done_is_final(talk: Talk) -> Iterator[Evidence]:
    """An export that was done is done at every later look."""
    done: set[str] = set()
    for look in talk.selected:
        path, state = look.request.path, resolve(look.view, "/response/body/state")
        if state == "done":
            if path in done:
                yield Kept(look.at("/response/body/state"))
            done.add(path)
        elif path in done:
            yield Finding(look.at("/response/body/state"), "done, as before", str(state))
