"""Shipments of a sales order: started, filled with stock, completed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rmaproject.shared import clock
from rmaproject.shared.errors import NotFound
from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.submitting import submit
from rmaproject.web.versions import at_version
from sales.models import SalesOrder, Shipment
from sales.selectors import access_order, lines_of
from sales.services.shipping import add_shipment, allocate, deallocate, ship
from sales.web.allocating import AllocateForm, stock_rows
from sales.web.forms import ShipForm, ShipmentForm
from sales.web.lines import order_frame


def pending_page(order: SalesOrder) -> str:
    """The address of the tab with the shipments that have not left."""
    return f"{reverse('sales:detail', args=[order.uuid])}?tab=pending"


@staff
def add(request: StaffRequest, ident: UUID) -> HttpResponse:
    """A new shipment of an open order."""
    actor = request.actor
    order = access_order(actor, ident, for_action="allocate")
    form = ShipmentForm(request.POST or None)

    def act() -> Shipment:
        return add_shipment(order.pk, actor=actor, **form.cleaned_data)

    outcome = submit(request, form, lambda: at_version(request, order, act))
    if outcome.done:
        return redirect(pending_page(order))
    words = {"form": form, "save_label": _("Start shipment"), "cancel_url": pending_page(order)}
    context = {**order_frame(order, _("New shipment")), **words}
    return page(request, "form.html", context, status=outcome.status)


@staff
def allocation(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Stock chosen for the open lines of an order, all in one step."""
    actor = request.actor
    order = access_order(actor, ident, for_action="allocate")
    form = AllocateForm(request.POST or None, actor=actor, order=order, lines=lines_of(order))

    def act() -> SalesOrder:
        shipment = form.cleaned_data["shipment"]
        return allocate(order.pk, shipment.pk, form.wanted, actor=actor)

    outcome = submit(request, form, lambda: at_version(request, order, act))
    if outcome.done:
        messages.success(request, _("The stock is allocated."))
        return redirect(pending_page(order))
    context = {
        **order_frame(order, _("Allocate stock")),
        "form": form,
        "lines": stock_rows(form),
        "shipment_url": reverse("sales:add_shipment", args=[order.uuid]),
    }
    return page(request, "sales/allocate.html", context, status=outcome.status)


@require_POST
@staff
def take_out(request: StaffRequest, ident: UUID, allocation_ident: UUID) -> HttpResponse:
    """Stock taken out of a shipment that has not left."""
    order = access_order(request.actor, ident, for_action="allocate")
    entries: Any = order.shipments.filter(allocations__uuid=allocation_ident)
    key = entries.values_list("allocations__pk", flat=True).first()
    if key is None:
        raise NotFound(_("There is no such allocation."), code="not_found")
    at_version(request, order, lambda: deallocate(order.pk, key, actor=request.actor))
    messages.success(request, _("The stock is free again."))
    return redirect(pending_page(order))


@staff
def leave(request: StaffRequest, ident: UUID, shipment_ident: UUID) -> HttpResponse:
    """A shipment leaves: day, carrier and tracking number are noted, the stock goes out."""
    actor = request.actor
    order = access_order(actor, ident, for_action="ship")
    shipment = order.shipments.filter(uuid=shipment_ident).first()
    if shipment is None:
        raise NotFound(_("There is no such shipment."), code="not_found")
    first = {
        "shipped_on": clock.today(order.business),
        "carrier": shipment.carrier,
        "tracking_number": shipment.tracking_number,
    }
    form = ShipForm(request.POST or None, initial=first)

    def act() -> SalesOrder:
        return ship(order.pk, shipment.pk, actor=actor, **form.cleaned_data)

    outcome = submit(request, form, lambda: at_version(request, order, act))
    if outcome.done:
        messages.success(request, _("The shipment has left."))
        return redirect(f"{reverse('sales:detail', args=[order.uuid])}?tab=completed")
    heading = _("Complete shipment %(reference)s") % {"reference": shipment.reference}
    text = _("Its stock leaves the shelves; units pass to %(customer)s.")
    words = {
        "form": form,
        "text": text % {"customer": order.customer.name},
        "save_label": _("Complete shipment"),
        "cancel_url": pending_page(order),
    }
    return page(
        request, "form.html", {**order_frame(order, heading), **words}, status=outcome.status
    )
