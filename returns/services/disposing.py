"""What becomes of goods: moved once by their disposition, with its cost and its fee."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import F
from django.utils.translation import gettext as _

from returns.locks import lines_of
from returns.models import (
    Action,
    Disposal,
    Disposition,
    ExtraLine,
    Inspection,
    ReceiptLine,
    ReturnLine,
    ReturnOrder,
    Verdict,
)
from returns.services import waiting as wait
from returns.services._advance import lock_for, touched
from returns.services.effects import charged_fee, costs, moved_stock
from returns.services.flow import proceed
from returns.services.inputs import DisposeInput
from returns.services.keeping import leave_with_customer
from returns.services.waiting import Waiting
from returns.terms import line_terms
from rmaproject.access.actors import Actor
from rmaproject.shared import clock, money
from rmaproject.shared.db import command
from rmaproject.shared.errors import Conflict, NotFound, RuleViolation, below
from stock.models import Cause
from stock.services.moving import Moved

OVERRIDE = "returns.override_inspection"


@command
def dispose_return(return_id: int, wanted: list[DisposeInput], *, actor: Actor) -> ReturnOrder:
    """Decide about goods; without an inspection before, deciding judges them too.

    Sending back rejects them, all else accepts. What the customer keeps has not come: it is waived,
    which needs that right. Each disposal keeps what it cost, and its fee becomes an extra line.
    Raises RuleViolation `exceeds_received` with the figure, `inspection_required`,
    `disposition_missing`, `reason_required`, `goods_are_here`, `invalid_currency`; Conflict
    `nothing_undecided`, `stock_moved_on`, `illegal_transition`, `on_hold`; NotPermitted.
    """
    order = lock_for(return_id, "dispose")
    if not wanted:
        raise RuleViolation(_("Say what is decided."), code="nothing_named", pointer="/lines")
    dispose_received(order, wanted, actor=actor)
    proceed(order, actor=actor)
    return order


def dispose_received(
    order: ReturnOrder, wanted: list[DisposeInput], *, actor: Actor
) -> ReturnOrder:
    """Decide about goods of a locked return."""
    known = {line.pk: line for line in lines_of(order)}
    for number, entry in enumerate(wanted):
        line = known.get(entry.line.pk)
        with below(f"/lines/{number}"):
            if line is None or line.void:
                message = _("The line does not belong to this return.")
                raise NotFound(message, code="not_found", pointer="/line")
            if entry.disposition and entry.disposition.action == Action.CUSTOMER_KEEPS:
                leave_with_customer(order, line, entry.disposition, entry.quantity, actor=actor)
            else:
                _dispose_line(order, line, entry, actor)
    return touched(order, "dispose", actor=actor, decisions=len(wanted))


def dispose_rows(
    order: ReturnOrder, decided: list[tuple[ReceiptLine, DisposeInput]], *, actor: Actor
) -> ReturnOrder:
    """Decide about whole receipt lines of a locked return that nobody has decided about."""
    for row, entry in decided:
        if entry.disposition and entry.disposition.action == Action.CUSTOMER_KEEPS:
            raise _here(row.line)
        dispose_taken(order, row.line, wait.undisposed([row]), entry, actor=actor)
    return touched(order, "dispose", actor=actor, decisions=len(decided))


def accept(
    order: ReturnOrder, row: ReceiptLine, quantity: Decimal, *, actor: Actor, at: datetime
) -> Inspection:
    """Accept a received quantity without deciding where it goes."""
    return wait.judge(order, row, quantity, Verdict.ACCEPTED, actor=actor, at=at)


def accept_undecided(order: ReturnOrder, rows: Sequence[ReceiptLine], *, actor: Actor) -> None:
    """Accept what nobody has decided about of receipt lines of a locked return."""
    for waiting in wait.unjudged(rows):
        wait.judge(order, waiting.row, waiting.quantity, Verdict.ACCEPTED, actor=actor)


def accept_received(
    order: ReturnOrder, rows: Sequence[ReceiptLine], *, actor: Actor, at: datetime
) -> None:
    """Accept all that just arrived on lines about which nothing was decided before."""
    Inspection.objects.bulk_create(
        Inspection(
            return_order=order,
            receipt_line=row,
            line_id=row.line_id,
            verdict=Verdict.ACCEPTED,
            quantity=row.quantity,
            actor_id=actor.user_id,
            at=at,
        )
        for row in rows
    )
    for row in rows:
        row.line.accepted = row.line.received
    lines = ReturnLine.objects.filter(pk__in=[row.line_id for row in rows])
    lines.update(accepted=F("received"))


def _dispose_line(order: ReturnOrder, line: ReturnLine, entry: DisposeInput, actor: Actor) -> None:
    pool = wait.undisposed(wait.live_rows(line))
    if not pool:
        message = _("Everything that was received is decided.")
        raise Conflict(message, code="nothing_undecided", line=str(line.uuid))
    there, fitting = wait.total(pool), _fitting(pool, entry)
    wanted = wait.total(fitting) if entry.quantity is None else entry.quantity
    if not 0 < wanted <= there:
        message = _("Only %(there)s of this line wait for a decision.") % {
            "there": money.plain(there)
        }
        facts = {"undecided": money.plain(there)}
        raise RuleViolation(message, code="exceeds_received", pointer="/quantity", **facts)
    others = [waiting for waiting in pool if waiting not in fitting]
    taken = wait.take([*fitting, *others], wanted)
    dispose_taken(order, line, taken, entry, actor=actor)


def _fitting(pool: list[Waiting], entry: DisposeInput) -> list[Waiting]:
    """What waits for this disposition: decided so, else not decided yet; all where nothing does."""
    if entry.disposition is None:
        return [waiting for waiting in pool if waiting.decided_id is not None] or pool
    key = entry.disposition.pk
    decided = [waiting for waiting in pool if waiting.decided_id == key]
    free = [waiting for waiting in pool if waiting.decided_id is None]
    return [*decided, *free] or pool


def dispose_taken(
    order: ReturnOrder,
    line: ReturnLine,
    taken: list[Waiting],
    entry: DisposeInput,
    *,
    actor: Actor,
) -> list[Disposal]:
    """Move these quantities, each by its disposition; one fee for each disposition."""
    made = []
    charges: dict[int, ExtraLine | None] = {}
    for waiting in taken:
        disposition = _chosen(waiting, entry)
        inspection = waiting.inspection or _judged(order, line, waiting, disposition, actor)
        overrides = _overrides(waiting, disposition, entry, actor)
        if disposition.pk not in charges:
            alike = [other for other in taken if _chosen(other, entry) == disposition]
            charges[disposition.pk] = charged_fee(order, line, wait.total(alike), disposition)
        now = clock.now()
        moved = Moved(Cause.DISPOSAL, now, actor)
        disposal = Disposal.objects.create(
            return_order=order,
            receipt_line=waiting.row,
            line=line,
            inspection=inspection,
            disposition=disposition,
            action=disposition.action,
            quantity=waiting.quantity,
            movement=moved_stock(
                waiting.row, waiting.quantity, disposition.action, entry.location, moved
            ),
            proposed_id=waiting.decided_id if overrides else None,
            override_reason=entry.override_reason[:500] if overrides else "",
            fee_line=charges[disposition.pk],
            actor_id=actor.user_id,
            at=now,
            **costs(line, waiting.quantity, disposition),
        )
        made.append(disposal)
    disposed = F("disposed") + wait.total(taken)
    ReturnLine.objects.filter(pk=line.pk).update(disposed=disposed)
    return made


def _chosen(waiting: Waiting, entry: DisposeInput) -> Disposition:
    """The named disposition, else the inspection's. Raises RuleViolation."""
    decided = waiting.inspection.disposition if waiting.inspection else None
    chosen = entry.disposition or decided
    if chosen is None:
        message = _("Say what becomes of the goods; no inspection decided it.")
        raise RuleViolation(message, code="disposition_missing", pointer="/disposition")
    if chosen.action == Action.CUSTOMER_KEEPS:
        raise _here(waiting.row.line)
    return chosen


def _overrides(
    waiting: Waiting, disposition: Disposition, entry: DisposeInput, actor: Actor
) -> bool:
    """Whether another disposition than the inspection's was chosen, by right and with a reason."""
    if waiting.decided_id in (None, disposition.pk):
        return False
    actor.require(OVERRIDE)
    if not entry.override_reason.strip():
        message = _("The inspection decided otherwise; say why you go against it.")
        raise RuleViolation(message, code="reason_required", pointer="/override_reason")
    return True


def _judged(
    order: ReturnOrder,
    line: ReturnLine,
    waiting: Waiting,
    disposition: Disposition,
    actor: Actor,
) -> Inspection:
    """Judge goods by what becomes of them, where no inspection is asked for."""
    if line_terms(order, line).inspection_required:
        message = _("These goods are inspected before anybody decides what becomes of them.")
        raise RuleViolation(message, code="inspection_required", pointer="/line")
    back = disposition.action == Action.SEND_BACK
    verdict = Verdict.REJECTED if back else Verdict.ACCEPTED
    return wait.judge(order, waiting.row, waiting.quantity, verdict, actor=actor)


def _here(line: ReturnLine) -> RuleViolation:
    message = _("The goods are here; the customer can only keep what has not come.")
    return RuleViolation(
        message, code="goods_are_here", pointer="/disposition", received=money.plain(line.received)
    )
