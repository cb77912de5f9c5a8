"""A gateway is called after the commit, outside any transaction; what is lost is asked for (G4)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from rmaproject.access.actors import SYSTEM
from rmaproject.audit import trail
from rmaproject.shared.db import session_lock
from rmaproject.shared.errors import Conflict
from sales.gateways import Answer
from sales.models import Refund, SandboxPayout
from sales.services.refunding import (
    ask_gateway,
    ask_refund,
    cancel_refund,
    deliver,
    delivering,
    hearing,
    pay_refund,
    retry_refund,
    settle_due,
)
from tests.refunds.money import no_gateway_calls, ready, told

pytestmark = pytest.mark.django_db(transaction=True)

NOW = timedelta(0)


def payouts() -> list[tuple[str, str]]:
    return list(SandboxPayout.objects.order_by("pk").values_list("key", "state"))


def state_of(refund: Refund) -> str:
    return Refund.objects.get(pk=refund.pk).state


def test_a_paid_refund_is_done_when_the_gateway_says_so(business, bo):
    refund = ready(business, bo)

    pay_refund(refund.pk, actor=SYSTEM)

    refund.refresh_from_db()
    assert (refund.state, refund.attempts) == ("done", 1)
    assert refund.payout_reference.startswith("sandbox-")
    assert payouts() == [(refund.key, "done")]
    assert [entry.verb for entry in trail.history(refund)] == ["create", "approve", "pay", "ask"]


def test_nothing_is_sent_when_the_intention_was_not_kept(business, bo):
    refund = ready(business, bo)

    with transaction.atomic():
        pay_refund(refund.pk, actor=SYSTEM)
        transaction.set_rollback(True)

    assert state_of(refund) == "ready"
    assert payouts() == []


def test_a_gateway_is_never_called_inside_a_transaction(business, bo, monkeypatch):
    refund = ready(business, bo)
    with no_gateway_calls(monkeypatch):
        pay_refund(refund.pk, actor=SYSTEM)

    with pytest.raises(RuntimeError), transaction.atomic():
        deliver(refund.pk)

    assert payouts() == []


def test_the_gateway_itself_sees_no_transaction(business, bo, monkeypatch):
    seen = []

    class Watching:
        def refund(self, key, payment_reference, amount, currency):
            seen.append((connection.in_atomic_block, payment_reference, amount, currency))
            raise hearing.NoAnswer

    refund = ready(business, bo)
    monkeypatch.setattr(hearing, "gateway_named", lambda name: Watching())

    pay_refund(refund.pk, actor=SYSTEM)

    assert seen == [(False, "pay-10.00", 10, "EUR")]
    assert state_of(refund) == "unknown"


def test_a_refused_payout_is_failed_and_says_why(business, bo):
    refund = ready(business, bo)
    told("fail")

    pay_refund(refund.pk, actor=SYSTEM)

    refund.refresh_from_db()
    assert (refund.state, refund.failure_code) == ("failed", "refused")
    assert refund.credit_note.refunding == 10


def test_a_failed_payout_tried_again_is_another_payout(business, bo):
    refund = ready(business, bo)
    told("fail")
    pay_refund(refund.pk, actor=SYSTEM)

    retry_refund(refund.pk, actor=SYSTEM)
    pay_refund(refund.pk, actor=SYSTEM)

    again = Refund.objects.get(pk=refund.pk)
    assert payouts() == [(refund.key, "failed"), (again.key, "done")]
    assert (again.state, again.attempts) == ("done", 2)


def test_an_answer_that_was_lost_is_asked_for_with_the_same_key(business, bo):
    refund = ready(business, bo)
    told("timeout_after")
    pay_refund(refund.pk, actor=SYSTEM)
    assert state_of(refund) == "unknown"

    settle_due(older_than=NOW)

    assert state_of(refund) == "done"
    assert payouts() == [(refund.key, "done")]


def test_a_call_that_never_arrived_is_sent_again_with_the_same_key(business, bo):
    refund = ready(business, bo)
    told("timeout_before")
    pay_refund(refund.pk, actor=SYSTEM)
    assert (state_of(refund), payouts()) == ("unknown", [])

    settle_due(older_than=NOW)

    assert state_of(refund) == "done"
    assert payouts() == [(refund.key, "done")]


def test_a_process_that_died_between_commit_and_call_is_healed(business, bo, monkeypatch):
    refund = ready(business, bo)
    with no_gateway_calls(monkeypatch) as lost:
        pay_refund(refund.pk, actor=SYSTEM)
    assert (lost, state_of(refund), payouts()) == ([refund.pk], "sent", [])

    settle_due(older_than=NOW)

    assert state_of(refund) == "done"
    assert payouts() == [(refund.key, "done")]


@pytest.mark.parametrize(("behaviour", "between"), [("pending", "sent"), ("late", "unknown")])
def test_a_gateway_may_take_its_time(business, bo, behaviour, between):
    refund = ready(business, bo)
    told(behaviour, asks=2)

    pay_refund(refund.pk, actor=SYSTEM)

    assert state_of(refund) == between
    settle_due(older_than=NOW)
    assert state_of(refund) == "sent"
    settle_due(older_than=NOW)
    assert state_of(refund) == "done"


def test_what_was_sent_a_moment_ago_is_not_asked_for_yet(business, bo):
    refund = ready(business, bo)
    told("timeout_after")
    pay_refund(refund.pk, actor=SYSTEM)

    call_command("settle_refunds")

    assert state_of(refund) == "unknown"


def test_somebody_may_ask_by_hand(business, bo):
    refund = ready(business, bo)
    told("timeout_after")
    pay_refund(refund.pk, actor=SYSTEM)

    ask_refund(refund.pk, actor=SYSTEM)

    assert state_of(refund) == "done"


@pytest.mark.parametrize("verb", [cancel_refund, retry_refund])
def test_a_refund_that_nobody_knows_of_is_neither_given_up_nor_tried_anew(business, bo, verb):
    refund = ready(business, bo)
    told("timeout_after")
    pay_refund(refund.pk, actor=SYSTEM)

    with pytest.raises(Conflict) as refusal:
        verb(refund.pk, actor=SYSTEM)

    assert (refusal.value.code, refusal.value.facts["status"]) == ("illegal_transition", "unknown")


def test_while_one_delivers_no_other_calls(business, bo, monkeypatch):
    refund = ready(business, bo)
    with no_gateway_calls(monkeypatch):
        pay_refund(refund.pk, actor=SYSTEM)

    name = [f"refund:{refund.pk}"]
    other = connection.copy("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", name)
            deliver(refund.pk)
            assert payouts() == []
            # Closing alone frees it too, but a moment later.
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", name)
    finally:
        other.close()

    ask_gateway(refund.pk)
    assert payouts() == [(refund.key, "done")]


def test_a_named_lock_is_free_again_after_use(db):
    with session_lock("once") as first:
        pass
    with session_lock("once") as second:
        pass

    assert (first, second) == (True, True)


def test_an_answer_for_a_key_that_was_given_up_changes_nothing(business, bo):
    refund = ready(business, bo)
    told("fail")
    pay_refund(refund.pk, actor=SYSTEM)
    retry_refund(refund.pk, actor=SYSTEM)
    with transaction.atomic():
        Refund.objects.filter(pk=refund.pk).update(state="sent", sent_at=refund.created_at)

    delivering._write_down(refund.pk, refund.key, Answer("done"))

    assert state_of(refund) == "sent"


class Broken:
    """A gateway of somebody else's making: `does` is what it does when it is called."""

    def __init__(self, does):
        self.does = does

    def refund(self, key, payment_reference, amount, currency):
        return self.does(amount, currency)

    def ask(self, key):
        return self.does(Decimal("10.00"), "EUR")


def breaks(amount, currency):
    raise ZeroDivisionError("Bo Jansen, NL91ABNA0417164300")


NONSENSE = [
    breaks,
    lambda amount, currency: {"state": "done"},
    lambda amount, currency: Answer("paid"),
    lambda amount, currency: Answer("done", reference=7),
    lambda amount, currency: Answer("done", amount=amount + 1, currency=currency),
    lambda amount, currency: Answer("done", amount=amount, currency="USD"),
    lambda amount, currency: Answer("done", amount=Decimal("sNaN")),
]


@pytest.mark.parametrize("does", NONSENSE)
def test_what_a_gateway_cannot_mean_is_no_answer_and_is_asked_for_again(
    business, bo, monkeypatch, caplog, does
):
    refund = ready(business, bo)
    with monkeypatch.context() as patch:
        patch.setattr(hearing, "gateway_named", lambda name: Broken(does))

        pay_refund(refund.pk, actor=SYSTEM)
        asked = settle_due(older_than=NOW)

    unknown = Refund.objects.get()
    assert (unknown.state, unknown.key, asked) == ("unknown", refund.key, 1)
    assert (unknown.credit_note.refunding, unknown.credit_note.refunded) == (10, 0)
    assert "Gateway sandbox" in caplog.text
    assert not any(told in caplog.text for told in ("Jansen", "NL91", refund.key))
    settle_due(older_than=NOW)
    assert state_of(refund) == "done"
    assert [state for _, state in payouts()] == ["done"]


def test_a_gateway_that_breaks_holds_up_no_other_refund(business, bo, monkeypatch, settings):
    settings.PAYOUT_GATEWAYS = {**settings.PAYOUT_GATEWAYS, "broken": "sales.gateways.Nowhere"}
    refunds = [ready(business, bo, price=price, gateway="broken") for price in ("1.00", "2.00")]
    refunds += [ready(business, bo, price=price) for price in ("3.00", "4.00")]
    with no_gateway_calls(monkeypatch):
        for refund in refunds:
            pay_refund(refund.pk, actor=SYSTEM)

    asked = settle_due(older_than=NOW)

    assert asked == 4
    assert [state_of(refund) for refund in refunds] == ["unknown", "unknown", "done", "done"]


def test_what_a_gateway_says_is_written_down_without_what_cannot_be_kept(business, bo, monkeypatch):
    refund = ready(business, bo)
    said = Answer("failed", code="no\0pe", text="Bo\ud800's card\nis gone")
    monkeypatch.setattr(hearing, "gateway_named", lambda name: Broken(lambda *told: said))

    pay_refund(refund.pk, actor=SYSTEM)

    failed = Refund.objects.get()
    assert (failed.state, failed.failure_code) == ("failed", "no pe")
    assert failed.failure_text == "Bo 's card is gone"


def test_a_gateway_that_was_taken_out_is_told_before_anything_is_sent(business, bo, settings):
    refund = ready(business, bo)
    settings.PAYOUT_GATEWAYS = {}

    with pytest.raises(Conflict) as refusal:
        pay_refund(refund.pk, actor=SYSTEM)

    assert refusal.value.code == "gateway_unknown"
    assert state_of(refund) == "ready"
