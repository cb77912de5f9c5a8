"""Lists of codes, so that clients need not know them."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from returns.compat.inventree.base import InventreeDoor
from returns.compat.inventree.codes import (
    OUTCOME_CODES,
    RETURN_CODES,
    STOCK_CODES,
    Code,
    told,
)
from returns.compat.inventree.lists import require_known


class Codes(InventreeDoor):
    """One list of codes."""

    name = ""
    codes: tuple[Code, ...] = ()

    def get(self, request: Request) -> Response:
        require_known(request, ())
        return Response(told(self.name, self.codes))


#: Every list of codes by its name; sales orders add theirs.
KNOWN: dict[str, tuple[Code, ...]] = {
    "ReturnOrderStatus": RETURN_CODES,
    "ReturnOrderLineStatus": OUTCOME_CODES,
    "StockStatus": STOCK_CODES,
}


class AllCodes(InventreeDoor):
    """Every list of codes."""

    def get(self, request: Request) -> Response:
        require_known(request, ())
        return Response({name: told(name, codes) for name, codes in KNOWN.items()})


def codes_view(name: str) -> Any:
    """The address of one list of codes."""
    return Codes.as_view(name=name, codes=KNOWN[name])
