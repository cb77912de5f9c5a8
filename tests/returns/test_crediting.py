"""What the customer gets: which units are credited, at what worth, on which note."""

from __future__ import annotations

import pytest

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
    reverse_credit,
    waive_return,
)
from rmaproject.access.actors import SYSTEM
from rmaproject.audit.trail import history
from rmaproject.shared.errors import Conflict, NotFound, RuleViolation
from sales.models import Account, CreditLine, Invoice, InvoiceLine
from sales.services.invoicing import invoice_order
from sales.services.orders import create_order, issue_order
from sales.services.shipping import AllocationInput, add_shipment, allocate, ship
from sales.services.units import GivenAmount
from stock.services import book_in
from tests.changes import picture
from tests.factories import LocationFactory, PartFactory, ask_return, discount, goods, sell
from tests.returns.steps import D, by_number, decided, dispose, receive, request


def test_each_part_of_a_line_takes_its_part_of_the_discount(business, bo):
    order = sell(business, bo, goods("TENT", "3", "10.00"), discount("-1.00"))

    notes = [credit_return(decided(order).pk, actor=SYSTEM)[0] for _ in range(3)]

    # -1.00 over three units: -0.33, -0.34, -0.33
    assert [note.gross for note in notes] == [D("9.67"), D("9.66"), D("9.67")]
    assert sum(note.gross for note in notes) == Invoice.objects.get().gross == D("29.00")
    assert sum(note.tax for note in notes) == Invoice.objects.get().tax


def test_a_discount_is_shared_by_what_the_lines_are_worth(business, bo):
    order = sell(
        business, bo, goods("TENT", "1", "30.00"), goods("PEG", "2", "5.00"), discount("-4.00")
    )
    tent = order.lines.get(number=1)
    rma = request(order, LineInput(D("1"), order_line=tent))
    receive(rma.lines.get())
    dispose(rma.lines.get())

    (note,) = credit_return(rma.pk, actor=SYSTEM)

    lines = note.lines.order_by("number").values_list("kind", "gross")
    assert list(lines) == [("goods", D("30.00")), ("discount", D("-3.00"))]
    assert note.gross == D("27.00")


def test_two_lines_of_one_return_are_credited_with_units_of_their_own(business, bo):
    order = sell(business, bo, goods("TENT", "3", "10.00"))
    sold = order.lines.get()
    rma = request(order, LineInput(D("1"), order_line=sold), LineInput(D("2"), order_line=sold))
    for line, quantity in zip(by_number(rma), ("1", "2"), strict=True):
        receive(line, quantity)
        dispose(line)

    (note,) = credit_return(rma.pk, actor=SYSTEM)

    assert note.gross == D("30.00")
    units = [(line.units.lower, line.units.upper) for line in note.lines.order_by("number")]
    assert units == [(0, 1), (1, 3)]
    assert [line.credited for line in by_number(rma)] == [1, 2]
    assert InvoiceLine.objects.get().credited_units == 3


def test_a_named_quantity_is_credited_and_the_rest_stays_owed(business, bo):
    rma = decided(sell(business, bo, goods("TENT", "3", "10.00")), "3")
    line = rma.lines.get()

    (note,) = credit_return(rma.pk, [CreditInput(line, D("1"))], actor=SYSTEM)

    assert note.gross == D("10.00")
    assert ReturnOrder.objects.get().credit_owed is True
    assert rma.lines.get().credited == 1


def test_more_than_was_accepted_cannot_be_credited(business, bo):
    rma = decided(sell(business, bo, goods("TENT", "3", "10.00")), "2")
    before = picture()

    with pytest.raises(RuleViolation) as refusal:
        credit_return(rma.pk, [CreditInput(rma.lines.get(), D("3"))], actor=SYSTEM)

    assert (refusal.value.code, refusal.value.facts) == ("exceeds_accepted", {"open": "2"})
    assert picture() == before


def test_naming_a_line_twice_credits_no_more_than_was_accepted(business, bo):
    rma = decided(sell(business, bo, goods("TENT", "3", "10.00")), "1")
    twice = [CreditInput(rma.lines.get(), D("1"))] * 2
    before = picture()

    with pytest.raises(RuleViolation) as refusal:
        credit_return(rma.pk, twice, actor=SYSTEM)

    assert refusal.value.code == "exceeds_accepted"
    assert picture() == before


def test_nothing_is_credited_twice(business, bo):
    rma = decided(sell(business, bo, goods("TENT", "1", "10.00")))
    credit_return(rma.pk, actor=SYSTEM)
    before = picture()

    with pytest.raises(Conflict) as refusal:
        credit_return(rma.pk, actor=SYSTEM)

    assert refusal.value.code == "nothing_to_credit"
    assert picture() == before


def test_a_line_of_another_return_is_not_found(business, bo):
    order = sell(business, bo, goods("TENT", "2", "10.00"))
    ours, other = decided(order), decided(order)
    before = picture()

    with pytest.raises(NotFound) as refusal:
        credit_return(ours.pk, [CreditInput(other.lines.get(), D("1"))], actor=SYSTEM)

    assert (refusal.value.code, refusal.value.pointer) == ("not_found", "/lines/0/line")
    assert picture() == before


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


def test_a_charge_lowers_the_credit_with_its_own_tax(business, bo):
    rma = decided(sell(business, bo, goods("TENT", "1", "12.10")))
    fee = {"name": "Restocking", "gross_unit_price": D("-2.42"), "vat_percent": D("21")}
    add_extra_line(rma.pk, fee, actor=SYSTEM)

    (note,) = credit_return(rma.pk, actor=SYSTEM)

    assert (note.net, note.tax, note.gross) == (D("8.00"), D("1.68"), D("9.68"))
    assert rma.extra_lines.get().credited is True


def test_charges_above_the_credit_are_refused(business, bo):
    rma = decided(sell(business, bo, goods("TENT", "1", "10.00")))
    add_extra_line(rma.pk, {"name": "Damage", "gross_unit_price": D("-10.01")}, actor=SYSTEM)
    before = picture()

    with pytest.raises(RuleViolation) as refusal:
        credit_return(rma.pk, actor=SYSTEM)

    assert refusal.value.code == "credit_below_zero"
    assert picture() == before


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


def test_waived_goods_are_credited_without_coming(business, bo):
    rma = ask_return(sell(business, bo, goods("TENT", "3", "10.00")), "1", issued=True)
    waive_return(rma.pk, [QuantityInput(rma.lines.get(), D("2"))], actor=SYSTEM)

    (note,) = credit_return(rma.pk, actor=SYSTEM)

    assert note.gross == D("20.00")
    line = rma.lines.get()
    assert (line.quantity, line.waived, line.received, line.credited) == (1, 2, 0, 2)


def test_a_given_amount_is_taken_as_it_came_and_uses_up_the_units(business, bo):
    rma = decided(sell(business, bo, goods("TENT", "2", "10.00")), "2")
    given = GivenAmount(D("15.00"), D("2.00"), D("21"), "NORMAL")

    (note,) = credit_return(rma.pk, [CreditInput(rma.lines.get(), D("2"), given)], actor=SYSTEM)

    assert (note.net, note.tax, note.gross) == (D("13.00"), D("2.00"), D("15.00"))
    line = CreditLine.objects.get()
    assert (line.given, line.units.lower, line.units.upper) == (True, 0, 2)
    assert InvoiceLine.objects.get().credited_units == 2


@pytest.mark.parametrize(
    ("currency", "price", "parts"),
    [
        ("JPY", "33.333333", ["33", "34", "33"]),
        ("EUR", "0.333333", ["0.33", "0.34", "0.33"]),
        ("KWD", "0.333333", ["0.333", "0.334", "0.333"]),
    ],
)
def test_parts_add_up_in_every_currency(business, bo, currency, price, parts):
    order = sell(business, bo, goods("PEG", "3", price), paid=False, currency=currency)

    grosses = [credit_return(decided(order).pk, actor=SYSTEM)[0].gross for _ in range(3)]

    assert grosses == [D(part) for part in parts]
    assert sum(grosses) == Invoice.objects.get().gross


def test_a_reference_from_elsewhere_is_kept_and_takes_no_number_of_ours(business, bo):
    order = sell(business, bo, goods("TENT", "2", "10.00"))

    (theirs,) = credit_return(decided(order).pk, actor=SYSTEM, reference="GUT-77")
    (ours,) = credit_return(decided(order).pk, actor=SYSTEM)

    assert (theirs.reference, theirs.series_number) == ("GUT-77", None)
    assert ours.series_number == 1
    assert ours.reference == f"CN-{ours.credited_on.year}-00001"


def test_a_taken_credit_note_number_is_refused(business, bo):
    order = sell(business, bo, goods("TENT", "2", "10.00"))
    credit_return(decided(order).pk, actor=SYSTEM, reference="GUT-77")
    again = decided(order)
    before = picture()

    with pytest.raises(Conflict) as refusal:
        credit_return(again.pk, actor=SYSTEM, reference="gut-77")

    assert refusal.value.code == "reference_exists"
    assert picture() == before


def test_the_last_goods_bear_a_discount_that_given_amounts_left_untouched(business, bo):
    order = sell(
        business, bo, goods("TENT", "1", "74.80"), goods("PEG", "2", "5.00"), discount("-2.00")
    )
    tent, pegs = order.lines.filter(kind="goods").order_by("number")
    as_told = [
        RecordLine(
            LineInput(order_line=line, quantity=D("1")), GivenAmount(gross, tax, D("21"), "NORMAL")
        )
        for line, gross, tax in (
            (tent, D("74.80"), D("12.98")),
            (pegs, D("5.00"), D("0.87")),
        )
    ]
    values = {"business": business, "customer": bo}
    record_return(RecordInput(values=values, lines=as_told), actor=SYSTEM)
    rma = request(order, LineInput(order_line=pegs, quantity=D("1")))
    receive(rma.lines.get())
    dispose(rma.lines.get())

    (note,) = credit_return(rma.pk, actor=SYSTEM)

    assert note.gross == D("3.00")
    invoice = Invoice.objects.get()
    assert (invoice.credited, invoice.gross) == (D("82.80"), D("82.80"))
    assert sum(line.net for line in CreditLine.objects.filter(kind="discount")) == D("-1.65")


def test_a_discount_is_not_borne_twice_when_a_given_amount_is_taken_back(business, bo):
    """The second tent bore all of the discount; so the first bears none of it."""
    order = sell(business, bo, goods("TENT", "2", "50.00"), discount("-10.00"), paid=False)
    first, second = decided(order), decided(order)
    given = GivenAmount(D("50.00"), D("8.68"), D("21"), "NORMAL")
    (told,) = credit_return(first.pk, [CreditInput(first.lines.get(), D("1"), given)], actor=SYSTEM)
    (rest,) = credit_return(second.pk, actor=SYSTEM)
    reverse_credit(told.pk, actor=SYSTEM, reason="Too much.")

    (again,) = credit_return(first.pk, actor=SYSTEM)

    assert (rest.gross, again.gross, again.lines.count()) == (D("40.00"), D("50.00"), 1)
    invoice = Invoice.objects.get()
    assert (invoice.credited, invoice.gross) == (D("90.00"), D("90.00"))
    assert rest.net + again.net == invoice.net
