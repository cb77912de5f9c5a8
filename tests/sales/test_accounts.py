"""The account of a customer: open items and the statement come to its balance, over every door."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from returns.services import credit_return
from rmaproject.access.actors import SYSTEM
from sales.api.accounts import AccountDetailOutput, EntryOutput
from sales.models import Account, CreditNote, Invoice
from sales.services.invoicing import record_payment
from tests.api.caller import Caller, problem
from tests.changes import picture
from tests.factories import actor_with, goods, sell
from tests.returns.steps import D, decided

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(business, bo) -> Account:
    """Store credit of 30.00, an invoice of 50.00 that is due, and 7.00 paid in advance."""
    record_payment(
        business=business, customer_id=bo.pk, currency="EUR", amount=D("7.00"), actor=SYSTEM
    )
    rma = decided(sell(business, bo, goods("TENT", "1", "30.00")))
    rma.lines.update(outcome="store_credit")
    credit_return(rma.pk, actor=SYSTEM)
    sell(business, bo, goods("ROPE", "1", "50.00"), paid=False)
    return Account.objects.get()


def test_open_items_come_to_the_balance(account, roles):
    shown = Caller(actor_with("Finance")).get(f"/accounts/{account.uuid}").json()

    assert set(shown) == set(AccountDetailOutput().fields)
    items = {row["kind"]: (row["amount"], row["open"]) for row in shown["open_items"]}
    assert items == {
        "payment": ("7.00", "-7.00"),
        "credit_note": ("30.00", "-30.00"),
        "invoice": ("50.00", "50.00"),
    }
    assert (shown["due"], shown["unapplied"], shown["credit"]) == ("50.00", "7.00", "30.00")
    assert shown["balance"] == "13.00"
    assert sum(Decimal(row["open"]) for row in shown["open_items"]) == Decimal("13.00")


def test_the_statement_runs_to_the_balance_on_every_page_and_both_ways(account, roles):
    caller = Caller(actor_with("Finance"))
    path = f"/accounts/{account.uuid}/entries/"

    first = caller.get(f"{path}?limit=2").json()
    second = caller.get(first["next"].partition("/api/v1")[2]).json()
    newest = caller.get(f"{path}?limit=1&ordering=-number").json()["results"]

    rows = first["results"] + second["results"]
    assert set(rows[0]) == set(EntryOutput().fields)
    assert [(row["kind"], row["amount"], row["balance"]) for row in rows] == [
        ("payment", "-7.00", "-7.00"),
        ("invoice", "30.00", "23.00"),
        ("payment", "-30.00", "-7.00"),
        ("credit_note", "-30.00", "-37.00"),
    ]
    assert [(row["kind"], row["balance"]) for row in newest] == [("invoice", "13.00")]
    assert {"ledger": "receivable", "amount": "-30.00"} in rows[3]["lines"]
    assert rows[3]["document"] == str(CreditNote.objects.get().uuid)


def test_kept_credit_is_used_and_paid_out_over_rest(account, roles):
    caller, note = Caller(actor_with("Finance")), CreditNote.objects.get()
    invoice = Invoice.objects.get(settled=0)
    path, tag = f"/credit-notes/{note.uuid}", f'"{note.version}"'

    used = caller.post(
        f"{path}/apply/", {"invoice": invoice.reference, "amount": "12.50"}, If_Match=tag
    )
    stale = caller.post(f"{path}/pay-out/", {"amount": "1.00"}, If_Match=tag)

    assert used.status_code == 200, used.content
    assert (used.json()["kept"], used.json()["applied"]) == ("17.50", "12.50")
    assert problem(stale, 412)["code"] == "stale_version"


def test_more_than_is_kept_is_refused_over_rest_and_nothing_changes(account, roles):
    caller, note = Caller(actor_with("Finance")), CreditNote.objects.get()
    body = {"invoice": Invoice.objects.get(settled=0).reference, "amount": "30.01"}
    before = picture()

    answer = caller.post(f"/credit-notes/{note.uuid}/apply/", body, If_Match=f'"{note.version}"')

    refusal = problem(answer, 422)
    assert (refusal["code"], refusal["facts"]) == ("exceeds_kept", {"open": "30.00"})
    assert picture() == before


def test_a_credit_note_shows_its_rates_and_what_its_lines_pay_for(business, bo, roles):
    nine = D("9")
    order = sell(
        business, bo, goods("TENT", "1", "12.10"), goods("TEA", "1", "1.09", vat_percent=nine)
    )
    rma = decided(order)
    credit_return(rma.pk, actor=SYSTEM)

    note = (
        Caller(actor_with("Finance")).get(f"/credit-notes/{CreditNote.objects.get().uuid}").json()
    )

    assert note["taxes"] == [
        {
            "vat_percent": "21",
            "vat_type": "NORMAL",
            "net": "10.00",
            "tax": "2.10",
            "gross": "12.10",
        },
        {"vat_percent": "9", "vat_type": "NORMAL", "net": "1.00", "tax": "0.09", "gross": "1.09"},
    ]
    tent = rma.lines.get(order_line__part__sku="TENT")
    paid = note["lines"][0]["pays_for"]
    assert (paid["return_order"], paid["line"], paid["quantity"]) == (
        str(rma.uuid),
        str(tent.uuid),
        "1",
    )
    assert paid["inspection"] == str(tent.inspections.get().uuid)


def test_the_pages_show_account_and_credit_note_and_use_what_is_kept(account, roles):
    client, note = Client(), CreditNote.objects.get()
    client.force_login(actor_with("Finance").user)
    invoice = Invoice.objects.get(settled=0)

    statement = client.get(reverse("sales:account", args=[account.uuid])).content.decode()
    shown = client.get(reverse("sales:credit_note", args=[note.uuid])).content.decode()
    form = client.get(reverse("sales:credit_note_apply", args=[note.uuid])).content.decode()
    posted = client.post(
        reverse("sales:credit_note_apply", args=[note.uuid]),
        {"invoice": str(invoice.uuid), "amount": "5.00", "version": note.version},
    )

    assert note.reference in statement
    assert invoice.reference in statement
    assert reverse("sales:credit_note_pay_out", args=[note.uuid]) in shown
    assert invoice.reference in form
    assert posted.status_code == 302, posted.content.decode()
    note.refresh_from_db()
    assert (note.kept, note.applied) == (D("25.00"), D("5.00"))
