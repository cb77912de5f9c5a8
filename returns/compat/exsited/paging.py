"""Pages by `limit` and `offset`, as this system's clients ask for them."""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import QuerySet
from rest_framework.request import Request

from rmaproject.rest.paging import DEFAULT_LIMIT, MAX_LIMIT
from rmaproject.shared.errors import Malformed

UPWARDS: Final = frozenset({"", "None", "asc", "ASC", "SortDirection.ASC"})
DOWNWARDS: Final = frozenset({"desc", "DESC", "SortDirection.DESC"})
PARAMETERS: Final = frozenset({"limit", "offset", "direction", "order_by"})
#: What clients may sort returns and receipts by, and the columns behind it.
RETURN_ORDERS: Final = {"created_on": "pk", "last_updated_on": "updated_at", "id": "reference"}
RECEIPT_ORDERS: Final = {"created_on": "pk", "id": "number"}
_NUMBER: Final = re.compile("[0-9]{1,9}")


class Page:
    """One page of rows as a request asks for it; the first of `orders` is the default sort.

    Raises Malformed `invalid_parameter`.
    """

    def __init__(self, request: Request, orders: dict[str, str]) -> None:
        self.request = request
        given = request.query_params
        self.limit = _number(given, "limit", DEFAULT_LIMIT, least=1, most=MAX_LIMIT)
        self.offset = _number(given, "offset", 0)
        self.column = _column(given.get("order_by") or next(iter(orders)), orders)
        self.sign = "-" if _downwards(given.get("direction", "")) else ""

    def of(self, rows: QuerySet[Any, Any]) -> tuple[list[Any], dict[str, Any]]:
        """The rows of the page, and what the answer says of it."""
        names = dict.fromkeys([f"{self.sign}{self.column}", f"{self.sign}pk"])
        count = rows.count()
        found = list(rows.order_by(*names)[self.offset : self.offset + self.limit])
        before = max(self.offset - self.limit, 0)
        after = self.offset + self.limit
        return found, {
            "records": count,
            "limit": self.limit,
            "offset": self.offset,
            "previous_page": self._link(before) if self.offset else None,
            "next_page": self._link(after) if after < count else None,
        }

    def _link(self, offset: int) -> str:
        given = {**self.request.query_params.dict(), "limit": self.limit, "offset": offset}
        return self.request.build_absolute_uri(f"{self.request.path}?{urlencode(given)}")


def _number(given: Any, name: str, default: int, *, least: int = 0, most: int = 10**9) -> int:
    text = given.get(name)
    if text is None:
        return default
    if not _NUMBER.fullmatch(text) or not least <= int(text) <= most:
        message = f"{name} is a whole number from {least} to {most}."
        raise Malformed(message, code="invalid_parameter", pointer=name)
    return int(text)


def _column(name: str, orders: dict[str, str]) -> str:
    if name not in orders:
        message = f"order_by is one of {', '.join(orders)}."
        raise Malformed(message, code="invalid_parameter", pointer="order_by")
    return orders[name]


def _downwards(given: str) -> bool:
    """The system's own SDK sends `SortDirection.DESC`, and `None` where nobody asked."""
    if given not in UPWARDS | DOWNWARDS:
        message = "direction is asc or desc."
        raise Malformed(message, code="invalid_parameter", pointer="direction")
    return given in DOWNWARDS
