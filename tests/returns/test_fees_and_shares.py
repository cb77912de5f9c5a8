"""What is kept of a refund: refund shares by inspection, restocking fees, shipping both ways."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from returns.models import LineCredit, ReturnOrder
from returns.services import (
    CreditInput,
    LineInput,
    QuantityInput,
    RecordInput,
    RecordLine,
    add_extra_line,
    credit_return,
    record_return,
    remove_extra_line,
    waive_return,
)
from rmaproject.access.actors import SYSTEM
from rmaproject.shared.errors import Conflict, RuleViolation
from sales.models import CreditNote, Invoice, SalesOrder
from sales.services.sale import SaleLine
from sales.services.units import GivenAmount
from tests.changes import picture
from tests.factories import ask_return, discount, goods, sell
from tests.returns.steps import D, by_number, decided, dispose, judged, receive, request
from tests.returns.terms_told import Ruling, ruling

__all__ = ["ruling"]


def shown(note: CreditNote) -> list[tuple[str, str, Decimal]]:
    return list(note.lines.order_by("number").values_list("kind", "name", "gross"))


def forget_inspections() -> None:
    """Leave credits as releases before inspections have left them."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE returns_linecredit SET inspection_id = NULL")
        cursor.execute("SET LOCAL session_replication_role = origin")


def shipping(price: str) -> SaleLine:
    values = {"kind": "shipping", "name": "Shipping", "gross_unit_price": D(price)}
    return SaleLine(**{"number": 0, "quantity": D("1"), "vat_percent": D("21"), **values})


def back(order: SalesOrder, number: int, quantity: str = "1") -> ReturnOrder:
    """So many of one line of a sale are back and restocked."""
    rma = request(order, LineInput(D(quantity), order_line=order.lines.get(number=number)))
    receive(rma.lines.get(), quantity)
    dispose(rma.lines.get())
    return rma


def test_a_credit_of_old_that_names_no_inspection_paid_for_the_oldest_units(business, bo):
    order = sell(business, bo, goods("TENT", "3", "10.00"))
    rma = judged(order, "100", "70")
    line = rma.lines.get(number=1)
    credit_return(rma.pk, [CreditInput(line, D("1"))], actor=SYSTEM)
    forget_inspections()

    (note,) = credit_return(rma.pk, actor=SYSTEM)

    assert shown(note) == [("goods", "", D("10.00")), ("fee", "Refund share 70 %", D("-3.00"))]


def test_each_unit_is_credited_at_the_share_of_its_own_inspection(business, bo):
    order = sell(business, bo, goods("TENT", "3", "10.00"), discount("-3.00"))
    rma = judged(order, "100", "70", "0")

    (note,) = credit_return(rma.pk, actor=SYSTEM)

    assert shown(note) == [
        ("goods", "", D("10.00")),
        ("discount", "", D("-1.00")),
        ("goods", "", D("10.00")),
        ("discount", "", D("-1.00")),
        ("fee", "Refund share 70 %", D("-2.70")),
        ("goods", "", D("10.00")),
        ("discount", "", D("-1.00")),
        ("fee", "Refund share 0 %", D("-9.00")),
    ]
    assert (note.gross, note.net + note.tax) == (D("15.30"), D("15.30"))
    units = LineCredit.objects.filter(quantity__gt=0).values_list("inspection__share", "quantity")
    assert list(units) == [(D("100"), D("1")), (D("70"), D("1")), (D("0"), D("1"))]


def test_what_is_kept_bears_the_tax_of_the_goods(business, bo):
    rma = judged(sell(business, bo, goods("TENT", "1", "12.10")), "50")

    (note,) = credit_return(rma.pk, actor=SYSTEM)

    fee = note.lines.get(kind="fee")
    assert (fee.net, fee.tax, fee.gross, fee.vat_percent) == (
        D("-5.00"),
        D("-1.05"),
        D("-6.05"),
        D("21"),
    )
    assert (note.net, note.tax, note.gross) == (D("5.00"), D("1.05"), D("6.05"))
    assert (fee.invoice_line, fee.units, fee.live) == (None, None, True)


def test_a_restocking_fee_is_taken_from_what_the_share_leaves(business, bo, ruling: Ruling):
    ruling(fee_percent=D("10"))
    rma = judged(sell(business, bo, goods("TENT", "1", "100.00")), "70")

    (note,) = credit_return(rma.pk, actor=SYSTEM)

    assert shown(note) == [
        ("goods", "", D("100.00")),
        ("fee", "Refund share 70 %", D("-30.00")),
        ("fee", "Restocking fee 10 %", D("-7.00")),
    ]
    assert note.gross == D("63.00")


def test_fees_of_three_parts_end_at_the_fee_of_one(business, bo, ruling: Ruling):
    ruling(fee_percent=D("10"))
    order = sell(business, bo, goods("PEG", "3", "0.166667"), paid=False)

    notes = [credit_return(decided(order).pk, actor=SYSTEM)[0] for _ in range(3)]

    # 0.50 less 10 %: rounded part by part it would be 0.44.
    assert [note.gross for note in notes] == [D("0.15"), D("0.15"), D("0.15")]
    assert sum(note.gross for note in notes) == Invoice.objects.get().gross - D("0.05")


def test_waived_units_come_after_the_inspected_ones_and_in_full(business, bo):
    order = sell(business, bo, goods("TENT", "2", "10.00"))
    rma = judged(order, "40")
    waive_return(rma.pk, [QuantityInput(rma.lines.get(), D("1"))], actor=SYSTEM)

    first, second = (
        credit_return(rma.pk, [CreditInput(rma.lines.get(), D("1"))], actor=SYSTEM)[0]
        for _ in range(2)
    )

    assert (first.gross, second.gross) == (D("4.00"), D("10.00"))
    of_units = LineCredit.objects.filter(quantity=1).order_by("pk")
    assert [row.inspection and row.inspection.share for row in of_units] == [D("40"), None]


def test_a_given_amount_bears_no_fee(business, bo, ruling: Ruling):
    ruling(fee_percent=D("10"), shipping_charge=D("4.00"))
    order = sell(business, bo, goods("TENT", "1", "10.00"))
    line = RecordLine(
        LineInput(D("1"), order_line=order.lines.get()),
        GivenAmount(D("9.00"), D("1.56"), D("21"), "NORMAL"),
    )

    record_return(
        RecordInput(values={"business": business, "customer": bo}, lines=[line]), actor=SYSTEM
    )

    note = CreditNote.objects.get()
    assert shown(note) == [("goods", "", D("9.00"))]
    assert LineCredit.objects.get().inspection is not None


def test_goods_at_no_share_end_in_a_note_of_nothing(business, bo):
    rma = judged(sell(business, bo, goods("TENT", "3", "0.33"), discount("-0.10")), "0", "0")

    (note,) = credit_return(rma.pk, actor=SYSTEM)

    assert (note.net, note.tax, note.gross) == (0, 0, 0)
    assert rma.lines.get().credited == 2


def test_the_return_shipping_is_charged_once_at_the_first_credit(business, bo, ruling: Ruling):
    ruling(shipping_charge=D("4.95"), shipping_vat_percent=D("21"))
    order = sell(business, bo, goods("TENT", "2", "10.00"))
    rma = decided(order, "2")

    first, second = (
        credit_return(rma.pk, [CreditInput(rma.lines.get(), D("1"))], actor=SYSTEM)[0]
        for _ in range(2)
    )

    assert shown(first)[1] == ("shipping", "Return shipping", D("-4.95"))
    assert (first.gross, second.gross) == (D("5.05"), D("10.00"))
    line = rma.extra_lines.get()
    assert (line.origin, line.credited, line.vat_percent) == ("policy", True, D("21"))


def test_a_shipping_charge_waits_until_a_credit_can_bear_it(business, bo, ruling: Ruling):
    ruling(shipping_charge=D("12.00"))
    rma = decided(sell(business, bo, goods("TENT", "4", "10.00")), "4")

    first, second = (
        credit_return(rma.pk, [CreditInput(rma.lines.get(), D(units))], actor=SYSTEM)[0]
        for units in ("1", "3")
    )

    assert (first.gross, second.gross) == (D("10.00"), D("18.00"))
    assert rma.extra_lines.get().credited is True


def test_a_shipping_charge_that_was_taken_out_is_not_made_again(business, bo, ruling: Ruling):
    ruling(shipping_charge=D("12.00"))
    rma = decided(sell(business, bo, goods("TENT", "4", "10.00")), "4")
    credit_return(rma.pk, [CreditInput(rma.lines.get(), D("1"))], actor=SYSTEM)
    remove_extra_line(rma.extra_lines.get(), actor=SYSTEM)

    (note,) = credit_return(rma.pk, actor=SYSTEM)

    assert note.gross == D("30.00")
    assert rma.extra_lines.count() == 1


def test_a_charge_by_hand_that_does_not_fit_is_refused_with_its_figures(business, bo):
    rma = judged(sell(business, bo, goods("TENT", "1", "10.00")), "50")
    add_extra_line(rma.pk, {"name": "Damage", "gross_unit_price": D("-5.01")}, actor=SYSTEM)
    before = picture()

    with pytest.raises(RuleViolation) as refusal:
        credit_return(rma.pk, actor=SYSTEM)

    assert refusal.value.code == "credit_below_zero"
    assert refusal.value.facts == {"credit": "10.00", "charges": "10.01", "gross": "-0.01"}
    assert picture() == before


def test_shipping_goes_back_with_the_last_goods_of_the_sale(business, bo, ruling: Ruling):
    ruling(refund_shipping="full")
    order = sell(
        business, bo, goods("TENT", "2", "10.00"), goods("PEG", "1", "3.00"), shipping("6.05")
    )

    tent, peg, last = (
        credit_return(back(order, number).pk, actor=SYSTEM)[0] for number in (1, 2, 1)
    )

    assert (tent.gross, peg.gross, last.gross) == (D("10.00"), D("3.00"), D("16.05"))
    assert shown(last)[1] == ("shipping", "Shipping", D("6.05"))
    invoice = Invoice.objects.get()
    assert (invoice.credited, invoice.lines.get(kind="shipping").credited_units) == (D("29.05"), 1)
    assert sum(note.tax for note in (tent, peg, last)) == invoice.tax


def test_shipping_that_always_goes_back_goes_once(business, bo, ruling: Ruling):
    ruling(refund_shipping="always")
    order = sell(business, bo, goods("TENT", "2", "10.00"), shipping("6.05"))

    first, second = (credit_return(back(order, 1).pk, actor=SYSTEM)[0] for _ in range(2))

    assert (first.gross, second.gross) == (D("16.05"), D("10.00"))


def test_shipping_stays_where_goods_were_not_credited(business, bo, ruling: Ruling):
    ruling(refund_shipping="full")
    order = sell(business, bo, goods("TENT", "2", "10.00"), shipping("6.05"))
    waiting = ask_return(order)

    (note,) = credit_return(back(order, 1).pk, actor=SYSTEM)

    assert note.gross == D("10.00")
    assert waiting.extra_lines.count() == 0


def with_outcomes(order: SalesOrder, **outcomes: str) -> ReturnOrder:
    rma = decided(order)
    for line in by_number(rma):
        line.outcome = outcomes[line.order_line.part.sku]
        line.save(update_fields=["outcome"])
    return rma


def test_store_credit_is_a_note_of_its_own_and_stays_open(business, bo):
    order = sell(business, bo, goods("TENT", "1", "30.00"), goods("PEG", "1", "5.00"))
    rma = with_outcomes(order, TENT="store_credit", PEG="refund")

    kept, refund = credit_return(rma.pk, actor=SYSTEM)

    assert (kept.gross, kept.applied, kept.kept) == (D("30.00"), 0, D("30.00"))
    assert (refund.gross, refund.applied, refund.kept) == (D("5.00"), 0, 0)
    assert kept.invoice == refund.invoice


def test_store_credit_settles_its_own_invoice_and_no_other(business, bo):
    other = sell(business, bo, goods("ROPE", "1", "50.00"), paid=False)
    order = sell(business, bo, goods("TENT", "2", "30.00"), paid=False)
    Invoice.objects.filter(order=order).update(settled=D("50.00"))
    rma = with_outcomes(order, TENT="store_credit")

    (note,) = credit_return(rma.pk, actor=SYSTEM)

    assert (note.applied, note.kept) == (D("10.00"), D("20.00"))
    assert Invoice.objects.get(order=other).settled == 0


@pytest.mark.parametrize(("gross", "tax"), [("10", "-0.01"), ("10", "10.01"), ("-2", "0.01")])
def test_a_vat_that_cannot_lie_within_its_amount_is_refused(business, bo, gross, tax):
    rma = ask_return(sell(business, bo, goods("TENT", "1", "10.00")), issued=True)
    values: dict[str, Any] = {"name": "Sorry", "gross_unit_price": D(gross), "tax": D(tax)}
    before = picture()

    with pytest.raises(RuleViolation) as refusal:
        add_extra_line(rma.pk, values, actor=SYSTEM)

    assert (refusal.value.code, refusal.value.pointer) == ("invalid_vat", "/tax")
    assert refusal.value.facts == {"gross": gross, "vat_amount": tax}
    assert picture() == before


def test_a_given_vat_above_the_goods_it_is_given_for_is_refused(business, bo):
    rma = decided(sell(business, bo, goods("TENT", "1", "10.00")))
    given = GivenAmount(D("5.00"), D("5.01"), D("21"), "NORMAL")
    before = picture()

    with pytest.raises(RuleViolation) as refusal:
        credit_return(rma.pk, [CreditInput(rma.lines.get(), D("1"), given)], actor=SYSTEM)

    assert (refusal.value.code, refusal.value.pointer) == ("invalid_vat", "/lines/0/vat_amount")
    assert picture() == before


def test_only_a_waiting_charge_is_nothing_to_credit(business, bo, ruling: Ruling):
    ruling(shipping_charge=D("12.00"))
    rma = decided(sell(business, bo, goods("TENT", "1", "10.00")))
    credit_return(rma.pk, actor=SYSTEM)

    with pytest.raises(Conflict) as refusal:
        credit_return(rma.pk, actor=SYSTEM)

    assert refusal.value.code == "nothing_to_credit"
    assert (rma.extra_lines.get().credited, ReturnOrder.objects.get().credit_owed) == (False, False)
