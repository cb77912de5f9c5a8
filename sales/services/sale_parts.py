"""What a recorded sale names that may not be known yet: customers, parts and units."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from customers.models import Company
from rmaproject.access.actors import Actor
from rmaproject.audit import trail
from rmaproject.shared import clock
from rmaproject.shared.errors import Conflict
from sales.models import OrderLine, UnitSale
from sales.services.orders import require_choosable
from sales.services.sale import Sale
from sales.services.sale_lines import named_parts, new_kit_lists
from stock.models import Movement, Part, PartKind, State, StockItem
from stock.services.moving import Moved, move_unit


def companies_for(sales: Iterable[Sale], *, actor: Actor) -> dict[str, Company]:
    """The customers of the sales by lower-case reference; unknown ones are made.

    Raises NotPermitted for a caller who may not add companies; RuleViolation
    `not_a_customer`, `company_inactive`.
    """
    wanted = {sale.customer.reference.lower(): sale.customer for sale in sales}
    rows = Company.objects.annotate(key=Lower("reference")).filter(key__in=wanted)
    found = {row.reference.lower(): row for row in rows}
    for company in found.values():
        require_choosable(company)
    missing = [given for key, given in wanted.items() if key not in found]
    if missing:
        actor.require("customers.create_company")
    made = [
        Company(
            reference=given.reference,
            name=given.name or given.reference,
            email=given.email,
            country=given.country,
        )
        for given in missing
    ]
    trail.create_all([(row, {"reference": row.reference}) for row in made], actor=actor)
    return found | {row.reference.lower(): row for row in made}


def parts_for(sales: Iterable[Sale], *, actor: Actor) -> dict[str, Part]:
    """The parts of the sales by lower-case SKU; unknown ones are made, serialized if need be.

    An unknown part with components becomes a kit of these. Raises NotPermitted for a caller who
    may not add parts; RuleViolation `kit_cycle`.
    """
    lines = named_parts(sales)
    wanted = {line.sku.lower(): line for line in reversed(lines)}
    kits = {line.sku.lower() for line in lines if line.components}
    rows = Part.objects.annotate(key=Lower("sku")).filter(key__in=wanted)
    found = {row.sku.lower(): row for row in rows}
    missing = [line for key, line in wanted.items() if key not in found]
    if missing:
        actor.require("stock.edit_part")
    made = {
        line.sku.lower(): Part(
            sku=line.sku,
            name=line.name or line.sku,
            kind=PartKind.KIT if line.sku.lower() in kits else PartKind.SIMPLE,
            is_serialized=bool(line.serials) and line.sku.lower() not in kits,
        )
        for line in missing
    }
    trail.create_all([(row, {"sku": row.sku}) for row in made.values()], actor=actor)
    found |= made
    if kits:
        new_kit_lists(lines, made, found)
    return found


def sell_units(
    pairs: list[tuple[OrderLine, tuple[str, ...]]],
    *,
    customer: Company,
    moved: Moved,
    reason: str,
) -> list[tuple[OrderLine, StockItem, Movement]]:
    """Pass the named units to the customer; units that nobody knew are made on the way.

    Raises Conflict `unit_held_elsewhere` (a caller who may correct stock overrides it with a
    reason), `unit_sold_already`, `not_available`.
    """
    sold = []
    for line, serials in pairs:
        for serial in serials:
            unit, new = _unit(line.part, serial)
            if not new:
                _require_sellable(unit, customer, moved.actor, reason)
            movement = move_unit(unit, target=None, holder_id=customer.pk, moved=moved)
            UnitSale.objects.create(stock_item=unit, order_line=line, since=moved.at)
            sold.append((line, unit, movement))
    return sold


def _unit(part: Part | None, serial: str) -> tuple[StockItem, bool]:
    """The unit, locked, and whether it is new: nowhere yet, until its movement says where."""
    known = StockItem.objects.filter(part=part, serial__iexact=serial).select_related("part")
    found = known.select_for_update(of=("self",)).first()
    if found is not None:
        return found, False
    unit = StockItem(part=part, serial=serial, quantity=Decimal(1), state=State.SCRAPPED, version=0)
    unit.save(force_insert=True)
    return unit, True


def _require_sellable(unit: StockItem, customer: Company, actor: Actor, reason: str) -> None:
    if unit.state == State.AVAILABLE and not unit.allocated:
        return
    open_sale = UnitSale.objects.filter(stock_item=unit, until=None)
    if unit.holder_id == customer.pk and not open_sale.exists():
        return
    corrects = bool(reason) and actor.may("stock.correct_stock")
    if unit.state == State.SOLD and unit.holder_id != customer.pk and corrects:
        open_sale.update(until=clock.now())
        return
    raise _unsellable(unit, customer)


def _unsellable(unit: StockItem, customer: Company) -> Conflict:
    facts = {"serial": str(unit.serial), "sku": unit.part.sku}
    if unit.state == State.SOLD and unit.holder_id != customer.pk:
        message = _("Another customer holds %(serial)s.") % {"serial": unit.serial}
        return Conflict(message, code="unit_held_elsewhere", **facts)
    if unit.state == State.SOLD:
        message = _("%(serial)s is sold to this customer already.") % {"serial": unit.serial}
        return Conflict(message, code="unit_sold_already", **facts)
    message = _("%(serial)s is not available.") % {"serial": unit.serial}
    return Conflict(message, code="not_available", state=unit.state, **facts)
