"""Asking for returns and carrying them out step by step, for tests about previews."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from returns.counting import sendable, unanswered
from returns.models import Disposition, ReturnOrder
from returns.services import (
    ArrivalInput,
    DisposeInput,
    InspectInput,
    LineInput,
    ReceiveInput,
    ReplaceInput,
    SendBackInput,
    approve_return,
    credit_return,
    dispose_return,
    inspect_return,
    issue_return,
    receive_return,
    replace_return,
    request_return,
    send_back_return,
)
from returns.services.foreseen import Run, asked_approval
from rmaproject.access.actors import SYSTEM
from sales.models import SalesOrder

GOING_BACK = ("repair", "sent_back")


def asked(sale: SalesOrder, *quantities: Any, outcomes: tuple[str, ...] = ()) -> dict[str, Any]:
    """The request of so many of each line of goods, or of kits, that was sold by itself."""
    sold = sale.lines.filter(kind__in=["goods", "kit"], parent=None).order_by("number")
    wishes = outcomes or ("refund",) * len(quantities)
    lines = [
        LineInput(Decimal(quantity), order_line=line, outcome=outcome)
        for line, quantity, outcome in zip(sold, quantities, wishes, strict=False)
        if Decimal(quantity)
    ]
    return {"business": sale.business, "customer": sale.customer, "lines": lines, "actor": SYSTEM}


def disposition(code: str) -> Disposition:
    """A disposition by its code."""
    return Disposition.objects.get(code=code)


def carried_out(request: dict[str, Any], run: Run | None = None) -> ReturnOrder:
    """The same request, then every step by the service that people use; all is accepted."""
    made = issue_return(request_return(**request).pk, actor=SYSTEM)
    if approval := asked_approval(made):
        (run or Run()).approvals.append(approval)
        approve_return(made.pk, actor=SYSTEM)
    arrivals = [ArrivalInput(line, line.quantity) for line in made.lines.order_by("number")]
    receive_return(made.pk, ReceiveInput(lines=arrivals), actor=SYSTEM)
    _judge(made)
    if ReturnOrder.objects.get(pk=made.pk).credit_owed:
        credit_return(made.pk, actor=SYSTEM)
    _send_out(made)
    return ReturnOrder.objects.with_parties().get(pk=made.pk)


def _judge(made: ReturnOrder) -> None:
    """Accept at full worth, where that needs it by an inspection, and keep what stays here."""
    lines = list(made.lines.order_by("number"))
    undecided = [line for line in lines if line.received > line.accepted]
    if undecided:
        entries = [InspectInput(line, verdict="accepted") for line in undecided]
        inspect_return(made.pk, entries, actor=SYSTEM)
    staying = [line for line in lines if line.outcome not in GOING_BACK]
    kept = disposition("quarantine")
    if staying:
        dispose_return(made.pk, [DisposeInput(line, kept) for line in staying], actor=SYSTEM)


def _send_out(made: ReturnOrder) -> None:
    """Send back what goes back, and replace what is to be replaced."""
    lines = list(made.lines.order_by("number"))
    back = [
        SendBackInput(line, line.quantity, repaired=line.outcome == "repair")
        for line in lines
        if line.outcome in GOING_BACK
    ]
    assert all(sendable(line) == line.quantity for line in lines if line.outcome in GOING_BACK)
    if back:
        send_back_return(made.pk, back, actor=SYSTEM)
    other = [line for line in lines if line.outcome == "replacement"]
    assert all(unanswered(line) == line.quantity for line in other)
    if other:
        replace_return(made.pk, [ReplaceInput(line, line.quantity) for line in other], actor=SYSTEM)
