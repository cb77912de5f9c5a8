"""Whose figures: the rows that somebody sees, narrowed to a business, a category and a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, Final

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from returns.models import ReturnLine, ReturnOrder
from returns.selectors import VIEW
from returns.switch import require_returns_on
from rmaproject.access.actors import Actor
from rmaproject.shared import clock
from rmaproject.shared.days import may_be_meant
from rmaproject.shared.errors import RuleViolation
from sales.models import Business, Refund, SalesOrder
from stock.models import PartCategory

Rows = Any  # a queryset of whatever is counted

WEEK: Final = timedelta(days=7)
USUAL_DAYS: Final = 90
#: A longer time would cost more than a page may.
MOST_DAYS: Final = 1100


@dataclass(frozen=True)
class Period:
    """Days from `first` to `last`, both included."""

    first: date
    last: date

    @classmethod
    def of_days(cls, days: int, last: date) -> Period:
        """The period of so many days that ends on a day."""
        return cls(last - timedelta(days=days - 1), last)

    @classmethod
    def asked(cls, first: date | None, last: date, days: int = USUAL_DAYS) -> Period:
        """The period that somebody asks for; without its first day it has so many days.

        Raises RuleViolation `no_period` where there are no figures of it.
        """
        if not all(may_be_meant(day) for day in (first or last, last)):
            message = _("No return is that old or that far away.")
            raise RuleViolation(message, code="no_period", first=str(first), last=str(last))
        period = cls(first, last) if first else cls.of_days(days, last)
        if not 1 <= period.days <= MOST_DAYS:
            message = ngettext(
                "Choose a time of at most %(days)d day.",
                "Choose a time of at most %(days)d days.",
                MOST_DAYS,
            )
            raise RuleViolation(message % {"days": MOST_DAYS}, code="no_period", days=period.days)
        return period

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def weeks(self) -> list[date]:
        """The Mondays of the calendar weeks (ISO 8601) that the period touches."""
        monday = self.first - timedelta(days=self.first.weekday())
        count = (self.last - monday).days // 7 + 1
        return [monday + number * WEEK for number in range(count)]

    def whole_weeks(self) -> Period:
        """The same from the Monday of its first week."""
        return Period(self.weeks()[0], self.last)


@dataclass(frozen=True)
class Sight:
    """What one person's figures are counted from; made by `look`, which checks the rights.

    `money`, `refunds` and `sales` say whether amounts, refunds and figures of sales may be told.
    """

    actor: Actor
    now: datetime
    business: Business | None = None
    category: PartCategory | None = None

    @property
    def today(self) -> date:
        """The day it is: the business's where one is chosen, else the reader's."""
        if self.business is not None:
            return clock.today(self.business)
        return timezone.localdate(self.now)

    @cached_property
    def latest(self) -> date:
        """The last day that has begun anywhere in sight: periods end there, and miss nothing.

        Where it is already tomorrow, what happens now is of tomorrow.
        """
        if self.business is not None:
            return self.today
        places = Business.objects.visible_to(self.actor.scope).only("time_zone", "clock_ahead")
        return max([self.today, *(clock.today(place) for place in places)])

    @property
    def money(self) -> bool:
        return self.actor.may("sales.view_creditnote")

    @property
    def refunds(self) -> bool:
        return self.money and self.actor.may("sales.view_refund")

    @property
    def sales(self) -> bool:
        return self.actor.may("sales.view_order")

    def returns(self) -> Rows:
        """The returns in sight, of the chosen business, with goods of the chosen category."""
        rows = self._of_business(ReturnOrder.objects.visible_to(self.actor.scope))
        if self.category is None:
            return rows
        lines = ReturnLine.objects.filter(
            return_order=OuterRef("pk"), part__category=self.category, void=False
        )
        return rows.filter(Exists(lines))

    def orders(self) -> Rows:
        """The sales orders in sight, of the chosen business."""
        return self._of_business(SalesOrder.objects.visible_to(self.actor.scope))

    def refund_rows(self) -> Rows:
        """The refunds in sight, of the chosen business."""
        return self._of_business(Refund.objects.visible_to(self.actor.scope))

    def of_category(self, rows: Rows, part: str) -> Rows:
        """Those of the rows whose part, found by this path, is of the chosen category."""
        if self.category is None:
            return rows
        return rows.filter(**{f"{part}__category": self.category})

    def _of_business(self, rows: Rows) -> Rows:
        return rows if self.business is None else rows.filter(business=self.business)


def look(
    actor: Actor, *, business: Business | None = None, category: PartCategory | None = None
) -> Sight:
    """The sight of who may see returns.

    Raises NotPermitted `not_permitted`, `returns_disabled` while off.
    """
    require_returns_on()
    actor.require(VIEW)
    return Sight(actor, clock.now(), business, category)
