"""Cursor pages by key: as fast at the end of a million rows as at the start, without a COUNT."""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from rmaproject.shared.errors import Malformed

DEFAULT_LIMIT: Final = 50
MAX_LIMIT: Final = 200
#: As far as rows are counted where a caller asks how many there are.
MOST_COUNTED: Final = 10_000
_LIMIT: Final = re.compile("[1-9][0-9]{0,2}")


@dataclass(frozen=True)
class Order:
    """The sort of a list: a column (then the key), up or down."""

    name: str
    column: str
    down: bool


@dataclass(frozen=True)
class Cursor:
    """A place between two rows: after this value and key, looking forth or back."""

    value: Any
    key: int
    back: bool


class Pager:
    """One page of a queryset as the request asks for it (`limit`, `cursor`, `ordering`).

    `orderings` names the sorts that clients may ask for and the columns behind them; the first
    one is the default, a leading minus turns it round.
    """

    def __init__(self, request: Request, orderings: dict[str, str], default: str) -> None:
        self.request = request
        self.order = _order(request.query_params.get("ordering") or default, orderings)
        self.limit = _limit(request.query_params.get("limit"))
        self.cursor = _decode(request.query_params.get("cursor"), self.order)

    def page(self, rows: QuerySet[Any, Any]) -> list[Any]:
        """The rows of the page, in the list's order; one more is read to know what follows."""
        back = bool(self.cursor and self.cursor.back)
        down = self.order.down != back
        if self.cursor is not None:
            try:
                rows = rows.filter(_beyond(self.order, self.cursor, down=down))
            except (ValidationError, ValueError, TypeError) as error:
                raise _invalid_cursor() from error
        sign = "-" if down else ""
        names = [f"{sign}{self.order.column}", f"{sign}pk"]
        found = list(rows.order_by(*dict.fromkeys(names))[: self.limit + 1])
        self.more = len(found) > self.limit
        found = found[: self.limit]
        return found[::-1] if back else found

    def response(self, found: list[Any], results: list[Any]) -> Response:
        """The page with links to its neighbours, in the body and as Link headers (RFC 8288)."""
        back = bool(self.cursor and self.cursor.back)
        has_next = bool(found) and (self.more if not back else True)
        has_previous = bool(found) and (self.more if back else self.cursor is not None)
        following = self._link(found[-1], back=False) if has_next else None
        preceding = self._link(found[0], back=True) if has_previous else None
        links = [
            f'<{url}>; rel="{rel}"'
            for rel, url in (("next", following), ("prev", preceding))
            if url
        ]
        headers = {"Link": ", ".join(links)} if links else {}
        body = {"results": results, "next": following, "previous": preceding}
        return Response(body, headers=headers)

    def _link(self, row: Any, *, back: bool) -> str:
        value = row
        for step in self.order.column.split("__"):
            value = getattr(value, step) if value is not None else None
        params = {
            name: values for name, values in self.request.query_params.lists() if name != "cursor"
        }
        cursor = _encode(self.order, value, row.pk, back=back)
        query = urlencode({**params, "cursor": [cursor]}, doseq=True)
        return self.request.build_absolute_uri(f"{self.request.path}?{query}")


def count_of(rows: QuerySet[Any, Any]) -> dict[str, Any]:
    """How many rows there are, as far as they are counted."""
    found = rows.order_by()[: MOST_COUNTED + 1].count()
    return {"count": min(found, MOST_COUNTED), "count_capped": found > MOST_COUNTED}


def flag(request: Request, name: str) -> bool:
    """A parameter that is `true` or `false`. Raises Malformed `invalid_parameter`."""
    given = request.query_params.get(name, "false")
    if given not in {"true", "false"}:
        message = _("%(name)s is true or false.") % {"name": name}
        raise Malformed(message, code="invalid_parameter", pointer=name)
    return given == "true"


def _limit(given: str | None) -> int:
    if given is None:
        return DEFAULT_LIMIT
    if not _LIMIT.fullmatch(given) or int(given) > MAX_LIMIT:
        message = _("limit is a whole number from 1 to %(max_limit)s.") % {"max_limit": MAX_LIMIT}
        raise Malformed(message, code="invalid_parameter", pointer="limit")
    return int(given)


def _order(given: str, orderings: dict[str, str]) -> Order:
    name = given.removeprefix("-")
    if name not in orderings:
        message = _("ordering is one of %(orderings)s, each also with a minus before it.") % {
            "orderings": ", ".join(orderings)
        }
        raise Malformed(message, code="invalid_parameter", pointer="ordering")
    return Order(given, orderings[name], given.startswith("-"))


def _beyond(order: Order, cursor: Cursor, *, down: bool) -> Q:
    """Rows after the cursor's place; NULLs sort as Postgres sorts them, last when going up."""
    key = Q(**{f"pk__{'lt' if down else 'gt'}": cursor.key})
    if order.column == "pk":
        return key
    column = order.column
    if cursor.value is None:
        same = Q(**{f"{column}__isnull": True}) & key
        return (same | Q(**{f"{column}__isnull": False})) if down else same
    strictly = Q(**{f"{column}__{'lt' if down else 'gt'}": cursor.value})
    later = strictly | (Q(**{column: cursor.value}) & key)
    return later if down else later | Q(**{f"{column}__isnull": True})


def _encode(order: Order, value: Any, key: int, *, back: bool) -> str:
    told = value.isoformat() if isinstance(value, date | datetime) else value
    if told is not None and not isinstance(told, int | str):
        told = str(told)
    text = json.dumps([order.name, told, key, int(back)], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decode(given: str | None, order: Order) -> Cursor | None:
    if given is None:
        return None
    try:
        padded = given + "=" * (-len(given) % 4)
        name, value, key, back = json.loads(base64.urlsafe_b64decode(padded.encode()))
        str(value).encode()  # half a surrogate pair is no text for the database
    except (ValueError, TypeError, binascii.Error) as error:
        raise _invalid_cursor() from error
    fits = name == order.name and isinstance(key, int) and 0 <= key < 2**63
    told = isinstance(value, str | int | None) and not isinstance(value, bool)
    if not fits or not told or "\x00" in str(value):
        raise _invalid_cursor()
    return Cursor(value, key, bool(back))


def _invalid_cursor() -> Malformed:
    message = _("This cursor does not belong to this list; start without one.")
    return Malformed(message, code="invalid_cursor", pointer="cursor")
