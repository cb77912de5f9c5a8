"""Goods go back to the customer: rejected, unexpected or repaired; stock moves once.

The return's lock comes first, then those of order lines and units, each in key order.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db.models import F
from django.utils.translation import gettext as _

from returns.counting import accepted_here, sendable, undecided
from returns.locks import lines_of
from returns.models import (
    Action,
    Disposal,
    Outbound,
    OutboundKind,
    Outcome,
    ReceiptLine,
    ReturnLine,
    ReturnOrder,
)
from returns.selectors import disposition_for
from returns.services import waiting as wait
from returns.services._advance import lock_for, touched
from returns.services._outbound import own_line, require_some
from returns.services._piles import Pile, piles_of
from returns.services.disposing import dispose_taken
from returns.services.finishing import finish_when_done
from returns.services.inputs import Consignment, DisposeInput, SendBackInput
from rmaproject.access.actors import Actor
from rmaproject.shared import clock, money
from rmaproject.shared.db import command
from rmaproject.shared.errors import Conflict, NotFound, RuleViolation, below
from sales.locks import lock_order_lines
from sales.models import UnitSale
from stock.models import Cause, Movement, State, StockItem
from stock.services.moving import Moved, Place, lock_units, move_bulk, move_unit

#: The states from which goods leave.
STATES = (State.TO_SEND_BACK, State.IN_REPAIR)


@command
def send_back_return(
    return_id: int,
    wanted: Sequence[SendBackInput],
    consignment: Consignment | None = None,
    *,
    actor: Actor,
) -> ReturnOrder:
    """Let goods go back to the customer, who may return them again.

    Undecided goods are decided by it: rejected, or accepted where they were repaired; those that
    still lie where they were received are set aside by a disposal first. Raises RuleViolation
    `nothing_named`, `exceeds_sendable` with the figure, `not_for_repair`, `serial_missing`,
    `inspection_required`, `no_disposition`, `invalid_quantity`, `invalid_date`; Conflict
    `stock_moved_on`, `illegal_transition`; NotFound for a line of another return or a serial
    that is not here.
    """
    order = lock_for(return_id, "send_back")
    if not wanted:
        raise RuleViolation(_("Say what goes back."), code="nothing_named", pointer="/lines")
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
    finish_when_done(order, actor=actor)
    return order


def _dated(order: ReturnOrder, told: Consignment) -> Consignment:
    today = clock.today(order.business)
    shipped_on: date = told.shipped_on or today
    if shipped_on > today:
        message = _("The day of shipping lies in the future.")
        raise RuleViolation(message, code="invalid_date", pointer="/shipped_on")
    return Consignment(told.carrier, told.tracking_number, shipped_on)


class _Sending:
    """One consignment of a locked return, entry by entry."""

    def __init__(self, order: ReturnOrder, told: Consignment, actor: Actor) -> None:
        self.order, self.told, self.actor = order, told, actor
        self._at_this_moment()

    def send(self, line: ReturnLine, entry: SendBackInput) -> None:
        """Set aside what still lies where it was received, then let all of it leave."""
        _require_sendable(line, entry)
        for pile, quantity in _chosen(line, entry):
            aside = self._set_aside(line, pile, quantity, repaired=entry.repaired)
            self._at_this_moment()
            for disposal, part in aside:
                self._leave(line, pile.row, disposal, part, repaired=entry.repaired)

    def _at_this_moment(self) -> None:
        """Goods leave after they were set aside, and their movements say so."""
        self.now = clock.now()
        self.moved = Moved(Cause.SEND_BACK, self.now, self.actor)

    def _set_aside(
        self, line: ReturnLine, pile: Pile, quantity: Decimal, *, repaired: bool
    ) -> list[tuple[Disposal, Decimal]]:
        """Each quantity with its disposal, which also judges what nobody has judged."""
        if pile.disposal is not None:
            return [(pile.disposal, quantity)]
        action = Action.REPAIR if repaired else Action.SEND_BACK
        entry = DisposeInput(line, disposition_for(action))
        taken = wait.take([pile.waiting], quantity)
        made = dispose_taken(self.order, line, taken, entry, actor=self.actor)
        return [(disposal, disposal.quantity) for disposal in made]

    def _leave(
        self,
        line: ReturnLine,
        row: ReceiptLine,
        disposal: Disposal,
        quantity: Decimal,
        *,
        repaired: bool,
    ) -> None:
        Outbound.objects.create(
            return_order=self.order,
            line=line,
            kind=OutboundKind.SEND_BACK,
            quantity=quantity,
            receipt_line=row,
            disposal=disposal,
            stock_item=row.stock_item,
            movement=self._move(line, row, disposal, quantity),
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

    def _move(
        self, line: ReturnLine, row: ReceiptLine, disposal: Disposal, quantity: Decimal
    ) -> Movement | None:
        aside = disposal.movement
        if aside is None:
            return None
        if row.stock_item is not None:
            return self._hand_over(line, lock_units([row.stock_item.pk])[row.stock_item.pk], aside)
        source = Place(aside.to_location_id or 0, aside.to_state)
        try:
            return move_bulk(
                aside.part,
                quantity,
                source=source,
                target=None,
                moved=self.moved,
                batch_id=aside.batch_id,
            )
        except RuleViolation as refusal:
            if refusal.code != "not_enough_stock":
                raise
            message = _("Goods of this line were moved on since they were received.")
            raise Conflict(message, code="stock_moved_on", **refusal.facts) from refusal

    def _hand_over(self, line: ReturnLine, unit: StockItem, aside: Movement) -> Movement:
        """The customer holds the unit again, by the sale that it came from.

        It may have been carried to a bench meanwhile, but not been used for anything else.
        """
        used = unit.movements.filter(pk__gt=aside.pk).exclude(cause=Cause.MOVE)
        if unit.state not in STATES or unit.allocated or used.exists():
            message = _("%(serial)s was moved on since it was received.") % {"serial": unit.serial}
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
        message = _("Repair is not the outcome of this line.")
        raise RuleViolation(message, code="not_for_repair", pointer="/repaired")
    free = sendable(line)
    if entry.repaired:
        free = min(free, accepted_here(line) + undecided(line))
    if entry.quantity > free:
        message = _("Only %(free)s of this line can go back to the customer.") % {
            "free": money.plain(free)
        }
        facts = {"sendable": money.plain(free)}
        raise RuleViolation(message, code="exceeds_sendable", pointer="/quantity", **facts)


def _chosen(line: ReturnLine, entry: SendBackInput) -> list[tuple[Pile, Decimal]]:
    """The piles to take from with quantities; a unit is chosen by its serial."""
    piles = piles_of(line, repaired=entry.repaired)
    if _is_serialized(line):
        piles = _units(piles, entry)
    chosen, rest = [], entry.quantity
    for pile in piles:
        part = min(pile.left, rest)
        if part > 0:
            chosen.append((pile, part))
            rest -= part
    if rest:
        here = money.plain(entry.quantity - rest)
        message = _("Only %(here)s of this line are held, in repair or set aside to go back.") % {
            "here": here
        }
        raise Conflict(message, code="stock_moved_on", here=here)
    return chosen


def _units(piles: list[Pile], entry: SendBackInput) -> list[Pile]:
    """The units that this entry may mean: by serial, else all that may go."""
    named = [pile for pile in piles if pile.serial.lower() == entry.serial.lower()]
    if entry.serial and not named:
        message = _("%(serial)s is not here, or may not go back to the customer.") % {
            "serial": entry.serial
        }
        raise NotFound(message, code="not_found", pointer="/serial")
    if not entry.serial and entry.quantity < len(piles):
        message = _("Several units of this line are here; say which one goes back.")
        raise RuleViolation(message, code="serial_missing", pointer="/serial")
    return named if entry.serial else piles
