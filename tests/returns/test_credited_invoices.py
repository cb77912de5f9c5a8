"""Which invoices a credit goes to: those of its goods, then what is owed, then what was paid."""

from __future__ import annotations

import pytest

from returns.models import LineCredit, ReturnOrder
from returns.services import (
    CreditInput,
    LineInput,
    add_extra_line,
    credit_return,
)
from rmaproject.access.actors import SYSTEM
from rmaproject.audit.trail import history
from rmaproject.shared.errors import Conflict, RuleViolation
from sales.models import Account, Invoice, InvoiceLine
from sales.services.invoicing import invoice_order
from sales.services.orders import create_order, issue_order
from sales.services.shipping import AllocationInput, add_shipment, allocate, ship
from stock.services import book_in
from tests.changes import picture
from tests.factories import LocationFactory, PartFactory, ask_return, goods, sell
from tests.returns.steps import D, decided, dispose, receive, request


def test_what_was_shipped_and_not_invoiced_has_nothing_to_credit(business, bo):
    rma = decided(sell(business, bo, goods("TENT", "1", "10.00"), invoiced=False))
    assert rma.credit_owed is False
    before = picture()

    with pytest.raises(Conflict) as nothing:
        credit_return(rma.pk, actor=SYSTEM)
    with pytest.raises(RuleViolation) as named:
        credit_return(rma.pk, [CreditInput(rma.lines.get(), D("1"))], actor=SYSTEM)

    assert (nothing.value.code, named.value.code) == ("nothing_to_credit", "exceeds_invoiced")
    assert named.value.facts == {"open": "0"}
    assert picture() == before


def partly_invoiced(business, customer):
    """Five pieces in two shipments, invoiced on their own: two, then three, at 10.00."""
    part = PartFactory()
    (item,) = book_in(part, LocationFactory(), actor=SYSTEM, quantity=D("5"))
    lines = [{"part": part, "quantity": D("5"), "gross_unit_price": D("10.00")}]
    order = create_order(business=business, customer=customer, actor=SYSTEM, lines=lines)
    issue_order(order.pk, actor=SYSTEM)
    for quantity in ("2", "3"):
        shipment = add_shipment(order.pk, actor=SYSTEM)
        wanted = [AllocationInput(order.lines.get().pk, item.pk, D(quantity))]
        allocate(order.pk, shipment.pk, wanted, actor=SYSTEM)
        ship(order.pk, shipment.pk, actor=SYSTEM)
        invoice_order(order.pk, actor=SYSTEM)
    return order


def test_units_on_two_invoices_make_a_note_for_each_oldest_first(business, bo):
    rma = decided(partly_invoiced(business, bo), "4")

    first, second = credit_return(rma.pk, actor=SYSTEM)

    assert (first.gross, second.gross) == (D("20.00"), D("20.00"))
    older, newer = Invoice.objects.order_by("pk")
    assert (first.invoice, second.invoice) == (older, newer)
    assert (older.credited, newer.credited) == (D("20.00"), D("20.00"))
    assert rma.lines.get().credited == 4


def test_a_named_invoice_line_is_the_one_credited(business, bo):
    order = partly_invoiced(business, bo)
    newer = InvoiceLine.objects.order_by("pk").last()
    rma = request(order, LineInput(D("1"), invoice_line=newer))
    receive(rma.lines.get())
    dispose(rma.lines.get())

    (note,) = credit_return(rma.pk, actor=SYSTEM)

    assert note.invoice_id == newer.invoice_id
    assert list(InvoiceLine.objects.order_by("pk").values_list("credited_units", flat=True)) == [
        0,
        1,
    ]


def test_an_open_invoice_is_settled_first_and_then_the_oldest_due_one(business, bo):
    older = sell(business, bo, goods("PEG", "1", "6.00"), paid=False)
    own = sell(business, bo, goods("TENT", "2", "10.00"), paid=False)
    rma = decided(own, "2")
    Invoice.objects.filter(order=own).update(settled=D("15.00"))

    (note,) = credit_return(rma.pk, actor=SYSTEM)

    assert Invoice.objects.get(order=own).settled == D("20.00")
    assert Invoice.objects.get(order=older).settled == D("6.00")
    amounts = note.settlements.order_by("pk").values_list("invoice__order", "amount")
    assert list(amounts) == [(own.pk, D("5.00")), (older.pk, D("6.00"))]
    # Nothing was ever paid, so what is left over stays as credit.
    assert (note.applied, note.kept, note.refunded) == (D("11.00"), D("9.00"), 0)


def test_what_was_paid_waits_to_be_paid_back(business, bo):
    rma = decided(sell(business, bo, goods("TENT", "2", "10.00")))

    (note,) = credit_return(rma.pk, actor=SYSTEM)

    assert (note.applied, note.kept, note.refunded) == (0, 0, 0)
    assert ReturnOrder.objects.get().money == "due"
    assert Account.objects.get().balance == D("-10.00")


def test_credit_that_no_payment_could_pay_back_is_kept(business, bo):
    rma = decided(sell(business, bo, goods("TENT", "1", "10.00")))
    blind = add_extra_line(
        rma.pk,
        {"name": "Sorry", "kind": "goodwill", "gross_unit_price": D("3.00"), "vat_percent": 21},
        actor=SYSTEM,
    )
    credit_return(rma.pk, [], actor=SYSTEM)

    credit_return(rma.pk, actor=SYSTEM)

    goodwill, tent = (row.credit_line.credit_note for row in LineCredit.objects.order_by("pk"))
    assert blind.credits.get().credit_line.credit_note == goodwill
    assert (goodwill.invoice, goodwill.gross, goodwill.kept) == (None, D("3.00"), 0)
    assert (tent.gross, tent.kept) == (D("10.00"), D("3.00"))


def test_an_invoice_keeps_a_trail_of_what_was_credited_and_settled(business, bo):
    rma = decided(sell(business, bo, goods("TENT", "1", "10.00"), paid=False))

    (note,) = credit_return(rma.pk, actor=SYSTEM)

    invoice = Invoice.objects.get()
    assert [entry.verb for entry in history(invoice)] == ["record", "credit", "settle"]
    assert history(invoice)[1].facts == {"credit_note": str(note.uuid)}
    assert invoice.version == 3


def test_an_extra_credit_beyond_the_invoice_goes_on_a_note_of_its_own(business, bo):
    rma = decided(sell(business, bo, goods("TENT", "1", "10.00")))
    add_extra_line(rma.pk, {"name": "Sorry", "gross_unit_price": D("0.01")}, actor=SYSTEM)

    on_invoice, blind = credit_return(rma.pk, actor=SYSTEM)

    assert (on_invoice.gross, on_invoice.invoice is None) == (D("10.00"), False)
    assert (blind.gross, blind.invoice is None) == (D("0.01"), True)


def test_another_customers_invoice_cannot_be_credited_by_an_extra_line(business, bo, cy):
    sell(business, cy, goods("TENT", "1", "10.00"))
    rma = ask_return(sell(business, bo, goods("TENT", "1", "10.00")), issued=True)
    theirs = InvoiceLine.objects.get(invoice__customer=cy)
    values = {"name": "Shipping", "gross_unit_price": D("5.00"), "invoice_line": theirs}
    before = picture()

    with pytest.raises(RuleViolation) as refusal:
        add_extra_line(rma.pk, values, actor=SYSTEM)

    assert (refusal.value.code, refusal.value.pointer) == ("wrong_customer", "/invoice_line")
    assert picture() == before
