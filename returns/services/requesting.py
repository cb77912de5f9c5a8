"""A customer wants to send goods back: the return is made, nothing has moved yet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from customers.models import Company
from returns.counting import computed_axes
from returns.models import ReturnLine, ReturnOrder, Waiver
from returns.services._advance import lock_for, touched
from returns.services.approval import reask_if_raised
from returns.services.claims import explaining_claims
from returns.services.custom import (
    Filled,
    line_facts,
    read_header,
    read_lines,
    write_header,
    write_lines,
)
from returns.services.eligible import pin_policy, require_eligible
from returns.services.inputs import LineInput
from returns.services.kits import kits_taken_apart
from returns.switch import require_returns_on
from rmaproject.access.actors import Actor
from rmaproject.audit import trail
from rmaproject.shared import clock
from rmaproject.shared.db import command
from rmaproject.shared.errors import Conflict, RuleViolation, below
from sales.locks import lock_order_lines
from sales.models import Business, Document, LineKind, OrderLine, UnitSale
from sales.services.numbering import draw, require_reference
from sales.services.units import GivenAmount
from sales.shares import allotments
from stock.models import Part
from stock.services.moving import lock_units


def request_return(
    *,
    business: Business,
    customer: Company | None = None,
    actor: Actor,
    lines: list[LineInput] | None = None,
    **values: Any,
) -> ReturnOrder:
    """Make a pending return; its lines take hold of what was sold, so nobody can claim it twice.

    It is pinned to the rules of its day. `override_reason` takes lines against them. Without a
    customer it is one of the business's anonymous customer.
    Raises RuleViolation `not_eligible` with every answer,
    `exceeds_returnable` with the figures, `not_held_by_customer`,
    `wrong_customer`, `wrong_sale`, `wrong_part`, `not_a_customer`, `company_inactive`,
    `not_serialized`, `not_goods`, `invalid_quantity`, `customer_missing`;
    Conflict `reference_exists`, `unit_on_another_return`; NotPermitted `returns_disabled`, and
    for who asks to waive goods without the right to credit without them. `custom` are values of
    custom fields by code: Malformed `unknown_field`, `invalid`; RuleViolation `not_a_choice`,
    `custom_required`.
    """
    with explaining_claims(lines or []):
        return _request(business, customer or _anonymous(business), lines or [], actor, values)


def _anonymous(business: Business) -> Company:
    if business.anonymous_customer is None:
        message = gettext(
            "Name the customer; the business has none for what comes from nobody known."
        )
        raise RuleViolation(message, code="customer_missing", pointer="/customer")
    return business.anonymous_customer


@command
def _request(
    business: Business,
    customer: Company,
    lines: list[LineInput],
    actor: Actor,
    values: dict[str, Any],
) -> ReturnOrder:
    require_returns_on()
    _require_customer(customer, actor)
    reference = values.pop("reference", "")
    override = values.pop("override_reason", "")
    custom = read_header(values.pop("custom", {}))
    filled = read_lines([line.custom for line in lines])
    order = ReturnOrder(business=business, customer=customer, created_by_id=actor.user_id, **values)
    if order.requested_on is None:
        order.requested_on = clock.today(business)
    pin_policy(order)
    claims = lock_claims(lines)
    order.reference = _reference(business, reference, order.requested_on)
    facts = {**custom.facts(), **line_facts(filled)}
    trail.create(order, actor=actor, reference=order.reference, business=business.uuid, **facts)
    write_header(order, custom)
    made = insert_lines(order, claims, actor=actor, filled=filled, first=1)
    require_eligible(order, made, actor=actor, override_reason=override)
    axes = computed_axes(order, made)
    if any(getattr(order, name) != value for name, value in axes.items()):
        ReturnOrder.objects.filter(pk=order.pk).update(**axes)
        for name, value in axes.items():
            setattr(order, name, value)
    return order


@dataclass(frozen=True)
class Claim:
    """A wish for one line with the sold line it takes hold of, locked.

    `place` is that of the caller's line: a kit is one line there and a claim for each part here.
    """

    given: LineInput
    sold: OrderLine | None
    place: int = 0


def lock_claims(lines: list[LineInput], *, listed: bool = True) -> list[Claim]:
    """Find and lock what the lines take hold of: order lines, then units, each in key order.

    A line of kits takes hold of the parts of these kits.

    The locks keep two requests from waiting for each other; what decides over the last unit is
    the CHECK on the order line. Refusals point below `/lines/0`, `/lines/1` unless not `listed`.
    Raises RuleViolation `not_goods`; Conflict `concurrent_change`,
    `unit_waived`.
    """
    wanted = kits_taken_apart(lines, listed=listed)
    units = [line.stock_item.pk for _, line in wanted if line.stock_item]
    sales = _open_sales(units)
    keys = []
    for number, line in wanted:
        with below(f"/lines/{number}" if listed else ""):
            keys.append(_order_line_id(line, sales))
    sold = lock_order_lines(key for key in keys if key)
    lock_units(units)
    if units and _open_sales(units) != sales:
        message = gettext("A unit was sold or received at the same moment; try again.")
        raise Conflict(message, code="concurrent_change")
    _require_not_waived(sales)
    return [
        Claim(line, sold.get(key) if key else None, number)
        for (number, line), key in zip(wanted, keys, strict=True)
    ]


def spread_amount(
    given: GivenAmount | None, parts: list[Claim], currency: str
) -> list[GivenAmount | None]:
    """A given amount for one line of the caller, by what the claims made of it are worth.

    Without a sale every unit is worth the same.
    """
    if given is None or len(parts) == 1:
        return [given for _ in parts]
    worth = [_worth(claim) for claim in parts]
    shares = [allotments(amount, worth, currency) for amount in (given.gross, given.tax)]
    return [replace(given, gross=gross, tax=tax) for gross, tax in zip(*shares, strict=True)]


def _worth(claim: Claim) -> Decimal:
    units = claim.given.quantity + claim.given.waived
    if claim.sold is None or claim.sold.value_share is None:
        return units
    return claim.sold.value_share * units / claim.sold.quantity


def insert_lines(
    order: ReturnOrder,
    claims: list[Claim],
    *,
    actor: Actor,
    listed: bool = True,
    filled: list[Filled] | None = None,
    first: int | None = None,
) -> list[ReturnLine]:
    """Append lines to a locked or new return; what they claim rises by trigger.

    They are numbered from `first` where the caller knows what is free, else after the last one.
    `filled` are the custom values of the caller's lines where these were read before; else none
    is required.
    """
    if filled is None:
        told = [claim.given.custom for claim in claims]
        values = read_lines(told, listed=listed, complete=False)
    else:
        values = [filled[claim.place] for claim in claims]
    if any(claim.given.waived for claim in claims):
        actor.require("returns.credit_without_goods")
    number = order.lines.count() + 1 if first is None else first
    rows = []
    for free, claim in enumerate(claims, start=number):
        with below(f"/lines/{claim.place}" if listed else ""):
            rows.append(_line(order, free, claim.given, claim.sold))
    made = ReturnLine.objects.bulk_create(rows)
    _waive_at_once(made, actor)
    write_lines(order, list(zip(made, values, strict=True)))
    return made


def add_lines(
    return_id: int, lines: list[LineInput], *, actor: Actor, override_reason: str = ""
) -> ReturnOrder:
    """Add lines to an open return; above what was approved it waits for approval again.

    Raises as `request_return`; Conflict `illegal_transition`.
    """
    with explaining_claims(lines):
        return _add_lines(return_id, lines, actor, override_reason)


@command
def _add_lines(
    return_id: int, lines: list[LineInput], actor: Actor, override_reason: str
) -> ReturnOrder:
    order = lock_for(return_id, "edit")
    listed = len(lines) > 1
    filled = read_lines([line.custom for line in lines], listed=listed)
    claims = lock_claims(lines, listed=listed)
    made = insert_lines(order, claims, actor=actor, listed=listed, filled=filled)
    require_eligible(order, made, actor=actor, override_reason=override_reason)
    added = [line.uuid for line in made]
    touched(order, "add_lines", actor=actor, added=added, **line_facts(filled))
    reask_if_raised(order, actor)
    return order


def _waive_at_once(lines: list[ReturnLine], actor: Actor) -> None:
    now = clock.now()
    Waiver.objects.bulk_create(
        Waiver(line=line, quantity=line.waived, actor_id=actor.user_id, at=now)
        for line in lines
        if line.waived
    )


def _line(order: ReturnOrder, number: int, given: LineInput, sold: OrderLine | None) -> ReturnLine:
    if given.stock_item is not None and given.stock_item.serial is None:
        message = gettext("Only serialized units are returned as such; name the sold line instead.")
        raise RuleViolation(message, code="not_serialized", pointer="/stock_item")
    if sold is not None:
        require_same_sale(order, sold)
    _require_one_sale(given, sold)
    part = given.part or (sold.part if sold else None)
    if given.stock_item is not None:
        part = given.stock_item.part
    if part is not None and sold is not None and part.pk != sold.part_id:
        message = gettext("The part is not the one of the sold line.")
        raise RuleViolation(message, code="wrong_part", pointer="/part")
    require_whole_units(part, given.quantity, given.waived)
    unit_quantity = Decimal(0 if given.waived else 1)
    return ReturnLine(
        return_order=order,
        number=number,
        stock_item=given.stock_item,
        order_line=sold,
        kit_line=given.kit_line,
        invoice_line=given.invoice_line,
        part=part,
        reason=given.reason or order.reason,
        note=given.note,
        outcome=given.outcome,
        location=given.location,
        quantity=given.quantity or (unit_quantity if given.stock_item else given.quantity),
        waived=given.waived,
    )


def require_whole_units(part: Part | None, *quantities: Decimal) -> None:
    """Refuse half a unit of a serialized part, which nobody could ever receive.

    Raises RuleViolation `invalid_quantity`.
    """
    if part is not None and part.is_serialized and any(number % 1 for number in quantities):
        message = gettext("%(sku)s has serial numbers and is counted in whole units.") % {
            "sku": part.sku
        }
        raise RuleViolation(message, code="invalid_quantity", pointer="/quantity")


def _open_sales(units: list[int]) -> dict[int, int | None]:
    rows = UnitSale.objects.filter(stock_item__in=units, until=None)
    return dict(rows.values_list("stock_item", "order_line"))


def _require_not_waived(sales: dict[int, int | None]) -> None:
    """Refuse a unit that was decided without goods in this sale; if it comes, it is unexpected."""
    for unit, sold in sales.items():
        waived = ReturnLine.objects.filter(stock_item=unit, waived__gt=0, void=False)
        if sold and waived.filter(order_line=sold).exists():
            message = gettext("The unit was waived: it is decided without coming back.")
            raise Conflict(message, code="unit_waived")


def _order_line_id(line: LineInput, sales: dict[int, int | None]) -> int | None:
    if line.stock_item is not None:
        return sales.get(line.stock_item.pk)
    if line.order_line is not None:
        return line.order_line.pk
    if line.invoice_line is not None:
        if line.invoice_line.order_line_id is None:
            message = gettext("The invoice line belongs to no sold line.")
            raise RuleViolation(message, code="not_goods", pointer="/invoice_line")
        return line.invoice_line.order_line_id
    return None


def _require_one_sale(given: LineInput, sold: OrderLine | None) -> None:
    """Refuse a line whose names point to different sales, so that no other one is credited."""
    key = sold.pk if sold else None
    message = gettext("What the line names was not sold on the same line.")
    if given.order_line is not None and given.order_line.pk != key:
        raise RuleViolation(message, code="wrong_sale", pointer="/order_line")
    if given.invoice_line is not None and given.invoice_line.order_line_id != key:
        raise RuleViolation(message, code="wrong_sale", pointer="/invoice_line")


def require_same_sale(order: ReturnOrder, sold: OrderLine) -> None:
    """Refuse what this business did not sell as goods to the customer of the return.

    Raises RuleViolation `not_goods`, `wrong_customer`.
    """
    if sold.kind != LineKind.GOODS:
        raise RuleViolation(
            gettext("Only goods can be returned."), code="not_goods", pointer="/order_line"
        )
    if sold.order.customer_id != order.customer_id or sold.order.business_id != order.business_id:
        message = gettext("The line was not sold to this customer by this business.")
        raise RuleViolation(message, code="wrong_customer", pointer="/order_line")


def _require_customer(customer: Company, actor: Actor) -> None:
    if not customer.is_customer:
        message = gettext("%(reference)s is not a customer.") % {"reference": customer.reference}
        raise RuleViolation(message, code="not_a_customer", pointer="/customer")
    if not customer.active and not actor.may("returns.override_policy"):
        message = gettext("%(reference)s is not active.") % {"reference": customer.reference}
        raise RuleViolation(message, code="company_inactive", pointer="/customer")


def _reference(business: Business, given: str, on: date) -> str:
    if given:
        return require_reference(given)
    return draw(business, Document.RETURN_ORDER, on, ReturnOrder).reference
