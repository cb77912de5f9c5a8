"""The demo's returns: one or more on every stage of status, goods and money."""

from __future__ import annotations

from decimal import Decimal

from returns.demo.counted import make_counts
from returns.demo.desk import Desk, lines_of
from returns.demo.goods import World
from returns.demo.payouts import make_payouts
from returns.demo.season import make_season
from returns.demo.today import make_todays
from returns.demo.told import make_notices
from returns.models import Audience, Disposition, Reason, ReturnOrder
from returns.services import (
    ArrivalInput,
    DisposeInput,
    QuantityInput,
    ReceiveInput,
    SurpriseInput,
    add_comment,
    add_extra_line,
    add_parcel,
    cancel_return,
    credit_return,
    dispose_return,
    hold_return,
    issue_return,
    receive_return,
    release_return,
    waive_return,
)
from rmaproject.access.actors import SYSTEM
from sales.models import SalesOrder


def make_returns(world: World, sold: dict[str, SalesOrder], *, weeks: int) -> int:
    """Make the returns, those of the last weeks first; gives how many there are."""
    reasons = {reason.code: reason for reason in Reason.objects.all()}
    dispositions = {row.code: row for row in Disposition.objects.all()}
    desk = Desk(world, sold, reasons, dispositions)
    if weeks:
        make_season(desk, weeks)
    for stage in (
        _asked,
        _expected,
        _arrived,
        _decided,
        _called_off,
        _finished,
        make_todays,
        make_payouts,
        make_counts,
        make_notices,
    ):
        stage(desk)
    return ReturnOrder.objects.count()


def _asked(desk: Desk) -> None:
    group = desk.world.groups.get("Service agent")
    desk.ask("WEB-10201", {"TENT-2P": "1"}, 9, "customer_return", responsible_group=group)
    empty = desk.ask("WEB-10252", {}, 14, "other", note="Will send the list of goods by mail")
    add_comment(empty.pk, "Rang on Monday, sends the list this week.", actor=SYSTEM)


def _expected(desk: Desk) -> None:
    mine = desk.world.somebody
    soon = desk.expect("WEB-10207", {"MAT-L": "2"}, 1, "not_as_described", responsible_user=mine)
    parcel = {"carrier": "Polder Pakket", "tracking_number": "DEMOR10207"}
    add_parcel(soon.pk, {**parcel, "expected_on": desk.world.day(1)}, actor=SYSTEM)
    late = desk.expect("WEB-10236", {"ROPE-10": "30"}, -5, "wrong_item")
    add_comment(
        late.pk,
        "Please send the rope this week; we keep your place.",
        audience=Audience.CUSTOMER,
        actor=SYSTEM,
    )
    units = desk.ask_units("WEB-10214", ["W70-0901"], 4, "defective")
    issue_return(units.pk, actor=SYSTEM)


def _arrived(desk: Desk) -> None:
    group = desk.world.groups.get("Warehouse")
    part = desk.expect("WEB-10201", {"PEG-10": "6"}, -1, "wrong_item", responsible_group=group)
    desk.receive(part, "4", note="Two sets follow in a second parcel")
    desk.receive(desk.expect("WEB-10241", {"BOTTLE-1": "3"}, 0, "damaged"))
    surprise = desk.expect("WEB-20011", {"JACK-W": "2"}, 2, "wrong_item")
    found = [
        SurpriseInput(Decimal(1), sku="BOTTLE-1", note="Not announced"),
        SurpriseInput(Decimal(1), description="A child's rubber boot, left foot"),
    ]
    desk.receive(surprise, unexpected=found)


def _decided(desk: Desk) -> None:
    owed = desk.expect("WEB-10241", {"TENT-2P": "1"}, -3, "defective")
    desk.receive(owed)
    desk.decide(owed, "restock")
    credited = desk.expect("WEB-10207", {"TENT-4P": "1"}, -4, "customer_return")
    desk.receive(credited)
    desk.decide(credited, "quarantine")
    credit_return(credited.pk, actor=SYSTEM)
    lost = desk.expect("WEB-20014", {"TENT-2P": "1"}, 6, "carrier_return")
    line = lines_of(lost)[0]
    waive_return(lost.pk, [QuantityInput(line, Decimal(1))], actor=SYSTEM, reason="Lost")


def _called_off(desk: Desk) -> None:
    kept = desk.expect("WEB-10252", {"BAG-M5": "1"}, 3, "customer_return")
    cancel_return(kept.pk, actor=SYSTEM, reason="The customer keeps it")
    held = desk.expect("WEB-10230", {"MEAL-6": "1"}, 7, "damaged")
    hold_return(held.pk, actor=SYSTEM, reason="Photos of the damage are missing")


def _finished(desk: Desk) -> None:
    settled = desk.expect("WEB-10219", {"BAG-M5": "1"}, -8, "customer_return")
    desk.receive(settled)
    desk.decide(settled, "restock")
    desk.close(settled)
    partly = desk.expect("WEB-10230", {"PACK-45": "1"}, -7, "not_as_described")
    desk.receive(partly)
    desk.decide(partly, "restock")
    desk.close(partly)
    stove = desk.ask_units("WEB-10223", ["E2-0711", "E2-0712"], -2, "defective")
    issue_return(stove.pk, actor=SYSTEM)
    _take_one_of_two(desk, stove)
    fee = {"name": "Cleaning fee", "gross_unit_price": Decimal("-7.50"), "vat_percent": 21}
    add_extra_line(stove.pk, fee, actor=SYSTEM)
    desk.close(stove)


def _take_one_of_two(desk: Desk, order: ReturnOrder) -> None:
    """One unit comes back and is scrapped; the customer keeps the other."""
    first, second = lines_of(order)
    receive_return(order.pk, ReceiveInput(lines=[ArrivalInput(first)]), actor=SYSTEM)
    scrap = DisposeInput(first, desk.dispositions["scrap"])
    dispose_return(order.pk, [scrap], actor=SYSTEM)
    release_return(order.pk, [QuantityInput(second)], actor=SYSTEM, reason="Repaired by phone")
