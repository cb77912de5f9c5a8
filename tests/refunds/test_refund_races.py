"""What holds when two people refund, pay and cancel at the same moment, and what it is."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

import pytest
from django.db import connection

from rmaproject.access.actors import SYSTEM
from sales.models import CreditNote, Payment, Refund, SandboxPayout
from sales.services.refunding import (
    cancel_refund,
    intending,
    locking,
    moving,
    pay_refund,
    refund_credit,
)
from sales.services.refunding.terms import unpromised
from tests.racing import race
from tests.refunds.money import credited, ready, refund_of

pytestmark = pytest.mark.django_db(transaction=True)


def freed(business, customer):
    """A credit note whose refund was cancelled: all of it may be asked for."""
    refund = refund_of(credited(business, customer))
    cancel_refund(refund.pk, actor=SYSTEM)
    return CreditNote.objects.get()


def test_the_same_credit_is_refunded_once(business, bo):
    note = freed(business, bo)
    ask = partial(refund_credit, note.pk, actor=SYSTEM)

    made, refusals = race([ask] * 4)

    assert len(made) == 1
    assert {refusal.code for refusal in refusals} == {"nothing_to_refund"}
    note.refresh_from_db()
    assert (note.refunding, unpromised(note), Payment.objects.get().refunding) == (10, 0, 10)


def test_without_locks_and_checks_the_same_credit_is_promised_twice(business, bo, monkeypatch):
    """The negative control: what each asker sees before the other has written is the whole rest."""
    note = freed(business, bo)

    def unlocked(note_id):
        return CreditNote.objects.select_related("business", "customer", "account").get(pk=note_id)

    promised = []
    monkeypatch.setattr(intending, "lock_note", unlocked)
    monkeypatch.setattr(
        intending, "reserve", lambda refund, amounts, actor: promised.append(refund)
    )
    ask = partial(refund_credit, note.pk, actor=SYSTEM)

    made, _ = race([ask] * 2)

    assert len(made) == 2
    assert sum(refund.amount for refund in promised) == 20


def test_the_database_itself_refuses_to_promise_more_than_was_credited(business, bo):
    note = freed(business, bo)

    with pytest.raises(Exception, match="creditnote_used_within_gross"):
        CreditNote.objects.filter(pk=note.pk).update(refunding=Decimal("10.01"))
    with pytest.raises(Exception, match="payment_refunded_within_amount"):
        Payment.objects.update(refunding=Decimal("10.01"))


def test_a_refund_is_paid_once(business, bo):
    refund = ready(business, bo)

    made, refusals = race([partial(pay_refund, refund.pk, actor=SYSTEM)] * 4)

    assert (len(made), {row.code for row in refusals}) == (1, {"illegal_transition"})
    assert SandboxPayout.objects.filter(state="done").count() == 1
    assert Refund.objects.get().state == "done"


def test_a_refund_is_paid_or_cancelled(business, bo):
    refund = ready(business, bo)

    made, refusals = race(
        [
            partial(pay_refund, refund.pk, actor=SYSTEM),
            partial(cancel_refund, refund.pk, actor=SYSTEM),
        ]
    )

    assert (len(made), [row.code for row in refusals]) == (1, ["illegal_transition"])
    note = CreditNote.objects.get()
    paid = SandboxPayout.objects.filter(state="done").count()
    ended = (Refund.objects.get().state, paid, note.refunded, note.refunding)
    assert ended in [("done", 1, 10, 0), ("cancelled", 0, 0, 0)]


def test_without_the_lock_and_the_version_a_refund_is_paid_and_cancelled(business, bo, monkeypatch):
    """The negative control: both read `ready`, both act."""
    from threading import Barrier

    from sales.services.refunding import changing, paying

    refund = ready(business, bo)
    both = Barrier(2)

    def unlocked(refund_id):
        rows = Refund.objects.select_related("business", "customer", "credit_note")
        found = rows.get(pk=refund_id)
        both.wait(20)
        return found

    def unversioned(root, verb, *, actor, fields=None, **facts):
        type(root).objects.filter(pk=root.pk).update(**(fields or {}))

    for module in (paying, changing):
        monkeypatch.setattr(module, "lock_refund", unlocked)
    monkeypatch.setattr(moving.trail, "change", unversioned)
    monkeypatch.setattr(paying, "deliver", lambda key: None)

    made, refusals = race(
        [
            partial(pay_refund, refund.pk, actor=SYSTEM),
            partial(cancel_refund, refund.pk, actor=SYSTEM),
        ]
    )

    assert (len(made), refusals) == (2, [])
    assert Refund.objects.get().sent_at is not None
    assert CreditNote.objects.get().refunding == 0


def test_whoever_locks_a_refund_locks_its_return_first(business, bo, django_assert_num_queries):
    refund = ready(business, bo)
    seen = []

    def look(execute, sql, params, many, context):
        if "FOR UPDATE" in sql:
            seen.append(sql.split('FROM "')[1].split('"')[0])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        locking.holding(refund.pk, lambda: None)

    assert seen == ["returns_returnorder", "sales_account", "sales_refund"]
