"""Businesses, invoices, payments, credit notes and accounts over REST."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from guardian.shortcuts import assign_perm

from rmaproject.access.actors import SYSTEM, Actor
from rmaproject.audit.models import AuditEntry
from sales.api.credit_notes import EXTRA_FILTERS
from sales.locks import lock_invoice_lines
from sales.models import Business, CreditNote, Invoice, Payment, ReferencePattern, SalesOrder
from sales.services.crediting import Target, book
from sales.services.ledger import lock_account
from sales.services.units import goods_lines
from tests.api.caller import Caller, codes
from tests.factories import (
    BusinessFactory,
    UserFactory,
    actor_with,
    discount,
    goods,
    sell,
)

pytestmark = pytest.mark.django_db


def credit(order: SalesOrder, quantity: str = "1") -> CreditNote:
    """A credit note over so many units of the first line of an invoiced sale."""
    with transaction.atomic():
        account = lock_account(order.business, order.customer_id, order.currency)
        invoice = order.invoices.get()
        first = invoice.lines.order_by("number").first()
        line = lock_invoice_lines([first.pk])[first.pk]
        lines = goods_lines(line, Decimal(quantity), order.currency)
        return book(Target(order.business, account, invoice, order.pk), lines, actor=SYSTEM)


def test_an_administrator_makes_a_business_and_numbers_its_documents(roles: None, bo: Any) -> None:
    caller = Caller(actor_with("Administrator"))
    body = {
        "code": "1000",
        "name": "Tents & Co",
        "currency": "EUR",
        "anonymous_customer": "bo",
        "patterns": {"return_order": "RET-{ref:03d}"},
    }

    made = caller.post("/businesses/", body)
    assert made.status_code == 201
    assert made.json()["anonymous_customer"]["reference"] == "BO"
    assert made.json()["patterns"] == {
        "sales_order": "SO-{ref:04d}",
        "invoice": "INV-{ref:05d}",
        "credit_note": "CN-{year}-{ref:05d}",
        "refund": "RF-{ref:05d}",
        "bank_file": "BF-{ref:05d}",
        "return_order": "RET-{ref:03d}",
    }
    tag = made["ETag"]
    renamed = {"name": "Tents", "patterns": {"invoice": "R{year}{ref:05d}"}}
    changed = caller.patch(made["Location"], renamed, If_Match=tag)
    assert changed.json()["patterns"]["invoice"] == "R{year}{ref:05d}"
    assert changed.json()["version"] == made.json()["version"] + 2
    bad = caller.patch(
        made["Location"],
        {"name": "X", "patterns": {"invoice": "{year}"}},
        If_Match=changed["ETag"],
    )
    assert (bad.status_code, bad.json()["code"]) == (422, "invalid_pattern")
    unknown = caller.patch(made["Location"], {"patterns": {"receipt": "{ref}"}}, If_Match="*")
    assert codes(unknown) == {"/patterns/receipt": "unknown_field"}
    assert Business.objects.get().name == "Tents"
    assert ReferencePattern.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"time_zone": "Mars/Base"}, 422, "invalid_time_zone"),
        ({"code": "1000"}, 409, "code_exists"),
        ({"currency": "EUROS"}, 400, "invalid"),
        ({"returns_location": "NOWHERE"}, 404, "not_found"),
    ],
)
def test_a_business_that_cannot_be_is_not_made(
    roles: None, business: Any, change: Any, status: int, code: str
) -> None:
    body = {"code": "2000", "name": "Second", "currency": "EUR", **change}

    refused = Caller(actor_with("Administrator")).post("/businesses/", body)

    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert Business.objects.count() == 1


def test_invoices_are_found_by_what_they_belong_to(
    ada: Any, business: Any, bo: Any, cy: Any
) -> None:
    paid = sell(business, bo, goods("TENT"), reference="PAID")
    sell(business, cy, goods("TENT", price="7"), reference="DUE", paid=False)
    caller = Caller(ada)

    def found(query: str) -> list[str]:
        rows = caller.get(f"/invoices/?{query}").json()["results"]
        return [row["customer"]["reference"] for row in rows]

    assert found("due=true") == ["CY"]
    assert found("due=false") == ["BO"]
    assert found("sales_order=paid&business=1000") == ["BO"]
    assert found("customer=CY") == ["CY"]
    assert found(f"reference={paid.invoices.get().reference.lower()}") == ["BO"]
    invoice = caller.get("/invoices/?due=true").json()["results"][0]
    assert (invoice["gross"], invoice["settled"], invoice["open"]) == ("7.00", "0.00", "7.00")
    detail = caller.get(f"/invoices/{invoice['id']}")
    assert (detail.json(), detail["ETag"]) == (invoice, '"1"')
    assert caller.post("/invoices/", {}).status_code == 405


def test_a_payment_settles_the_invoice_it_names_in_its_business(
    ada: Any, business: Any, bo: Any
) -> None:
    first = sell(business, bo, goods("TENT", price="10"), paid=False).invoices.get()
    second = sell(business, bo, goods("TENT", price="20"), paid=False).invoices.get()
    elsewhere = BusinessFactory(code="2000")
    sell(elsewhere, bo, goods("TENT"), paid=False)
    caller = Caller(ada)

    body = {"business": "1000", "customer": "BO", "amount": "25", "method": "bank"}
    made = caller.post("/payments/", {**body, "invoice": second.reference.lower()})

    assert (made.status_code, made.json()["applied"]) == (201, "25.00")
    assert made.json()["settlements"] == [
        {"invoice": str(second.uuid), "amount": "20.00"},
        {"invoice": str(first.uuid), "amount": "5.00"},
    ]
    assert caller.get(made["Location"]).json() == made.json()
    rows = caller.get(f"/payments/?invoice={first.uuid}").json()["results"]
    assert [row["id"] for row in rows] == [made.json()["id"]]
    accounts = caller.get("/accounts/?business=1000&customer=BO").json()["results"]
    assert [row["balance"] for row in accounts] == ["5.00"]


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"amount": "0"}, 422, "invalid_amount"),
        ({"amount": "-5"}, 422, "invalid_amount"),
        ({"amount": "1.005"}, 422, "invalid_amount"),
        ({"amount": "1", "currency": "JPYEN"}, 400, "invalid"),
        ({"amount": "1.5", "currency": "JPY"}, 422, "invalid_amount"),
        ({"amount": "1", "invoice": "NONE"}, 404, "not_found"),
        ({"amount": "1", "customer": "NOBODY"}, 404, "not_found"),
        ({}, 400, "invalid"),
    ],
)
def test_money_that_cannot_have_come_in_is_not_booked(
    ada: Any, business: Any, bo: Any, change: Any, status: int, code: str
) -> None:
    body = {"business": "1000", "customer": "BO", **change}

    refused = Caller(ada).post("/payments/", body)

    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert not Payment.objects.exists()


def test_a_credit_note_shows_what_it_credits_and_is_found(
    ada: Any, business: Any, bo: Any, cy: Any
) -> None:
    order = sell(business, bo, goods("TENT", "2", "50.00"), discount("-10.00"))
    note = credit(order)
    credit(sell(business, cy, goods("TENT")))
    caller = Caller(ada)

    shown = caller.get(f"/credit-notes/{note.uuid}/").json()

    assert (shown["net"], shown["tax"], shown["gross"]) == ("37.19", "7.81", "45.00")
    assert (shown["currency"], shown["open"], shown["applied"]) == ("EUR", "45.00", "0.00")
    assert shown["sales_order"] == str(order.uuid)
    assert [(line["kind"], line["quantity"], line["gross"]) for line in shown["lines"]] == [
        ("goods", "1", "50.00"),
        ("discount", "1", "-5.00"),
    ]
    for query in (
        f"sales_order={order.uuid}",
        f"sales_order={order.reference}",
        "customer=bo",
        f"reference={note.reference}",
        f"invoice={order.invoices.get().uuid}",
        f"search={note.reference[-5:]}",
    ):
        rows = caller.get(f"/credit-notes/?{query}").json()["results"]
        assert [row["id"] for row in rows] == [str(note.uuid)]
    assert caller.post("/credit-notes/", {}).status_code == 405


def test_apps_above_add_filters_of_their_own(
    ada: Any, business: Any, bo: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = credit(sell(business, bo, goods("TENT")))
    credit(sell(business, bo, goods("TENT")))
    asked = []

    def of_parcel(actor: Actor, value: str) -> Any:
        asked.append((actor.user, value))
        return CreditNote.objects.filter(pk=note.pk).values("pk")

    monkeypatch.setitem(EXTRA_FILTERS, "parcel", of_parcel)
    caller = Caller(ada)

    rows = caller.get("/credit-notes/?parcel=P-1&customer=BO").json()["results"]

    assert [row["id"] for row in rows] == [str(note.uuid)]
    assert asked == [(ada.user, "P-1")]
    assert caller.get("/credit-notes/?letter=1").status_code == 400


def test_documents_of_other_businesses_do_not_exist(roles: None, business: Any, bo: Any) -> None:
    other = BusinessFactory(code="2000")
    mine, theirs = sell(business, bo, goods("TENT")), sell(other, bo, goods("TENT"))
    credit(mine)
    hidden = credit(theirs)
    clerk = UserFactory(username="clerk")
    for right in ("invoice", "payment", "creditnote", "company"):
        app = "customers" if right == "company" else "sales"
        assign_perm(f"{app}.view_{right}", clerk)
    assign_perm("sales.record_payment", clerk)
    assign_perm("sales.view_business", clerk, business)
    caller = Caller(Actor(clerk))

    for path in ("invoices", "payments", "credit-notes", "accounts"):
        rows = caller.get(f"/{path}/").json()["results"]
        assert [row["business"]["reference"] for row in rows] == ["1000"]
    for path in (
        f"/invoices/{theirs.invoices.get().uuid}/",
        f"/credit-notes/{hidden.uuid}/",
        f"/payments/{Payment.objects.get(business=other).uuid}/",
        f"/businesses/{other.uuid}/",
    ):
        assert caller.get(path).status_code == 404
    refused = caller.post("/payments/", {"business": "2000", "customer": "BO", "amount": "1"})
    assert refused.status_code == 404
    assert Payment.objects.count() == 2


def test_a_viewer_sees_no_books_and_changes_none(roles: None, business: Any, bo: Any) -> None:
    order = sell(business, bo, goods("TENT"))
    note = credit(order)
    caller = Caller(actor_with("Viewer"))
    before = AuditEntry.objects.count()

    answers = [
        *(caller.get(f"/{path}/") for path in "invoices payments credit-notes accounts".split()),
        caller.get(f"/credit-notes/{note.uuid}/"),
        caller.post("/payments/", {"business": "1000", "customer": "BO", "amount": "1"}),
        caller.post("/businesses/", {"code": "9", "name": "X", "currency": "EUR"}),
        caller.patch(f"/businesses/{business.uuid}/", {"name": "X"}, If_Match="*"),
    ]

    assert [answer.status_code for answer in answers] == [403] * 8
    business.refresh_from_db()
    assert (business.name, Business.objects.count()) == ("Tents & Co", 1)
    assert (Payment.objects.count(), Invoice.objects.count()) == (1, 1)
    assert AuditEntry.objects.count() == before
