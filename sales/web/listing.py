"""The lists of sales: orders, refunds by state, credit notes; a fixed number of queries each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.selectors import visible_companies
from rmaproject.access.actors import Actor
from rmaproject.web.lists import Column, Filters, Listing, Tab, page_of_only, searched
from sales.models import CreditNote, Refund, SalesOrder
from sales.refund_queues import QUEUES, RefundQueue
from sales.refund_selectors import visible_refunds
from sales.selectors import (
    OrderSums,
    search_orders,
    sums_of,
    visible_businesses,
    visible_credit_notes,
    visible_orders,
)
from sales.states import OPEN, OrderStatus, RefundState, Via
from sales.web import refund_rows, rows
from sales.web.refund_queue import leading_tabs

Found = Any
Row = dict[str, Any]
NONE_YET: Final = OrderSums()


def of_business(filters: Filters, actor: Actor, found: Found) -> Found:
    """Filters that all documents share."""
    if customer := filters.record("customer", _("Customer"), lambda: visible_companies(actor)):
        found = found.filter(customer=customer)
    businesses: list[tuple[object, str]] = [
        (row.uuid, str(row)) for row in visible_businesses(actor).order_by("code")
    ]
    if business := filters.choice("business", _("Business"), businesses):
        found = found.filter(business__uuid=business)
    return found


def between(found: Found, column: str, since: date | None, until: date | None) -> Found:
    """Those of the rows whose day in this column lies between two, both included."""
    if since:
        found = found.filter(**{f"{column}__gte": since})
    return found.filter(**{f"{column}__lte": until}) if until else found


def numbered(found: Found, text: str, page: str) -> str:
    """The page of the one document of this number; "" where there is none."""
    return page_of_only(found.filter(reference__iexact=text), page)


# -------------------------------------------------------------------- sales orders


def _narrow_orders(filters: Filters, actor: Actor, found: Found) -> Found:
    found = of_business(filters, actor, found)
    if status := filters.choice("status", _("Status"), list(OrderStatus.choices)):
        found = found.filter(status=status)
    since, until = filters.day("due_from", _("Due from")), filters.day("due_to", _("Due until"))
    if text := searched(filters.request):
        found = search_orders(found, text)
    return between(found, "target_date", since, until)


def _present_orders(actor: Actor, found: Sequence[SalesOrder], wanted: frozenset[str]) -> list[Row]:
    sums = sums_of(found)
    return [
        {
            **rows.list_row(row, sums.get(row.pk, NONE_YET)),
            "label": row.reference,
            "customer_reference": row.customer_reference,
            "updated_at": row.updated_at,
        }
        for row in found
    ]


ORDERS: Final = Listing(
    key="orders",
    title=gettext_lazy("Sales orders"),
    path=lambda: reverse("sales:list"),
    placeholder=gettext_lazy("Number, customer, tracking number"),
    columns=(
        Column("reference", gettext_lazy("Order"), "ref", sort="reference", fixed=True),
        Column("customer", gettext_lazy("Customer"), "name", sort="customer__name"),
        Column("business", gettext_lazy("Business"), if_several=True, css="wide-only"),
        Column("status", gettext_lazy("Status"), "badge", axis="order"),
        Column("shipped_text", gettext_lazy("Shipped"), titled=True),
        Column(
            "customer_reference",
            gettext_lazy("Customer’s reference"),
            "code",
            usual=False,
            titled=True,
        ),
        Column("ordered_on", gettext_lazy("Ordered"), "day", sort="ordered_on", css="wide-only"),
        Column("updated_at", gettext_lazy("Updated"), "moment", sort="updated_at", usual=False),
        Column("total", gettext_lazy("Total"), "amount"),
        Column("target_date", gettext_lazy("Due"), "due", sort="target_date"),
        Column("responsible", gettext_lazy("Owner"), "owner", css="not-dock"),
    ),
    visible=visible_orders,
    narrow=_narrow_orders,
    present=_present_orders,
    loaded=lambda found: found.with_parties(),
    exact=lambda actor, text: numbered(visible_orders(actor), text, "sales:detail"),
    tabs=(
        Tab("all", gettext_lazy("All"), lambda found, now: found),
        Tab("open", gettext_lazy("All open"), lambda found, now: found.filter(status__in=OPEN)),
        Tab(
            "pending",
            gettext_lazy("Pending"),
            lambda found, now: found.filter(status=OrderStatus.PENDING),
        ),
        Tab(
            "hold",
            gettext_lazy("On hold"),
            lambda found, now: found.filter(status=OrderStatus.ON_HOLD),
        ),
    ),
    icon="order",
    none_yet=gettext_lazy("No sales orders yet"),
    none_fits=gettext_lazy("No sales order fits"),
    next_step=gettext_lazy("Orders that are made here or come by other systems are listed here."),
    context_name="orders",
)


# -------------------------------------------------------------------- refunds


def _narrow_refunds(filters: Filters, actor: Actor, found: Found) -> Found:
    found = of_business(filters, actor, found)
    if via := filters.choice("via", _("By"), list(Via.choices)):
        found = found.filter(via=via)
    if state := filters.choice("state", _("State"), list(RefundState.choices)):
        found = found.filter(state=state)
    if currency := filters.text("currency", _("Currency")):
        found = found.filter(currency=currency.upper())
    if text := searched(filters.request):
        named = Q(reference__icontains=text) | Q(customer__name__icontains=text)
        found = found.filter(named | Q(credit_note__reference__icontains=text))
    return found


def _present_refunds(actor: Actor, found: Sequence[Refund], wanted: frozenset[str]) -> list[Row]:
    return [
        {**refund_rows.list_row(row), "label": row.reference, "updated_at": row.updated_at}
        for row in found
    ]


def _queue_tab(queue: RefundQueue) -> Tab:
    return Tab(queue.key, queue.label, lambda found, now: queue.narrow(found))


REFUNDS: Final = Listing(
    key="refunds",
    title=gettext_lazy("Refunds"),
    path=lambda: reverse("refunds:list"),
    placeholder=gettext_lazy("Number, customer, credit note"),
    columns=(
        Column("reference", gettext_lazy("Refund"), "ref", sort="reference", fixed=True),
        Column("customer", gettext_lazy("Customer"), "name", sort="customer__name"),
        Column("state", gettext_lazy("State"), "badge", axis="refund"),
        Column("via", gettext_lazy("By"), titled=True, css="wide-only"),
        Column("account", gettext_lazy("Account"), "code", titled=True, css="wide-only"),
        Column("at", gettext_lazy("Asked for"), "day", sort="created_at"),
        Column("updated_at", gettext_lazy("Updated"), "moment", sort="updated_at", usual=False),
        Column("amount", gettext_lazy("Amount"), "amount", css="when"),
    ),
    visible=visible_refunds,
    narrow=_narrow_refunds,
    present=_present_refunds,
    loaded=lambda found: found.with_details(),
    exact=lambda actor, text: numbered(visible_refunds(actor), text, "refunds:detail"),
    tabs=tuple(map(_queue_tab, QUEUES.values())),
    leading=leading_tabs,
    icon="bank",
    none_yet=gettext_lazy("No refunds here"),
    none_fits=gettext_lazy("No refund fits"),
    next_step=gettext_lazy("Refunds are asked for on the page of a credit note or a return."),
    context_name="refunds",
)


# -------------------------------------------------------------------- credit notes


def _narrow_notes(filters: Filters, actor: Actor, found: Found) -> Found:
    found = of_business(filters, actor, found)
    since, until = filters.day("from", _("Booked from")), filters.day("to", _("Booked until"))
    if text := searched(filters.request):
        named = Q(reference__icontains=text) | Q(customer__name__icontains=text)
        found = found.filter(named | Q(order__reference__icontains=text))
    return between(found, "credited_on", since, until)


def _present_notes(actor: Actor, found: Sequence[CreditNote], wanted: frozenset[str]) -> list[Row]:
    return [
        {
            "url": reverse("sales:credit_note", args=[row.uuid]),
            "label": row.reference,
            "reference": row.reference,
            "customer": row.customer.name,
            "business": row.business.name,
            "order": row.order.reference if row.order else "",
            "credited_on": row.credited_on,
            "net": row.net,
            "tax": row.tax,
            "gross": row.gross,
            "kept": row.kept,
            "refunded": row.refunded,
            "currency": row.currency,
        }
        for row in found
    ]


CREDIT_NOTES: Final = Listing(
    key="credit-notes",
    title=gettext_lazy("Credit notes"),
    path=lambda: reverse("sales:credit_notes"),
    placeholder=gettext_lazy("Number, customer, sales order"),
    columns=(
        Column("reference", gettext_lazy("Credit note"), "ref", sort="reference", fixed=True),
        Column("customer", gettext_lazy("Customer"), "name", sort="customer__name"),
        Column("business", gettext_lazy("Business"), if_several=True, css="wide-only"),
        Column("order", gettext_lazy("Sales order"), "code", titled=True),
        Column("credited_on", gettext_lazy("Booked"), "day", sort="credited_on", css="when"),
        Column("net", gettext_lazy("Net"), "amount", usual=False),
        Column("tax", gettext_lazy("VAT"), "amount", usual=False),
        Column("gross", gettext_lazy("Amount"), "amount"),
        Column("kept", gettext_lazy("Kept as credit"), "amount", css="wide-only"),
        Column("refunded", gettext_lazy("Refunded"), "amount", css="wide-only"),
    ),
    visible=visible_credit_notes,
    narrow=_narrow_notes,
    present=_present_notes,
    loaded=lambda found: found.select_related("business", "customer", "order"),
    exact=lambda actor, text: numbered(visible_credit_notes(actor), text, "sales:credit_note"),
    icon="refund",
    none_yet=gettext_lazy("No credit notes yet"),
    none_fits=gettext_lazy("No credit note fits"),
    next_step=gettext_lazy("They are booked on the pages of returns."),
    context_name="notes_listed",
)
