"""A preview is what then happens: by the same services, to the cent, and nothing of it stays."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from returns.models import Disposition, ReturnOrder
from returns.services import (
    ArrivalInput,
    DisposeInput,
    LineInput,
    ReceiveInput,
    add_extra_line,
    credit_return,
    dispose_return,
    issue_return,
    receive_return,
    request_return,
)
from returns.services.foreseen import Before, Run, told
from returns.services.previewing import (
    as_foreseen,
    preview_request,
    preview_return,
    request_as_foreseen,
)
from rmaproject.access.actors import SYSTEM
from rmaproject.shared.errors import Conflict
from sales.models import CreditNote
from sales.services.invoicing import record_payment
from tests.changes import picture
from tests.factories import ask_return, discount, goods, sell

CURRENCIES = st.sampled_from(["JPY", "EUR", "KWD"])


def asked(sale, *quantities):
    """The request of so many units of each goods line."""
    sold = sale.lines.filter(kind="goods").order_by("number")
    lines = [
        LineInput(Decimal(quantity), order_line=line)
        for line, quantity in zip(sold, quantities, strict=False)
        if Decimal(quantity)
    ]
    return {"business": sale.business, "customer": sale.customer, "lines": lines, "actor": SYSTEM}


def disposition(code: str) -> Disposition:
    return Disposition.objects.get(code=code)


def _pay(sale) -> None:
    invoice = sale.invoices.get()
    record_payment(
        business=sale.business,
        customer_id=sale.customer_id,
        currency=sale.currency,
        amount=invoice.gross,
        invoice=invoice,
        actor=SYSTEM,
    )


def carried_out(request) -> ReturnOrder:
    """The same request, then every step by the service that people use."""
    made = request_return(**request)
    issue_return(made.pk, actor=SYSTEM)
    lines = list(made.lines.all())
    arrivals = [ArrivalInput(line, line.quantity) for line in lines]
    receive_return(made.pk, ReceiveInput(lines=arrivals), actor=SYSTEM)
    kept = disposition("quarantine")
    dispose_return(made.pk, [DisposeInput(line, kept) for line in lines], actor=SYSTEM)
    credit_return(made.pk, actor=SYSTEM)
    return made


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    currency=CURRENCIES,
    tents=st.integers(1, 7),
    pegs=st.sampled_from(["0", "1", "2.5", "5.5"]),
    price=st.decimals("0.01", "999", places=6),
    off=st.sampled_from(["-0.000001", "-7.000001", "-3"]),
    paid=st.booleans(),
    before=st.integers(0, 3),
)
def test_what_was_foreseen_is_what_happens(
    business, bo, currency, tents, pegs, price, off, paid, before
):
    with transaction.atomic():
        sale = sell(
            business,
            bo,
            goods("TENT", str(7 + before), str(price + 10)),
            goods("PEG", "5.5", "1.101010", vat_percent=Decimal(9)),
            discount(off),
            paid=False,
            currency=currency,
        )
        if paid:
            _pay(sale)
        if before:
            carried_out(asked(sale, before))
        request = asked(sale, tents, pegs)

        seen = preview_request(**request)
        order = carried_out(request)

        happened = told(order, Before(), Run())
        for part in ("lines", "credit_notes", "totals", "refunds", "stopped"):
            assert seen.result[part] == happened[part], part
        received = [row for row in happened["stock"] if not row["from"]]
        assert seen.result["stock"] == received
        transaction.set_rollback(True)


def test_nothing_of_a_preview_stays_and_nobody_is_told(
    business, bo, django_capture_on_commit_callbacks
):
    sale = sell(business, bo, goods("TENT", "3", "50.00"))
    rma = ask_return(sale)
    before = picture()

    with django_capture_on_commit_callbacks() as callbacks:
        preview_request(**asked(sale, 1))
        preview_return(rma.pk, "issue", actor=SYSTEM)

    assert picture() == before
    assert callbacks == []


def test_a_preview_shows_every_component(business, bo):
    sale = sell(
        business,
        bo,
        goods("TENT", "2", "60.50"),
        goods("PEG", "10", "1.09", vat_percent=Decimal(9)),
        discount("-12.10"),
    )

    result = preview_request(**asked(sale, 1, 10)).result

    assert (result["verb"], result["allowed"], result["stopped"]) == ("create", True, None)
    assert [(line["sku"], line["quantity"]) for line in result["lines"]] == [
        ("TENT", "1"),
        ("PEG", "10"),
    ]
    (note,) = result["credit_notes"]
    assert note["invoice"] == sale.invoices.get().reference
    assert [(row["kind"], row["sku"], row["gross"]) for row in note["lines"]] == [
        ("goods", "TENT", "60.50"),
        ("discount", None, "-5.55"),
        ("goods", "PEG", "10.90"),
        ("discount", None, "-1.00"),
    ]
    assert [(row["vat_percent"], row["gross"]) for row in note["rates"]] == [
        ("9", "10.90"),
        ("21", "53.95"),
    ]
    (total,) = result["totals"]
    assert [(row["kind"], row["name"], row["gross"]) for row in total["components"]] == [
        ("goods", "", "71.40"),
        ("discount", "", "-6.55"),
    ]
    assert (total["currency"], total["gross"], total["to_refund"]) == ("EUR", "64.85", "64.85")
    dock = business.returns_location.code
    assert {
        (row["sku"], row["quantity"], row["to"], row["to_state"]) for row in result["stock"]
    } == {
        ("TENT", "1", dock, "held"),
        ("PEG", "10", dock, "held"),
    }


def test_an_unpaid_invoice_is_settled_first(business, bo):
    sale = sell(business, bo, goods("TENT", "2", "50.00"), paid=False)

    (note,) = preview_request(**asked(sale, 1)).result["credit_notes"]

    assert note["settles"] == [{"invoice": sale.invoices.get().reference, "amount": "50.00"}]
    assert note["to_refund"] == "0.00"


def test_units_sold_by_serial_are_foreseen_without_naming_one(business, bo):
    sale = sell(business, bo, goods("DRILL", "3", "80.00", serials=("A", "B", "C")))

    result = preview_request(**asked(sale, 2)).result

    assert result["stopped"] is None
    assert [(row["sku"], row["quantity"]) for row in result["stock"]] == [("DRILL", "2")]
    assert result["totals"][0]["gross"] == "160.00"


def test_a_refusal_is_an_answer_line_by_line(business, bo):
    sale = sell(business, bo, goods("TENT", "2"), goods("PEG", "5"))

    seen = preview_request(**asked(sale, 3, 5))

    assert (seen.result["allowed"], seen.token) == (False, None)
    assert seen.result["refusal"]["code"] == "exceeds_returnable"
    assert [(line["sku"], line["allowed"], line["code"]) for line in seen.result["lines"]] == [
        ("TENT", False, "exceeds_returnable"),
        ("PEG", True, "allowed"),
    ]
    assert seen.result["credit_notes"] == []


def test_a_step_that_would_be_refused_ends_the_look_ahead(business, bo):
    business.returns_location = None
    business.save()
    sale = sell(business, bo, goods("TENT", "2"))

    result = preview_request(**asked(sale, 1)).result

    assert result["allowed"]
    assert result["stopped"]["step"] == "receive"
    assert result["stopped"]["code"] == "location_missing"
    assert result["credit_notes"] == []


def test_the_same_question_has_the_same_token_and_another_has_another(business, bo):
    sale = sell(business, bo, goods("TENT", "3"))

    tokens = [preview_request(**asked(sale, quantity)).token for quantity in (1, 1, 2)]

    assert tokens[0] == tokens[1] != tokens[2]


def test_a_return_is_made_as_it_was_foreseen(business, bo):
    sale = sell(business, bo, goods("TENT", "3"))
    token = preview_request(**asked(sale, 1)).token

    made = request_as_foreseen(token, **asked(sale, 1))

    assert (made.status, made.lines.get().quantity, made.lines.get().received) == ("pending", 1, 0)
    assert CreditNote.objects.count() == 0


def test_acting_on_a_stale_preview_is_refused_with_the_new_one(business, bo):
    sale = sell(business, bo, goods("TENT", "3", "50.00"), discount("-10.00"))
    token = preview_request(**asked(sale, 1)).token
    other = sell(business, bo, goods("ROPE", "1", "20.00"), paid=False)
    before = picture()

    with pytest.raises(Conflict) as refused:
        request_as_foreseen(token, **asked(sale, 1))

    assert refused.value.code == "stale_preview"
    fresh = refused.value.facts["preview"]
    (note,) = fresh["credit_notes"]
    assert note["settles"] == [{"invoice": other.invoices.get().reference, "amount": "20.00"}]
    assert picture() == before
    assert request_as_foreseen(fresh["preview"], **asked(sale, 1)).status == "pending"


def test_a_credit_is_booked_as_it_was_foreseen_and_not_when_it_is_another(business, bo):
    sale = sell(business, bo, goods("TENT", "3", "50.00"))
    rma = ask_return(sale, "2", issued=True)
    line = rma.lines.get()
    receive_return(rma.pk, ReceiveInput(lines=[ArrivalInput(line, Decimal(2))]), actor=SYSTEM)
    dispose_return(rma.pk, [DisposeInput(line, disposition("restock"))], actor=SYSTEM)
    seen = preview_return(rma.pk, "credit", actor=SYSTEM)

    def book():
        return credit_return(rma.pk, actor=SYSTEM)

    fee = {"kind": "fee", "name": "Fee", "gross_unit_price": Decimal(-5)}
    add_extra_line(rma.pk, fee, actor=SYSTEM)
    with pytest.raises(Conflict) as refused:
        as_foreseen(seen.token, rma.pk, "credit", book, actor=SYSTEM)
    assert (refused.value.code, CreditNote.objects.count()) == ("stale_preview", 0)
    fresh = refused.value.facts["preview"]
    assert (seen.result["totals"][0]["gross"], fresh["totals"][0]["gross"]) == ("100.00", "95.00")

    (note,) = as_foreseen(fresh["preview"], rma.pk, "credit", book, actor=SYSTEM)

    assert note.gross == 95


def test_what_was_credited_before_is_not_foreseen_again(business, bo):
    sale = sell(business, bo, goods("TENT", "4", "50.00"))
    rma = ask_return(sale, "3", issued=True)
    line = rma.lines.get()
    receive_return(rma.pk, ReceiveInput(lines=[ArrivalInput(line, Decimal(1))]), actor=SYSTEM)
    dispose_return(rma.pk, [DisposeInput(line, disposition("restock"))], actor=SYSTEM)
    credit_return(rma.pk, actor=SYSTEM)

    result = preview_return(rma.pk, "receive", actor=SYSTEM).result

    assert [note["gross"] for note in result["credit_notes"]] == ["100.00"]
    assert [(row["quantity"], row["to_state"]) for row in result["stock"]] == [("2", "held")]


def test_a_verb_that_is_not_legal_answers_so(business, bo):
    rma = ask_return(sell(business, bo, goods("TENT", "1")))

    seen = preview_return(rma.pk, "credit", actor=SYSTEM)

    assert seen.result["refusal"]["code"] == "illegal_transition"
    assert seen.token is None
