"""The demo's last half year: many small sales and what came back of them, told day by day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random
from typing import Any, Final

from returns.demo.desk import Desk, lines_of, on_day
from returns.demo.goods import World, make_companies
from returns.demo.sold import CARD, Told, tell_sales
from returns.models import ReturnOrder
from returns.services import (
    LineInput,
    RecordInput,
    RecordLine,
    add_comment,
    cancel_return,
    complete_return,
    credit_return,
    hold_return,
    issue_return,
    record_return,
    request_return,
)
from rmaproject.access.actors import SYSTEM
from rmaproject.shared.canonical import digest
from sales.models import SalesOrder
from stock.models import StockItem

HOW_MANY: Final = 168
FIRST_DAY: Final = 182
#: From this day on returns are not all settled.
RECENT: Final = 30
#: Of a shorter time a settled return is told for every so many days.
EVERY: Final = 4
#: Customers of their own: who owes for something gets no refund, and the others get some.
SHOPPERS: Final = (
    ("C-3001", "Fietsvakantie Veluwe", "NL", "Loolaan 44", "7314 AL", "Apeldoorn"),
    ("C-3002", "Kanuverleih Havelblick", "DE", "Uferweg 2", "14467", "Potsdam"),
    ("C-3003", "Refuge du Grand Pic", "FR", "Route du Col 1", "05240", "Villard"),
    ("C-3004", "Stichting Buitenklas", "NL", "Schoolstraat 19", "3581 PP", "Utrecht"),
    ("C-3005", "Ardennes Aventure SPRL", "BE", "Quai de l’Ourthe 7", "6980", "La Roche"),
    ("C-3006", "Pfadfinder Stamm Rabe", "DE", "Lindenallee 30", "50968", "Köln"),
    ("C-3007", "Zeilschool De Fuut", "NL", "Havendijk 5", "8501 ZA", "Joure"),
    ("C-3008", "Bergschule Steinadler", "DE", "Talstraße 12", "87561", "Oberstdorf"),
)
CUSTOMERS: Final = tuple(reference for reference, *_ in SHOPPERS)
LONDONERS: Final = ("C-2001", "C-2002")
BASKETS: Final[tuple[dict[str, str], ...]] = (
    {"TENT-2P": "1", "PEG-10": "2"},
    {"JACK-W": "2"},
    {"BAG-M5": "1", "MAT-L": "1"},
    {"LAMP-L1": "2"},
    {"BOTTLE-1": "3"},
    {"PACK-45": "1"},
    {"TENT-4P": "1"},
    {"MAT-L": "2"},
    {"ROPE-10": "20"},
    {"CAMP-SET": "1"},
)
LONDON_BASKETS: Final[tuple[dict[str, str], ...]] = (
    {"JACK-W": "2"},
    {"TENT-2P": "1"},
    {"BOTTLE-1": "4"},
)
REASONS: Final = (
    *("customer_return",) * 5,
    *("defective",) * 2,
    "damaged",
    "wrong_item",
    "not_as_described",
    "carrier_return",
    "other",
)


#: Why returns are called off.
WHY_NOT: Final = ("The customer keeps it", "Never sent", "Bought elsewhere", "Asked for twice")


@dataclass(frozen=True)
class Plan:
    """One sale and its return: days ago it was sold and asked back, and how far it came."""

    told: Told
    asked: int
    reason: str
    owner: int
    stage: str
    #: How many days it takes until it is complete.
    days: int

    def after(self, tenths: int) -> int:
        """How many days ago so much of the way was done."""
        return self.asked - round(self.days * tenths / 10)


def make_season(desk: Desk, weeks: int) -> None:
    """Make the weeks before the other returns; the oldest first, so numbers grow with days.

    Less than the half year is some of what was settled then, each step on its day.
    """
    desk.world.companies.update(make_companies(SHOPPERS))
    told = _plans() if 7 * weeks >= FIRST_DAY else _settled_in(weeks)
    plans = sorted(told, key=lambda plan: -plan.asked)
    sold = tell_sales(desk.world, [plan.told for plan in plans])
    for plan in plans:
        STAGES[plan.stage](desk, plan, sold[plan.told.reference])


def _settled_in(weeks: int) -> Iterator[Plan]:
    """One that is complete every few days of these weeks, so that no week is without."""
    settled = (plan for plan in _plans() if plan.stage in _SETTLED[0] and plan.after(10) > 0)
    last = 7 * weeks
    for plan in sorted(settled, key=lambda plan: -plan.after(10)):
        if plan.after(10) <= last - EVERY:
            last = plan.after(10)
            yield replace(plan, stage="complete")


def _plans() -> Iterator[Plan]:
    """The same plans each time: a believable shop, not a random one."""
    dice = Random(7)  # noqa: S311 nothing secret is drawn
    for number in range(HOW_MANY):
        asked = FIRST_DAY - number * (FIRST_DAY - 1) // HOW_MANY
        wait = dice.randint(4, 24)
        told = _told(dice, number, asked + wait)
        stage = dice.choices(*(_OPEN if asked < RECENT else _SETTLED))[0]
        days = 6 + number * 5 % 9 + (12 if number % 7 == 3 else 0)
        yield Plan(told, asked, dice.choice(REASONS), dice.randint(0, 3), stage, days)


def _told(dice: Random, number: int, days_ago: int) -> Told:
    """Who buys on account owes nothing after a return; cards are refunded, the rest by bank."""
    reference = f"WEB-0{9000 + number}"
    gateway = CARD if days_ago < RECENT and number % 3 else ""
    if number % 11 == 5:
        serials = (f"W70-{500 + number:04d}",)
        return Told(
            reference, dice.choice(CUSTOMERS), days_ago, {"GPS-70": "1"}, "0", serials=serials
        )
    if number % 8 == 3:
        goods = dice.choice(LONDON_BASKETS)
        return Told(reference, dice.choice(LONDONERS), days_ago, goods, "0", business="2000")
    basket = dice.choice(BASKETS)
    paid = "1" if gateway or number % 9 == 0 else "0"
    return Told(reference, dice.choice(CUSTOMERS), days_ago, basket, paid=paid, gateway=gateway)


def _ask(desk: Desk, plan: Plan, order: SalesOrder, due: int = 14) -> ReturnOrder:
    """Asked for on its day, by somebody who is responsible."""
    world = desk.world
    with on_day(world, plan.asked, 9):
        return request_return(
            business=order.business,
            customer=order.customer,
            lines=[_first_of(plan, order)],
            reason=desk.reasons[plan.reason],
            requested_on=world.day(-plan.asked),
            target_date=world.day(due - plan.asked),
            actor=SYSTEM,
            **_owner(world, plan),
        )


def _first_of(plan: Plan, order: SalesOrder) -> LineInput:
    """One of what was sold: the unit itself where units are told apart."""
    if plan.told.serials:
        return LineInput(stock_item=StockItem.objects.get(serial=plan.told.serials[0]))
    line = order.lines.get(part__sku=next(iter(plan.told.goods)))
    return LineInput(order_line=line, quantity=Decimal(1))


def _owner(world: World, plan: Plan) -> dict[str, Any]:
    teams = ("Service agent", "Warehouse", "Inspector")
    if plan.owner < len(teams):
        return {"responsible_group": world.groups.get(teams[plan.owner])}
    return {"responsible_user": world.somebody}


def _issued(desk: Desk, plan: Plan, order: SalesOrder) -> ReturnOrder:
    asked = _ask(desk, plan, order)
    with on_day(desk.world, plan.asked, 11):
        return issue_return(asked.pk, actor=SYSTEM)


def _came(desk: Desk, plan: Plan, order: SalesOrder) -> ReturnOrder:
    made = _issued(desk, plan, order)
    with on_day(desk.world, plan.after(6), 8):
        desk.receive(made)
    return made


def _judged(desk: Desk, plan: Plan, order: SalesOrder) -> ReturnOrder:
    made = _came(desk, plan, order)
    with on_day(desk.world, plan.after(7), 14):
        desk.decide(made, *["restock"] * len(lines_of(made)))
    return made


def _credited(desk: Desk, plan: Plan, order: SalesOrder) -> ReturnOrder:
    made = _judged(desk, plan, order)
    with on_day(desk.world, plan.after(9), 15):
        credit_return(made.pk, actor=SYSTEM)
    return made


def _complete(desk: Desk, plan: Plan, order: SalesOrder) -> None:
    made = _credited(desk, plan, order)
    with on_day(desk.world, plan.after(10), 16):
        complete_return(made.pk, actor=SYSTEM)


def _recorded(desk: Desk, plan: Plan, order: SalesOrder) -> None:
    """Told by the shop after all was done: received two days before it was credited."""
    world = desk.world
    values = {
        "business": order.business,
        "customer": order.customer,
        "reason": desk.reasons[plan.reason],
        "requested_on": world.day(-plan.asked),
        **_owner(world, plan),
    }
    given = RecordInput(
        values=values,
        lines=[RecordLine(_first_of(plan, order))],
        received_on=world.day(plan.days - 2 - plan.asked),
        digest=digest(f"season {plan.told.reference}"),
        move_stock=False,
    )
    with on_day(world, plan.asked - plan.days, 12):
        record_return(given, actor=SYSTEM)


def _cancelled(desk: Desk, plan: Plan, order: SalesOrder) -> None:
    made = _issued(desk, plan, order)
    with on_day(desk.world, plan.asked - 3):
        cancel_return(made.pk, actor=SYSTEM, reason=WHY_NOT[plan.owner])


def _held(desk: Desk, plan: Plan, order: SalesOrder) -> None:
    made = _issued(desk, plan, order)
    with on_day(desk.world, plan.asked - 2):
        hold_return(made.pk, actor=SYSTEM, reason="Photos of the damage are missing")
        add_comment(made.pk, "Asked for photos by mail.", actor=SYSTEM)


Stage = Callable[[Desk, Plan, SalesOrder], object]
STAGES: Final[dict[str, Stage]] = {
    "recorded": _recorded,
    "complete": _complete,
    "cancelled": _cancelled,
    "asked": _ask,
    "issued": _issued,
    "came": _came,
    "judged": _judged,
    "credited": _credited,
    "held": _held,
}
_SETTLED: Final = (
    ["recorded", "complete", "cancelled"],
    [76, 14, 10],
)
_OPEN: Final = (
    ["asked", "issued", "came", "judged", "credited", "complete", "held"],
    [12, 30, 18, 12, 10, 14, 4],
)
