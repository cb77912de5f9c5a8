"""The rest of a return's life as if nothing went wrong, by the services that would carry it out.

Only ever run within a preview, which takes all of it back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.db.models import Q, Sum

from returns.counting import sendable, still_expected, unanswered
from returns.locks import lines_of
from returns.models import Outcome, ReceiptLine, ReturnLine, ReturnOrder
from returns.services.crediting import credit_return
from returns.services.disposing import accept
from returns.services.foreseen import Run, asked_approval
from returns.services.inputs import ArrivalInput, ReceiveInput, ReplaceInput, SendBackInput
from returns.services.receiving import receive_return
from returns.services.replacing import replace_return
from returns.services.sending_back import send_back_return
from returns.services.status import approve_return, issue_return
from returns.states import Status
from rmaproject.access.actors import SYSTEM, Actor
from rmaproject.shared import clock, money
from rmaproject.shared.errors import Conflict, RuleViolation
from sales.models import UnitSale
from stock.models import StockItem

#: Refusals that are the answer to a preview; others say that the question cannot be read.
ANSWERS: Final = (RuleViolation, Conflict)


def go_on(order: ReturnOrder, run: Run, actor: Actor) -> None:
    """Carry a return on to its end, as if all came and was good; ends where a rule says no."""
    steps: tuple[tuple[str, Callable[[ReturnOrder, Run, Actor], None]], ...] = (
        ("issue", _go_issue),
        ("approve", _go_approve),
        ("receive", _go_receive),
        ("accept", _go_accept),
        ("credit", _go_credit),
        ("send_back", _go_send_back),
        ("replace", _go_replace),
    )
    for name, step in steps:
        try:
            step(fresh(order), run, actor)
        except ANSWERS as refusal:
            run.stopped = {"step": name, "code": refusal.code, "message": refusal.message}
            return


def _go_issue(order: ReturnOrder, run: Run, actor: Actor) -> None:
    if order.status == Status.PENDING:
        issue_return(order.pk, actor=actor)


def _go_approve(order: ReturnOrder, run: Run, actor: Actor) -> None:
    if asked := asked_approval(order):
        run.approvals.append(asked)
        approve_return(order.pk, actor=SYSTEM)


def _go_receive(order: ReturnOrder, run: Run, actor: Actor) -> None:
    arrivals = [entry for line in lines_of(order) for entry in _arrivals(order, line)]
    if arrivals:
        receive_return(order.pk, ReceiveInput(lines=arrivals), actor=actor)


def _arrivals(order: ReturnOrder, line: ReturnLine) -> list[ArrivalInput]:
    """A line's goods as if all came; of several units that fit, those longest with the customer."""
    coming = still_expected(line)
    if coming <= 0:
        return []
    if line.stock_item_id is not None or line.part is None or not line.part.is_serialized:
        return [ArrivalInput(line, coming)]
    serials = _serials(order, line)[: int(coming)]
    missing = int(coming) - len(serials)
    return [ArrivalInput(line, serial=serial) for serial in (*serials, *[""] * missing)]


def _serials(order: ReturnOrder, line: ReturnLine) -> list[str]:
    if line.order_line_id is None:
        held = StockItem.objects.filter(part=line.part, holder=order.customer_id)
        return [str(serial) for serial in held.order_by("pk").values_list("serial", flat=True)]
    out = UnitSale.objects.filter(order_line=line.order_line_id, until=None).order_by("pk")
    return [str(serial) for serial in out.values_list("stock_item__serial", flat=True)]


#: Of a receipt line's inspections those that no later look replaced.
_STANDING = Q(inspections__replaced_by=None)


def _go_accept(order: ReturnOrder, run: Run, actor: Actor) -> None:
    """Accept all that is here and undecided, at its full worth."""
    here = ReceiptLine.objects.filter(
        receipt__return_order=order, receipt__reverses=None, receipt__reversed_by=None
    )
    for row in here.annotate(judged=Sum("inspections__quantity", filter=_STANDING)).order_by("pk"):
        waiting = row.quantity - (row.judged or money.ZERO)
        if waiting > 0:
            accept(order, row, waiting, actor=actor, at=clock.now())


def _go_credit(order: ReturnOrder, run: Run, actor: Actor) -> None:
    if order.status != Status.IN_PROGRESS:
        return
    try:
        credit_return(order.pk, actor=actor)
    except Conflict as refusal:
        if refusal.code != "nothing_to_credit":
            raise


def _go_send_back(order: ReturnOrder, run: Run, actor: Actor) -> None:
    """Send back what the customer asked to get back, repaired or as it is."""
    back = (Outcome.REPAIR, Outcome.SENT_BACK)
    entries = [
        SendBackInput(line, sendable(line), repaired=line.outcome == Outcome.REPAIR)
        for line in lines_of(order)
        if line.outcome in back and sendable(line) > 0
    ]
    if entries:
        send_back_return(order.pk, entries, actor=actor)


def _go_replace(order: ReturnOrder, run: Run, actor: Actor) -> None:
    """Replace, by the same parts at no charge, what the customer asked to have replaced."""
    entries = [
        ReplaceInput(line, unanswered(line))
        for line in lines_of(order)
        if line.outcome == Outcome.REPLACEMENT and unanswered(line) > 0
    ]
    if entries:
        replace_return(order.pk, entries, actor=actor)


def fresh(order: ReturnOrder) -> ReturnOrder:
    """The return as it stands now."""
    return ReturnOrder.objects.with_parties().get(pk=order.pk)
