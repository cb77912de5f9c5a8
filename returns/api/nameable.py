"""What a request about a return may name; the rest does not exist for the caller."""

from __future__ import annotations

from django.db.models import QuerySet

from returns.models import Disposition, Reason
from rmaproject.access.actors import Actor
from sales.models import Invoice, InvoiceLine, OrderLine, SalesOrder
from stock.models import Location, Part, PartCategory, StockItem
from stock.selectors import visible_items, visible_locations, visible_parts


def order_lines(actor: Actor) -> QuerySet[OrderLine, OrderLine]:
    """Lines of the sales orders within the caller's sight."""
    rows = OrderLine.objects.select_related("order", "part")
    if actor.scope.everything:
        return rows
    return rows.filter(order__in=SalesOrder.objects.visible_to(actor.scope))


def invoice_lines(actor: Actor) -> QuerySet[InvoiceLine, InvoiceLine]:
    """Lines of the invoices within the caller's sight."""
    rows = InvoiceLine.objects.select_related("invoice", "order_line")
    if actor.scope.everything:
        return rows
    return rows.filter(invoice__in=Invoice.objects.visible_to(actor.scope))


def units(actor: Actor) -> QuerySet[StockItem, StockItem]:
    """Stock here, and the units of those customers whom the caller sees."""
    return visible_items(actor).select_related("part")


def parts(actor: Actor) -> QuerySet[Part, Part]:
    """Parts that are in use."""
    return visible_parts(actor).filter(active=True)


def locations(actor: Actor) -> QuerySet[Location, Location]:
    """Locations that are in use."""
    return visible_locations(actor).filter(active=True)


def categories(actor: Actor) -> QuerySet[PartCategory, PartCategory]:
    """Classes of parts that may be chosen; who keeps settings may name them all."""
    return PartCategory.objects.filter(active=True)


def reasons(actor: Actor) -> QuerySet[Reason, Reason]:
    """Reasons that may be chosen."""
    return Reason.objects.filter(active=True)


def dispositions(actor: Actor) -> QuerySet[Disposition, Disposition]:
    """Dispositions that may be chosen."""
    return Disposition.objects.filter(active=True)
