"""The hands of the demo's returns desk: short words for what the services do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from returns.demo.goods import World
from returns.models import Disposition, Reason, ReturnLine, ReturnOrder
from returns.services import (
    ArrivalInput,
    DisposeInput,
    InspectInput,
    LineInput,
    ReceiveInput,
    complete_return,
    credit_return,
    dispose_return,
    inspect_return,
    issue_return,
    receive_return,
    request_return,
)
from rmaproject.access.actors import SYSTEM
from rmaproject.shared import clock
from sales.models import CreditNote, Refund, SalesOrder
from stock.models import StockItem


@contextmanager
def on_day(world: World, days_ago: int, hour: int = 10) -> Iterator[None]:
    """On a past day, in the working hours; today it is a minute ago."""
    day = world.day(-max(days_ago, 0))
    instant = datetime.combine(day, time(hour, 7 * days_ago % 60), UTC)
    with clock.set_to(min(instant, clock.now() - timedelta(minutes=1))):
        yield


@dataclass
class Desk:
    """The world, what was sold in it, and the codes that decisions are made with."""

    world: World
    sold: dict[str, SalesOrder]
    reasons: dict[str, Reason]
    dispositions: dict[str, Disposition]
    asked: int = 0

    def ask(
        self, sale: str, goods: dict[str, str], due: int | None, reason: str, **values: Any
    ) -> ReturnOrder:
        """A pending return of parts of a sale, asked for before there were rules."""
        lines = self._lines(sale, goods, {})
        return self._request(self.sold[sale], lines, due, reason, values)

    def ask_units(self, sale: str, serials: list[str], due: int, reason: str) -> ReturnOrder:
        """A pending return of units by their serial numbers."""
        units = StockItem.objects.filter(serial__in=serials).order_by("serial")
        lines = [LineInput(stock_item=unit) for unit in units]
        return self._request(self.sold[sale], lines, due, reason, {})

    def ask_today(
        self,
        sale: str,
        goods: dict[str, str],
        reason: str,
        line: dict[str, Any] | None = None,
        due: int | None = None,
        **values: Any,
    ) -> ReturnOrder:
        """A pending return that today's rules hold for; `line` is said of each of its lines."""
        lines = self._lines(sale, goods, line or {})
        given = {"requested_on": self.world.today, **values}
        if due is None:
            due = 4 + 3 * self.asked % 11
        return self._request(self.sold[sale], lines, due, reason, given)

    def expect(self, *args: Any, **values: Any) -> ReturnOrder:
        """The same as `ask`, issued to the customer."""
        return issue_return(self.ask(*args, **values).pk, actor=SYSTEM)

    def expect_today(self, *args: Any, **values: Any) -> ReturnOrder:
        """The same as `ask_today`, issued to the customer."""
        return issue_return(self.ask_today(*args, **values).pk, actor=SYSTEM)

    def receive(self, order: ReturnOrder, *counts: str, **values: Any) -> None:
        """Book so many of each line; all that is expected where no figures are given."""
        arrived = [
            ArrivalInput(line, Decimal(counts[place]) if counts else line.quantity)
            for place, line in enumerate(lines_of(order))
        ]
        receive_return(order.pk, ReceiveInput(lines=arrived, **values), actor=SYSTEM)

    def decide(self, order: ReturnOrder, *codes: str) -> None:
        """Give each line a disposition."""
        wanted = [
            DisposeInput(line, self.dispositions[code])
            for line, code in zip(lines_of(order), codes, strict=True)
        ]
        dispose_return(order.pk, wanted, actor=SYSTEM)

    def inspect(self, order: ReturnOrder, grade: str, **values: Any) -> None:
        """Give all that came of the first line a grade, and let it go where the grade says."""
        found = InspectInput(lines_of(order)[0], grade=grade, dispose=True, **values)
        inspect_return(order.pk, [found], actor=SYSTEM)

    def credit(self, order: ReturnOrder) -> CreditNote:
        """Book what is owed."""
        return credit_return(order.pk, actor=SYSTEM)[0]

    def take_back(
        self, sale: str, goods: dict[str, str], reason: str, **values: Any
    ) -> ReturnOrder:
        """A return of today whose goods came and went back onto the shelf."""
        order = self.expect_today(sale, goods, reason, **values)
        self.receive(order)
        if any(is_electronic(line) for line in lines_of(order)):
            self.inspect(order, "A", answers={"switches_on": True})
        else:
            self.decide(order, *["restock"] * len(lines_of(order)))
        return order

    def refund(self, sale: str, goods: dict[str, str], reason: str) -> Refund:
        """The refund of a return of today."""
        note = self.credit(self.take_back(sale, goods, reason))
        return Refund.objects.get(credit_note=note)

    def close(self, order: ReturnOrder) -> None:
        """Credit a return and complete it."""
        self.credit(order)
        complete_return(order.pk, actor=SYSTEM)

    def _lines(self, sale: str, goods: dict[str, str], values: dict[str, Any]) -> list[LineInput]:
        sold = self.sold[sale].lines
        return [
            LineInput(order_line=sold.get(part__sku=sku), quantity=Decimal(quantity), **values)
            for sku, quantity in goods.items()
        ]

    def _request(
        self,
        sale: SalesOrder,
        lines: list[LineInput],
        due: int | None,
        reason: str,
        values: dict[str, Any],
    ) -> ReturnOrder:
        self.asked += 1
        asked = {"requested_on": self.world.day(min((due or 0) - 10, -1)), **values}
        if not {"responsible_user", "responsible_group"} & values.keys():
            asked |= self._owner()
        with on_day(self.world, (self.world.today - asked["requested_on"]).days, 9):
            return request_return(
                business=sale.business,
                customer=sale.customer,
                lines=lines,
                reason=self.reasons[reason],
                target_date=None if due is None else self.world.day(due),
                actor=SYSTEM,
                **asked,
            )

    def _owner(self) -> dict[str, Any]:
        """Who looks after the next return: the teams and somebody in turn, sometimes nobody."""
        teams = ("Service agent", "Warehouse", "Inspector")
        turn = self.asked % (len(teams) + 2)
        if turn < len(teams):
            return {"responsible_group": self.world.groups.get(teams[turn])}
        return {"responsible_user": self.world.somebody} if turn == len(teams) else {}


def lines_of(order: ReturnOrder) -> list[ReturnLine]:
    """The announced lines of a return as they stand."""
    rows = order.lines.filter(void=False, unexpected=False).order_by("number")
    return list(rows.select_related("part__category"))


def is_electronic(line: ReturnLine) -> bool:
    """Whether the rules want the goods of a line inspected."""
    category = line.part.category if line.part else None
    return category is not None and category.code == "electronics"
