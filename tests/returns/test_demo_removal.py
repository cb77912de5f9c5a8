"""The demo data goes as it came: to the last row, and not while anything real depends on it."""

from __future__ import annotations

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from returns.demo import make_demo
from returns.demo.removing import remove_demo, what_depends_on_demo
from returns.models import DemoLoad, ReturnOrder
from returns.services import add_comment, issue_return
from returns.setup import switch_returns_on
from rmaproject.access.actors import SYSTEM
from rmaproject.audit.models import AuditEntry
from rmaproject.shared.errors import DomainError
from sales.models import Business, SalesOrder
from sales.services.businesses import create_business
from stock.models import Part
from stock.services import create_location
from tests.factories import CompanyFactory, ask_return, goods, sell


def rows_of_every_table():
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        counts = {}
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            counts[table] = cursor.fetchone()[0]
    return counts


def make_small():
    make_demo(lambda line: None, size="small")


@pytest.fixture
def fresh(roles):
    """A desk as it is after its installation, with a business and nothing in it."""
    switch_returns_on()


def test_no_table_has_a_row_more_or_less_after_the_demo_was_there_and_played_with(fresh):
    before = rows_of_every_table()
    make_small()
    loaded = rows_of_every_table()
    pending = ReturnOrder.objects.filter(status="pending", lines__isnull=False).first()
    issue_return(pending.pk, actor=SYSTEM)
    add_comment(pending.pk, "Played with", actor=SYSTEM)

    remove_demo(actor=SYSTEM)

    assert loaded["returns_returnorder"] > 30
    assert loaded["audit_auditentry"] > before["audit_auditentry"] + 100
    assert rows_of_every_table() == before
    call_command("verify", stdout=StringIO())


def test_history_is_guarded_again_after_the_removal(fresh):
    make_small()
    remove_demo(actor=SYSTEM)

    with pytest.raises(Exception, match="never changed or removed"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_auditentry")


def test_it_is_refused_while_a_return_of_the_real_business_needs_it_and_names_it(fresh):
    make_small()
    own = Business.objects.get(code="1000")
    tent = Part.objects.get(sku="TENT-2P")
    real = sell(own, CompanyFactory(reference="BO"), goods("TENT-2P"), reference="REAL-1")
    assert real.lines.get().part == tent
    rma = ask_return(real)

    with pytest.raises(DomainError) as refusal:
        remove_demo(actor=SYSTEM)

    assert refusal.value.code == "demo_in_use"
    assert any("REAL-1" in words for words in what_depends_on_demo())
    assert any(rma.reference in words for words in what_depends_on_demo())
    assert DemoLoad.objects.exists()


def test_a_place_of_ones_own_below_one_of_the_demo_is_real(fresh):
    make_small()
    amsterdam = apps.get_model("stock", "Location").objects.get(code="AMS")
    create_location({"code": "MINE", "name": "Mine", "parent": amsterdam}, actor=SYSTEM)

    assert what_depends_on_demo() == ["location MINE"]


def test_real_work_beside_the_demo_stays(fresh):
    make_small()
    own = create_business(
        {"code": "3000", "name": "Ours", "currency": "EUR", "time_zone": "UTC"}, actor=SYSTEM
    )
    sell(own, CompanyFactory(reference="BO"), goods("OURS"), reference="REAL-1")
    trail = AuditEntry.objects.filter(aggregate_id=own.uuid).count()

    remove_demo(actor=SYSTEM)

    assert SalesOrder.objects.get().reference == "REAL-1"
    assert Part.objects.get().sku == "OURS"
    assert AuditEntry.objects.filter(aggregate_id=own.uuid).count() == trail
    assert not make_demo(lambda line: None, size="small")
    assert not DemoLoad.objects.exists()
