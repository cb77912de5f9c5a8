"""Sales orders: the list, the page of one, a new one, and its header changed."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from customers.selectors import visible_companies
from rmaproject.web.lists import Filters, paged, searched
from rmaproject.web.nav import address
from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.submitting import Outcome, submit
from rmaproject.web.versions import at_version
from sales.models import SalesOrder
from sales.selectors import (
    OrderSums,
    access_order,
    search_orders,
    sums_of,
    visible_businesses,
    visible_orders,
)
from sales.services.orders import create_order, edit_order
from sales.states import OrderStatus
from sales.web import rows, tabs
from sales.web.forms import HeaderForm, LineFormSet, OrderForm, header_of, line_suggestions

NONE_YET: Final = OrderSums()


def crumbs(*more: dict[str, str]) -> list[dict[str, str]]:
    """The way here, from the list of sales orders."""
    return [{"label": _("Sales orders"), "url": reverse("sales:list")}, *more]


@staff
def orders(request: StaffRequest) -> HttpResponse:
    """The sales orders that the caller sees, newest first, narrowed by the filters."""
    found, filters = _narrowed(request)
    listed = paged(request, found.with_parties())
    sums = sums_of(listed.rows)
    shown = [rows.list_row(order, sums.get(order.pk, NONE_YET)) for order in listed.rows]
    currencies = {order.currency for order in listed.rows}
    context = {
        "filters": filters.context(),
        "orders": shown,
        "currency": currencies.pop() if len(currencies) == 1 else "",
        "with_business": len({row["business"] for row in shown}) > 1,
        "page": listed.pager,
        "calendar_url": request.build_absolute_uri(address("sales_calendar")),
        "new_url": reverse("sales:create") if request.actor.may("sales.create_order") else "",
        "empty": {
            "icon": "order",
            "title": _("No sales order fits") if request.GET else _("No sales orders yet"),
        },
    }
    return page(request, "sales/list.html", context)


def _narrowed(request: StaffRequest) -> tuple[Any, Filters]:
    actor = request.actor
    filters = Filters(request, placeholder=_("Number, customer, tracking number"))
    found: Any = visible_orders(actor)
    if customer := filters.record("customer", _("Customer"), lambda: visible_companies(actor)):
        found = found.filter(customer=customer)
    if status := filters.choice("status", _("Status"), list(OrderStatus.choices)):
        found = found.filter(status=status)
    businesses: list[tuple[object, str]] = [
        (row.uuid, str(row)) for row in visible_businesses(actor).order_by("code")
    ]
    if business := filters.choice("business", _("Business"), businesses):
        found = found.filter(business__uuid=business)
    since, until = filters.day("due_from", _("Due from")), filters.day("due_to", _("Due until"))
    return _due_between(_containing(found, searched(request)), since, until), filters


def _containing(found: Any, text: str) -> Any:
    return search_orders(found, text) if text else found


def _due_between(found: Any, since: date | None, until: date | None) -> Any:
    if since:
        found = found.filter(target_date__gte=since)
    return found.filter(target_date__lte=until) if until else found


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
        "crumbs": crumbs({"label": _("New"), "url": ""}),
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
        "crumbs": crumbs({"label": order.reference, "url": here}),
    }
    return page(request, "sales/form.html", context, status=outcome.status)
