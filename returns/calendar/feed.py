"""What the two calendars list, and their text: two queries, and one more for what was changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet

from returns.calendar.rendering import LAYOUT, Entry, render_calendar, render_event
from returns.models import CalendarKind, CalendarText
from returns.selectors import visible_returns
from returns.services.calendar_texts import keep_calendar_texts
from returns.states import OPEN as OPEN_RETURNS
from returns.states import Goods, Status
from rmaproject.access.actors import Actor
from rmaproject.shared import clock
from rmaproject.shared.errors import Busy
from sales.selectors import visible_orders
from sales.states import OPEN as OPEN_ORDERS
from sales.states import OrderStatus

#: How long a calendar still shows what was called off, so that it is struck out everywhere.
TOMBSTONES: Final = timedelta(days=30)
COLUMNS: Final = tuple("uuid version reference status target_date created_at updated_at".split())


@dataclass(frozen=True)
class Feed:
    """One calendar: its name, the folder of its pages, the rows it lists and their words."""

    kind: CalendarKind
    folder: str
    columns: tuple[str, ...]
    rows: Callable[[Actor, bool, datetime], QuerySet[Any, Any]]
    words: Callable[[Entry], list[str]]

    def entries(self, actor: Actor, *, include_completed: bool) -> list[Entry]:
        """What this actor's calendar lists, by day; rights are read at each call.

        Raises NotPermitted `not_permitted`, `returns_disabled`.
        """
        since = clock.now() - TOMBSTONES
        rows = self.rows(actor, include_completed, since).filter(target_date__isnull=False)
        found = rows.order_by("target_date", "pk").values_list(*self.columns)
        return [Entry(*row) for row in found]

    def tag(self, entries: Iterable[Entry], *facts: str) -> str:
        """A strong ETag: another one as soon as an order is changed, added or gone."""
        listed = (f"{entry.uuid} {entry.version}" for entry in entries)
        content = "\n".join((self.kind, str(LAYOUT), *facts, *listed))
        return f'"{hashlib.sha256(content.encode()).hexdigest()}"'

    def text(self, entries: Sequence[Entry], page: str) -> str:
        """The calendar of these entries; texts that are missing or stale are rendered and kept."""
        texts = self._kept(entries)
        stale = [entry for entry in entries if entry.uuid not in texts]
        fresh = {entry.uuid: render_event(entry, self.words(entry)) for entry in stale}
        if fresh:
            with suppress(Busy):  # another reader keeps the same texts just now
                keep_calendar_texts(self._row(entry, fresh[entry.uuid]) for entry in stale)
        texts |= fresh
        events = ((entry.uuid, texts[entry.uuid]) for entry in entries)
        return render_calendar(str(self.kind.label), page, events)

    def _kept(self, entries: Iterable[Entry]) -> dict[UUID, str]:
        """Kept texts of the very versions that are asked for."""
        versions = {entry.uuid: entry.version for entry in entries}
        rows = CalendarText.objects.filter(kind=self.kind, layout=LAYOUT, uuid__in=versions)
        found = rows.values_list("uuid", "version", "text")
        return {uuid: text for uuid, version, text in found if versions[uuid] == version}

    def _row(self, entry: Entry, text: str) -> CalendarText:
        return CalendarText(
            kind=self.kind, uuid=entry.uuid, version=entry.version, layout=LAYOUT, text=text
        )


def _due_returns(actor: Actor, completed: bool, since: datetime) -> QuerySet[Any, Any]:
    listed = Q(status__in=[*OPEN_RETURNS, *([Status.COMPLETE] if completed else [])])
    called_off = Q(status__in=[Status.CANCELLED, Status.REJECTED], closed_at__gte=since)
    return visible_returns(actor).filter(listed | called_off)


def _due_orders(actor: Actor, completed: bool, since: datetime) -> QuerySet[Any, Any]:
    listed = Q(status__in=[*OPEN_ORDERS, *([OrderStatus.COMPLETE] if completed else [])])
    called_off = Q(status=OrderStatus.CANCELLED, cancelled_at__gte=since)
    return visible_orders(actor).filter(listed | called_off)


def _return_words(entry: Entry) -> list[str]:
    status, goods = Status(entry.status).label, Goods(entry.goods)
    return [status] if goods == Goods.NONE else [status, f"goods {goods.label.lower()}"]


def _order_words(entry: Entry) -> list[str]:
    return [OrderStatus(entry.status).label]


RETURN_FEED: Final = Feed(
    kind=CalendarKind.RETURN_ORDER,
    folder="returns/",
    columns=(*COLUMNS, "goods"),
    rows=_due_returns,
    words=_return_words,
)
SALES_FEED: Final = Feed(
    kind=CalendarKind.SALES_ORDER,
    folder="sales/",
    columns=COLUMNS,
    rows=_due_orders,
    words=_order_words,
)
