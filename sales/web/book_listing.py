"""The lists of invoices and of payments; a fixed number of queries each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rmaproject.access.actors import Actor
from rmaproject.web.lists import Column, Filters, Listing, Tab, searched
from sales.models import Invoice, Payment
from sales.selectors import visible_invoices, visible_payments
from sales.web.listing import between, numbered, of_business

Found = Any
Row = dict[str, Any]


def _narrow_invoices(filters: Filters, actor: Actor, found: Found) -> Found:
    found = of_business(filters, actor, found)
    since, until = filters.day("from", _("From")), filters.day("to", _("Until"))
    if text := searched(filters.request):
        named = Q(reference__icontains=text) | Q(customer__name__icontains=text)
        found = found.filter(named | Q(order__reference__icontains=text))
    return between(found, "invoiced_on", since, until)


def _present_invoices(actor: Actor, found: Sequence[Invoice], wanted: frozenset[str]) -> list[Row]:
    return [
        {
            "url": reverse("sales:invoice_page", args=[row.uuid]),
            "label": row.reference,
            "reference": row.reference,
            "customer": row.customer.name,
            "business": row.business.name,
            "order": row.order.reference if row.order else "",
            "invoiced_on": row.invoiced_on,
            "gross": row.gross,
            "credited": row.credited,
            "open": row.gross - row.settled,
            "currency": row.currency,
        }
        for row in found
    ]


INVOICES: Final = Listing(
    key="invoices",
    title=gettext_lazy("Invoices"),
    path=lambda: reverse("sales:invoices"),
    placeholder=gettext_lazy("Number, customer, sales order"),
    columns=(
        Column("reference", gettext_lazy("Invoice"), "ref", sort="reference", fixed=True),
        Column("customer", gettext_lazy("Customer"), "name", sort="customer__name"),
        Column("business", gettext_lazy("Business"), if_several=True, css="wide-only"),
        Column("order", gettext_lazy("Sales order"), "code", titled=True),
        Column("invoiced_on", gettext_lazy("Date"), "day", sort="invoiced_on", css="when"),
        Column("gross", gettext_lazy("Amount"), "amount"),
        Column("credited", gettext_lazy("Credited"), "amount", css="wide-only"),
        Column("open", gettext_lazy("Open"), "amount"),
    ),
    visible=visible_invoices,
    narrow=_narrow_invoices,
    present=_present_invoices,
    loaded=lambda found: found.select_related("business", "customer", "order"),
    exact=lambda actor, text: numbered(visible_invoices(actor), text, "sales:invoice_page"),
    tabs=(
        Tab("all", gettext_lazy("All"), lambda found, now: found),
        Tab("due", gettext_lazy("Due"), lambda found, now: found.filter(settled__lt=F("gross"))),
        Tab(
            "credited",
            gettext_lazy("Credited"),
            lambda found, now: found.filter(credited__gt=0),
        ),
    ),
    icon="print",
    none_yet=gettext_lazy("No invoices here"),
    none_fits=gettext_lazy("No invoice fits"),
    next_step=gettext_lazy("They are made on the pages of sales orders, or come by other systems."),
    context_name="invoices_listed",
)


def _narrow_payments(filters: Filters, actor: Actor, found: Found) -> Found:
    found = of_business(filters, actor, found)
    since, until = filters.day("from", _("From")), filters.day("to", _("Until"))
    if text := searched(filters.request):
        named = Q(gateway_reference__icontains=text) | Q(customer__name__icontains=text)
        found = found.filter(named | Q(method__icontains=text))
    return between(found, "paid_on", since, until)


def _present_payments(actor: Actor, found: Sequence[Payment], wanted: frozenset[str]) -> list[Row]:
    return [
        {
            "url": reverse("sales:payment_page", args=[row.uuid]),
            "label": row.gateway_reference or row.method or row.customer.name,
            "reference": row.gateway_reference or _("Payment"),
            "customer": row.customer.name,
            "business": row.business.name,
            "method": row.method or row.gateway,
            "paid_on": row.paid_on,
            "amount": row.amount,
            "refunded": row.refunded,
            "free": row.amount - row.applied,
            "currency": row.currency,
        }
        for row in found
    ]


PAYMENTS: Final = Listing(
    key="payments",
    title=gettext_lazy("Payments"),
    path=lambda: reverse("sales:payments"),
    placeholder=gettext_lazy("Reference, customer, method"),
    columns=(
        Column("reference", gettext_lazy("Payment"), "ref", fixed=True),
        Column("customer", gettext_lazy("Customer"), "name", sort="customer__name"),
        Column("business", gettext_lazy("Business"), if_several=True, css="wide-only"),
        Column("method", gettext_lazy("By"), titled=True),
        Column("paid_on", gettext_lazy("Paid"), "day", sort="paid_on", css="when"),
        Column("amount", gettext_lazy("Amount"), "amount"),
        Column("refunded", gettext_lazy("Went back"), "amount", css="wide-only"),
        Column("free", gettext_lazy("Settles nothing yet"), "amount", css="wide-only"),
    ),
    visible=visible_payments,
    narrow=_narrow_payments,
    present=_present_payments,
    loaded=lambda found: found.select_related("business", "customer"),
    tabs=(
        Tab("all", gettext_lazy("All"), lambda found, now: found),
        Tab(
            "free",
            gettext_lazy("Settle nothing yet"),
            lambda found, now: found.filter(applied__lt=F("amount")),
        ),
        Tab("back", gettext_lazy("Went back"), lambda found, now: found.filter(refunded__gt=0)),
    ),
    icon="bank",
    none_yet=gettext_lazy("No payments here"),
    none_fits=gettext_lazy("No payment fits"),
    next_step=gettext_lazy("They are recorded on the pages of sales orders."),
    context_name="payments_listed",
)
