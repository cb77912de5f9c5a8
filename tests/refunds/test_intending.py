"""Which refunds a credit note leads to, what they reserve, and what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from rmaproject.access.actors import SYSTEM
from rmaproject.shared.errors import Conflict, RuleViolation
from sales.models import CreditNote, LedgerLine, Payment, Refund
from sales.services.refunding import (
    approve_refund,
    cancel_refund,
    cancel_refunds,
    change_refund,
    confirm_refund,
    pay_refund,
    refund_credit,
    set_refund_details,
)
from tests.changes import picture
from tests.factories import goods, sell
from tests.refunds.money import OTHER_IBAN, bank_of, credited, note_of, ready, refund_of

pytestmark = pytest.mark.django_db


def test_a_credit_of_a_card_payment_becomes_a_refund_by_its_gateway(business, bo):
    rma = credited(business, bo, gateway="sandbox")

    refund = refund_of(rma)

    assert (refund.via, refund.gateway, refund.state) == ("gateway", "sandbox", "waiting_approval")
    assert (refund.amount, refund.currency, refund.reference) == (10, "EUR", "RF-00001")
    assert note_of(rma).get().refunding == 10
    assert Payment.objects.get().refunding == 10
    assert rma.money == "due"


def test_each_payment_by_a_gateway_goes_back_by_itself_and_the_rest_by_bank(business, bo):
    credited(business, bo, price="30.00", pays=("12.00", "18.00 cash"), gateway="sandbox")

    refunds = Refund.objects.order_by("pk").values_list("via", "amount")

    assert list(refunds) == [("gateway", Decimal(12)), ("bank", Decimal(18))]


def test_the_newest_payment_goes_back_first(business, bo):
    credited(business, bo, price="30.00", pays=("10.00", "20.00"), gateway="sandbox")

    amounts = list(Refund.objects.order_by("pk").values_list("amount", flat=True))

    assert amounts == [20, 10]


def test_a_gateway_that_nobody_set_up_is_no_way_back(business, bo):
    rma = credited(business, bo, gateway="closed-down")

    assert refund_of(rma).via == "bank"


def test_a_refund_by_bank_waits_for_the_account_and_then_for_approval(business, bo):
    refund = refund_of(credited(business, bo))
    assert refund.state == "waiting_details"

    set_refund_details(refund.pk, bank_of(bo), actor=SYSTEM)

    refund.refresh_from_db()
    assert refund.state == "waiting_approval"


def test_a_refund_by_bank_goes_to_the_only_account_of_the_customer(business, bo):
    details = bank_of(bo)

    refund = refund_of(credited(business, bo))

    assert (refund.bank_details, refund.state) == (details, "waiting_approval")


def test_which_of_two_accounts_is_for_people_to_say(business, bo):
    bank_of(bo)
    bank_of(bo, OTHER_IBAN)

    refund = refund_of(credited(business, bo))

    assert (refund.bank_details, refund.state) == (None, "waiting_details")


def test_other_currencies_than_euro_are_paid_by_hand(business, bo):
    refund = refund_of(credited(business, bo, currency="JPY", price="800"))

    assert (refund.via, refund.state, refund.amount) == ("manual", "waiting_approval", 800)


def test_a_refund_is_done_when_finance_confirms_it_and_the_books_show_it(business, bo):
    bank_of(bo)
    rma = credited(business, bo)
    refund = refund_of(rma)
    approve_refund(refund.pk, actor=SYSTEM)
    pay_refund(refund.pk, actor=SYSTEM)

    confirm_refund(refund.pk, actor=SYSTEM)

    refund.refresh_from_db()
    rma.refresh_from_db()
    note, payment = note_of(rma).get(), Payment.objects.get()
    assert (refund.state, rma.money) == ("done", "refunded")
    assert (note.refunding, note.refunded) == (0, 10)
    assert (payment.refunding, payment.refunded) == (0, 10)
    assert refund.account.balance == 0
    booked = LedgerLine.objects.filter(entry__refund=refund).values_list("ledger", "amount")
    assert sorted(booked) == [("cash", Decimal(-10)), ("receivable", Decimal(10))]


def test_a_cancelled_refund_frees_its_amount_which_may_be_asked_for_again(business, bo):
    refund = refund_of(credited(business, bo, gateway="sandbox"))

    cancel_refund(refund.pk, actor=SYSTEM)
    (again,) = refund_credit(refund.credit_note_id, amount=Decimal(4), currency="EUR", actor=SYSTEM)

    assert (again.amount, again.via) == (4, "gateway")
    assert CreditNote.objects.get().refunding == 4
    assert Payment.objects.get().refunding == 4


def test_what_a_cancelled_refund_frees_may_be_kept_as_store_credit(business, bo):
    rma = credited(business, bo)

    cancel_refund(refund_of(rma).pk, keep=True, actor=SYSTEM)

    rma.refresh_from_db()
    note = note_of(rma).get()
    assert (note.kept, note.refunding, rma.money) == (10, 0, "refunded")


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"amount": Decimal("10.01")}, "exceeds_credit"),
        ({"amount": Decimal(0)}, "invalid_amount"),
        ({"amount": Decimal(-1)}, "invalid_amount"),
        ({"amount": Decimal("0.001")}, "invalid_amount"),
        ({"currency": "USD"}, "wrong_currency"),
        ({"via": "gateway"}, "invalid_via"),
    ],
)
def test_a_refund_beyond_the_credit_is_refused_and_nothing_changes(business, bo, values, code):
    refund = refund_of(credited(business, bo))
    cancel_refund(refund.pk, actor=SYSTEM)
    before = picture()

    with pytest.raises(RuleViolation) as refusal:
        refund_credit(refund.credit_note_id, actor=SYSTEM, **values)

    assert refusal.value.code == code
    assert picture() == before


def test_a_refund_asked_for_twice_is_refused_with_the_figures(business, bo):
    refund = refund_of(credited(business, bo))
    before = picture()

    with pytest.raises(Conflict) as refusal:
        refund_credit(refund.credit_note_id, actor=SYSTEM)

    assert refusal.value.code == "nothing_to_refund"
    assert refusal.value.facts == {
        "gross": "10.00",
        "applied": "0.00",
        "kept": "0.00",
        "refunded": "0.00",
        "refunding": "10.00",
    }
    assert picture() == before


def test_what_the_customer_owes_on_another_invoice_is_not_refunded(business, bo):
    refund = refund_of(credited(business, bo))
    cancel_refund(refund.pk, actor=SYSTEM)
    sell(business, bo, goods("DUE", "1", "7.00"), paid=False)

    with pytest.raises(RuleViolation) as refusal:
        refund_credit(refund.credit_note_id, actor=SYSTEM)

    assert (refusal.value.code, refusal.value.facts["open"]) == ("owed_elsewhere", "3.00")


def test_a_changed_amount_is_reserved_anew_and_approved_anew(business, bo):
    refund = ready(business, bo)

    change_refund(refund.pk, amount=Decimal(6), actor=SYSTEM)

    refund.refresh_from_db()
    assert (refund.amount, refund.state, refund.approved_at) == (6, "waiting_approval", None)
    assert CreditNote.objects.get().refunding == 6
    assert Payment.objects.get().refunding == 6


def test_an_amount_cannot_be_raised_above_the_credit(business, bo):
    refund = ready(business, bo)
    before = picture()

    with pytest.raises(RuleViolation) as refusal:
        change_refund(refund.pk, amount=Decimal("10.01"), actor=SYSTEM)

    assert (refusal.value.code, refusal.value.facts["open"]) == ("exceeds_credit", "10.00")
    assert picture() == before


def test_a_refund_turned_from_the_gateway_to_the_bank_waits_for_the_account(business, bo):
    refund = ready(business, bo)

    change_refund(refund.pk, via="bank", actor=SYSTEM)

    refund.refresh_from_db()
    assert (refund.via, refund.gateway, refund.state) == ("bank", "", "waiting_details")


def test_a_note_that_is_taken_back_takes_its_unsent_refunds_with_it(business, bo):
    refund = ready(business, bo)

    cancel_refunds(CreditNote.objects.get(), actor=SYSTEM)

    refund.refresh_from_db()
    assert refund.state == "cancelled"
    assert CreditNote.objects.get().refunding == 0


def test_a_note_whose_refund_was_sent_cannot_be_taken_back(business, bo):
    bank_of(bo)
    refund = ready(business, bo, gateway="")
    pay_refund(refund.pk, actor=SYSTEM)

    with pytest.raises(Conflict) as refusal:
        cancel_refunds(CreditNote.objects.get(), actor=SYSTEM)

    assert refusal.value.code == "refund_out"
    assert refusal.value.facts == {"refunds": ["RF-00001"]}
