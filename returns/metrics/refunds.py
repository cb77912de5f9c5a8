"""What customers ask for, are owed and got: requested, due, approved, paid; never mixed (U-4)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db.models import Case, CharField, Count, DecimalField, F, Sum, Value, When

from returns.metrics.sight import Period, Rows, Sight
from returns.metrics.sql import on_days, together
from returns.models import PAID_OUTCOMES, LineCredit, ReturnLine
from returns.queues import QUEUES
from rmaproject.shared import money
from sales.models import CreditNote
from sales.states import RefundState

#: In the order in which money goes through them.
STEPS: Final = ("requested", "due", "approved", "paid")
#: Refunds that may be paid and are not paid yet.
APPROVED: Final = (
    RefundState.READY,
    RefundState.SENT,
    RefundState.UNKNOWN,
    RefundState.FAILED,
)
_AMOUNT: Final[Any] = DecimalField(max_digits=19, decimal_places=4)


@dataclass(frozen=True)
class Step:
    """How much money stands at a step in one currency.

    `count` is of returns where `key` is requested, of credit notes where due, else of refunds.
    """

    key: str
    currency: str
    count: int
    amount: Decimal


def refund_steps(sight: Sight, period: Period) -> list[Step]:
    """What stands at each step now, and what was paid in the period; one statement.

    Without the right to see credit notes nothing is told; without that to see refunds only what
    is requested and due.
    """
    if not sight.money:
        return []
    asked = [_requested(sight), _due(sight)]
    if sight.refunds:
        asked += [_approved(sight), _paid(sight, period)]
    return _steps(asked)


def due_now(sight: Sight) -> list[Step]:
    """What customers are owed now, by currency; nothing for who may not see it. One statement."""
    return _steps([_due(sight)]) if sight.money else []


def _steps(asked: list[Rows]) -> list[Step]:
    steps = [
        Step(key, currency, count, money.rounded(amount, currency))
        for key, currency, count, amount in together(asked)
        if amount
    ]
    return sorted(steps, key=lambda step: (STEPS.index(step.key), step.currency))


def _requested(sight: Sight) -> Rows:
    """Units that customers want money for and no credit is booked of, at the price of the sale."""
    wanted = (
        F("quantity") + F("waived") - F("released") - F("rejected")
        - F("credited") - F("replaced") - F("repaired")
    )  # fmt: skip
    sold = Case(
        When(
            order_line__parent__isnull=False,
            then=F("order_line__value_share") / F("order_line__quantity"),
        ),
        default=F("order_line__gross_unit_price"),
        output_field=_AMOUNT,
    )
    rows = ReturnLine.objects.filter(
        return_order__in=sight.returns().open().values("pk"),
        order_line__isnull=False,
        outcome__in=PAID_OUTCOMES,
        void=False,
        unexpected=False,
    )
    open_rows = rows.annotate(wanted=wanted).filter(wanted__gt=0)
    return _step(
        open_rows,
        "requested",
        F("order_line__order__currency"),
        Count("return_order", distinct=True),
        F("wanted") * sold,
    )


def _due(sight: Sight) -> Rows:
    """Credit notes of returns in the queue of refunds, less what of them was settled or paid."""
    left = F("gross") - F("applied") - F("kept") - F("refunded")
    notes = CreditNote.objects.filter(pk__in=_notes(sight), reverses=None, reversed_by=None)
    owed = notes.annotate(left=left).filter(left__gt=0)
    return _step(owed, "due", F("currency"), Count("pk"), F("left"))


def _approved(sight: Sight) -> Rows:
    rows = sight.refund_rows().filter(state__in=APPROVED)
    return _step(rows, "approved", F("currency"), Count("pk"), F("amount"))


def _paid(sight: Sight, period: Period) -> Rows:
    rows = sight.refund_rows().filter(state=RefundState.DONE)
    paid = on_days(rows, "settled_at", period, "business__time_zone")
    return _step(paid, "paid", F("currency"), Count("pk"), F("amount"))


def _notes(sight: Sight) -> Rows:
    """Ids of the credit notes of returns that wait for money, one index asked after the other."""
    waiting = QUEUES["refund"].narrow(sight.returns(), sight.now).order_by().values("pk")
    of_lines = LineCredit.objects.filter(line__return_order__in=waiting)
    of_extras = LineCredit.objects.filter(extra_line__return_order__in=waiting)
    note = "credit_line__credit_note"
    return of_lines.values(note).union(of_extras.values(note))


def _step(rows: Rows, key: str, currency: Any, count: Any, amount: Any) -> Rows:
    named = rows.order_by().annotate(step=Value(key, CharField()), code=currency)
    return (
        named.values("step", "code")
        .annotate(n=count, amount_in_all=Sum(amount, output_field=_AMOUNT))
        .values_list("step", "code", "n", "amount_in_all")
    )
