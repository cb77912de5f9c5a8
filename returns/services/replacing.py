"""Other goods for those that come back: a linked sales order, once for each unit.

The return's lock comes first, then those of replacement orders in key order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from returns.counting import unanswered, unanswered_in_advance
from returns.locks import lines_of
from returns.models import (
    ExtraLine,
    Outbound,
    OutboundKind,
    Outcome,
    ReturnLine,
    ReturnOrder,
)
from returns.services._advance import lock_for, require, touched
from returns.services._outbound import end, own_line, replacements, require_some
from returns.services.editing import new_extra_line
from returns.services.eligible import offers_of
from returns.services.finishing import finish_when_done
from returns.services.inputs import ReplaceInput
from returns.terms import return_terms
from rmaproject.access.actors import Actor
from rmaproject.shared import clock, money
from rmaproject.shared.db import command
from rmaproject.shared.errors import Conflict, RuleViolation, below
from sales.locks import lock_order
from sales.models import LineKind, SalesOrder
from sales.services.orders import cancel_order, create_order, issue_order


@command
def replace_return(
    return_id: int, wanted: Sequence[ReplaceInput], *, actor: Actor, in_advance: bool = False
) -> SalesOrder:
    """Replace units by a linked sales order, at no charge or at a price difference.

    Accepted and waived units without an answer; with `in_advance` those still on their way too,
    where the rules allow it. Their goods stay claimed. Raises RuleViolation `nothing_named`,
    `exceeds_accepted` with the figure, `not_in_advance`, `part_missing`, `currencies_differ`,
    `outcome_not_offered`, `invalid_quantity`, `not_salable`, `company_inactive`; Conflict
    `illegal_transition`, also for a price difference in the customer's favour on a complete return.
    """
    order = lock_for(return_id, "replace")
    if not wanted:
        raise RuleViolation(_("Say what is replaced."), code="nothing_named", pointer="/lines")
    if in_advance and not return_terms(order).advance_replacement:
        message = _("The rules for this return replace goods only after they were accepted.")
        raise RuleViolation(message, code="not_in_advance", pointer="/in_advance")
    entries = _checked(order, wanted, in_advance)
    made = _linked_order(order, entries, actor)
    _write_down(order, entries, made, actor)
    touched(order, "replace", actor=actor, sales_order=made.uuid, lines_replaced=len(entries))
    finish_when_done(order, actor=actor)
    return made


def cancel_replacements(order: ReturnOrder, *, actor: Actor) -> None:
    """Call off what was to replace goods of a locked return that ends without them.

    Raises Conflict `replacement_shipped` once some of it has left.
    """
    rows = list(replacements(order))
    keys = sorted({row.order_line.order_id for row in rows if row.order_line})
    locked = [lock_order(key) for key in keys]
    shipped = [str(sale.uuid) for sale in locked if sale.lines.filter(shipped__gt=0).exists()]
    if shipped:
        message = _("A replacement has left; charge it or wait for the goods.")
        raise Conflict(message, code="replacement_shipped", sales_orders=shipped)
    now = clock.now()
    for row in rows:
        end(row, row.left, actor=actor, at=now)  # type: ignore[attr-defined]
    for key in keys:
        cancel_order(key, actor=actor, reason=f"Return {order.reference} ended.")


def free_unshipped(return_uuid: UUID, order_id: int, actor: Actor) -> None:
    """Let units be answered anew whose replacement will never leave, because its order ends."""
    rows = ReturnOrder.objects.filter(uuid=return_uuid).select_for_update(of=("self",))
    order = rows.select_related("business", "customer").first()
    if order is None:
        return
    lock_order(order_id)
    now, freed = clock.now(), []
    for row in replacements(order).filter(order_line__order=order_id):
        shipped = row.order_line.shipped if row.order_line else money.ZERO
        never = min(row.left, row.quantity - shipped)  # type: ignore[attr-defined]
        if never > 0:
            end(row, never, actor=actor, at=now)
            if never == row.quantity:
                _take_back_difference(row)
            freed.append(str(row.line.uuid))
    if freed:
        touched(order, "free_replacement", actor=actor, lines_freed=freed)


def _take_back_difference(row: Outbound) -> None:
    """What a cheaper replacement would have saved is not owed when it never leaves."""
    if row.extra_line_id is not None:
        ExtraLine.objects.filter(pk=row.extra_line_id, credited=False).update(void=True)


def _checked(
    order: ReturnOrder, wanted: Sequence[ReplaceInput], in_advance: bool
) -> list[ReplaceInput]:
    """The entries with their lines as they stand; several of one line count together."""
    lines = {line.pk: line for line in lines_of(order)}
    offered = offers_of(order)
    entries = []
    for number, entry in enumerate(wanted):
        with below(f"/lines/{number}"):
            line = own_line(lines, entry.line)
            require_some(line, entry.quantity)
            _require_offered(line, offered.get(line.pk))
            _require_open(line, entry, in_advance)
            part = entry.part or line.part
            if part is None:
                message = _("Nobody knows which part this is; name the one that replaces it.")
                raise RuleViolation(message, code="part_missing", pointer="/part")
        line.replaced += entry.quantity
        entries.append(ReplaceInput(line, entry.quantity, part, entry.price_difference))
    return entries


def _require_offered(line: ReturnLine, offered: list[str] | None) -> None:
    """Who may go against the rules makes replacement the outcome of the line first."""
    if offered is None or Outcome.REPLACEMENT in (line.outcome, *offered):
        return
    message = _("The rules offer no replacement for these goods.")
    raise RuleViolation(message, code="outcome_not_offered", pointer="/line", offered=offered)


def _require_open(line: ReturnLine, entry: ReplaceInput, in_advance: bool) -> None:
    now, later = unanswered(line), unanswered_in_advance(line)
    free = later if in_advance else now
    if entry.quantity <= free:
        return
    figures = {"open": money.plain(free), "in_advance": money.plain(later)}
    message = _("Only %(free)s of this line wait for a replacement.") % {"free": money.plain(free)}
    if not in_advance and entry.quantity <= later:
        message += " Others were not accepted yet; replace them in advance."
    raise RuleViolation(message, code="exceeds_accepted", pointer="/quantity", **figures)


def _linked_order(order: ReturnOrder, entries: Sequence[ReplaceInput], actor: Actor) -> SalesOrder:
    """The sales order, confirmed: it ships and is invoiced like any other."""
    currencies = {_currency(order, entry.line) for entry in entries}
    if len(currencies) > 1:
        message = _("These lines were sold in different currencies; replace them one by one.")
        raise RuleViolation(message, code="currencies_differ", currencies=sorted(currencies))
    made = create_order(
        business=order.business,
        customer=order.customer,
        currency=currencies.pop(),
        return_order=order.uuid,
        lines=[_order_line(entry) for entry in entries],
        actor=actor,
    )
    return issue_order(made.pk, actor=actor)


def _order_line(entry: ReplaceInput) -> dict[str, Any]:
    values: dict[str, Any] = {
        "part": entry.part,
        "quantity": entry.quantity,
        "gross_unit_price": max(entry.price_difference, money.ZERO),
    }
    sold = entry.line.order_line
    if sold is not None:
        values |= {"vat_percent": sold.vat_percent, "vat_type": sold.vat_type}
    return values


def _write_down(
    order: ReturnOrder, entries: Sequence[ReplaceInput], made: SalesOrder, actor: Actor
) -> None:
    now = clock.now()
    for entry, sold in zip(entries, made.lines.order_by("number"), strict=True):
        owed = _owe_difference(order, entry, made.currency) if entry.price_difference < 0 else None
        Outbound.objects.create(
            return_order=order,
            line=entry.line,
            kind=OutboundKind.REPLACEMENT,
            quantity=entry.quantity,
            order_line=sold,
            extra_line=owed,
            actor_id=actor.user_id,
            at=now,
        )
        ReturnLine.objects.filter(pk=entry.line.pk).update(replaced=F("replaced") + entry.quantity)


def _owe_difference(order: ReturnOrder, entry: ReplaceInput, currency: str) -> ExtraLine:
    """A cheaper replacement: the rest of the price is an extra line, for the next credit."""
    require(order, "edit")
    sold = entry.line.order_line
    values: dict[str, Any] = {
        "kind": LineKind.PRICE_DIFFERENCE,
        "name": f"Replacement: {entry.part.sku if entry.part else ''}",
        "quantity": entry.quantity,
        "gross_unit_price": -entry.price_difference,
    }
    if sold is not None:
        values |= {"vat_percent": sold.vat_percent, "vat_type": sold.vat_type}
    line = new_extra_line(order, currency, values)
    line.save(force_insert=True)
    return line


def _currency(order: ReturnOrder, line: ReturnLine) -> str:
    return str(line.order_line.order.currency if line.order_line else order.business.currency)
