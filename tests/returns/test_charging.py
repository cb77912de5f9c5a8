"""What the customer owes after all: replacements without their goods, charges beyond a credit."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from returns.models import ExtraCharge, ExtraLine, OutboundEnd, Release, ReturnOrder
from returns.services import (
    ChargeInput,
    Charges,
    LineInput,
    add_extra_line,
    cancel_return,
    charge_return,
    complete_return,
    credit_return,
    edit_extra_line,
    reopen_return,
)
from rmaproject.access.actors import SYSTEM
from rmaproject.shared import clock
from rmaproject.shared.errors import Conflict, RuleViolation
from sales.models import Account, Invoice, LedgerLine, OrderLine
from sales.services.invoicing import invoice_order
from tests.changes import picture
from tests.factories import ask_return, goods, sell
from tests.returns.outcomes import counters, replace, send_back, ship_all
from tests.returns.steps import D, by_number, decided, receive, request


@pytest.fixture
def sale(business, bo):
    return sell(business, bo, goods("TENT", "3", "50.00"))


def in_advance(sale, quantity="1", *, days_ago=1, **values):
    """A return past its deadline whose replacement has left, without any goods."""
    rma = ask_return(sale, quantity, issued=True)
    deadline = clock.today(rma.business) - timedelta(days=days_ago)
    ReturnOrder.objects.filter(pk=rma.pk).update(deadline=deadline)
    ship_all(replace(rma.lines.get(), quantity, in_advance=True, **values))
    return ReturnOrder.objects.get(pk=rma.pk)


def charge(rma, **values):
    return charge_return(rma.pk, actor=SYSTEM, **values)


def fee(rma, price="-10.00", **values):
    given = {"kind": "fee", "name": "Restocking", "gross_unit_price": D(price), **values}
    return add_extra_line(rma.pk, {"vat_percent": D("21"), **given}, actor=SYSTEM)


def test_a_replacement_without_its_goods_is_invoiced_at_the_price_of_the_sale(sale):
    rma = in_advance(sale)

    (invoice,) = charge(rma)

    assert (invoice.gross, invoice.net, invoice.tax) == (D("50.00"), D("41.32"), D("8.68"))
    assert (invoice.customer, invoice.order.return_order) == (sale.customer, rma.uuid)
    line = invoice.lines.get()
    assert (line.kind, line.quantity, line.order_line.order) == ("goods", 1, invoice.order)
    assert Account.objects.get().balance == D("50.00")
    booked = LedgerLine.objects.filter(entry__invoice=invoice).values_list("ledger", "amount")
    assert dict(booked) == {
        "receivable": D("50.00"),
        "revenue": D("-41.32"),
        "tax": D("-8.68"),
    }


def test_a_charge_releases_the_goods_and_completes_the_return(sale):
    rma = in_advance(sale, "2")

    charge(rma)

    line = rma.lines.get()
    assert counters(line) == {"quantity": 2, "released": 2}
    assert OutboundEnd.objects.get().invoice_line.quantity == 2
    assert Release.objects.get().reason == "Charged instead."
    assert OrderLine.objects.get(order=sale).claimed == 0
    rma.refresh_from_db()
    assert (rma.status, rma.goods, rma.money) == ("complete", "none", "none")


def test_a_charged_replacement_is_not_charged_again(sale):
    rma = in_advance(sale)
    charge(rma)
    before = picture()

    with pytest.raises(Conflict) as refusal:
        charge(rma)

    assert refusal.value.code == "nothing_to_charge"
    assert picture() == before


def test_a_charged_unit_may_come_back_after_all_by_another_return(sale):
    rma = in_advance(sale, "3")
    charge(rma)

    again = ask_return(sale, "3", issued=True)

    assert again.lines.get().claim == 3


def test_a_given_price_is_charged_as_it_is(sale):
    rma = in_advance(sale)

    entry = ChargeInput(rma.lines.get(), D("30.00"))
    (invoice,) = charge(rma, wanted=Charges([entry]))

    assert invoice.gross == D("30.00")


def test_a_charge_is_not_below_zero(sale):
    rma = in_advance(sale)
    before = picture()

    with pytest.raises(RuleViolation) as refusal:
        charge(rma, wanted=Charges([ChargeInput(rma.lines.get(), D("-1"))]))

    assert refusal.value.code == "invalid_price"
    assert refusal.value.pointer == "/lines/0/gross_unit_price"
    assert picture() == before


def test_the_price_difference_is_charged_along_where_no_invoice_did(sale):
    rma = in_advance(sale, price_difference=D("20.00"))

    (invoice,) = charge(rma)

    assert invoice.gross == D("70.00")


def test_the_price_difference_is_not_charged_twice(sale):
    rma = in_advance(sale, price_difference=D("20.00"))
    invoice_order(rma.outbound.get().order_line.order_id, actor=SYSTEM)

    (invoice,) = charge(rma)

    assert invoice.gross == D("50.00")


def test_before_the_deadline_a_charge_needs_a_reason(sale):
    rma = in_advance(sale, days_ago=0)
    before = picture()

    with pytest.raises(RuleViolation) as refusal:
        charge(rma)

    assert (refusal.value.code, refusal.value.pointer) == ("reason_required", "/reason")
    assert refusal.value.facts == {"deadline": str(rma.deadline)}
    assert picture() == before
    charge(rma, reason="He keeps both.")
    assert Release.objects.get().reason == "He keeps both."


def test_without_a_deadline_a_charge_needs_a_reason_too(sale):
    rma = in_advance(sale)
    ReturnOrder.objects.filter(pk=rma.pk).update(deadline=None)

    with pytest.raises(RuleViolation) as refusal:
        charge(rma)

    assert refusal.value.facts == {"deadline": None}


def test_a_replacement_that_has_not_left_is_not_charged(sale):
    rma = ask_return(sale, "1", issued=True)
    replace(rma.lines.get(), in_advance=True)

    with pytest.raises(Conflict) as refusal:
        charge(rma, reason="Late.")

    assert refusal.value.code == "nothing_to_charge"
    assert cancel_return(rma.pk, actor=SYSTEM).status == "cancelled"


def test_only_the_units_without_goods_are_charged(sale):
    rma = in_advance(sale, "3")
    line = rma.lines.get()
    receive(line, "2")

    (invoice,) = charge(rma)

    assert invoice.gross == D("50.00")
    assert counters(line) == {"quantity": 3, "received": 2, "released": 1, "replaced": 2}
    rma.refresh_from_db()
    assert rma.status == "in_progress"


def test_goods_that_were_rejected_are_charged_and_then_go_back(sale):
    from returns.models import Inspection

    rma = in_advance(sale)
    line = rma.lines.get()
    receive(line)
    row = line.receipt_lines.get()
    Inspection.objects.create(
        return_order=rma, receipt_line=row, line=line, verdict="rejected", quantity=1,
        at=clock.now(),
    )  # fmt: skip
    type(line).objects.filter(pk=line.pk).update(rejected=1)

    charge(rma)
    send_back(line)

    assert counters(line) == {"quantity": 1, "received": 1, "rejected": 1, "sent_back": 1}


def test_undecided_goods_are_not_charged(sale):
    rma = in_advance(sale)
    receive(rma.lines.get())

    with pytest.raises(Conflict) as refusal:
        charge(rma, wanted=Charges([ChargeInput(rma.lines.get())]))

    assert refusal.value.code == "nothing_to_charge"


def test_a_fee_without_any_credit_is_charged_by_an_invoice(sale):
    rma = decided(sale)
    line = rma.lines.get()
    replace(line)
    extra = fee(rma)

    (invoice,) = charge(rma)

    assert (invoice.gross, invoice.tax, invoice.order) == (D("10.00"), D("1.74"), None)
    assert invoice.lines.get().kind == "fee"
    assert ExtraCharge.objects.get().extra_line == extra
    assert ReturnOrder.objects.get(pk=rma.pk).status == "in_progress"
    with pytest.raises(Conflict) as refusal:
        edit_extra_line(extra, {"name": "Other"}, actor=SYSTEM)
    assert refusal.value.code == "line_credited"


def test_a_fee_that_the_next_credit_bears_is_not_charged(sale):
    rma = decided(sale)
    fee(rma)

    with pytest.raises(Conflict) as refusal:
        charge(rma)

    assert refusal.value.code == "nothing_to_charge"
    assert credit_return(rma.pk, actor=SYSTEM)[0].gross == D("40.00")


def test_a_fee_beyond_the_credit_is_charged_when_it_is_named(sale):
    rma = decided(sale)
    extra = fee(rma, "-80.00")
    with pytest.raises(RuleViolation) as refusal:
        credit_return(rma.pk, actor=SYSTEM)
    assert refusal.value.code == "credit_below_zero"

    (invoice,) = charge(rma, wanted=Charges(extra_lines=[extra]))

    assert invoice.gross == D("80.00")
    assert credit_return(rma.pk, actor=SYSTEM)[0].gross == D("50.00")
    assert Account.objects.get().balance == D("30.00")


def test_a_credit_is_not_charged(sale):
    rma = ask_return(sale, "1", issued=True)
    extra = fee(rma, "5.00", kind="goodwill")

    with pytest.raises(RuleViolation) as refusal:
        charge(rma, wanted=Charges(extra_lines=[extra]))

    assert (refusal.value.code, refusal.value.pointer) == ("invalid_price", "/extra_lines")


def test_a_charge_of_another_return_is_refused(sale):
    rma, other = ask_return(sale, "1", issued=True), ask_return(sale, "1", issued=True)
    extra = fee(other)

    with pytest.raises(Conflict) as refusal:
        charge(rma, wanted=Charges(extra_lines=[extra]))

    assert refusal.value.code == "line_credited"


def test_charges_smaller_than_the_credits_wait_for_the_credit_note(sale):
    rma = ask_return(sale, "1", issued=True)
    fee(rma, "-10.00")
    fee(rma, "15.00", kind="goodwill")

    with pytest.raises(Conflict) as refusal:
        charge(rma)

    assert refusal.value.code == "nothing_to_charge"


def test_a_complete_return_may_be_charged_and_stays_complete(sale):
    rma = decided(sale)
    replace(rma.lines.get())
    fee(rma)
    complete_return(rma.pk, actor=SYSTEM)

    charge(rma)

    assert ReturnOrder.objects.get(pk=rma.pk).status == "complete"
    assert Invoice.objects.filter(order=None).get().gross == D("10.00")
    reopen_return(rma.pk, actor=SYSTEM, reason="Look again.")


def test_the_vat_of_a_given_charge_is_kept(sale):
    rma = ask_return(sale, "1", issued=True)
    extra = fee(rma)
    ExtraLine.objects.filter(pk=extra.pk).update(tax=D("-1.50"))

    (invoice,) = charge(rma)

    assert (invoice.gross, invoice.tax) == (D("10.00"), D("1.50"))


def test_a_return_with_other_goods_on_their_way_stays_open(business, bo):
    both = sell(business, bo, goods("TENT", "1", "50.00"), goods("PEG", "2", "1.00"))
    rma = request(
        both,
        *(LineInput(D("1"), order_line=line) for line in both.lines.order_by("number")),
        deadline=date(2026, 3, 10),
    )
    tent, peg = by_number(rma)
    ship_all(replace(tent, in_advance=True))

    charge(rma)

    assert ReturnOrder.objects.get(pk=rma.pk).status == "in_progress"
    assert (counters(tent)["released"], counters(peg)) == (1, {"quantity": 1})
