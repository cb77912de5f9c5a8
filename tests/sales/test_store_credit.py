"""Credit that is kept: what it may settle, how much of it, and what goes back to the customer."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db.models import F

from returns.services import credit_return
from rmaproject.access.actors import SYSTEM
from rmaproject.audit.trail import history
from rmaproject.shared.errors import Conflict, RuleViolation
from sales.models import Account, CreditNote, Invoice, LedgerEntry, Payment, Refund, Settlement
from sales.services import store_credit
from sales.services.reversing import reverse_note
from sales.services.store_credit import apply_credit, pay_out_credit
from tests.changes import picture
from tests.factories import goods, sell
from tests.racing import race
from tests.returns.steps import D, decided

Kept = Callable[..., CreditNote]


@pytest.fixture
def kept(business, bo) -> Kept:
    """A credit note over goods that the customer took store credit for."""

    def keep(gross: str = "30.00", *, paid: bool = True) -> CreditNote:
        rma = decided(sell(business, bo, goods("TENT", "1", gross), paid=paid))
        rma.lines.update(outcome="store_credit")
        return credit_return(rma.pk, actor=SYSTEM)[0]

    return keep


def due(business: Any, customer: Any, gross: str) -> Invoice:
    return sell(business, customer, goods("ROPE", "1", gross), paid=False).invoices.get()


def test_kept_credit_settles_the_invoice_it_is_used_for(business, bo, kept):
    note, invoice = kept(), due(business, bo, "50.00")
    balance, bookings = Account.objects.get().balance, LedgerEntry.objects.count()

    apply_credit(note.pk, invoice.pk, D("20.00"), actor=SYSTEM)

    note.refresh_from_db()
    invoice.refresh_from_db()
    assert (note.kept, note.applied, invoice.settled) == (D("10.00"), D("20.00"), D("20.00"))
    assert Settlement.objects.get(credit_note=note).amount == D("20.00")
    assert (Account.objects.get().balance, LedgerEntry.objects.count()) == (balance, bookings)
    assert history(note)[-1].facts == {"amount": "20", "invoice": str(invoice.uuid)}
    assert history(invoice)[-1].facts == {"amount": "20", "credit_note": str(note.uuid)}


def test_a_new_invoice_takes_no_kept_credit_by_itself(business, bo, kept):
    note = kept()

    assert due(business, bo, "50.00").settled == 0
    note.refresh_from_db()
    assert note.kept == D("30.00")


@pytest.mark.parametrize(
    ("amount", "code", "left"),
    [("30.01", "exceeds_kept", "30.00"), ("25.01", "exceeds_invoice", "25.00")],
)
def test_never_more_than_is_kept_or_due(business, bo, kept, amount, code, left):
    note, invoice = kept(), due(business, bo, "25.00")
    before = picture()

    with pytest.raises(RuleViolation) as refusal:
        apply_credit(note.pk, invoice.pk, D(amount), actor=SYSTEM)

    assert (refusal.value.code, refusal.value.facts["open"]) == (code, left)
    assert picture() == before


@pytest.mark.parametrize("amount", ["0", "-1", "0.001"])
def test_what_is_no_amount_cannot_be_used_or_paid_out(business, bo, kept, amount):
    note, invoice = kept(), due(business, bo, "25.00")
    before = picture()

    with pytest.raises(RuleViolation) as used:
        apply_credit(note.pk, invoice.pk, D(amount), actor=SYSTEM)
    with pytest.raises(RuleViolation) as paid:
        pay_out_credit(note.pk, D(amount), actor=SYSTEM)

    assert (used.value.code, paid.value.code) == ("invalid_amount", "invalid_amount")
    assert picture() == before


def test_another_customers_invoice_is_not_settled(business, cy, kept):
    note, theirs = kept(), due(business, cy, "25.00")
    before = picture()

    with pytest.raises(RuleViolation) as refusal:
        apply_credit(note.pk, theirs.pk, D("5.00"), actor=SYSTEM)

    assert (refusal.value.code, refusal.value.pointer) == ("wrong_account", "/invoice")
    assert picture() == before


def test_kept_credit_that_is_paid_out_waits_to_go_back(kept):
    note = kept()

    pay_out_credit(note.pk, D("12.00"), actor=SYSTEM)

    note.refresh_from_db()
    assert (note.kept, note.applied, note.gross) == (D("18.00"), 0, D("30.00"))
    assert [entry.verb for entry in history(note)[-2:]] == ["pay_out", "reserve"]
    assert Refund.objects.get().amount == D("12.00")


def test_what_was_never_paid_is_not_paid_out(business, bo, kept):
    note = kept()
    Payment.objects.update(refunded=F("amount"))
    before = picture()

    with pytest.raises(RuleViolation) as refusal:
        pay_out_credit(note.pk, D("0.01"), actor=SYSTEM)

    assert (refusal.value.code, refusal.value.facts["open"]) == ("exceeds_paid", "0.00")
    assert picture() == before


def test_what_is_owed_elsewhere_is_not_paid_out(business, bo, kept):
    note, _ = kept(), due(business, bo, "25.00")
    before = picture()

    with pytest.raises(RuleViolation) as refusal:
        pay_out_credit(note.pk, D("5.01"), actor=SYSTEM)

    assert (refusal.value.code, refusal.value.facts["open"]) == ("owed_elsewhere", "5.00")
    assert picture() == before


def test_nothing_is_left_of_a_note_that_was_taken_back(business, bo, kept):
    note, invoice = kept(), due(business, bo, "25.00")
    reverse_note(note, actor=SYSTEM, reason="Booked twice.")
    before = picture()

    with pytest.raises(Conflict) as refusal:
        apply_credit(note.pk, invoice.pk, D("5.00"), actor=SYSTEM)

    assert refusal.value.code == "credit_reversed"
    assert picture() == before


@pytest.mark.django_db(transaction=True)
def test_of_many_who_use_one_credit_each_gets_what_is_left(business, bo, kept):
    note, invoices = kept(), [due(business, bo, "20.00") for _ in range(4)]
    jobs = [partial(apply_credit, note.pk, row.pk, D("20.00"), actor=SYSTEM) for row in invoices]

    used, refused = race(jobs)

    assert len(used) == 1
    assert [(refusal.code, refusal.facts["open"]) for refusal in refused] == [
        ("exceeds_kept", "10.00")
    ] * 3
    note.refresh_from_db()
    assert (note.kept, note.applied) == (D("10.00"), D("20.00"))
    assert Settlement.objects.filter(credit_note=note).count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_locks_one_credit_is_used_many_times(business, bo, kept, monkeypatch):
    """Also out of the way: the version guard of the trail, which would refuse the second writer."""
    note, invoices = kept(), [due(business, bo, "20.00") for _ in range(4)]
    monkeypatch.setattr(store_credit, "_lock", lambda key: CreditNote.objects.get(pk=key))
    monkeypatch.setattr(store_credit.trail, "change", written_blindly)
    all_have_read = Barrier(len(invoices))
    require = store_credit._require_kept

    def read_together(*args: Any) -> None:
        require(*args)
        all_have_read.wait(20)

    monkeypatch.setattr(store_credit, "_require_kept", read_together)
    jobs = [partial(apply_credit, note.pk, row.pk, D("20.00"), actor=SYSTEM) for row in invoices]

    used, refused = race(jobs)

    assert (len(used), refused) == (4, [])
    assert sum(row.amount for row in Settlement.objects.filter(credit_note=note)) == D("80.00")


def written_blindly(root: Any, verb: str, *, actor: Any, fields: Any, **facts: Any) -> None:
    type(root).objects.filter(pk=root.pk).update(**fields)
