"""An import is taken back as one: all of it, or nothing once somebody built on it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.apps import apps
from django.db import IntegrityError

from customers.models import Company
from customers.services import edit_company
from returns.demo.recorded import APPS
from returns.importing import taking_back
from returns.importing.footprint import Footprint
from returns.models import ImportRun
from rmaproject.access.actors import SYSTEM
from rmaproject.audit import erasing
from rmaproject.audit.models import AuditEntry
from rmaproject.jobs.models import Job
from rmaproject.management.commands.verify import all_checks
from sales.models import Account, Invoice, LedgerLine, SalesOrder
from stock.models import Part
from tests.factories import actor_with, ask_return, goods, sell
from tests.imports.files import FAULTY, LEDGER, fresh, imported
from tests.web.browser import text_of


@pytest.fixture
def admin(client, business, roles):
    client.force_login(actor_with("Administrator", username="root").user)
    return client


def all_rows():
    """How many rows each table of the business has, with trails."""
    models = [model for label in APPS for model in apps.get_app_config(label).get_models()]
    counted = {
        model._meta.label: model._base_manager.count() for model in models if model is not ImportRun
    }
    trail = AuditEntry.objects.exclude(aggregate="returns.importrun").count()
    return {**counted, "trail": trail}


def all_amounts():
    """What stands on accounts and in the ledger."""
    lines = sum(LedgerLine.objects.values_list("amount", flat=True), Decimal(0))
    return sorted(Account.objects.values_list("company__reference", "balance")), lines


def test_taken_back_everything_is_as_it_was_before_to_the_row(admin, business, bo):
    sell(business, bo, goods("MAT"))
    content = LEDGER + "1003,MAT,Mat,1,2026-01-12,10.00,BO,NL\n"
    before, amounts = all_rows(), all_amounts()
    run = imported(admin, content)
    assert all_rows() != before
    assert all_amounts() != amounts

    told = admin.post(f"/imports/{run.uuid}/take-back/", follow=True)

    assert all_rows() == before
    assert all_amounts() == amounts
    assert "Nothing of it is here any more" in text_of(told)
    assert not Company.objects.filter(reference="4711").exists()
    assert Part.objects.filter(sku="MAT").exists()
    kept = AuditEntry.objects.filter(aggregate_id=run.uuid).order_by("n")
    assert [entry.verb for entry in kept][-2:] == ["ask_back", "take_back"]
    assert kept.last().facts["rows"] > 20


def test_what_was_taken_back_can_be_imported_again(admin):
    first = imported(admin, LEDGER)
    admin.post(f"/imports/{first.uuid}/take-back/")

    again = imported(admin, LEDGER)

    assert again.result["made"] == first.result["made"]
    assert again.result["known"] == 0


@pytest.mark.parametrize("touch", ["return", "order", "customer", "name"])
def test_what_somebody_built_on_keeps_all_of_it_and_is_named(admin, business, bo, touch):
    run = imported(admin, LEDGER)
    order = SalesOrder.objects.get(reference="1002")
    named = {
        "return": lambda: ask_return(order).reference,
        "order": lambda: sell(business, bo, goods("LAMP")).reference,
        "customer": lambda: sell(business, order.customer, goods("MAT")).reference,
        "name": lambda: edit_company(order.customer_id, {"name": "Dee"}, actor=SYSTEM).reference,
    }[touch]()
    before = all_rows()

    told = text_of(admin.get(f"/imports/{run.uuid}/take-back/"))
    assert named in told
    assert "disabled" in told.partition("btn danger")[2][:40]
    refused = text_of(admin.post(f"/imports/{run.uuid}/take-back/", follow=True))

    assert "Others build on this import" in refused
    assert named in refused
    assert all_rows() == before
    assert fresh(run).taken_back_at is None


def test_a_sale_that_was_here_before_its_credit_note_is_as_it_was(admin):
    sales, _, credit = LEDGER.partition("C2001")
    imported(admin, sales)
    before, amounts = all_rows(), all_amounts()
    run = imported(admin, sales.splitlines()[0] + "\nC2001" + credit)
    sold = Invoice.objects.get(reference="1001")
    assert (sold.credited, sold.lines.get(number=1).credited_units) == (119, 1)
    assert sold.order.lines.get(number=1).claimed == 1

    admin.post(f"/imports/{run.uuid}/take-back/")

    sold.refresh_from_db()
    assert (sold.credited, sold.settled, sold.lines.get(number=1).credited_units) == (0, 0, 0)
    assert sold.order.lines.get(number=1).claimed == 0
    assert all_amounts() == amounts
    said = [entry.verb for entry in AuditEntry.objects.filter(aggregate_id=sold.uuid)]
    assert said[0] == "record"
    assert said[-1] == "uncredit"
    assert all_rows() == {**before, "trail": before["trail"] + len(said) - 1}
    assert broken() == []


def test_two_imports_do_not_take_each_other_along(admin):
    first = imported(admin, LEDGER)
    second = imported(admin, LEDGER.replace("100", "300").replace("C2001", "C4001"))
    assert SalesOrder.objects.count() == 4
    assert Invoice.objects.get(reference="1001").lines.get(number=1).credited_units == 2

    admin.post(f"/imports/{first.uuid}/take-back/")
    assert fresh(first).taken_back_at is None, "The second one built on it."
    admin.post(f"/imports/{second.uuid}/take-back/")
    admin.post(f"/imports/{first.uuid}/take-back/")

    assert fresh(first).taken_back_at
    assert not SalesOrder.objects.exists()


def test_a_request_id_that_somebody_else_sends_does_not_make_a_record_part_of_it(admin):
    run = imported(admin, LEDGER)
    made = {"reference": "9", "name": "Nine", "is_customer": "on"}
    admin.post("/customers/new/", made, headers={"X-Request-ID": run.key})

    footprint = Footprint(run)

    assert Company.objects.filter(reference="9").exists()
    assert Company.objects.get(reference="9").pk not in footprint.rows[Company]


def test_a_row_that_comes_in_between_leaves_everything_as_it_was(admin, monkeypatch):
    run = imported(admin, LEDGER)
    before = all_rows()

    def interrupted(rows):
        erasing.erase({Invoice: rows[Invoice]})

    monkeypatch.setattr(taking_back, "erase", interrupted)
    told = text_of(admin.post(f"/imports/{run.uuid}/take-back/", follow=True))

    assert "Somebody built on this import just now" in told
    assert all_rows() == before
    with pytest.raises(IntegrityError):
        interrupted(Footprint(run).rows)


def test_the_books_add_up_after_an_import_was_taken_back(admin, business, bo):
    sell(business, bo, goods("MAT"))
    run = imported(admin, FAULTY + "1003,MAT,Mat,1,2026-01-12,10.00,BO,NL\n")
    admin.post(f"/imports/{run.uuid}/take-back/")

    assert broken() == []


def broken():
    """What `manage.py verify` finds."""
    return [row for check in all_checks() for row in check.broken()]


def test_a_manager_imports_and_only_an_administrator_takes_back(admin, client, ada):
    run = imported(admin, LEDGER)
    client.force_login(ada.user)

    assert "take-back" not in text_of(client.get(f"/imports/{run.uuid}/"))
    assert client.post(f"/imports/{run.uuid}/take-back/").status_code == 403
    assert Job.objects.filter(kind="imports.take_back").count() == 0
