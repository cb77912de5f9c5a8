"""The lines of a recorded sale: those that were told, and those of the parts of its kits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import count

from django.utils.translation import gettext

from rmaproject.shared import money
from rmaproject.shared.errors import RuleViolation, below
from sales.models import LineKind, OrderLine, SalesOrder
from sales.services.kits import kit_lines, mark_kit
from sales.services.sale import Sale, SaleComponent, SaleLine
from sales.shares import allotments
from stock.kits import Component, kit_lists
from stock.models import KitPart, Part, PartKind

Lists = Mapping[int, Sequence[Component]]


@dataclass
class Written:
    """A line on its way into the books, with what was told beside it."""

    line: OrderLine
    serials: tuple[str, ...] = ()
    tax: Decimal | None = None


def named_parts(sales: Iterable[Sale]) -> list[SaleLine | SaleComponent]:
    """Everything in these sales that names a SKU, components of kits at any depth too."""
    waiting: list[SaleLine | SaleComponent] = [
        line for sale in sales for line in sale.lines if line.sku
    ]
    found = []
    while waiting:
        found += waiting
        waiting = [entry for line in waiting for entry in line.components]
    return found


def new_kit_lists(
    named: Iterable[SaleLine | SaleComponent], made: Mapping[str, Part], known: Mapping[str, Part]
) -> None:
    """Keep what kits are made of that nobody knew before this sale."""
    rows: dict[tuple[int, int], KitPart] = {}
    listed: set[str] = set()
    for entry in named:
        key = entry.sku.lower()
        if key not in made or key in listed or not entry.components:
            continue
        listed.add(key)
        for inner in entry.components:
            part = known[inner.sku.lower()]
            row = KitPart(kit=made[key], part=part, quantity=money.ZERO)
            row = rows.setdefault((made[key].pk, part.pk), row)
            row.quantity += inner.quantity
            row.value_weight = inner.value_weight
    KitPart.objects.bulk_create(rows.values())


def lists_for(parts: Iterable[Part]) -> Lists:
    """The lists of those of these parts that are kits; no query without a kit."""
    kits = [part for part in parts if part.kind == PartKind.KIT]
    return kit_lists(kits) if kits else {}


def lines_of_sale(
    sale: Sale, order: SalesOrder, parts: Mapping[str, Part], lists: Lists
) -> list[Written]:
    """Unsaved order lines of a sale, each kit followed by its parts.

    Raises RuleViolation `not_a_kit`, `kit_empty`, `invalid_quantity`, `serials_missing`,
    `not_serialized`.
    """
    numbers = count(max(line.number for line in sale.lines) + 1)
    written: list[Written] = []
    for place, told in enumerate(sale.lines):
        with below(f"/lines/{place}"):
            line = _line(told, order, parts)
            written.append(Written(line, told.serials, told.tax))
            if line.kind != LineKind.KIT:
                continue
            inside = _components(told, parts, lists)
            made = kit_lines(line, inside, sale.currency, numbers)
            written += _parts_of_kit(made, told.tax, sale.currency)
    for entry in written:
        if sale.shipment is not None and entry.line.kind == LineKind.GOODS:
            entry.line.shipped = entry.line.quantity
    return written


def require_serials(part: Part, quantity: Decimal, serials: Sequence[str]) -> None:
    """Refuse units without serial numbers, and numbers of what has none.

    Raises RuleViolation `serials_missing`, `not_serialized`.
    """
    if serials and not part.is_serialized:
        message = gettext("%(sku)s is not counted by serial number.") % {"sku": part.sku}
        raise RuleViolation(message, code="not_serialized", sku=part.sku)
    if part.is_serialized and len(serials) != quantity:
        message = gettext("Each unit of %(sku)s needs its serial number.") % {"sku": part.sku}
        raise RuleViolation(message, code="serials_missing", sku=part.sku)


def _line(told: SaleLine, order: SalesOrder, parts: Mapping[str, Part]) -> OrderLine:
    part = parts[told.sku.lower()] if told.sku else None
    line = OrderLine(
        order=order,
        number=told.number,
        kind=told.kind,
        part=part,
        name=told.name,
        quantity=told.quantity,
        gross_unit_price=told.gross_unit_price,
        vat_percent=told.vat_percent,
        vat_type=told.vat_type,
    )
    if part is not None:
        require_serials(part, told.quantity, told.serials)
        mark_kit(line)
    if told.components and line.kind != LineKind.KIT:
        raise _not_a_kit(told.sku)
    return line


def _components(
    told: SaleLine | SaleComponent, parts: Mapping[str, Part], lists: Lists
) -> Sequence[Component]:
    """What a kit was made of in this sale, as it was told, else as its list says."""
    if not told.components:
        return lists.get(parts[told.sku.lower()].pk, ())
    found = []
    for place, entry in enumerate(told.components):
        part = parts[entry.sku.lower()]
        with below(f"/components/{place}"):
            if entry.components and part.kind != PartKind.KIT:
                raise _not_a_kit(part.sku)
            inside = tuple(_components(entry, parts, lists)) if part.kind == PartKind.KIT else ()
        weight = Decimal(1) if entry.value_weight is None else entry.value_weight
        found.append(Component(part, entry.quantity, weight, inside, entry.name, entry.serials))
    return found


def _parts_of_kit(
    made: Sequence[tuple[OrderLine, Component]], tax: Decimal | None, currency: str
) -> list[Written]:
    """The parts with their serial numbers, and with their shares of a given tax."""
    goods = [line for line, _ in made if line.kind == LineKind.GOODS]
    taxes: dict[int, Decimal] = {}
    if tax is not None:
        weights = [line.value_share or money.ZERO for line in goods]
        shares = allotments(tax, weights, currency)
        taxes = {id(line): part for line, part in zip(goods, shares, strict=True)}
    for line, entry in made:
        require_serials(entry.part, line.quantity, entry.serials)
    return [Written(line, entry.serials, taxes.get(id(line))) for line, entry in made]


def _not_a_kit(sku: str) -> RuleViolation:
    return RuleViolation(
        gettext("%(sku)s is no kit.") % {"sku": sku},
        code="not_a_kit",
        pointer="/components",
        sku=sku,
    )
