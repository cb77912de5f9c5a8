"""What is expected, owed and settled, computed from quantities and credit notes (DOMAIN 2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet, Sum

from returns.models import PAID_OUTCOMES, Disposal, ExtraLine, LineCredit, ReturnLine, ReturnOrder
from returns.states import Goods, Money
from rmaproject.shared import money
from sales.models import CreditNote, InvoiceLine


@dataclass(frozen=True)
class Used:
    """Credited and settled amounts of a return in one currency."""

    credited: Decimal
    settled: Decimal


def computed_axes(order: ReturnOrder, lines: Sequence[ReturnLine]) -> dict[str, Any]:
    """The columns `goods`, `money`, `credit_owed`, `credited_gross` as the rows behind them say."""
    owed, used = credit_is_owed(order, lines), credited_by_currency(order)
    return {
        "goods": goods_axis(lines),
        "money": money_axis(used, owed=owed),
        "credit_owed": owed,
        "credited_gross": max((entry.credited for entry in used), default=money.ZERO),
    }


def goods_axis(lines: Iterable[ReturnLine]) -> Goods:
    """What has arrived of what is expected; void and unexpected lines do not count."""
    counted = [line for line in lines if not line.void and not line.unexpected]
    expected = sum((line.quantity - line.released for line in counted), money.ZERO)
    received = sum((line.received for line in counted), money.ZERO)
    if not expected:
        return Goods.NONE
    if received >= expected:
        return Goods.RECEIVED
    return Goods.PARTIALLY_RECEIVED if received else Goods.EXPECTED


def money_axis(used: Iterable[Used], *, owed: bool) -> Money:
    """What was settled of what is owed; of several currencies the worst is shown."""
    states = [_money_of(entry, owed=owed) for entry in used]
    if not states:
        return Money.DUE if owed else Money.NONE
    for worst in (Money.DUE, Money.PARTIALLY_REFUNDED, Money.REFUNDED):
        if worst in states:
            return worst
    return Money.NONE


def _money_of(used: Used, *, owed: bool) -> Money:
    if not used.credited and not owed:
        return Money.NONE
    if owed or used.settled < used.credited:
        return Money.PARTIALLY_REFUNDED if used.settled else Money.DUE
    return Money.REFUNDED


def credited_by_currency(order: ReturnOrder) -> list[Used]:
    """Sums over the live credit notes of a return, one entry a currency."""
    notes = CreditNote.objects.filter(pk__in=notes_of(order), reverses=None, reversed_by=None)
    rows = notes.values("currency").annotate(
        credited=Sum("gross"), settled=Sum(F("applied") + F("kept") + F("refunded"))
    )
    return [Used(row["credited"], row["settled"]) for row in rows]


def notes_of(order: ReturnOrder) -> Any:
    """Ids of the credit notes that pay for lines of this return."""
    ours = LineCredit.objects.filter(line__return_order=order)
    extra = LineCredit.objects.filter(extra_line__return_order=order)
    notes = "credit_line__credit_note"
    return ours.values_list(notes, flat=True).union(extra.values_list(notes, flat=True))


def unanswered(line: ReturnLine) -> Decimal:
    """Units decided in the customer's favour that were not credited, replaced or repaired.

    What was accepted and went back to the customer as it was needs no answer either.
    """
    if line.void:
        return money.ZERO
    decided = line.accepted + line.waived
    kept = line.received + line.waived - line.sent_back - line.credited - line.replaced
    return max(min(decided - line.credited - line.replaced - line.repaired, kept), money.ZERO)


def unanswered_in_advance(line: ReturnLine) -> Decimal:
    """Units without an answer, with those that have not come or are not decided yet."""
    if line.void:
        return money.ZERO
    answered = line.credited + line.replaced
    coming = line.quantity + line.waived - line.released - answered
    return max(coming - max(line.rejected + line.repaired, line.sent_back), money.ZERO)


def uncovered(line: ReturnLine) -> Decimal:
    """Units that were replaced in advance and for which no goods were accepted."""
    answered = line.credited + line.replaced + line.repaired
    return max(answered - line.accepted - line.waived, money.ZERO)


def chargeable(line: ReturnLine) -> Decimal:
    """Units replaced in advance whose goods have not come, or came and were rejected."""
    return max(uncovered(line) - undecided(line), money.ZERO)


def sendable(line: ReturnLine) -> Decimal:
    """Units that may go back to the customer: here, and neither credited nor replaced.

    Accepted ones only where the outcome is not a paid one: else their credit is owed.
    """
    waiting = rejected_here(line) + undecided(line) + accepted_here(line)
    return money.ZERO if line.void else min(waiting, _goods_left(line))


def rejected_here(line: ReturnLine) -> Decimal:
    """Rejected units that are still here; of what is sent back, rejected units go first."""
    return min(max(line.rejected - (line.sent_back - line.repaired), money.ZERO), _goods_left(line))


def accepted_here(line: ReturnLine) -> Decimal:
    """Accepted units that are here and that no credit is owed for."""
    if line.outcome in PAID_OUTCOMES:
        return money.ZERO
    return min(unanswered(line), line.accepted, _goods_left(line))


def _goods_left(line: ReturnLine) -> Decimal:
    """Units that are neither sent back nor taken for what was credited or replaced."""
    credited = line.received - line.sent_back - max(line.credited - line.waived, money.ZERO)
    answered = max(line.credited + line.replaced - line.waived, money.ZERO)
    replaced = line.quantity - line.released - line.sent_back - answered
    return max(min(credited, replaced), money.ZERO)


def uncredited(line: ReturnLine) -> Decimal:
    """Units that a credit note is owed for, invoiced or not; none where the outcome is another."""
    return unanswered(line) if line.outcome in PAID_OUTCOMES else money.ZERO


def undecided(line: ReturnLine) -> Decimal:
    """Units that are here and wait for a decision."""
    return line.received - line.accepted - line.rejected


def undisposed(line: ReturnLine) -> Decimal:
    """Units that are here, judged or not, and lie where they were received."""
    return line.received - line.disposed


def still_expected(line: ReturnLine) -> Decimal:
    """Units that were announced and have neither come nor been released."""
    if line.void or line.unexpected:
        return money.ZERO
    return line.quantity - line.received - line.released


def unmatched(line: ReturnLine) -> bool:
    """Whether the sale of a line is not known and may still be named."""
    return not (line.void or line.order_line_id or line.credited or line.replaced)


def is_of_nobody_known(order: ReturnOrder, lines: Iterable[ReturnLine]) -> bool:
    """Whether no sale and no customer is known yet: a match may say whose return it is."""
    if order.customer_id != order.business.anonymous_customer_id:
        return False
    return not any(line.order_line_id or line.credited or line.replaced for line in lines)


def creditable_units(lines: Iterable[ReturnLine]) -> dict[int, Decimal]:
    """Units of each line, by its key, that can be credited on an invoice now."""
    waiting = {line.pk: line for line in lines if uncredited(line) > 0 and line.order_line_id}
    sold = {line.order_line_id for line in waiting.values()}
    rows = InvoiceLine.objects.filter(order_line__in=sold).values("order_line")
    free = {row["order_line"]: row["free"] for row in rows.annotate(free=Sum(_FREE))}
    found: dict[int, Decimal] = {}
    for key, line in sorted(waiting.items()):
        left = free.get(line.order_line_id or 0, money.ZERO)
        found[key] = min(uncredited(line), left)
        free[line.order_line_id or 0] = left - found[key]
    return {key: units for key, units in found.items() if units > 0}


@dataclass(frozen=True)
class Cost:
    """What disposals cost in one currency: value that is lost, and handling."""

    currency: str
    write_off: Decimal = money.ZERO
    handling: Decimal = money.ZERO

    @property
    def total(self) -> Decimal:
        return self.write_off + self.handling


def costs_of(rows: Iterable[Disposal]) -> dict[str, Decimal]:
    """What these disposals write off and cost to handle, in all, by currency."""
    sums: dict[str, Decimal] = {}
    for row in rows:
        for currency, amount in (
            (row.cost_currency, row.write_off),
            (row.handling_currency, row.handling),
        ):
            if amount:
                sums[currency] = sums.get(currency, money.ZERO) + amount
    return sums


def disposal_costs(rows: QuerySet[Any, Any]) -> list[Cost]:
    """What these disposals cost, by currency."""
    sums: dict[str, dict[str, Any]] = {}
    for amount, currency in (("write_off", "cost_currency"), ("handling", "handling_currency")):
        found = rows.order_by().values_list(currency).annotate(total=Sum(amount))
        for code, total in found.exclude(**{currency: ""}):
            sums.setdefault(code, {})[amount] = total
    return [Cost(code, **sums[code]) for code in sorted(sums)]


_FREE = F("quantity") - F("credited_units")


def credit_is_owed(order: ReturnOrder, lines: Sequence[ReturnLine]) -> bool:
    """Whether decided units or extra lines wait for their credit note."""
    if creditable_units(lines):
        return True
    extra = ExtraLine.objects.filter(return_order=order, void=False, credited=False)
    sums = extra.values("currency").annotate(owed=Sum(F("quantity") * F("gross_unit_price")))
    return any(row["owed"] > 0 for row in sums)
