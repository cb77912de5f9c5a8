"""Sales orders: the list, the page of one, a new one, and its header changed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from rmaproject.views.pages import list_page
from rmaproject.web.nav import address
from rmaproject.web.pages import page
from rmaproject.web.planning.switching import ways
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.submitting import Outcome, submit
from rmaproject.web.versions import at_version
from sales.models import SalesOrder
from sales.selectors import (
    access_order,
    visible_businesses,
)
from sales.services.orders import create_order, edit_order
from sales.web import tabs
from sales.web.crumbs import crumbs
from sales.web.forms import HeaderForm, LineFormSet, OrderForm, header_of, line_suggestions
from sales.web.listing import ORDERS


@staff
def orders(request: StaffRequest) -> HttpResponse:
    """The sales orders that the caller sees, newest first, narrowed by the filters."""
    may_create = request.actor.may("sales.create_order")
    return list_page(
        request,
        ORDERS,
        switch=ways(request, "sales", "table"),
        calendar_url=request.build_absolute_uri(address("sales_calendar")),
        new_url=reverse("sales:create") if may_create else "",
        new_label=_("New sales order"),
    )


@staff
def detail(request: StaffRequest, ident: UUID) -> HttpResponse:
    """One order, with the tab that the address names."""
    order = access_order(request.actor, ident)
    return page(request, "sales/detail.html", tabs.context_for(request, order))


@staff
def create(request: StaffRequest) -> HttpResponse:
    """A new order, with its first lines when they are given."""
    actor = request.actor
    actor.require("sales.view_order")
    actor.require("sales.create_order")
    form = OrderForm(request.POST or None, actor=actor, initial=_first_values(request))
    formset = LineFormSet(request.POST or None, form_kwargs={"suggestions": line_suggestions()})
    outcome = _create(request, form, formset)
    if outcome.done:
        return redirect("sales:detail", outcome.value.uuid)
    context = {
        "form": form,
        "formset": formset,
        "cancel_url": reverse("sales:list"),
        "crumbs": [*crumbs(), {"label": _("New"), "url": ""}],
    }
    return page(request, "sales/form.html", context, status=outcome.status)


def _first_values(request: StaffRequest) -> dict[str, Any]:
    businesses = list(visible_businesses(request.actor)[:2])
    only = businesses[0] if len(businesses) == 1 else None
    return {"customer": request.GET.get("customer", ""), "business": only}


def _create(request: StaffRequest, form: OrderForm, formset: Any) -> Outcome:
    if request.method == "POST" and not formset.is_valid():
        form.is_valid()
        return Outcome(status=422)
    return submit(request, form, lambda: _made(request, form, formset))


def _made(request: StaffRequest, form: OrderForm, formset: Any) -> SalesOrder:
    lines = [line.values() for line in formset if line.has_changed()]
    values = form.values()
    return create_order(lines=lines, actor=request.actor, **values)


@staff
def edit(request: StaffRequest, ident: UUID) -> HttpResponse:
    """The header of an open order."""
    actor = request.actor
    order = access_order(actor, ident, for_action="edit")
    form = HeaderForm(request.POST or None, initial=header_of(order))

    def act() -> SalesOrder:
        return edit_order(order.pk, form.values(), actor=actor)

    outcome = submit(request, form, lambda: at_version(request, order, act))
    here = reverse("sales:detail", args=[order.uuid])
    if outcome.done:
        return redirect(here)
    context = {
        "form": form,
        "editing": True,
        "reference": order.reference,
        "version": order.version,
        "cancel_url": here,
        "crumbs": crumbs(order),
    }
    return page(request, "sales/form.html", context, status=outcome.status)
