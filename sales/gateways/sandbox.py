"""A gateway that moves no money and can be told to fail, to be silent, or to take its time.

It writes in transactions of its own, as a company elsewhere would.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from django.db import transaction

from sales.gateways.interface import Answer, NoAnswer
from sales.models import Behaviour, SandboxOrder, SandboxPayout

B = Behaviour
#: What a payout becomes under an instruction; TIMEOUT_BEFORE makes none.
_BECOMES: Final = {
    B.OK: "done",
    B.FAIL: "failed",
    B.TIMEOUT_AFTER: "done",
    B.PENDING: "pending",
    B.LATE: "pending",
}
_SILENT: Final = (B.TIMEOUT_BEFORE, B.TIMEOUT_AFTER, B.LATE)


class SandboxGateway:
    """Told by rows of SandboxOrder; without any it pays at once."""

    def refund(self, key: str, payment_reference: str, amount: Decimal, currency: str) -> Answer:
        """Pay back as told. Raises NoAnswer where it was told to be silent."""
        with transaction.atomic():
            order = _next_order(payment_reference)
            told = B(order.behaviour) if order else B.OK
            payout = SandboxPayout.objects.select_for_update().filter(key=key).first()
            if payout is None and told != B.TIMEOUT_BEFORE:
                payout, _ = SandboxPayout.objects.get_or_create(
                    key=key,
                    defaults={
                        "payment_reference": payment_reference,
                        "amount": amount,
                        "currency": currency,
                        "state": _BECOMES[told],
                        "asks_left": order.asks if order and _BECOMES[told] == "pending" else 0,
                    },
                )
        if told in _SILENT or payout is None:
            raise NoAnswer("The sandbox was told not to answer.")
        return _answer(payout)

    def ask(self, key: str) -> Answer | None:
        """What became of a payout; one that takes its time is paid when asked often enough."""
        with transaction.atomic():
            payout = SandboxPayout.objects.select_for_update().filter(key=key).first()
            if payout is None:
                return None
            if payout.state == "pending":
                payout.asks_left = max(payout.asks_left - 1, 0)
                payout.state = "pending" if payout.asks_left else "done"
                payout.save(update_fields=["asks_left", "state"])
        return _answer(payout)


def _next_order(payment_reference: str) -> SandboxOrder | None:
    """The oldest instruction for this payment or for any, used up by one."""
    rows = SandboxOrder.objects.select_for_update().order_by("pk")
    order = rows.filter(payment_reference__in=["", payment_reference], times__gt=0).first()
    if order is not None:
        order.times -= 1
        order.save(update_fields=["times"])
    return order


def _answer(payout: SandboxPayout) -> Answer:
    if payout.state == "failed":
        return Answer("failed", code="refused", text="The sandbox was told to refuse.")
    return Answer(
        "done" if payout.state == "done" else "pending",
        reference=f"sandbox-{payout.pk}",
        amount=payout.amount,
        currency=payout.currency,
    )
