"""What becomes of received goods: accepted by inspection, moved once by their disposition."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import F, Sum

from returns.locks import lines_of
from returns.models import (
    Action,
    Disposal,
    Inspection,
    ReceiptLine,
    ReturnLine,
    ReturnOrder,
    Verdict,
)
from returns.services._advance import lock_for, touched
from returns.services.flow import proceed
from returns.services.inputs import DisposeInput
from rmaproject.access.actors import Actor
from rmaproject.shared import clock, money
from rmaproject.shared.db import command
from rmaproject.shared.errors import Conflict, NotFound, RuleViolation
from stock.models import Cause, Location, Movement, State
from stock.services.moving import Moved, Place, lock_units, move_bulk, move_unit

#: The state that goods are in after an action; scrap takes them out of stock.
STATE_AFTER = {Action.RESTOCK: State.AVAILABLE, Action.QUARANTINE: State.QUARANTINED}


@command
def dispose_return(return_id: int, wanted: list[DisposeInput], *, actor: Actor) -> ReturnOrder:
    """Decide about received goods; without an inspection before, deciding accepts them.

    Raises RuleViolation `exceeds_received` with the figure; Conflict `nothing_undecided`,
    `illegal_transition`, `on_hold`.
    """
    order = lock_for(return_id, "dispose")
    if not wanted:
        raise RuleViolation("Say what is decided.", code="nothing_named", pointer="/lines")
    dispose_received(order, wanted, actor=actor)
    proceed(order, actor=actor)
    return order


def dispose_received(
    order: ReturnOrder, wanted: list[DisposeInput], *, actor: Actor
) -> ReturnOrder:
    """Decide about goods of a locked return."""
    now = clock.now()
    known = {line.pk for line in lines_of(order)}
    for number, entry in enumerate(wanted):
        if entry.line.pk not in known:
            message = "The line does not belong to this return."
            raise NotFound(message, code="not_found", pointer=f"/lines/{number}/line")
        _dispose_line(order, entry, actor, now)
    return touched(order, "dispose", actor=actor, decisions=len(wanted))


def dispose_rows(
    order: ReturnOrder, decided: list[tuple[ReceiptLine, DisposeInput]], *, actor: Actor
) -> ReturnOrder:
    """Decide about whole receipt lines of a locked return that nobody has decided about."""
    now = clock.now()
    for row, entry in decided:
        _dispose_row(order, row, row.quantity, entry, actor, now)
    return touched(order, "dispose", actor=actor, decisions=len(decided))


def accept(
    order: ReturnOrder, row: ReceiptLine, quantity: Decimal, *, actor: Actor, at: datetime
) -> None:
    """Accept a received quantity without deciding where it goes."""
    _verdict(order, row, quantity, actor, at).save(force_insert=True)
    ReturnLine.objects.filter(pk=row.line_id).update(accepted=F("accepted") + quantity)


def accept_undecided(order: ReturnOrder, rows: Sequence[ReceiptLine], *, actor: Actor) -> None:
    """Accept what nobody has decided about of receipt lines of a locked return."""
    now = clock.now()
    for row in rows:
        judged = row.inspections.aggregate(total=Sum("quantity"))["total"] or money.ZERO
        if row.quantity > judged:
            accept(order, row, row.quantity - judged, actor=actor, at=now)


def accept_received(
    order: ReturnOrder, rows: Sequence[ReceiptLine], *, actor: Actor, at: datetime
) -> None:
    """Accept all that just arrived on lines about which nothing was decided before."""
    verdicts = [_verdict(order, row, row.quantity, actor, at) for row in rows]
    Inspection.objects.bulk_create(verdicts)
    lines = ReturnLine.objects.filter(pk__in=[row.line_id for row in rows])
    lines.update(accepted=F("received"))


def _verdict(
    order: ReturnOrder, row: ReceiptLine, quantity: Decimal, actor: Actor, at: datetime
) -> Inspection:
    return Inspection(
        return_order=order,
        receipt_line=row,
        line_id=row.line_id,
        verdict=Verdict.ACCEPTED,
        quantity=quantity,
        actor_id=actor.user_id,
        at=at,
    )


def _dispose_line(order: ReturnOrder, entry: DisposeInput, actor: Actor, now: datetime) -> None:
    waiting = _undisposed(entry.line)
    total = sum((quantity for _, quantity in waiting), money.ZERO)
    wanted = total if entry.quantity is None else entry.quantity
    if not total:
        message = "Everything that was received is decided."
        raise Conflict(message, code="nothing_undecided", line=str(entry.line.uuid))
    if not 0 < wanted <= total:
        message = f"Only {money.plain(total)} of this line wait for a decision."
        raise RuleViolation(message, code="exceeds_received", undecided=money.plain(total))
    for row, quantity in waiting:
        part = min(quantity, wanted)
        if part <= 0:
            break
        _dispose_row(order, row, part, entry, actor, now)
        wanted -= part


def _undisposed(line: ReturnLine) -> list[tuple[ReceiptLine, Decimal]]:
    """Receipt lines with what is left of them to dispose of, oldest first."""
    rows = ReceiptLine.objects.filter(
        line=line, receipt__reverses=None, receipt__reversed_by=None
    ).select_related("location", "movement", "line__part")
    done = dict(
        Disposal.objects.filter(line=line)
        .values_list("receipt_line")
        .annotate(quantity=Sum("quantity"))
        .order_by()
    )
    left = [(row, row.quantity - done.get(row.pk, money.ZERO)) for row in rows.order_by("pk")]
    return [(row, quantity) for row, quantity in left if quantity > 0]


def _dispose_row(
    order: ReturnOrder,
    row: ReceiptLine,
    quantity: Decimal,
    entry: DisposeInput,
    actor: Actor,
    now: datetime,
) -> None:
    judged = row.inspections.aggregate(total=Sum("quantity"))["total"] or money.ZERO
    disposed = row.disposals.aggregate(total=Sum("quantity"))["total"] or money.ZERO
    unjudged = max(disposed + quantity - judged, money.ZERO)
    if unjudged:
        accept(order, row, unjudged, actor=actor, at=now)
    Disposal.objects.create(
        return_order=order,
        receipt_line=row,
        line_id=row.line_id,
        disposition=entry.disposition,
        quantity=quantity,
        movement=_move(row, quantity, entry, Moved(Cause.DISPOSAL, now, actor)),
        actor_id=actor.user_id,
        at=now,
    )


def _move(
    row: ReceiptLine, quantity: Decimal, entry: DisposeInput, moved: Moved
) -> Movement | None:
    """Move what the receipt put on hold; what it moved no stock of stays without a movement."""
    if row.movement is None or row.location is None:
        return None
    state = STATE_AFTER.get(Action(entry.disposition.action))
    target = _target(entry.location or row.location, state)
    if row.stock_item_id is not None:
        unit = lock_units([row.stock_item_id])[row.stock_item_id]
        _require_held_there(unit.location_id, unit.state, row)
        return move_unit(unit, target=target, moved=moved)
    source = Place(row.location.pk, State.HELD)
    part = row.movement.part
    return move_bulk(part, quantity, source=source, target=target, moved=moved)


def _target(location: Location, state: State | None) -> Place | None:
    return Place(location.pk, state) if state else None


def _require_held_there(location_id: int | None, state: str, row: ReceiptLine) -> None:
    if location_id != row.location_id or state != State.HELD:
        message = "The unit was moved on since it was received."
        raise Conflict(message, code="stock_moved_on", receipt_line=str(row.uuid))
