"""The demo: it shows every stage, and only an installation that nobody has used gets it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from customers.models import Company
from returns.demo import make_demo
from returns.models import ReturnLine, ReturnOrder, ReturnsSwitch
from returns.services import turn_returns
from returns.setup import switch_returns_on
from returns.states import Goods, Money, Status
from rmaproject.access.actors import SYSTEM
from rmaproject.audit.models import AuditEntry
from sales.models import Business, Invoice, Payment, SalesOrder
from sales.states import OrderStatus
from stock.models import Part, StockItem


@pytest.fixture
def demo(roles):
    lines = []
    make_demo(lines.append)
    return lines


def values_of(model, column):
    return set(model.objects.values_list(column, flat=True))


def test_the_demo_shows_every_status_that_needs_no_policy(demo):
    assert values_of(ReturnOrder, "status") == set(Status) - {
        Status.AWAITING_APPROVAL,
        Status.REJECTED,
    }
    assert values_of(SalesOrder, "status") == set(OrderStatus)


def test_the_demo_shows_every_stage_of_goods_and_money(demo):
    assert values_of(ReturnOrder, "goods") == set(Goods)
    assert values_of(ReturnOrder, "money") == set(Money)


def test_the_demo_has_something_of_everything(demo):
    assert Company.objects.count() == 12
    assert Company.objects.filter(active=False).count() == 1
    assert Company.objects.filter(is_customer=False, is_supplier=True).count() == 1
    assert Part.objects.count() == 15
    assert Part.objects.filter(is_virtual=True).exists()
    assert Part.objects.filter(is_salable=False).exists()
    assert SalesOrder.objects.count() == 23
    assert ReturnOrder.objects.count() >= 14
    assert ReturnLine.objects.filter(unexpected=True).exists()
    assert ReturnLine.objects.filter(stock_item__isnull=False).exists()
    assert ReturnOrder.objects.filter(extra_lines__isnull=False).exists()
    assert ReturnOrder.objects.filter(responsible_group__isnull=False).exists()
    assert Invoice.objects.exists()
    assert Payment.objects.exists()
    assert values_of(StockItem, "state") == {
        "available",
        "held",
        "quarantined",
        "sold",
        "scrapped",
    }


def test_open_orders_are_due_around_today_and_some_are_late(demo):
    today = timezone.now().date()
    for open_ones in (ReturnOrder.objects.open(), SalesOrder.objects.exclude(target_date=None)):
        days = [row.target_date for row in open_ones]
        assert min(days) < today < max(days)
        assert max(days) - min(days) < timedelta(days=60)


def test_each_business_knows_where_returned_goods_go(demo):
    businesses = {row.code: row for row in Business.objects.all()}

    assert {code: row.currency for code, row in businesses.items()} == {
        "1000": "EUR",
        "2000": "GBP",
    }
    assert all(row.returns_location for row in businesses.values())


def test_progress_is_told(demo):
    assert demo[0] == "12 companies, 15 parts, stock on the shelves"
    assert len(demo) == 3


def test_a_second_run_changes_nothing(demo):
    entries = AuditEntry.objects.count()
    lines = []

    make_demo(lines.append)

    assert AuditEntry.objects.count() == entries
    assert lines == ["There is data already; nothing was added."]


def test_returns_switched_off_stay_off_in_a_second_run(demo):
    turn_returns(on=False, actor=SYSTEM)

    make_demo(lambda line: None)

    assert switch_returns_on() is False
    assert not ReturnsSwitch.objects.get().enabled


@pytest.mark.parametrize("switched_on_first", [True, False])
def test_the_demo_may_be_made_before_or_after_returns_are_switched_on(roles, switched_on_first):
    steps = [switch_returns_on, lambda: make_demo(lambda line: None)]
    for step in steps if switched_on_first else reversed(steps):
        step()

    assert ReturnsSwitch.objects.get().enabled
    assert Business.objects.count() == 2
    assert Business.objects.get(code="1000").name == "Heron Outdoor B.V."
    assert Business.objects.get(code="1000").returns_location.code == "AMS-DOCK"


def test_an_installation_in_use_gets_no_demo(bo):
    make_demo(lambda line: None)

    assert Company.objects.get() == bo
    assert not SalesOrder.objects.exists()


def test_the_demo_needs_neither_roles_nor_people(db):
    make_demo(lambda line: None)

    assert ReturnOrder.objects.exists()
