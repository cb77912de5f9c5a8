"""Whatever happens on the way - failures, silence, late answers, crashes, two at once - exactly one
payout stands behind each refund that is done, and none behind one that failed or was cancelled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from random import Random
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.db.models import Sum

from rmaproject.access.actors import SYSTEM
from rmaproject.shared.errors import DomainError
from sales.models import Behaviour, CreditNote, Payment, Refund, SandboxOrder, SandboxPayout
from sales.models.refund import new_key
from sales.services.refunding import (
    ask_gateway,
    cancel_refund,
    deliver,
    hearing,
    pay_refund,
    paying,
    retry_refund,
    settle_due,
)
from sales.verification import checks
from tests.refunds.money import ready, ready_for, told

pytestmark = pytest.mark.django_db(transaction=True)

SCHEDULES = 200
STEPS = 12
NOW = timedelta(0)


class Killed(BaseException):
    """The process ends here: no `except` of ours may notice."""


class Mortal:
    """The sandbox, called by a process that may die before or after the call."""

    def __init__(self, gateway: Any, chance: Random) -> None:
        self.gateway, self.chance = gateway, chance

    def refund(self, *told: Any) -> Any:
        return self._maybe(lambda: self.gateway.refund(*told))

    def ask(self, key: str) -> Any:
        return self._maybe(lambda: self.gateway.ask(key))

    def _maybe(self, call: Callable[[], Any]) -> Any:
        dies = self.chance.random()
        if dies < 0.1:
            raise Killed
        answer = call()
        if dies > 0.9:
            raise Killed
        return answer


def attempt(step: Callable[..., Any], *args: Any, **values: Any) -> None:
    """A step that may be refused, and whose process may die."""
    with suppress(DomainError, Killed):
        step(*args, **values)


class Pair:
    """Two processes, as it were: threads that keep their connection from one step to the next."""

    def __init__(self) -> None:
        self.threads = [ThreadPoolExecutor(1), ThreadPoolExecutor(1)]

    def at_once(self, steps: list[Callable[[], Any]]) -> None:
        begin = Barrier(len(steps))

        def run(step: Callable[[], Any]) -> None:
            begin.wait(30)
            attempt(step)

        for done in [
            thread.submit(run, step) for thread, step in zip(self.threads, steps, strict=True)
        ]:
            done.result(30)

    def end(self) -> None:
        for thread in self.threads:
            thread.submit(lambda: connection.close()).result(30)  # the connection of that thread
            thread.shutdown()


@pytest.fixture
def pair() -> Iterator[Pair]:
    made = Pair()
    yield made
    made.end()


def play(refund: Refund, chance: Random, pair: Pair) -> None:
    """A random schedule over one refund."""
    told(chance.choice(Behaviour.values), times=chance.randint(1, 3), asks=chance.randint(1, 3))
    steps: list[Callable[[], Any]] = [
        lambda: pay_refund(refund.pk, actor=SYSTEM),
        lambda: pay_refund(refund.pk, actor=SYSTEM),
        lambda: deliver(refund.pk),
        lambda: ask_gateway(refund.pk),
        lambda: settle_due(older_than=NOW),
        lambda: retry_refund(refund.pk, actor=SYSTEM),
        lambda: told(chance.choice(Behaviour.values), asks=chance.randint(1, 2)),
    ]
    if chance.random() < 0.2:
        steps.append(lambda: cancel_refund(refund.pk, actor=SYSTEM))
    for _ in range(STEPS):
        if chance.random() < 0.1:
            pair.at_once(chance.choices(steps[:6], k=2))
        else:
            attempt(chance.choice(steps))


def finish_all() -> None:
    """Time passes: the gateway recovers and the worker asks until every answer is there."""
    SandboxOrder.objects.all().delete()
    for _ in range(5):
        settle_due(older_than=NOW)


def payouts_of(refund: Refund) -> int:
    """How often money really left for a refund, over all keys it ever had."""
    references = [part.payment.gateway_reference for part in refund.parts.all()]
    return SandboxPayout.objects.filter(payment_reference__in=references, state="done").count()


@pytest.mark.slow
def test_every_refund_is_paid_exactly_once_or_not_at_all(business, bo, monkeypatch, pair):
    chance = Random(42)  # noqa: S311
    real = hearing.gateway_named
    refunds = ready_for(business, bo, [f"{number}.00" for number in range(1, SCHEDULES + 1)])
    with monkeypatch.context() as patch:
        patch.setattr(hearing, "gateway_named", lambda name: Mortal(real(name), chance))
        for refund in refunds:
            play(refund, chance, pair)

    finish_all()

    ends: dict[str, int] = {}
    for refund in Refund.objects.prefetch_related("parts__payment"):
        ends[refund.state] = ends.get(refund.state, 0) + 1
        assert payouts_of(refund) == (1 if refund.state == "done" else 0), refund.reference
    assert set(ends) <= {"done", "failed", "cancelled", "ready"}
    assert ends["done"] > SCHEDULES // 2
    paid = SandboxPayout.objects.filter(state="done").aggregate(all=Sum("amount"))["all"]
    assert paid == Payment.objects.aggregate(all=Sum("refunded"))["all"]
    assert paid == CreditNote.objects.aggregate(all=Sum("refunded"))["all"]
    assert [str(broken) for check in checks() for broken in check.broken()] == []


def test_a_client_that_takes_a_new_key_after_silence_pays_twice(business, bo, monkeypatch):
    """The negative control: what the key is for."""
    refund = ready(business, bo)
    told("timeout_after")
    pay_refund(refund.pk, actor=SYSTEM)

    Refund.objects.filter(pk=refund.pk).update(key=new_key())
    settle_due(older_than=NOW)

    assert payouts_of(Refund.objects.get()) == 2


def test_the_call_is_made_only_once_the_intention_is_kept(business, bo, monkeypatch):
    seen = []
    refund = ready(business, bo)
    monkeypatch.setattr(
        paying, "deliver", lambda key: seen.append(Refund.objects.get(pk=key).state)
    )

    pay_refund(refund.pk, actor=SYSTEM)

    assert seen == ["sent"]
