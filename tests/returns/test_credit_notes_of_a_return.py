"""Which credit note a credit goes on, and which units of an invoice line it covers."""

from __future__ import annotations

from decimal import Decimal

import pytest

from returns.models import LineCredit
from returns.services import LineInput, RecordExtra, RecordInput, RecordLine, record_return
from rmaproject.access.actors import SYSTEM
from sales.models import CreditNote, Invoice
from tests.factories import DAY, goods, sell


@pytest.fixture
def sold(business, bo):
    """Two tents for 20.00, invoiced without anything else."""
    return sell(business, bo, goods("TENT", "2", "10.00"), reference="S1")


def record(order, reference, *lines, extra=(), number=""):
    """Record a finished return of these lines; `number` is that of its credit note."""
    values = {"business": order.business, "customer": order.customer, "reference": reference}
    return record_return(
        RecordInput(
            values=values,
            lines=[RecordLine(line) for line in lines],
            extra_lines=list(extra),
            received_on=DAY,
            credit_reference=number,
            move_stock=False,
        ),
        actor=SYSTEM,
    )[0]


def one_of(order):
    return LineInput(order_line=order.lines.get(), quantity=Decimal(1))


def extra(kind, price):
    return RecordExtra(kind, kind, Decimal(price))


def test_two_lines_of_a_return_on_one_sold_line_cover_different_units(sold):
    record(sold, "R1", one_of(sold), one_of(sold))

    covered = [row.credit_line.units for row in LineCredit.objects.order_by("pk")]
    assert [(units.lower, units.upper) for units in covered] == [(0, 1), (1, 2)]
    assert CreditNote.objects.get().gross == 20


def test_goodwill_leaves_the_invoice_the_room_its_goods_need(sold):
    record(sold, "R1", one_of(sold), extra=[extra("goodwill", "5.00")])

    record(sold, "R2", one_of(sold))

    assert Invoice.objects.get().credited == 20
    notes = CreditNote.objects.order_by("pk")
    assert [(note.invoice_id is None, note.gross) for note in notes] == [
        (False, 10),
        (True, 5),
        (False, 10),
    ]


def test_postage_that_was_invoiced_is_credited_on_the_note_of_its_invoice(business, bo):
    shipping = goods("", "1", "5.00", kind="shipping")
    order = sell(business, bo, goods("TENT", "1", "10.00"), shipping, reference="S2")
    line = LineInput(order_line=order.lines.get(kind="goods"), quantity=Decimal(1))

    record(order, "R1", line, extra=[extra("shipping", "5.00")])

    assert CreditNote.objects.get().gross == 15


def test_a_price_difference_is_never_on_the_note_of_an_invoice(business, bo):
    shipping = goods("", "1", "5.00", kind="shipping")
    order = sell(business, bo, goods("TENT", "1", "10.00"), shipping, reference="S2")
    line = LineInput(order_line=order.lines.get(kind="goods"), quantity=Decimal(1))

    record(order, "R1", line, extra=[extra("price_difference", "1.00")])

    assert CreditNote.objects.get(invoice=None).gross == 1


def test_a_charge_lowers_the_largest_note(sold):
    record(sold, "R1", one_of(sold), extra=[extra("fee", "-3.00")])

    assert (CreditNote.objects.get().invoice.reference, CreditNote.objects.get().gross) == (
        Invoice.objects.get().reference,
        7,
    )


def test_a_given_number_is_shared_out_over_the_invoices_of_a_return(sold, business, bo):
    other = sell(business, bo, goods("PEG", "1", "3.00"), reference="S2")

    record(sold, "R1", one_of(sold), one_of(other), number="CN-77")

    notes = CreditNote.objects.order_by("pk").values_list("reference", "gross", "series_number")
    assert list(notes) == [("CN-77", 10, None), ("CN-77-2", 3, None)]
