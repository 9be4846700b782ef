"""Journeys around the account: its tokens, and the rates that all its keys share."""

from __future__ import annotations

import uuid

from export_contracts.model import Exchange, Json
from export_contracts.targets.scenario import scenario
from export_contracts.targets.stage import Stage
from export_contracts.vendors.apsis.scenarios_bodies import body
from export_contracts.vendors.apsis.scenarios_moves import HOUR, Mark, fetch, intent, order, until_ready


def ask_for_token(stage: Stage, mark: Mark | None = None, *, patient: bool | None = None, **changes: str) -> Exchange:
    """Trade the API key for a token."""
    asked = {
        "grant_type": "client_credentials",
        "client_id": stage.setting("client_id"),
        "client_secret": stage.setting("client_secret"),
    }
    what = {name: value for name, value in {**asked, **changes}.items() if value}
    return stage.send("createToken", json=what, auth="none", intent=intent(stage, mark), patient=patient)


def token_in(issued: Exchange) -> str | None:
    """The token in the answer."""
    found = issued.response.json if issued.response is not None and issued.status in {200, 201} else None
    token = found.get("access_token") if isinstance(found, dict) else None
    return token if isinstance(token, str) and token else None


def authenticate(stage: Stage) -> dict[str, Json]:
    """The token for a target that declares an API key instead of a token."""
    if any(stage.target.settings.get(name) is None for name in ("client_id", "client_secret")):
        return {}
    token = token_in(ask_for_token(stage))
    return {} if token is None else {"token": token}


def renewed(stage: Stage) -> str | None:
    """A new token where the target declares an API key; None lets the old one serve."""
    return authenticate(stage).get("token")


@scenario(needs=("client_id", "client_secret"), harmless=True, exports=2)
def own_token(stage: Stage) -> None:
    """Trade the API key for a token; ask with a wrong secret or none, as a stranger, for another grant; order."""
    issued = ask_for_token(stage)
    token = token_in(issued)
    ask_for_token(stage, Mark("credential:client_secret", twin=issued.index), client_secret="0" * 64)
    stranger = str(uuid.uuid5(uuid.NAMESPACE_URL, str(stage.setting("client_id"))))
    ask_for_token(stage, Mark("credential:client_id", twin=issued.index), client_id=stranger)
    ask_for_token(stage, Mark("credential:client_secret:absent", twin=issued.index), client_secret="")
    ask_for_token(stage, Mark("credential:client_id:absent", twin=issued.index), client_id="")
    ask_for_token(stage, Mark("required:/grant_type", twin=issued.index), grant_type="")
    ask_for_token(stage, Mark("enum:/grant_type", twin=issued.index), grant_type="password")
    if token is not None:
        order(stage, body(stage), token=token)
        ask_for_token(stage)  # another program of the account; it leaves the first token as good as it was
        order(stage, body(stage), token=token)


@scenario(needs=("client_id", "client_secret", "clock"), exports=3)
def one_token_for_a_day(stage: Stage) -> None:
    """Order with a token when it is new, when it has almost run out, and when a day has passed."""
    issued = ask_for_token(stage)
    token = token_in(issued)
    if token is None:
        return
    base = order(stage, body(stage), token=token)
    stage.advance(23 * HOUR)
    order(stage, body(stage), token=token)
    stage.advance(2 * HOUR)
    order(stage, body(stage), Mark("credential:expired", twin=base.index), token=token)


@scenario(needs=("rate_limits",), exports=4)
def burst_of_orders(stage: Stage) -> None:
    """Order four exports at once, which is more than one in a second."""
    for _ in range(4):
        stage.send("requestDuplicatesExport", json=body(stage), intent=intent(stage, Mark("rate:order")))


@scenario(needs=("rate_limits",))
def burst_of_looks(stage: Stage) -> None:
    """Fetch a file seventy times at once, which is more than sixty in a minute."""
    ordered = stage.send("requestDuplicatesExport", json=body(stage))
    url = until_ready(stage, ordered)
    if url is not None:
        for _ in range(70):
            if fetch(stage, url, Mark("rate:look")).status == 429:
                break


@scenario(needs=("rate_limits", "client_id", "client_secret"))
def burst_of_tokens(stage: Stage) -> None:
    """Ask for twelve tokens at once, which is more than ten in a minute."""
    for _ in range(12):
        if ask_for_token(stage, Mark("rate:token")).status == 429:
            break
