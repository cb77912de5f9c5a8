"""The account of a customer by days, and the pages of invoices, payments and credit notes."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from rmaproject.access.actors import SYSTEM
from rmaproject.shared import clock
from sales.models import Account, CreditNote, Invoice, Payment
from sales.services.invoicing import record_payment
from tests.factories import actor_with
from tests.refunds.money import credited, refund_of
from tests.web.browser import queries_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def booked(business, bo):
    """A sale of 10.00 that was paid by card, and taken back."""
    return credited(business, bo, gateway="sandbox")


def path_of(what, row):
    return f"/sales/{what}/{row.uuid}/"


def test_the_statement_of_some_days_begins_and_ends_with_its_balance(clerk, booked):
    account = Account.objects.get()
    today = clock.today(account.business)
    path = path_of("accounts", account)

    everything = text_of(clerk.get(path))
    later = text_of(clerk.get(path, {"from": str(today + timedelta(days=1))}))
    until = text_of(clerk.get(path, {"to": str(today)}))

    note = CreditNote.objects.get()
    assert note.reference in everything
    assert "Nothing was booked for these days." in later
    assert "Balance at the end of" in until
    assert "−10.00" in until


def test_the_statement_is_saved_with_a_running_balance(clerk, booked):
    account = Account.objects.get()

    answer = clerk.get(path_of("accounts", account) + "csv/")

    lines = answer.content.decode().lstrip("\ufeff").splitlines()
    note, invoice = CreditNote.objects.get(), Invoice.objects.get()
    today = clock.today(account.business)
    assert "attachment" in answer["Content-Disposition"]
    assert lines == [
        "Date,Document,Number,Amount,Balance,Currency",
        f"{invoice.invoiced_on},Invoice,{invoice.reference},10.00,10.00,EUR",
        f"{today},Payment,pay-10.00,-10.00,0.00,EUR",
        f"{today},Credit note,{note.reference},-10.00,-10.00,EUR",
    ]


def test_the_balance_runs_by_the_day_also_where_an_older_booking_came_later(
    clerk, booked, business, bo
):
    record_payment(
        business=business,
        customer_id=bo.pk,
        currency="EUR",
        amount=Decimal(7),
        paid_on=date(2026, 3, 5),
        actor=SYSTEM,
    )

    answer = clerk.get(path_of("accounts", Account.objects.get()) + "csv/")

    rows = [line.split(",") for line in answer.content.decode().splitlines()[1:]]
    assert [row[3:5] for row in rows] == [
        ["10.00", "10.00"],
        ["-7.00", "3.00"],
        ["-10.00", "-7.00"],
        ["-10.00", "-17.00"],
    ]


def test_the_statement_can_be_printed_with_who_sends_it_to_whom(clerk, booked):
    shown = text_of(clerk.get(path_of("accounts", Account.objects.get()), {"print": "1"}))

    assert "Statement of account" in shown
    assert 'data-paper="a4"' in shown
    assert "Tents &amp; Co" in shown


def test_an_invoice_shows_what_settled_it_and_what_was_credited(clerk, booked):
    shown = text_of(clerk.get(path_of("invoices", Invoice.objects.get())))

    assert path_of("payments", Payment.objects.get()) in shown
    assert path_of("credit-notes", CreditNote.objects.get()) in shown
    assert "By rate" in shown


def test_a_payment_shows_its_invoice_and_the_refund_that_gives_it_back(clerk, booked):
    shown = text_of(clerk.get(path_of("payments", Payment.objects.get())))

    assert path_of("invoices", Invoice.objects.get()) in shown
    assert f"/refunds/{refund_of(booked).uuid}/" in shown
    assert "Promised to refunds" in shown


def test_invoices_and_payments_are_listed_and_found(clerk, booked):
    invoice = Invoice.objects.get()

    assert invoice.reference in text_of(clerk.get("/sales/invoices/"))
    assert "pay-10.00" in text_of(clerk.get("/sales/payments/?q=pay-10"))
    found = clerk.get("/sales/invoices/", {"q": invoice.reference, "find": "1"})
    assert found.url == path_of("invoices", invoice)
    assert "No invoice fits" in text_of(clerk.get("/sales/invoices/?q=nowhere"))


def test_a_list_of_invoices_costs_the_same_for_many(clerk, business, bo, booked):
    clerk.get("/sales/invoices/")
    alone = queries_of(clerk, "/sales/invoices/")
    for _ in range(3):
        credited(business, bo, gateway="sandbox")

    assert queries_of(clerk, "/sales/invoices/") == alone


def test_the_warehouse_sees_no_documents_of_money(client, booked):
    client.force_login(actor_with("Warehouse", username="wil").user)
    paths = [
        "/sales/invoices/",
        "/sales/payments/",
        path_of("invoices", Invoice.objects.get()),
        path_of("payments", Payment.objects.get()),
        path_of("accounts", Account.objects.get()) + "csv/",
    ]

    for path in paths:
        answer = client.get(path)
        assert answer.status_code in (403, 404), path
        assert "10.00" not in text_of(answer)
