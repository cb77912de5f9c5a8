"""What may be read of sales, by whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F, Prefetch, Q, QuerySet, Sum, Window
from django.db.models.functions import Coalesce, Round, RowNumber

from customers.models import Company
from rmaproject.access.actors import Actor
from rmaproject.access.selectors import access
from rmaproject.audit.models import AuditEntry
from rmaproject.shared import money
from rmaproject.shared.transitions import find_verb
from sales.kits import below, in_order
from sales.models import (
    Account,
    Allocation,
    Business,
    CreditNote,
    Invoice,
    LineKind,
    OrderLine,
    Payment,
    SalesOrder,
    Settlement,
    Shipment,
    UnitSale,
)
from sales.states import ORDER_VERBS, OrderStatus
from stock.models import StockItem
from stock.selectors import visible_items

VIEW = "sales.view_order"

#: The permissions to see an account with every document on it.
BOOKS = ("sales.view_invoice", "sales.view_payment", "sales.view_creditnote")

#: How many stock items of a part are offered for a line; others are found by their serial number.
OFFERED = 50


@dataclass(frozen=True)
class OrderSums:
    """What a list shows of an order's lines."""

    ordered: Decimal = money.ZERO
    shipped: Decimal = money.ZERO
    total: Decimal = money.ZERO


def hold_reason(order: SalesOrder) -> str:
    """Why an order is on hold, as its trail tells; "" where nobody said or it is not held."""
    if order.status != OrderStatus.ON_HOLD:
        return ""
    holds = AuditEntry.objects.filter(aggregate_id=order.uuid, verb="hold")
    last = holds.order_by("-n").first()
    return last.facts.get("reason", "") if last else ""


def visible_orders(actor: Actor) -> QuerySet[SalesOrder, SalesOrder]:
    """The sales orders this actor may see."""
    actor.require(VIEW)
    return SalesOrder.objects.visible_to(actor.scope)


def access_order(actor: Actor, ident: UUID | str, *, for_action: str = "view") -> SalesOrder:
    """A sales order for something the actor may do with it. Raises NotFound, NotPermitted."""
    rows = SalesOrder.objects.visible_to(actor.scope).with_parties()
    return access(rows, ident, actor=actor, permissions=(VIEW, permission_for(for_action)))


def permission_for(action: str) -> str:
    """The permission behind a verb of a sales order."""
    if any(row.verb == action for row in ORDER_VERBS):
        return find_verb(ORDER_VERBS, action).permission
    return f"sales.{action}_order"


def visible_businesses(actor: Actor) -> QuerySet[Business, Business]:
    """The businesses this actor may see."""
    return Business.objects.visible_to(actor.scope)


def visible_invoices(actor: Actor) -> QuerySet[Invoice, Invoice]:
    """The invoices this actor may see."""
    actor.require("sales.view_invoice")
    return Invoice.objects.visible_to(actor.scope)


def visible_payments(actor: Actor) -> QuerySet[Payment, Payment]:
    """The payments this actor may see."""
    actor.require("sales.view_payment")
    return Payment.objects.visible_to(actor.scope)


def visible_credit_notes(actor: Actor) -> QuerySet[CreditNote, CreditNote]:
    """The credit notes this actor may see."""
    actor.require("sales.view_creditnote")
    return CreditNote.objects.visible_to(actor.scope)


def visible_accounts(actor: Actor) -> QuerySet[Account, Account]:
    """The customer accounts this actor may see: what customers owe, in each currency."""
    actor.require("sales.view_invoice")
    return Account.objects.visible_to(actor.scope)


def access_account(actor: Actor, ident: UUID | str) -> Account:
    """An account with all that was booked on it. Raises NotFound, NotPermitted."""
    rows = Account.objects.visible_to(actor.scope).select_related("business", "company")
    return access(rows, ident, actor=actor, permissions=BOOKS)


def access_credit_note(actor: Actor, ident: UUID | str, *permissions: str) -> CreditNote:
    """A credit note for something that needs these permissions. Raises NotFound, NotPermitted."""
    rows = CreditNote.objects.visible_to(actor.scope).with_lines()
    needed = ("sales.view_creditnote", *permissions)
    return access(rows, ident, actor=actor, permissions=needed)


def search_orders(
    rows: QuerySet[SalesOrder, SalesOrder], text: str
) -> QuerySet[SalesOrder, SalesOrder]:
    """Those of the orders whose number, customer or tracking number contains the text."""
    found = SalesOrder.objects.filter(reference__icontains=text).values("pk")
    companies = Company.objects.filter(name__icontains=text).values("pk")
    by_customer = SalesOrder.objects.filter(customer__in=companies).values("pk")
    by_parcel = Shipment.objects.filter(tracking_number__icontains=text).values("order")
    return rows.filter(pk__in=found.union(by_customer, by_parcel))


def sums_of(orders: Iterable[SalesOrder]) -> dict[int, OrderSums]:
    """Ordered and shipped goods and the gross total of each of these orders; one query."""
    is_goods = Q(kind=LineKind.GOODS)
    gross = F("quantity") * F("gross_unit_price")
    digits: Any = money.digits_of("order__currency")
    rows = (
        OrderLine.objects.filter(order__in=[order.pk for order in orders])
        .values("order")
        .annotate(
            ordered=Sum("quantity", filter=is_goods, default=money.ZERO),
            left=Sum("shipped", filter=is_goods, default=money.ZERO),
            total=Sum(Round(gross, precision=digits), filter=Q(parent=None)),
        )
    )
    return {row["order"]: OrderSums(row["ordered"], row["left"], row["total"]) for row in rows}


def lines_of(order: SalesOrder) -> list[OrderLine]:
    """The lines with their parts, what of them was invoiced, and the units that went with them.

    The parts of a kit come right after it; what was invoiced of them stands on the kit's line too.
    """
    units = UnitSale.objects.select_related("stock_item").order_by("pk")
    rows = OrderLine.objects.filter(order=order).select_related("part")
    invoiced = Coalesce(Sum("invoice_lines__quantity"), money.ZERO)
    shown: list[Any] = list(
        rows.annotate(invoiced=invoiced).prefetch_related(Prefetch("unit_sales", units))
    )
    charged = {line.pk: line.invoiced for line in shown}
    for line in shown:
        if line.kind == LineKind.KIT:
            line.invoiced = sum((charged[part.pk] for part in below(line, shown)), money.ZERO)
    return in_order(shown)


def uninvoiced(lines: Sequence[Any]) -> Decimal:
    """How much of the goods on these lines (of `lines_of`) has left and was not charged."""
    return sum(
        (line.shipped - line.invoiced for line in lines if line.kind == LineKind.GOODS), money.ZERO
    )


def shipments_of(order: SalesOrder) -> list[Shipment]:
    """All shipments of an order with what is in them; a fixed number of queries."""
    related = ("stock_item__location", "stock_item__batch", "order_line__part")
    allocations = Allocation.objects.select_related(*related).order_by("pk")
    rows = Shipment.objects.filter(order=order).order_by("pk")
    return list(rows.prefetch_related(Prefetch("allocations", allocations)))


def allocatable(actor: Actor, parts: Iterable[int | None]) -> dict[int, list[StockItem]]:
    """The stock of these parts that may be promised, by part; of each part the first rows only."""
    place = Window(RowNumber(), partition_by=F("part"), order_by=("location__code", "serial", "pk"))
    rows: Any = visible_items(actor).filter(part__in=[key for key in parts if key])
    nearest = rows.available().with_details().annotate(place=place).filter(place__lte=OFFERED)
    found: dict[int, list[StockItem]] = {}
    for item in nearest.order_by("part", "place"):
        found.setdefault(item.part_id, []).append(item)
    return found


def settlements_of(order: SalesOrder) -> list[Settlement]:
    """What payments and credit notes settled of the order's invoices, oldest first."""
    rows = Settlement.objects.filter(invoice__order=order).order_by("pk")
    return list(rows.select_related("payment", "credit_note", "invoice"))


def accounts_of(actor: Actor, company: Company) -> list[Account]:
    """The accounts of a customer as far as this actor may see them, with their businesses."""
    actor.require("sales.view_invoice")
    rows = Account.objects.filter(company=company)
    if not actor.scope.everything:
        granted = Q(business__in=actor.scope.businesses) | Q(company__in=actor.scope.companies)
        rows = rows.filter(granted)
    return list(rows.select_related("business").order_by("business__code", "currency"))
