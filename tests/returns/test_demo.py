"""The demo: it shows every stage, and only an installation that nobody has used gets it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import TestCase
from django.utils import timezone

from customers.models import Company
from returns.demo import make_demo
from returns.models import (
    Inspection,
    PolicyVersion,
    Receipt,
    ReturnLine,
    ReturnOrder,
    ReturnsSwitch,
)
from returns.services import turn_returns
from returns.services.replaying import replay
from returns.setup import switch_returns_on
from returns.states import Goods, Money, Status
from rmaproject.access.actors import SYSTEM, Actor
from rmaproject.access.models import User
from rmaproject.access.roles import make_roles
from rmaproject.audit.models import AuditEntry
from rmaproject.files.models import Attachment
from rmaproject.notices.selectors import visible_notices
from rmaproject.shared import clock
from sales.models import Business, CreditNote, Invoice, Payment, Refund, SalesOrder
from sales.states import OrderStatus, RefundState
from stock.models import Part, StockItem
from tests.factories import UserFactory


@pytest.fixture
def demo(roles):
    lines = []
    make_demo(lines.append, size="small")
    return lines


def values_of(model, column):
    return set(model.objects.values_list(column, flat=True))


class TestTheDemo(TestCase):
    """Made once for all that is only read of it."""

    @classmethod
    def setUpTestData(cls):
        make_roles()
        UserFactory(username="boss", roles=["Manager"])
        cls.lines = []
        make_demo(cls.lines.append, size="small")

    def test_the_demo_shows_every_stage_of_status_goods_and_money(self):
        assert values_of(ReturnOrder, "status") == set(Status)
        assert values_of(SalesOrder, "status") == set(OrderStatus)
        assert values_of(ReturnOrder, "goods") == set(Goods)
        assert values_of(ReturnOrder, "money") == set(Money)

    def test_the_demo_has_something_of_everything(self):
        assert Company.objects.count() == 12
        assert Company.objects.filter(active=False).count() == 1
        assert Company.objects.filter(is_customer=False, is_supplier=True).count() == 1
        assert Part.objects.count() == 17
        assert Part.objects.filter(is_virtual=True).exists()
        assert Part.objects.filter(is_salable=False).exists()
        assert SalesOrder.objects.count() == 34
        assert ReturnOrder.objects.count() == 36
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
            "refurbishing",
            "in_repair",
        }

    def test_something_waits_for_a_manager_who_was_told_of_it(self):
        waiting = ReturnOrder.objects.filter(status=Status.AWAITING_APPROVAL)
        refunds = Refund.objects.filter(state=RefundState.WAITING_APPROVAL)

        assert (waiting.count(), refunds.count()) == (2, 2)
        told = visible_notices(Actor(User.objects.get(username="boss")))
        assert {row.notice.record for row in told if row.notice.kind == "approval"} == {
            row.uuid for row in waiting
        }

    def test_rules_hold_from_today_on_and_are_tried_gone_against_and_run_out(self):
        published, draft = PolicyVersion.objects.order_by("number")

        overridden = ReturnOrder.objects.exclude(override_reason="").get()
        expired = ReturnOrder.objects.get(status_reason="expired")

        assert (published.status, draft.status) == ("published", "draft")
        assert published.valid.lower == clock.today(published.business)
        assert ReturnOrder.objects.filter(policy=published).count() == 20
        assert replay(draft, ReturnOrder.objects.all()).changes
        assert overridden.lines.get().part.category.code == "food"
        assert expired.deadline < clock.today(expired.business)

    def test_a_torn_jacket_is_credited_at_seventy_percent_less_fee_and_shipping(self):
        judged = Inspection.objects.get(grade="C")

        note = CreditNote.objects.filter(lines__line_credit__inspection=judged).distinct().get()

        assert judged.share == 70
        assert judged.photos == [str(Attachment.objects.get(name="jacket-seam.png").uuid)]
        assert note.gross == Decimal("119.00") - Decimal("35.70") - Decimal("8.33") - Decimal(
            "4.95"
        )

    def test_customers_get_money_credit_a_replacement_in_advance_or_a_repair(self):
        assert values_of(ReturnLine, "outcome") == {
            "refund",
            "store_credit",
            "replacement",
            "repair",
        }
        assert ReturnLine.objects.get(replaced=1).received == 0
        assert ReturnLine.objects.get(repaired=1).sent_back == 1
        assert CreditNote.objects.get(kept__gt=0).kept == Decimal("34.95")
        assert Receipt.objects.get(reverses__isnull=False).reverses.number == 1
        assert CreditNote.objects.get(reverses__isnull=False).reverses.gross == Decimal("169.00")

    def test_a_kit_comes_back_whole_another_in_part_and_a_parcel_from_nobody_known(self):
        whole = ReturnLine.objects.filter(kit_line__isnull=False)
        parts = ReturnLine.objects.filter(order_line__parent=whole[0].kit_line, kit_line=None)
        unknown = ReturnOrder.objects.get(parcels__tracking_number="DEMOUNKNOWN")

        found = [
            (line.part.sku if line.part else "", line.unexpected) for line in unknown.lines.all()
        ]
        came = {(line.part.sku, line.received) for line in whole}

        assert came == {("TENT-2P", 1), ("PEG-10", 2), ("LAMP-L1", 1)}
        assert sorted(line.part.sku for line in parts) == ["LAMP-L1", "PEG-10"]
        assert sorted(found) == [("", True), ("MAT-L", True)]

    def test_refunds_wait_for_an_account_or_for_somebody_and_the_books_are_sound(self):
        states = Refund.objects.values_list("via", "state")

        call_command("verify", stdout=StringIO())

        assert sorted(states) == [
            ("bank", "ready"),
            ("bank", "sent"),
            ("bank", "waiting_details"),
            ("bank", "waiting_details"),
            ("bank", "waiting_details"),
            ("bank", "waiting_details"),
            ("gateway", "sent"),
            ("gateway", "sent"),
            ("gateway", "waiting_approval"),
            ("gateway", "waiting_approval"),
        ]

    def test_open_orders_are_due_around_today_and_some_are_late(self):
        today = timezone.now().date()
        for open_ones in (ReturnOrder.objects.open(), SalesOrder.objects.exclude(target_date=None)):
            days = [row.target_date for row in open_ones]
            assert min(days) < today < max(days)
            assert max(days) - min(days) < timedelta(days=60)

    def test_each_business_knows_where_returned_goods_go(self):
        businesses = {row.code: row for row in Business.objects.all()}

        assert {code: row.currency for code, row in businesses.items()} == {
            "1000": "EUR",
            "2000": "GBP",
        }
        assert all(row.returns_location for row in businesses.values())

    def test_progress_is_told(self):
        assert self.lines[0] == "12 companies, 17 parts, stock on the shelves"
        assert len(self.lines) == 3


@pytest.mark.django_db(transaction=True)
def test_the_sandbox_has_paid_one_refund_and_is_silent_about_another():
    make_demo(lambda line: None, size="small")

    paid = Refund.objects.filter(via="gateway", sent_at__isnull=False).order_by("pk")

    assert [(refund.state, refund.amount) for refund in paid] == [
        ("done", Decimal("24.95")),
        ("unknown", Decimal("12.50")),
    ]


@pytest.mark.parametrize("missing", ["FIELD_KEYS", "PAYOUT_GATEWAYS"])
def test_the_demo_is_made_where_money_cannot_go_out(db, settings, missing):
    setattr(settings, missing, type(getattr(settings, missing))())

    make_demo(lambda line: None, size="small")

    assert ReturnOrder.objects.count() >= 32


def test_a_second_run_changes_nothing(demo):
    entries = AuditEntry.objects.count()
    lines = []

    make_demo(lines.append, size="small")

    assert AuditEntry.objects.count() == entries
    assert lines == ["There is data already; nothing was added."]


def test_returns_switched_off_stay_off_in_a_second_run(demo):
    turn_returns(on=False, actor=SYSTEM)

    make_demo(lambda line: None, size="small")

    assert switch_returns_on() is False
    assert not ReturnsSwitch.objects.get().enabled


@pytest.mark.parametrize("switched_on_first", [True, False])
def test_the_demo_lives_in_businesses_of_its_own_whenever_it_is_made(roles, switched_on_first):
    steps = [switch_returns_on, lambda: make_demo(lambda line: None, size="small")]
    for step in steps if switched_on_first else reversed(steps):
        step()

    found = dict(Business.objects.values_list("name", "code"))
    own = {"Our company": "1000"} if switched_on_first else {}
    code = "DEMO-1000" if switched_on_first else "1000"
    assert ReturnsSwitch.objects.get().enabled
    assert found == {"Heron Outdoor B.V.": code, "Heron Outdoor UK Ltd": "2000", **own}


def test_an_installation_in_use_gets_no_demo(bo):
    make_demo(lambda line: None, size="small")

    assert Company.objects.get() == bo
    assert not SalesOrder.objects.exists()


def test_the_demo_needs_neither_roles_nor_people(db):
    make_demo(lambda line: None, size="small")

    assert ReturnOrder.objects.exists()
