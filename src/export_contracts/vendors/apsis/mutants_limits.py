"""Servers that know no bounds of an order, or answer one beyond them otherwise than documented, one defect each."""

from __future__ import annotations

from export_contracts.model import Request
from export_contracts.vendors.apsis.mutants_orders import Body, mended
from export_contracts.vendors.apsis.reference_request import LARGEST_BODY, Order, Refused, bad
from export_contracts.vendors.apsis.reference_service import Apsis


class NoListLimits(Apsis):
    """Takes topics, attributes and tags without end, within the body's size."""

    def read_order(self, request: Request) -> Order:
        def mend(body: Body) -> Body:
            return {name: one[:5] if isinstance(one, list) else one for name, one in body.items()}

        return super().read_order(mended(request, mend) if len(request.body) <= LARGEST_BODY else request)


class LimitsSay400(Apsis):
    """Calls too many items a bad request."""

    def read_order(self, request: Request) -> Order:
        try:
            return super().read_order(request)
        except Refused as refused:
            if refused.status == 413 and len(request.body) <= LARGEST_BODY:
                raise bad(refused.detail) from None
            raise


class HugeSays400(Apsis):
    """Calls a huge body a bad request."""

    def read_order(self, request: Request) -> Order:
        if len(request.body) > LARGEST_BODY:
            raise bad("The body is too large.")
        return super().read_order(request)


class HugeSays500(Apsis):
    """Breaks down over a huge body."""

    def read_order(self, request: Request) -> Order:
        if len(request.body) > LARGEST_BODY:
            raise Refused(500, "Internal Server Error", "Something went wrong.")
        return super().read_order(request)
