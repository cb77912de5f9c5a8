"""Lists: pages by key instead of by number, filters as part of the address, capped counts."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from rmaproject.shared import clock
from rmaproject.shared.errors import Malformed

M = TypeVar("M", bound=Model)

PAGE_SIZE: Final = 50
MOST_COUNTED: Final = 1000
CURSORS: Final = ("after", "before")


@dataclass(frozen=True)
class Rows(Generic[M]):
    """The rows of one page, newest first, and the pager's context."""

    rows: list[M]
    pager: dict[str, Any]


def paged(request: HttpRequest, found: QuerySet[M, M], *, size: int = PAGE_SIZE) -> Rows[M]:
    """One page of a list by key, without a count; costs the same on the thousandth page.

    Raises Malformed `invalid_cursor`.
    """
    before, after = request.GET.get("before", ""), request.GET.get("after", "")
    if before:
        kept = list(found.filter(pk__gt=_key(before)).order_by("pk")[: size + 1])
        rows, more = kept[:size][::-1], len(kept) > size
        return _rows(request, rows, newer=more, older=True)
    older = found.filter(pk__lt=_key(after)) if after else found
    kept = list(older.order_by("-pk")[: size + 1])
    return _rows(request, kept[:size], newer=bool(after), older=len(kept) > size)


def _rows(request: HttpRequest, rows: list[M], *, newer: bool, older: bool) -> Rows[M]:
    first, last = (_cursor(rows[0]), _cursor(rows[-1])) if rows else ("", "")
    pager = {
        "shown": len(rows),
        "as_of": clock.now(),
        "previous_url": link(request, before=first) if newer and first else "",
        "next_url": link(request, after=last) if older and last else "",
    }
    return Rows(rows, pager)


def _cursor(row: Model) -> str:
    return base64.urlsafe_b64encode(str(row.pk).encode()).decode().rstrip("=")


def _key(cursor: str) -> int:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        key = int(text)
    except (binascii.Error, ValueError) as error:
        raise _lost() from error
    if not 0 < key < 2**63:
        raise _lost()
    return key


def _lost() -> Malformed:
    message = _("This address names no page of the list. Open the list again.")
    return Malformed(message, code="invalid_cursor")


def link(request: HttpRequest, **changes: object) -> str:
    """This page's address with some parameters changed; empty ones and the page are left out."""
    query = request.GET.copy()
    for name in CURSORS:
        query.pop(name, None)
    for name, value in changes.items():
        query[name] = str(value)
    for name in [name for name, value in query.items() if not value]:
        del query[name]
    return f"{request.path}?{query.urlencode()}" if query else request.path


def counted(found: QuerySet[Any, Any], *, most: int = MOST_COUNTED) -> str:
    """How many there are, counted up to a cap: "17", "1000+"."""
    number = found.order_by()[: most + 1].count()
    return f"{most}+" if number > most else str(number)


def searched(request: HttpRequest, name: str = "q") -> str:
    """A text of the address that the database can look for."""
    return request.GET.get(name, "").replace("\x00", "").strip()[:100]


@dataclass
class Filters:
    """The filter panel of a list, filled in step by step: each field narrows when it has a value.

    A value that cannot be read narrows to nothing less than was asked: it is refused.
    """

    request: HttpRequest
    placeholder: str = ""
    fields: list[dict[str, Any]] = field(default_factory=list)
    chips: list[dict[str, Any]] = field(default_factory=list)
    hidden: tuple[str, ...] = ()

    def choice(self, name: str, label: str, options: list[tuple[object, str]]) -> str:
        """The chosen one of these values; "" for any. Raises Malformed for another value."""
        value = searched(self.request, name)
        known = {str(key): words for key, words in options}
        if value and value not in known:
            raise _unreadable(label)
        rows = [{"value": key, "label": words} for key, words in known.items()]
        self.fields.append({"name": name, "label": label, "value": value, "options": rows})
        if value:
            self._chip(name, label, known[value])
        return value

    def day(self, name: str, label: str) -> date | None:
        """The chosen day. Raises Malformed for what is no day."""
        value = searched(self.request, name)
        self.fields.append({"name": name, "label": label, "value": value, "type": "date"})
        if not value:
            return None
        try:
            chosen = date.fromisoformat(value)
        except ValueError as error:
            raise _unreadable(label) from error
        self._chip(name, label, value)
        return chosen

    def text(self, name: str, label: str) -> str:
        """A text to look for; "" for any."""
        value = searched(self.request, name)
        self.fields.append({"name": name, "label": label, "value": value})
        if value:
            self._chip(name, label, value)
        return value

    def record(self, name: str, label: str, rows: Callable[[], QuerySet[M, M]]) -> M | None:
        """The record that the address names by its UUID: set by links, shown as a chip.

        `rows` is asked only when one is named, so the list itself is open to those who lack the
        right for that kind of record. Raises Malformed, and what `rows` raises.
        """
        value = searched(self.request, name)
        if not value:
            return None
        try:
            found = rows().filter(uuid=UUID(value)).first()
        except ValueError as error:
            raise _unreadable(label) from error
        if found is None:
            raise _unreadable(label)
        self.hidden = (*self.hidden, name)
        self._chip(name, label, str(found))
        return found

    def context(self) -> dict[str, Any]:
        """What the template of the panel needs."""
        kept = [(name, searched(self.request, name)) for name in self.hidden]
        return {
            "action": self.request.path,
            "q": searched(self.request),
            "placeholder": self.placeholder,
            "fields": self.fields,
            "chips": self.chips,
            "hidden": [{"name": name, "value": value} for name, value in kept if value],
            "clear_url": self.request.path,
        }

    def _chip(self, name: str, label: str, value: str) -> None:
        remove = link(self.request, **{name: ""})
        self.chips.append({"label": label, "value": value, "remove_url": remove})


def _unreadable(label: str) -> Malformed:
    message = _("The filter %(label)s has a value that is not known. Open the list again.")
    return Malformed(message % {"label": label}, code="invalid_filter")
