"""Each figure against an answer that was computed by hand from its definition (docs/metrics.md)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from returns.metrics.durations import durations
from returns.metrics.rates import rates
from returns.metrics.refunds import refund_steps
from returns.metrics.sight import Period, look
from returns.metrics.today import work_of
from returns.models import Reason
from returns.services import (
    LineInput,
    complete_return,
    credit_return,
    hold_return,
    reverse_receipt,
)
from rmaproject.access.actors import SYSTEM
from rmaproject.shared import clock
from sales.models import Business, Refund
from sales.services.refunding import approve_refund, confirm_refund, pay_refund, set_refund_details
from tests.factories import ask_return, goods, sell
from tests.metrics.past import completed, redate, walked
from tests.refunds.money import bank_of
from tests.returns.steps import D, decided, dispose, receive, request


@pytest.fixture
def sight(ada, business):
    return look(ada)


def last(sight, days=90):
    return Period.of_days(days, sight.latest)


def steps(sight):
    found = refund_steps(look(sight.actor), last(sight, 1))
    return {step.key: (step.count, step.amount) for step in found}


def test_days_to_resolution_and_by_stage_are_interpolated(sight, business, bo):
    # Four returns of 1, 2, 4 and 10 days. Their median is (2 + 4) / 2 = 3; nine tenths of the way
    # from the first to the fourth is 2.7 steps, so p90 is 4 + 0.7 x (10 - 4) = 8.2.
    closed = clock.now()
    for days in (1, 2, 4, 10):
        rma = completed(sell(business, bo, goods(f"TENT-{days}")))
        marks = [closed - timedelta(days=days * share) for share in (1, 0.9, 0.6, 0.5, 0.3, 0.1)]
        walked(rma, *marks, closed)

    weeks, stages = durations(look(sight.actor), last(sight))

    figures = {row.key: (row.count, row.median, row.p90) for row in stages}
    assert figures == {
        "all": (4, 3.0, 8.2),
        "authorise": (4, 0.3, 0.82),
        "receive": (4, 0.9, 2.46),
        "decide": (4, 0.3, 0.82),
        "credit": (4, 0.6, 1.64),
        "refund": (4, 0.6, 1.64),
    }
    assert [(row.count, row.median, row.p90) for row in weeks][-1] == (4, 3.0, 8.2)
    assert {row.count for row in weeks[:-1]} == {0}


def test_what_happens_where_it_is_already_tomorrow_counts_at_once(sight, business, bo):
    # Where the reader is it is eleven hours before UTC, at the business fourteen after it.
    Business.objects.filter(pk=business.pk).update(time_zone="Pacific/Kiritimati")
    business.refresh_from_db()
    completed(sell(business, bo, goods("TENT")))

    with timezone.override("Pacific/Pago_Pago"):
        seen = look(sight.actor)
        weeks, stages = durations(seen, last(seen))
        rated, _sold = rates(seen, last(seen), "part")
        assert seen.latest > seen.today

    assert sum(week.count for week in weeks) == stages[0].count == 1
    assert [row.units for row in rated["part"]] == [1]


def test_a_stage_that_was_skipped_or_went_backwards_is_not_counted(sight, business, bo):
    now = clock.now()
    rma = completed(sell(business, bo, goods("TENT")))
    # Decided an hour before it came: the goods were received late into the books.
    walked(rma, *(now - timedelta(hours=hours) for hours in (9, 8, 4, 5, 3, 2)), now)

    _weeks, stages = durations(look(sight.actor), last(sight))

    assert {row.key: row.count for row in stages} == {
        "all": 1, "authorise": 1, "receive": 1, "decide": 0, "credit": 1, "refund": 1,
    }  # fmt: skip


def test_rates_by_units_and_by_orders_are_numbers_of_their_own(sight, business, bo, cy):
    day = sight.today - timedelta(days=10)
    one = sell(business, bo, goods("TENT", "3"), on=day)
    two = sell(business, bo, goods("TENT", "2"), goods("BAG", "5"), on=day)
    sell(business, cy, goods("TENT", "5"), on=day)
    sell(business, cy, goods("TENT", "100"), on=sight.today - timedelta(days=100))
    wrong, broken = (Reason.objects.get(code=code) for code in ("wrong_item", "defective"))
    tents, bags = two.lines.order_by("number")
    first = request(one, LineInput(D("1"), order_line=one.lines.get()), reason=broken)
    second = request(
        two, LineInput(D("1"), order_line=tents), LineInput(D("2"), order_line=bags), reason=wrong
    )
    receive(first.lines.get())
    receive(second.lines.get(part__sku="TENT"))
    receive(second.lines.get(part__sku="BAG"), "2")

    found, sold = rates(sight, last(sight), "part", "reason", "customer", "category")

    # Tents: 2 of 3 + 2 + 5 = 10 units, 2 of 3 orders. Bags: 2 of 5 units, 1 of 1 order.
    told = {
        row.code: (row.units, row.unit_rate, row.orders, row.order_rate) for row in found["part"]
    }
    assert told == {
        "TENT": (D("2"), D("20.00"), 2, D("66.67")),
        "BAG": (D("2"), D("40.00"), 1, D("100.00")),
    }
    # Reasons are compared with all that was sold: 15 units of 3 orders.
    assert (sold.units, sold.orders) == (D("15"), 3)
    told = {row.code: (row.units, row.unit_rate, row.order_rate) for row in found["reason"]}
    assert told == {
        "wrong_item": (D("3"), D("20.00"), D("33.33")),
        "defective": (D("1"), D("6.67"), D("33.33")),
    }
    # Bo sent 4 of 10 units back, of both of his orders.
    (row,) = found["customer"]
    assert (row.code, row.unit_rate, row.order_rate) == ("BO", D("40.00"), D("100.00"))
    (row,) = found["category"]
    assert (row.code, row.units, row.sold_units) == ("", D("4"), D("15"))


def test_a_reversed_receipt_and_goods_that_nobody_announced_do_not_count(sight, business, bo):
    rma = ask_return(sell(business, bo, goods("TENT", "2"), on=sight.today), "2", issued=True)
    first = receive(rma.lines.get())
    receive(rma.lines.get())

    reverse_receipt(first.pk, actor=SYSTEM, reason="Counted twice")

    (row,) = rates(sight, last(sight), "part")[0]["part"]
    assert (row.units, row.unit_rate) == (D("1"), D("50.00"))


def test_opening_a_return_moves_only_what_is_requested(sight, business, bo):
    sale = sell(business, bo, goods("TENT", "2", "50.00"))
    assert steps(sight) == {}

    rma = ask_return(sale, "2")
    assert steps(sight) == {"requested": (1, D("100.00"))}
    hold_return(rma.pk, actor=SYSTEM, reason="Stock-taking")
    assert steps(sight) == {"requested": (1, D("100.00"))}


def test_money_goes_from_requested_over_due_and_approved_to_paid(sight, business, bo):
    rma = decided(sell(business, bo, goods("TENT", "2", "50.00")))
    assert steps(sight) == {"requested": (1, D("50.00"))}

    credit_return(rma.pk, actor=SYSTEM)
    assert steps(sight) == {"due": (1, D("50.00"))}

    refund = Refund.objects.get()
    set_refund_details(refund.pk, bank_of(bo), actor=SYSTEM)
    approve_refund(refund.pk, actor=SYSTEM)
    assert steps(sight) == {"due": (1, D("50.00")), "approved": (1, D("50.00"))}

    pay_refund(refund.pk, actor=SYSTEM)
    confirm_refund(refund.pk, actor=SYSTEM)
    assert steps(sight) == {"paid": (1, D("50.00"))}


def test_a_complete_return_waits_in_the_queue_until_its_refund_is_paid(sight, business, bo):
    rma = decided(sell(business, bo, goods("TENT", "2", "50.00")))
    credit_return(rma.pk, actor=SYSTEM)
    complete_return(rma.pk, actor=SYSTEM)

    due = {tile.key: tile.count for tile in work_of(sight, last(sight)).tiles}["refund"]

    assert due == 1


def test_weeks_and_ages_are_counted_by_day(sight, business, bo):
    made = [ask_return(sell(business, bo, goods(f"TENT-{n}"))) for n in range(5)]
    for rma, days in zip(made, (0, 3, 4, 14, 15), strict=True):
        redate(rma, requested_on=sight.today - timedelta(days=days))
    hold_return(made[4].pk, actor=SYSTEM, reason="Stock-taking")
    redate(made[4], requested_on=sight.today - timedelta(days=15))

    work = work_of(look(sight.actor), last(sight, 28))

    assert [(age.first, age.count, age.held) for age in work.ages] == [
        (0, 2, 0), (4, 1, 0), (8, 1, 0), (15, 1, 1),
    ]  # fmt: skip
    assert sum(week.opened for week in work.weeks) == 5
    tile = work.tiles[0]
    assert (tile.key, tile.count, tile.extra) == ("open", 5, 3)


def test_a_week_ends_by_the_clock_of_the_business(sight, business, bo):
    rma = completed(sell(business, bo, goods("TENT")))
    monday = last(sight).weeks()[-1]
    # Sunday half past eleven in London is half past midnight on Monday in Amsterdam.
    instant = clock.now(business).replace(
        year=monday.year, month=monday.month, day=monday.day, hour=0, minute=30
    )
    redate(rma, closed_at=instant, completed_at=instant)

    weeks = work_of(look(sight.actor), last(sight)).weeks

    assert [week.closed for week in weeks][-2:] == [0, 1]


def test_dispositions_wait_until_goods_are_decided(sight, business, bo):
    rma = ask_return(sell(business, bo, goods("TENT", "3")), "3", issued=True)
    receive(rma.lines.get(), "2")
    units = {tile.key: tile.extra for tile in work_of(sight, last(sight)).tiles}["inspect"]
    dispose(rma.lines.get())
    after = {tile.key: tile.count for tile in work_of(sight, last(sight)).tiles}["inspect"]

    assert (units, after) == (Decimal(2), 0)
