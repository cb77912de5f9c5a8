"""Sales orders as the templates want them: plain values and addresses, no query."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rmaproject.shared import money
from rmaproject.web.nav import address
from rmaproject.web.people_words import role_name
from sales.actions import goods
from sales.kits import gross_of
from sales.models import Allocation, LineKind, OrderLine, SalesOrder, Settlement, Shipment
from sales.selectors import OrderSums
from sales.states import OPEN

#: How many serial numbers of a line are named in its row.
NAMED: Final = 3
TOTALS: Final = (
    (LineKind.GOODS, gettext_lazy("Goods")),
    (LineKind.KIT, gettext_lazy("Kits")),
    (LineKind.DISCOUNT, gettext_lazy("Discount")),
    (LineKind.SHIPPING, gettext_lazy("Shipping")),
    (LineKind.FEE, gettext_lazy("Fees")),
)


def header(order: SalesOrder) -> dict[str, Any]:
    """What the head of an order's page shows."""
    return {
        "reference": order.reference,
        "url": reverse("sales:detail", args=[order.uuid]),
        "customer": order.customer.name,
        "status": order.status,
        "currency": order.currency,
        "target_date": order.target_date,
        "closed": order.status not in OPEN,
        "responsible": responsible(order),
        "responsible_is_team": order.responsible_group_id is not None,
    }


def responsible(order: SalesOrder) -> str:
    """The name of the person or team that is responsible; "" for nobody."""
    if order.responsible_user is not None:
        return order.responsible_user.get_full_name() or order.responsible_user.username
    return role_name(order.responsible_group.name) if order.responsible_group else ""


def list_row(order: SalesOrder, sums: OrderSums) -> dict[str, Any]:
    """An order in the list."""
    figures = {"left": money.plain(sums.shipped), "all": money.plain(sums.ordered)}
    return {
        **header(order),
        "business": order.business.name,
        "shipped_text": _("%(left)s of %(all)s") % figures if sums.ordered else "",
        "total": sums.total,
        "ordered_on": order.ordered_on,
    }


def called(line: OrderLine) -> str:
    """What a line sells: its own text, else its part, else what kind of line it is."""
    return line.name or (line.part.name if line.part else line.get_kind_display())


def line_row(order: SalesOrder, line: OrderLine, *, may_edit: bool, may_allocate: bool) -> Any:
    """A line on the order's page; with its buttons where they work."""
    is_goods = line.kind == LineKind.GOODS
    is_open = line.quantity > line.shipped + line.allocated
    may_edit = may_edit and line.parent_id is None
    edit = reverse("sales:edit_line", args=[order.uuid, line.uuid])
    allocate = f"{reverse('sales:allocate', args=[order.uuid])}#line-{line.number}"
    return {
        "part": called(line),
        "part_url": address("stock:part", line.part.uuid) if line.part else "",
        "sku": line.part.sku if line.part else line.get_kind_display(),
        "serials": serials_of(line),
        "is_goods": is_goods,
        "in_kit": line.parent_id is not None,
        "per_kit": line.per_kit,
        "quantity": line.quantity,
        "allocated": line.allocated,
        "shipped": line.shipped,
        "returned": line.claimed,
        "unit_price": line.gross_unit_price,
        "total": gross_of(line, order.currency),
        "edit_url": edit if may_edit and not line.invoiced else "",  # type: ignore[attr-defined]
        "allocate_url": allocate if may_allocate and is_goods and is_open else "",
    }


def serials_of(line: OrderLine) -> str:
    """The serial numbers that went with a line, the first few by name."""
    serials = list(dict.fromkeys(sale.stock_item.serial or "" for sale in line.unit_sales.all()))
    shown = ", ".join(serials[:NAMED])
    rest = len(serials) - NAMED
    return _("%(shown)s and %(rest)s more") % {"shown": shown, "rest": rest} if rest > 0 else shown


def totals(order: SalesOrder, lines: Sequence[OrderLine]) -> dict[str, Any]:
    """The amounts of an order by kind of line, and their sum."""
    by_kind: dict[str, Decimal] = {}
    for line in lines:
        if line.parent_id is None:
            gross = gross_of(line, order.currency)
            by_kind[line.kind] = by_kind.get(line.kind, money.ZERO) + gross
    rows = [{"label": label, "amount": by_kind[kind]} for kind, label in TOTALS if kind in by_kind]
    whole = {
        "label": _("Total, with VAT"),
        "amount": sum(by_kind.values(), money.ZERO),
        "kind": "total",
    }
    return {"currency": order.currency, "rows": [*rows, whole]}


def facts(order: SalesOrder) -> list[dict[str, Any]]:
    """The facts beside an order."""
    maker = order.created_by
    rows: list[dict[str, Any]] = [
        {
            "label": _("Customer"),
            "value": str(order.customer),
            "detail": order.customer.reference,
            "url": _company_url(order),
        },
        {"label": _("Their reference"), "value": order.customer_reference},
        {"label": _("Sold by"), "value": order.channel},
        {"label": _("Business"), "value": str(order.business)},
        {"label": _("Ordered"), "value": order.ordered_on, "date": True},
        {"label": _("Due"), "value": order.target_date, "date": True},
        {"label": _("Issued"), "value": order.issued_at, "date": True},
        {"label": _("Completed"), "value": order.completed_at, "date": True},
        {"label": _("Cancelled"), "value": order.cancelled_at, "date": True},
        {
            "label": _("Made by"),
            "value": (maker.get_full_name() or maker.username) if maker else "",
        },
        {"label": _("Note"), "value": order.note},
    ]
    if order.return_order is not None:
        url = address("returns:detail", order.return_order)
        rows.append({"label": _("Made for"), "value": _("A return"), "url": url})
    return [row for row in rows if row["value"]]


def _company_url(order: SalesOrder) -> str:
    return address("customers:detail", order.customer.uuid)


def item_row(entry: Allocation, *, remove_url: str = "") -> dict[str, Any]:
    """What is in a shipment."""
    item, line = entry.stock_item, entry.order_line
    place = item.location if item else None
    remove = {
        "verb": f"deallocate-{entry.pk}",
        "label": _("Take out"),
        "allowed": True,
        "url": remove_url,
    }
    return {
        "line": line.number,
        "part": called(line),
        "sku": line.part.sku if line.part else "",
        "quantity": entry.quantity,
        "serial": item.serial if item else "",
        "batch": item.batch.number if item and item.batch else "",
        "location": place.code if place else "",
        "remove": remove if remove_url else None,
    }


def shipment_row(
    order: SalesOrder, shipment: Shipment, *, may_allocate: bool, may_ship: bool
) -> dict[str, Any]:
    """A shipment with what is in it; pending ones with what can be done."""
    pending = shipment.shipped_on is None
    entries = list(shipment.allocations.all())
    return {
        "reference": shipment.reference,
        "carrier": shipment.carrier,
        "tracking": shipment.tracking_number,
        "shipped_on": shipment.shipped_on,
        "items": [
            item_row(
                entry, remove_url=_remove_url(order, entry) if pending and may_allocate else ""
            )
            for entry in entries
        ],
        "actions": [_ship_action(order, shipment, entries)] if pending and may_ship else [],
    }


def _remove_url(order: SalesOrder, entry: Allocation) -> str:
    return reverse("sales:deallocate", args=[order.uuid, entry.uuid])


def _ship_action(
    order: SalesOrder, shipment: Shipment, entries: Sequence[Allocation]
) -> dict[str, Any]:
    return {
        "verb": f"ship-{shipment.pk}",
        "label": _("Complete shipment"),
        "icon": "truck",
        "allowed": bool(entries),
        "reason": "" if entries else _("Nothing is allocated to it."),
        "link": True,
        "url": reverse("sales:ship", args=[order.uuid, shipment.uuid]),
    }


def allocation_rows(
    lines: Sequence[OrderLine], shipments: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Each line of goods with the stock that is promised to it and has not left."""
    pending = [
        {**item, "shipment": shipment["reference"]}
        for shipment in shipments
        if shipment["shipped_on"] is None
        for item in shipment["items"]
    ]
    return [
        {
            "part": called(line),
            "sku": line.part.sku if line.part else "",
            "quantity": line.quantity,
            "allocated": line.allocated,
            "shipped": line.shipped,
            "open": line.quantity - line.allocated - line.shipped,
            "items": [item for item in pending if item["line"] == line.number],
        }
        for line in goods(lines)
    ]


def settlement_row(row: Settlement) -> dict[str, Any]:
    """What a payment or a credit note settled of an invoice."""
    payment, note = row.payment, row.credit_note
    return {
        "on": payment.paid_on if payment else note.credited_on if note else None,
        "what": (payment.method or _("Payment")) if payment else _("Credit note"),
        "reference": payment.gateway_reference if payment else note.reference if note else "",
        "invoice": row.invoice.reference,
        "amount": row.amount,
    }
