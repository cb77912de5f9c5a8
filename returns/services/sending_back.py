"""Goods go back to the customer: rejected, unexpected or repaired; stock moves once.

The return's lock comes first, then those of order lines and units, each in key order.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db.models import F

from returns.counting import accepted_here, rejected_here, sendable, undecided
from returns.locks import lines_of
from returns.models import (
    PAID_OUTCOMES,
    Inspection,
    Outbound,
    OutboundKind,
    Outcome,
    ReceiptLine,
    ReturnLine,
    ReturnOrder,
    Verdict,
)
from returns.services._advance import lock_for, touched
from returns.services._outbound import own_line, require_some
from returns.services._piles import Pile, live_rows, piles_of, unjudged
from returns.services.inputs import Consignment, SendBackInput
from rmaproject.access.actors import Actor
from rmaproject.shared import clock, money
from rmaproject.shared.db import command
from rmaproject.shared.errors import Conflict, NotFound, RuleViolation, below
from sales.locks import lock_order_lines
from sales.models import UnitSale
from stock.models import Cause, Movement, State, StockItem
from stock.services.moving import Moved, lock_units, move_bulk, move_unit

#: The states from which goods go back, in the order in which they are taken.
LEAVING = (State.TO_SEND_BACK, State.HELD, State.IN_REPAIR)
LEAVING_REPAIRED = (State.IN_REPAIR, State.HELD, State.TO_SEND_BACK)


@command
def send_back_return(
    return_id: int,
    wanted: Sequence[SendBackInput],
    consignment: Consignment | None = None,
    *,
    actor: Actor,
) -> ReturnOrder:
    """Let goods go back to the customer, who may return them again.

    Undecided goods are decided by it: rejected, or accepted where they were repaired. Raises
    RuleViolation `nothing_named`, `exceeds_sendable` with the figure, `not_for_repair`,
    `serial_missing`, `invalid_quantity`, `invalid_date`; Conflict `stock_moved_on`,
    `illegal_transition`; NotFound for a line of another return or a serial that is not here.
    """
    order = lock_for(return_id, "send_back")
    if not wanted:
        raise RuleViolation("Say what goes back.", code="nothing_named", pointer="/lines")
    told = _dated(order, consignment or Consignment())
    lines = {line.pk: line for line in lines_of(order)}
    lock_order_lines(line.order_line_id for line in lines.values() if line.order_line_id)
    sending = _Sending(order, told, actor)
    for number, entry in enumerate(wanted):
        with below(f"/lines/{number}"):
            line = own_line(lines, entry.line)
            require_some(line, entry.quantity)
            sending.send(line, entry)
    touched(order, "send_back", actor=actor, tracking=told.tracking_number, lines_sent=len(wanted))
    return order


def _dated(order: ReturnOrder, told: Consignment) -> Consignment:
    today = clock.today(order.business)
    shipped_on: date = told.shipped_on or today
    if shipped_on > today:
        message = "The day of shipping lies in the future."
        raise RuleViolation(message, code="invalid_date", pointer="/shipped_on")
    return Consignment(told.carrier, told.tracking_number, shipped_on)


class _Sending:
    """One consignment of a locked return, entry by entry."""

    def __init__(self, order: ReturnOrder, told: Consignment, actor: Actor) -> None:
        self.order, self.told, self.actor = order, told, actor
        self.now = clock.now()
        self.moved = Moved(Cause.SEND_BACK, self.now, actor)

    def send(self, line: ReturnLine, entry: SendBackInput) -> None:
        """Decide what is undecided, then move pile by pile."""
        _require_sendable(line, entry)
        chosen = _chosen(line, entry)
        if _is_serialized(line):
            self._judge(line, [pile.row for pile, _ in chosen], entry.quantity, entry.repaired)
        else:
            decided = accepted_here(line) if entry.repaired else rejected_here(line)
            self._judge(line, live_rows(line), entry.quantity - decided, entry.repaired)
        for pile, quantity in chosen:
            self._leave(line, pile, quantity, repaired=entry.repaired)

    def _judge(
        self, line: ReturnLine, rows: list[ReceiptLine], quantity: Decimal, repaired: bool
    ) -> None:
        """Write the verdict on so many units that nobody has decided about before."""
        verdict = Verdict.ACCEPTED if repaired else Verdict.REJECTED
        for row, waiting in unjudged(rows):
            part = min(waiting, quantity)
            if part <= 0:
                break
            Inspection.objects.create(
                return_order=self.order,
                receipt_line=row,
                line=line,
                verdict=verdict,
                quantity=part,
                actor_id=self.actor.user_id,
                at=self.now,
            )
            _raise(line, verdict, part)
            quantity -= part

    def _leave(self, line: ReturnLine, pile: Pile, quantity: Decimal, *, repaired: bool) -> None:
        Outbound.objects.create(
            return_order=self.order,
            line=line,
            kind=OutboundKind.SEND_BACK,
            quantity=quantity,
            receipt_line=pile.row,
            disposal=pile.disposal,
            stock_item=pile.row.stock_item,
            movement=self._move(line, pile, quantity),
            repair=repaired,
            carrier=self.told.carrier,
            tracking_number=self.told.tracking_number,
            shipped_on=self.told.shipped_on,
            actor_id=self.actor.user_id,
            at=self.now,
        )
        _raise(line, "sent_back", quantity)
        if repaired:
            _raise(line, "repaired", quantity)

    def _move(self, line: ReturnLine, pile: Pile, quantity: Decimal) -> Movement | None:
        if pile.place is None or pile.row.movement is None:
            return None
        if pile.row.stock_item is not None:
            key = pile.row.stock_item.pk
            return self._hand_over(line, lock_units([key])[key], pile)
        part, batch = pile.row.movement.part, pile.row.movement.batch_id
        try:
            return move_bulk(
                part, quantity, source=pile.place, target=None, moved=self.moved, batch_id=batch
            )
        except RuleViolation as refusal:
            if refusal.code != "not_enough_stock":
                raise
            message = "Goods of this line were moved on since they were received."
            raise Conflict(message, code="stock_moved_on", **refusal.facts) from refusal

    def _hand_over(self, line: ReturnLine, unit: StockItem, pile: Pile) -> Movement:
        """The customer holds the unit again, by the sale that it came from.

        It may have been carried to a bench meanwhile, but not been used for anything else.
        """
        last = pile.last_movement
        used = unit.movements.filter(pk__gt=last.pk if last else 0).exclude(cause=Cause.MOVE)
        if unit.state not in LEAVING or unit.allocated or used.exists():
            message = f"{unit.serial} was moved on since it was received."
            raise Conflict(message, code="stock_moved_on", state=unit.state)
        UnitSale.objects.create(stock_item=unit, order_line=line.order_line, since=self.now)
        holder = self.order.customer_id
        return move_unit(unit, target=None, holder_id=holder, moved=self.moved)


def _raise(line: ReturnLine, counter: str, quantity: Decimal) -> None:
    setattr(line, counter, getattr(line, counter) + quantity)
    ReturnLine.objects.filter(pk=line.pk).update(**{counter: F(counter) + quantity})


def _is_serialized(line: ReturnLine) -> bool:
    return line.part is not None and line.part.is_serialized


def _require_sendable(line: ReturnLine, entry: SendBackInput) -> None:
    if entry.repaired and line.outcome != Outcome.REPAIR:
        message = "Repair is not the outcome of this line."
        raise RuleViolation(message, code="not_for_repair", pointer="/repaired")
    free = sendable(line)
    if entry.repaired:
        free = min(free, accepted_here(line) + undecided(line))
    if entry.quantity > free:
        message = f"Only {money.plain(free)} of this line can go back to the customer."
        facts = {"sendable": money.plain(free)}
        raise RuleViolation(message, code="exceeds_sendable", pointer="/quantity", **facts)


def _chosen(line: ReturnLine, entry: SendBackInput) -> list[tuple[Pile, Decimal]]:
    """The piles to take from with quantities; a unit is chosen by its serial."""
    states = LEAVING_REPAIRED if entry.repaired else LEAVING
    piles = piles_of(line)
    if _is_serialized(line):
        piles = _units(line, piles, entry)
    there = [pile for pile in piles if pile.state in states]
    there.sort(key=lambda pile: (states.index(State(pile.state)), pile.row.pk))
    chosen, rest = [], entry.quantity
    for pile in there:
        part = min(pile.left, rest)
        if part > 0:
            chosen.append((pile, part))
            rest -= part
    if rest:
        here = money.plain(entry.quantity - rest)
        message = f"Only {here} of this line are held, in repair or set aside to go back."
        raise Conflict(message, code="stock_moved_on", here=here)
    return chosen


def _units(line: ReturnLine, piles: list[Pile], entry: SendBackInput) -> list[Pile]:
    """The units that this entry may mean: by serial, else all that may go."""
    kept = Verdict.REJECTED if entry.repaired else Verdict.ACCEPTED
    paid = entry.repaired or line.outcome in PAID_OUTCOMES
    fit = [pile for pile in piles if not (paid and pile.verdict == kept)]
    named = [pile for pile in fit if pile.serial.lower() == entry.serial.lower()]
    if entry.serial and not named:
        message = f"{entry.serial} is not here, or may not go back to the customer."
        raise NotFound(message, code="not_found", pointer="/serial")
    if not entry.serial and entry.quantity < len(fit):
        message = "Several units of this line are here; say which one goes back."
        raise RuleViolation(message, code="serial_missing", pointer="/serial")
    return named if entry.serial else fit
