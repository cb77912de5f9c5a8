"""Pages by key: the cursor holds the sort values of the row it stands at, so pages stay stable."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from rmaproject.shared import clock
from rmaproject.shared.errors import Malformed
from rmaproject.web.lists.asking import Asking, link

M = TypeVar("M", bound=Model)

PAGE_SIZE: Final = 50


@dataclass(frozen=True)
class Sort:
    """The order of a list: a column and then the key, up or down; the key alone is by age.

    `name` is the word in the address, with a minus for down.
    """

    name: str = ""
    column: str = "pk"
    down: bool = True

    def order(self, *, turned: bool = False) -> list[str]:
        """The columns for `order_by`. NULLs come as Postgres sorts them: last when going up."""
        sign = "-" if self.down != turned else ""
        return list(dict.fromkeys([f"{sign}{self.column}", f"{sign}pk"]))

    def value(self, row: Model) -> Any:
        """What a row is sorted by."""
        value: Any = row
        for step in self.column.split("__"):
            value = getattr(value, step) if value is not None else None
        return value

    def beyond(self, value: Any, key: int, *, down: bool) -> Q:
        """The rows that come after such a value and key when going that way."""
        later_key = Q(**{f"pk__{'lt' if down else 'gt'}": key})
        if self.column == "pk":
            return later_key
        if value is None:
            same = Q(**{f"{self.column}__isnull": True}) & later_key
            return same | Q(**{f"{self.column}__isnull": False}) if down else same
        strictly = Q(**{f"{self.column}__{'lt' if down else 'gt'}": value})
        later = strictly | (Q(**{self.column: value}) & later_key)
        return later if down else later | Q(**{f"{self.column}__isnull": True})


NEWEST: Final = Sort()


@dataclass(frozen=True)
class Rows(Generic[M]):
    """The rows of one page in the list's order, and the pager's context."""

    rows: list[M]
    pager: dict[str, Any]


def paged(
    request: Asking, found: QuerySet[M, M], *, size: int = PAGE_SIZE, sort: Sort = NEWEST
) -> Rows[M]:
    """One page of a list by key, without a count; costs the same on the thousandth page.

    Raises Malformed `invalid_cursor`.
    """
    before, after = request.GET.get("before", ""), request.GET.get("after", "")
    given = before or after
    if given:
        found = _beyond(found, sort, given, down=sort.down != bool(before))
    kept = list(found.order_by(*sort.order(turned=bool(before)))[: size + 1])
    rows, more = kept[:size], len(kept) > size
    if before:
        return _rows(request, rows[::-1], sort, newer=more, older=True)
    return _rows(request, rows, sort, newer=bool(after), older=more)


def _beyond(found: QuerySet[M, M], sort: Sort, given: str, *, down: bool) -> QuerySet[M, M]:
    value, key = _read(given, sort)
    try:
        return found.filter(sort.beyond(value, key, down=down))
    except (ValidationError, ValueError, TypeError) as error:
        raise _lost() from error


def _rows(request: Asking, rows: list[M], sort: Sort, *, newer: bool, older: bool) -> Rows[M]:
    first, last = (_cursor(rows[0], sort), _cursor(rows[-1], sort)) if rows else ("", "")
    pager = {
        "shown": len(rows),
        "as_of": clock.now(),
        "previous_url": link(request, before=first) if newer and first else "",
        "next_url": link(request, after=last) if older and last else "",
    }
    return Rows(rows, pager)


def _cursor(row: Model, sort: Sort) -> str:
    told: Any = row.pk
    if sort.column != "pk":
        value = sort.value(row)
        plain = value.isoformat() if isinstance(value, date | datetime) else value
        told = [sort.name, str(plain) if isinstance(plain, Decimal) else plain, row.pk]
    text = json.dumps(told, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(cursor: str, sort: Sort) -> tuple[Any, int]:
    """The value and the key that a cursor stands at. Raises Malformed `invalid_cursor`."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        told = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
        name, value, key = told if isinstance(told, list) else ("", None, told)
        str(value).encode()  # half a surrogate pair is no text for the database
    except (binascii.Error, ValueError, TypeError) as error:
        raise _lost() from error
    expected = "" if sort.column == "pk" else sort.name
    fits = name == expected and isinstance(key, int) and not isinstance(key, bool)
    plain = isinstance(value, str | int | None) and "\x00" not in str(value)
    if not fits or not plain or not 0 < key < 2**63:
        raise _lost()
    return value, key


def _lost() -> Malformed:
    message = _("This address names no page of the list. Open the list again.")
    return Malformed(message, code="invalid_cursor")
