"""Stock items: the list, the page of one with its movements, and one corrected or moved."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from rmaproject.shared import money
from rmaproject.views.pages import list_page
from rmaproject.web.lists import paged
from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.submitting import submit
from rmaproject.web.versions import at_version
from stock.models import HERE, State, StockItem
from stock.selectors import access_item, movements_at
from stock.services import correct_stock, relocate
from stock.web import rows
from stock.web.forms import CorrectForm, MoveForm
from stock.web.listing import ITEMS
from stock.web.panels import item_panels

CORRECT = "stock.correct_stock"


def tabs(current: str) -> list[dict[str, Any]]:
    """Stock items and locations stand side by side."""
    pages = (("items", _("Stock items")), ("locations", _("Locations")))
    return [
        {"label": label, "url": reverse(f"stock:{name}"), "current": name == current}
        for name, label in pages
    ]


@staff
def items(request: StaffRequest) -> HttpResponse:
    """Stock items that the caller sees, newest first, narrowed by the filters."""
    return list_page(request, ITEMS, side_tabs=tabs("items"))


@staff
def item(request: StaffRequest, ident: UUID) -> HttpResponse:
    """One stock item and what moved it, newest first."""
    found = access_item(request.actor, ident)
    listed = paged(request, movements_at(request.actor, found))
    context = {
        "item": rows.item_row(found),
        "crumbs": _crumbs(found),
        "actions": _buttons(request, found),
        "movements": [rows.movement_row(row) for row in listed.rows],
        "movements_page": listed.pager,
        "panels": item_panels(request.actor, found),
        "facts": rows.item_facts(found),
    }
    return page(request, "stock/item.html", context)


def _crumbs(item: StockItem, *, whole: bool = False) -> list[dict[str, str]]:
    part = {"label": item.part.sku, "url": reverse("stock:part", args=[item.part.uuid])}
    here = {"label": item.serial or item.part.name, "url": reverse("stock:item", args=[item.uuid])}
    stock = {"label": _("Stock"), "url": reverse("stock:items")}
    return [stock, part, here] if whole else [stock, part]


def _buttons(request: StaffRequest, item: StockItem) -> list[dict[str, Any]]:
    if not request.actor.may(CORRECT):
        return []
    gone = "" if item.state in HERE else _("It is not at a location.")
    unit = _("A serialized unit counts one.") if item.serial is not None else ""
    promised = _("It is allocated to a sales order.") if item.serial and item.allocated else ""
    return [
        _button("correct", _("Correct"), "edit", item, gone or unit),
        {**_button("move", _("Move"), "go", item, gone or promised), "primary": True},
    ]


def _button(verb: str, label: str, icon: str, item: StockItem, reason: str) -> dict[str, Any]:
    url = reverse(f"stock:{verb}", args=[item.uuid])
    shown = {"verb": verb, "label": label, "url": url, "icon": icon, "link": True}
    return {**shown, "allowed": not reason, "reason": reason}


@staff
def correct(request: StaffRequest, ident: UUID) -> HttpResponse:
    """A bulk quantity set to what was counted."""
    found = access_item(request.actor, ident, permission=CORRECT)
    form = CorrectForm(request.POST or None, initial={"quantity": found.quantity})

    def act() -> StockItem:
        return correct_stock(found.pk, actor=request.actor, **form.cleaned_data)

    outcome = submit(request, form, lambda: at_version(request, cast("Any", found), act))
    if outcome.done:
        messages.success(request, _("The stock is corrected."))
        return redirect("stock:item", found.uuid)
    heading = _("Correct %(sku)s") % {"sku": found.part.sku}
    context = {**_frame(found, heading), "form": form, "save_label": _("Correct")}
    return page(request, "form.html", context, status=outcome.status)


@staff
def move(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Stock carried to another place or state."""
    found = access_item(request.actor, ident, permission=CORRECT)
    form = MoveForm(request.POST or None, item=found)

    def act() -> StockItem:
        return relocate(found.pk, actor=request.actor, **form.cleaned_data)

    outcome = submit(request, form, lambda: at_version(request, cast("Any", found), act))
    if outcome.done:
        messages.success(request, _("The stock is moved."))
        return redirect("stock:item", outcome.value.uuid)
    heading = _("Move %(what)s") % {"what": found.serial or found.part.sku}
    context = {**_frame(found, heading), "form": form, "save_label": _("Move")}
    return page(request, "form.html", context, status=outcome.status)


def _frame(item: StockItem, heading: str) -> dict[str, Any]:
    place = item.location.code if item.location else State(item.state).label
    free = item.quantity - item.allocated
    text = _("%(quantity)s at %(place)s, %(free)s of it free.")
    facts = {"quantity": money.plain(item.quantity), "place": place, "free": money.plain(free)}
    return {
        "heading": heading,
        "text": text % facts if item.serial is None else place,
        "version": item.version,
        "cancel_url": reverse("stock:item", args=[item.uuid]),
        "crumbs": _crumbs(item, whole=True),
    }
