"""Invoices of what has left, and payments that came in for them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from rmaproject.shared import clock, money
from rmaproject.shared.errors import StaleVersion
from rmaproject.web.forms import typed_amount
from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.submitting import submit
from rmaproject.web.versions import at_version
from sales.models import Invoice, Payment, SalesOrder
from sales.selectors import access_order
from sales.services.invoicing import invoice_order, record_payment
from sales.web.forms import InvoiceForm, PaymentForm
from sales.web.lines import order_frame


def invoices_page(order: SalesOrder) -> str:
    """The address of the tab with invoices and payments."""
    return f"{reverse('sales:detail', args=[order.uuid])}?tab=invoices"


@staff
def invoice(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Charge what has left and was not invoiced yet."""
    actor = request.actor
    actor.require("sales.create_invoice")
    order = access_order(actor, ident)
    first = {"invoiced_on": clock.today(order.business)}
    form = InvoiceForm(request.POST or None, initial=first)

    def act() -> Invoice:
        return invoice_order(order.pk, actor=actor, **form.cleaned_data)

    outcome = submit(request, form, lambda: at_version(request, order, act))
    if outcome.done:
        said = _("Invoice %(reference)s is made.") % {"reference": outcome.value.reference}
        messages.success(request, said)
        return redirect(invoices_page(order))
    text = _("Charges the goods that have left and were not invoiced, with shipping and discounts.")
    words = {"form": form, "text": text, "save_label": _("Make invoice")}
    context = {**order_frame(order, _("Invoice what has left")), **words}
    return page(request, "form.html", context, status=outcome.status)


@staff
def payment(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Record money that came in for an order's invoices."""
    actor = request.actor
    actor.require("sales.record_payment")
    order = access_order(actor, ident)
    form = PaymentForm(request.POST or None, order=order, initial=_first_values(order))

    def act() -> Payment:
        return _recorded(request, order, form)

    outcome = submit(request, form, lambda: at_version(request, order, act))
    if outcome.done:
        messages.success(request, _("The payment is recorded."))
        return redirect(invoices_page(order))
    text = _("In %(currency)s. What is over settles the oldest other invoices that are due.")
    words = {
        "form": form,
        "text": text % {"currency": order.currency},
        "save_label": _("Record payment"),
        "cancel_url": invoices_page(order),
    }
    context = {**order_frame(order, _("Record payment")), **words}
    return page(request, "form.html", context, status=outcome.status)


def _first_values(order: SalesOrder) -> dict[str, Any]:
    invoices = Invoice.objects.filter(order=order, settled__lt=F("gross")).order_by("pk")
    due = list(invoices)
    owed = sum((row.gross - row.settled for row in due), money.ZERO)
    return {
        "seen": payments_seen(order),
        "paid_on": clock.today(order.business),
        "invoice": due[0] if due else None,
        "amount": typed_amount(owed or None, order.currency),
    }


def _recorded(request: StaffRequest, order: SalesOrder, form: PaymentForm) -> Payment:
    """The order's row is locked here, so the same payment sent twice meets the first one."""
    values = dict(form.cleaned_data)
    if values.pop("seen") != payments_seen(order):
        message = _("A payment was recorded since you opened this. Look at it, then repeat.")
        raise StaleVersion(message, code="stale_version")
    return record_payment(
        business=order.business,
        customer_id=order.customer_id,
        currency=order.currency,
        actor=request.actor,
        **values,
    )


def payments_seen(order: SalesOrder) -> int:
    """How many payments the customer's account has: one more means that the page is stale."""
    account = {"business": order.business_id, "customer": order.customer_id}
    return Payment.objects.filter(currency=order.currency, **account).count()
