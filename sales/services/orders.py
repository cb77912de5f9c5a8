"""Sales orders: made, changed line by line, issued, held, completed, cancelled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from customers.models import Company
from rmaproject.access.actors import Actor
from rmaproject.audit import trail
from rmaproject.shared import clock, money
from rmaproject.shared.db import command
from rmaproject.shared.errors import Conflict, NotFound, RuleViolation
from rmaproject.shared.transitions import require_legal
from sales.kits import below, gross_of, revalue
from sales.locks import lock_order
from sales.models import (
    Allocation,
    Business,
    DiscountWeight,
    Document,
    InvoiceLine,
    LineKind,
    OrderLine,
    SalesOrder,
)
from sales.services.kits import mark_kit, require_own_line, save_lines, with_parts
from sales.services.numbering import draw, require_reference
from sales.services.shipping import release_allocations
from sales.states import ORDER_VERBS, OrderStatus

#: Fields that may be changed after an order was made; its reference while it is pending.
EDITABLE = {
    "reference",
    "customer_reference",
    "channel",
    "target_date",
    "responsible_user",
    "responsible_group",
    "note",
}
PRIVATE = {"note", "customer_reference"}
#: What changes on the parts of a kit when the kit's line is changed.
FOLLOWING = ("quantity", "value_share", "gross_unit_price", "vat_percent", "vat_type")

#: Told of an order made for a return that ends, before it is locked: what has not left of it will
#: not replace anything any more. Each takes the return's id, the order's key and the actor.
ENDINGS: list[Callable[[UUID, int, Actor], None]] = []


@command
def create_order(
    *,
    business: Business,
    customer: Company,
    actor: Actor,
    reference: str = "",
    currency: str = "",
    ordered_on: date | None = None,
    lines: list[dict[str, Any]] | None = None,
    **values: Any,
) -> SalesOrder:
    """Make a pending sales order, with lines if given; prices are gross in its currency.

    A line whose part is a kit brings lines of the kit's parts. Raises RuleViolation
    `not_a_customer`, `company_inactive`, `invalid_currency`, `not_salable`, `not_a_kit`,
    `kit_empty`; Conflict `reference_exists`.
    """
    require_choosable(customer)
    order = SalesOrder(
        business=business,
        customer=customer,
        currency=_known_currency(currency or business.currency),
        ordered_on=ordered_on or clock.today(business),
        created_by_id=actor.user_id,
        **values,
    )
    order.reference = (
        require_reference(reference)
        if reference
        else draw(business, Document.SALES_ORDER, order.ordered_on, SalesOrder).reference
    )
    trail.create(order, actor=actor, reference=order.reference, business=business.uuid)
    if lines:
        _insert_lines(order, lines)
        weigh_discounts(order)
    return order


def require_choosable(customer: Company) -> None:
    """Refuse a company that cannot be put on a new sales order."""
    if not customer.is_customer:
        message = _("%(reference)s is not a customer.") % {"reference": customer.reference}
        raise RuleViolation(message, code="not_a_customer", pointer="/customer")
    if not customer.active:
        message = _("%(reference)s is not active.") % {"reference": customer.reference}
        raise RuleViolation(message, code="company_inactive", pointer="/customer")


@command
def edit_order(order_id: int, values: dict[str, Any], *, actor: Actor) -> SalesOrder:
    """Change header fields of an open order.

    Raises Conflict `illegal_transition`, `reference_exists`, `reference_given` once the customer
    was told the number; RuleViolation `invalid_reference`.
    """
    trail.require_editable(values, EDITABLE)
    order = _lock_for(order_id, "edit")
    if values.get("reference", order.reference) != order.reference:
        require_reference(values["reference"])
        if order.status != OrderStatus.PENDING:
            message = _("The order was issued under its number, which stays.")
            raise Conflict(message, code="reference_given", reference=order.reference)
    facts = trail.changed_fields(order, values, private=PRIVATE)
    if facts:
        trail.change(order, "edit", actor=actor, fields=values, **facts)
    return order


@command
def add_lines(order_id: int, lines: list[dict[str, Any]], *, actor: Actor) -> SalesOrder:
    """Add lines to an open order; a kit brings its parts.

    Raises RuleViolation `not_salable`, `not_a_kit`, `kit_empty`; Conflict `line_exists`.
    """
    order = _lock_for(order_id, "edit")
    added = _insert_lines(order, lines)
    weigh_discounts(order)
    trail.change(order, "add_lines", actor=actor, lines=[line.uuid for line in added])
    return order


@command
def edit_line(order_id: int, line_id: int, values: dict[str, Any], *, actor: Actor) -> SalesOrder:
    """Change quantity, price or name of a line that was not invoiced; a kit's parts follow.

    Raises RuleViolation `exceeds_ordered`; Conflict `line_invoiced`, `line_replaces`,
    `part_of_a_kit`.
    """
    order = _lock_for(order_id, "edit")
    line, parts = _unbooked_lines(order, line_id)
    if values.get("quantity", line.quantity) != line.quantity:
        _require_free(order)
    facts = trail.changed_fields(line, values, private=set())
    for name, value in values.items():
        setattr(line, name, value)
    _check_line(line)
    if facts:
        line.save(update_fields=list(values))
        if parts:
            OrderLine.objects.bulk_update(revalue(line, parts, order.currency), FOLLOWING)
        weigh_discounts(order)
        trail.change(order, "edit_line", actor=actor, line=line.uuid, **facts)
    return order


@command
def remove_line(order_id: int, line_id: int, *, actor: Actor) -> SalesOrder:
    """Take out a line of which nothing was allocated, shipped or invoiced; a kit with its parts.

    Raises Conflict `line_in_use`, `line_invoiced`, `line_replaces`, `part_of_a_kit`.
    """
    order = _lock_for(order_id, "edit")
    _require_free(order)
    line, parts = _unbooked_lines(order, line_id)
    rows = [line, *parts]
    used = any(row.allocated or row.shipped for row in rows)
    if used or Allocation.objects.filter(order_line__in=rows).exists():
        message = _("Stock was allocated or shipped for this line.")
        raise Conflict(message, code="line_in_use", line=str(line.uuid))
    DiscountWeight.objects.filter(Q(goods__in=rows) | Q(discount=line)).delete()
    uuid = line.uuid
    for row in reversed(rows):
        row.delete()
    weigh_discounts(order)
    trail.change(order, "remove_line", actor=actor, line=uuid)
    return order


@command
def issue_order(order_id: int, *, actor: Actor) -> SalesOrder:
    """Confirm a pending order to the customer."""
    return _advance(_lock_for(order_id, "issue"), "issue", actor, issued_at=clock.now())


@command
def hold_order(order_id: int, *, actor: Actor, reason: str = "") -> SalesOrder:
    """Stop work on an order until it is resumed."""
    order = _lock_for(order_id, "hold")
    return _advance(order, "hold", actor, reason=reason, held_from=order.status)


@command
def resume_order(order_id: int, *, actor: Actor) -> SalesOrder:
    """Go on with a held order where it was."""
    order = _lock_for(order_id, "resume")
    return _advance(order, "resume", actor, status=order.held_from, held_from="")


@command
def complete_order(order_id: int, *, actor: Actor, accept_incomplete: bool = False) -> SalesOrder:
    """Close an order whose goods have all left, or as it is with `accept_incomplete`.

    Raises Conflict `not_shipped`, `pending_shipments`.
    """
    _tell_ending(order_id, actor)
    order = _lock_for(order_id, "complete")
    if order.lines.filter(allocated__gt=0).exists():
        message = _("Stock is allocated to a shipment that has not left.")
        raise Conflict(message, code="pending_shipments")
    if not accept_incomplete and not all_shipped(order):
        message = _("Not all goods have left; complete it as incomplete if that is meant.")
        raise Conflict(message, code="not_shipped")
    return _advance(order, "complete", actor, completed_at=clock.now())


@command
def cancel_order(order_id: int, *, actor: Actor, reason: str = "") -> SalesOrder:
    """Call an order off and free its allocations. Raises Conflict `shipped` after a shipment."""
    _tell_ending(order_id, actor)
    order = _lock_for(order_id, "cancel")
    if order.lines.filter(shipped__gt=0).exists():
        message = _("Goods of this order have left; take them back by a return.")
        raise Conflict(message, code="shipped")
    release_allocations(order)
    now = clock.now()
    return _advance(order, "cancel", actor, reason=reason, cancelled_at=now, held_from="")


def all_shipped(order: SalesOrder) -> bool:
    """Whether every unit of goods on the order has left."""
    goods = [line for line in order.lines.all() if line.kind == LineKind.GOODS]
    return bool(goods) and all(line.shipped == line.quantity for line in goods)


def weigh_discounts(order: SalesOrder) -> None:
    """Store how each discount line spreads over the goods, by their gross totals (DOMAIN 5)."""
    lines = list(order.lines.all())
    DiscountWeight.objects.filter(discount__in=lines).delete()
    DiscountWeight.objects.bulk_create(discount_weights(lines, order.currency))


def discount_weights(lines: list[OrderLine], currency: str) -> list[DiscountWeight]:
    """The weights of every discount line over every goods line of one sale."""
    goods = [line for line in lines if line.kind == LineKind.GOODS]
    return [
        DiscountWeight(
            discount=discount,
            goods=line,
            weight=gross_of(line, currency),
        )
        for discount in lines
        if discount.kind == LineKind.DISCOUNT
        for line in goods
    ]


def _lock_for(order_id: int, verb: str) -> SalesOrder:
    order = lock_order(order_id)
    require_legal(ORDER_VERBS, verb, order.status)
    return order


def _advance(
    order: SalesOrder, verb: str, actor: Actor, *, reason: str = "", **fields: Any
) -> SalesOrder:
    """The only writer of a sales order's status."""
    row = require_legal(ORDER_VERBS, verb, order.status)
    before = order.status
    after = fields.pop("status", row.target)
    facts = {"from": before, "to": after, **({"reason": reason} if reason else {})}
    trail.change(order, verb, actor=actor, fields={"status": after, **fields}, **facts)
    return order


def _insert_lines(order: SalesOrder, lines: list[dict[str, Any]]) -> list[OrderLine]:
    last = order.lines.aggregate(last=Max("number"))["last"] or 0
    made = []
    for values in lines:
        line = OrderLine(order=order, **{"number": last + 1, **values})
        last = max(last, line.number)
        _check_line(line)
        made.append(line)
    found = with_parts(made, order.currency, count(last + 1))
    save_lines(found)
    return found


def _check_line(line: OrderLine) -> None:
    part = line.part
    if part is not None and not (part.is_salable and part.active):
        message = _("%(sku)s is not for sale.") % {"sku": part.sku}
        raise RuleViolation(message, code="not_salable", pointer="/part", sku=part.sku)
    if part is not None and not line.name:
        line.name = part.name
    if line.pk is None:
        mark_kit(line)


def _tell_ending(order_id: int, actor: Actor) -> None:
    origins = SalesOrder.objects.filter(pk=order_id).values_list("return_order", flat=True)
    for origin in origins:
        for tell in ENDINGS if origin else ():
            tell(origin, order_id, actor)


def _require_free(order: SalesOrder) -> None:
    """Refuse to change how much replaces goods of a return: the whole order can be cancelled."""
    if order.return_order is not None:
        message = _("The order replaces goods of a return; cancel it and replace them anew.")
        raise Conflict(message, code="line_replaces", return_order=str(order.return_order))


def _unbooked_lines(order: SalesOrder, line_id: int) -> tuple[OrderLine, list[OrderLine]]:
    """A line of the locked order that may be changed, and what lies below it."""
    lines = list(OrderLine.objects.filter(order=order).select_for_update().order_by("pk"))
    line = next((row for row in lines if row.pk == line_id), None)
    if line is None:
        raise NotFound(_("There is no such line."), code="not_found")
    require_own_line(line)
    parts = below(line, lines)
    if InvoiceLine.objects.filter(order_line__in=[line, *parts]).exists():
        message = _("The line is on an invoice and stays as it is.")
        raise Conflict(message, code="line_invoiced", line=str(line.uuid))
    return line, parts


def _known_currency(currency: str) -> str:
    if currency not in money.CURRENCIES:
        message = _("%(currency)s is no ISO 4217 currency.") % {"currency": currency}
        raise RuleViolation(message, code="invalid_currency", pointer="/currency")
    return currency
