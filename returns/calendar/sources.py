"""Where the days in calendars come from: each source lists rows that somebody sees, one query."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext, gettext_lazy

from returns.calendar.rendering import Entry
from returns.models import CalendarKind, Parcel, Receipt
from returns.selectors import visible_returns
from returns.states import OPEN as OPEN_RETURNS
from returns.states import Goods, Money, Status
from rmaproject.access.actors import Actor
from rmaproject.shared import clock
from rmaproject.shared.words import within
from sales.selectors import visible_orders
from sales.states import OPEN as OPEN_ORDERS
from sales.states import OrderStatus

#: How long a calendar still shows what was called off, so that it is struck out everywhere.
TOMBSTONES: Final = timedelta(days=30)
Rows = QuerySet[Any, Any]


@dataclass(frozen=True)
class Choice:
    """Which of the rows that somebody sees a calendar lists; `narrowed` is asked of the order."""

    include_completed: bool = False
    narrowed: Q = field(default_factory=Q)
    days: tuple[date, date] | None = None
    most: int | None = None
    with_customer: bool = False

    @property
    def since(self) -> datetime:
        """What was called off before is shown no more."""
        return clock.now() - TOMBSTONES


@dataclass(frozen=True)
class Source:
    """One kind of days. `columns` are read into an entry by `read`; `words` say how it stands."""

    kind: CalendarKind
    folder: str
    rows: Callable[[Actor, Choice], Rows]
    day: str
    columns: tuple[str, ...]
    read: Callable[[CalendarKind, Sequence[Any], str], Entry]
    words: Callable[[Entry], list[str]]
    customer: str = "customer__name"

    def entries(self, actor: Actor, choice: Choice) -> list[Entry]:
        """What this actor's calendar lists, by day; rights are read at each call.

        Raises NotPermitted `not_permitted`, `returns_disabled`.
        """
        rows = self.rows(actor, choice).filter(**{f"{self.day}__isnull": False})
        if choice.days is not None:
            rows = rows.filter(**{f"{self.day}__range": choice.days})
        named = (self.customer,) if choice.with_customer else ()
        found = rows.order_by(self.day, "pk").values_list(*self.columns, *named)
        width = len(self.columns)
        return [
            self.read(self.kind, row[:width], row[width] if named else "")
            for row in found[: choice.most]
        ]


def _returns(actor: Actor, choice: Choice) -> Rows:
    completed = [Status.COMPLETE] if choice.include_completed else []
    listed = Q(status__in=[*OPEN_RETURNS, *completed])
    return visible_returns(actor).filter(choice.narrowed & (listed | _called_off(choice)))


def _called_off(choice: Choice) -> Q:
    return Q(status__in=[Status.CANCELLED, Status.REJECTED], closed_at__gte=choice.since)


def _awaited(actor: Actor, choice: Choice) -> Rows:
    """Returns whose goods are not all here: for the others the deadline means nothing more."""
    rows = _returns(actor, choice)
    return rows if choice.include_completed else rows.exclude(goods=Goods.RECEIVED)


def _promised(actor: Actor, choice: Choice) -> Rows:
    """Returns whose money is not back; also complete ones, while they owe some."""
    owing = Q(status__in=OPEN_RETURNS) & ~Q(money=Money.REFUNDED)
    owing |= Q(status=Status.COMPLETE, money__in=[Money.DUE, Money.PARTIALLY_REFUNDED])
    if choice.include_completed:
        owing |= Q(status__in=[*OPEN_RETURNS, Status.COMPLETE])
    return visible_returns(actor).filter(choice.narrowed & (owing | _called_off(choice)))


def _parcels(actor: Actor, choice: Choice) -> Rows:
    """Parcels on their way; one that was taken out is struck out like a cancelled return."""
    came = Receipt.objects.filter(parcel=OuterRef("pk"), reverses=None, reversed_by=None)
    rows = Parcel.objects.filter(return_order__in=_returns(actor, choice).order_by())
    rows = rows.filter(Q(void=False) | Q(return_order__updated_at__gte=choice.since))
    return rows if choice.include_completed else rows.filter(~Exists(came))


def _orders(actor: Actor, choice: Choice) -> Rows:
    completed = [OrderStatus.COMPLETE] if choice.include_completed else []
    listed = Q(status__in=[*OPEN_ORDERS, *completed])
    called_off = Q(status=OrderStatus.CANCELLED, cancelled_at__gte=choice.since)
    return visible_orders(actor).filter(choice.narrowed & (listed | called_off))


def _of_order(kind: CalendarKind, row: Sequence[Any], customer: str) -> Entry:
    uuid, version, title, status, day, created, updated, *more = row
    told = "".join(more)
    return Entry(
        uuid, version, title, status, day, created, updated, told, kind.value, None, customer
    )


def _titled(words: Any) -> Callable[[CalendarKind, Sequence[Any], str], Entry]:
    """Reads a row whose title says which day of the order it is."""

    def read(kind: CalendarKind, row: Sequence[Any], customer: str) -> Entry:
        title = str(words) % {"reference": row[2]}
        return _of_order(kind, (*row[:2], title, *row[3:]), customer)

    return read


def _of_parcel(kind: CalendarKind, row: Sequence[Any], customer: str) -> Entry:
    uuid, version, reference, status, day, created, updated, carrier, page, number, void = row
    return Entry(
        uuid,
        version,
        gettext("%(reference)s: parcel %(n)s expected") % {"reference": reference, "n": number},
        Status.CANCELLED.value if void else status,
        day,
        created,
        updated,
        more=carrier,
        kind=kind.value,
        page=page,
        customer=customer,
    )


def _return_words(entry: Entry) -> list[str]:
    status, goods = str(Status(entry.status).label), Goods(entry.more)
    arrived = gettext("goods %(state)s") % {"state": within(goods.label)}
    return [status] if goods == Goods.NONE else [status, arrived]


def _refund_words(entry: Entry) -> list[str]:
    return [str(Status(entry.status).label)]


def _parcel_words(entry: Entry) -> list[str]:
    status = str(Status(entry.status).label)
    return [status, entry.more] if entry.more else [status]


def _order_words(entry: Entry) -> list[str]:
    return [str(OrderStatus(entry.status).label)]


def _columns(day: str, above: str = "") -> tuple[str, ...]:
    """The columns of an entry, in its own order."""
    names = f"{above}version {above}reference {above}status {day} "
    return tuple(f"uuid {names} {above}created_at {above}updated_at".split())


RETURN_DAYS: Final = Source(
    CalendarKind.RETURN_ORDER,
    "returns/",
    _returns,
    "target_date",
    (*_columns("target_date"), "goods"),
    _of_order,
    _return_words,
)
SALES_DAYS: Final = Source(
    CalendarKind.SALES_ORDER,
    "sales/",
    _orders,
    "target_date",
    _columns("target_date"),
    _of_order,
    _order_words,
)
DEADLINES: Final = Source(
    CalendarKind.RETURN_DEADLINE,
    "returns/",
    _awaited,
    "deadline",
    (*_columns("deadline"), "goods"),
    _titled(gettext_lazy("%(reference)s: goods have to arrive")),
    _return_words,
)
PARCELS: Final = Source(
    CalendarKind.EXPECTED_PARCEL,
    "returns/",
    _parcels,
    "expected_on",
    (
        *_columns("expected_on", "return_order__"),
        *("carrier", "return_order__uuid", "number", "void"),
    ),
    _of_parcel,
    _parcel_words,
    customer="return_order__customer__name",
)
REFUNDS: Final = Source(
    CalendarKind.PROMISED_REFUND,
    "returns/",
    _promised,
    "refund_by",
    _columns("refund_by"),
    _titled(gettext_lazy("%(reference)s: refund promised")),
    _refund_words,
)
SOURCES: Final = {
    source.kind.value: source for source in (RETURN_DAYS, DEADLINES, PARCELS, REFUNDS, SALES_DAYS)
}
