"""Parts: the list, the page of one, a new one, one changed, and stock of one booked in."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from rmaproject.views.pages import list_page
from rmaproject.web.lists import paged
from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.submitting import submit
from rmaproject.web.versions import at_version
from stock.models import Part, PartKind, State, StockItem
from stock.selectors import (
    access_part,
    kit_parts_of,
    movements_of,
    places_of,
    visible_items,
)
from stock.services import book_in, create_part, edit_part
from stock.web import rows
from stock.web.forms import BookInForm, PartForm
from stock.web.history import history_of
from stock.web.listing import PARTS

MOVEMENTS: Final = 20


def crumbs(*more: dict[str, str]) -> list[dict[str, str]]:
    """The way here, from the list of parts."""
    return [{"label": _("Parts"), "url": reverse("stock:parts")}, *more]


@staff
def parts(request: StaffRequest) -> HttpResponse:
    """All parts, newest first, narrowed by text and state."""
    new_url = reverse("stock:create_part") if request.actor.may("stock.edit_part") else ""
    return list_page(request, PARTS, new_url=new_url, new_label=_("New part"))


@staff
def part(request: StaffRequest, ident: UUID) -> HttpResponse:
    """One part: its stock by place and state, its items, its latest movements."""
    found = access_part(request.actor, ident)
    stock: Any = visible_items(request.actor).filter(part=found).exclude(quantity=0)
    listed = paged(request, stock.with_details())
    context = {
        "part": rows.part_head(found),
        "version": found.version,
        "crumbs": crumbs(),
        "actions": _buttons(request, found),
        "places": _places(request, found) if found.is_serialized or found.is_batched else [],
        "items": [rows.item_row(row) for row in listed.rows],
        "items_page": listed.pager,
        "items_empty": _no_stock(found),
        "movements": [
            rows.movement_row(row) for row in movements_of(request.actor, found)[:MOVEMENTS]
        ],
        "components": [rows.component_row(row) for row in kit_parts_of(found)],
        "facts": rows.part_facts(found),
        "entries": history_of(found),
    }
    return page(request, "stock/part.html", context)


def _no_stock(part: Part) -> dict[str, str]:
    title = _("A virtual part has no stock") if part.is_virtual else _("Nothing in stock")
    return {"icon": "shelf", "title": title}


def _places(request: StaffRequest, part: Part) -> list[dict[str, Any]]:
    listed = reverse("stock:items")
    return [
        {
            "place": row["location__code"] or "",
            "state_label": State(row["state"]).label,
            "tone": rows.TONES.get(row["state"], "calm"),
            "quantity": row["total"],
            "url": f"{listed}?part={part.sku}&state={row['state']}",
        }
        for row in places_of(request.actor, part)
    ]


def _buttons(request: StaffRequest, part: Part) -> list[dict[str, Any]]:
    found = []
    if request.actor.may("stock.edit_part"):
        url = reverse("stock:edit_part", args=[part.uuid])
        found.append(_link("edit", _("Edit"), url, "edit"))
    found += _kit_buttons(request, part)
    if request.actor.may("stock.correct_stock"):
        url = reverse("stock:book_in", args=[part.uuid])
        reason = _("A virtual part has no stock.") if part.is_virtual else ""
        found.append({**_link("book-in", _("Book in"), url, "plus", reason), "primary": True})
    return found


def _kit_buttons(request: StaffRequest, part: Part) -> list[dict[str, Any]]:
    """What can be done with a kit: say what it is made of, put it together, take it apart."""
    if part.kind != PartKind.KIT:
        return []
    offered = [
        ("stock.edit_part", "kit_parts", _("Parts of the kit"), "part"),
        ("stock.correct_stock", "assemble", _("Put together"), "plus"),
        ("stock.correct_stock", "disassemble", _("Take apart"), "minus"),
    ]
    return [
        _link(name.replace("_", "-"), label, reverse(f"stock:{name}", args=[part.uuid]), icon)
        for right, name, label, icon in offered
        if request.actor.may(right)
    ]


def _link(verb: str, label: str, url: str, icon: str, reason: str = "") -> dict[str, Any]:
    shown = {"verb": verb, "label": label, "url": url, "icon": icon, "link": True}
    return {**shown, "allowed": not reason, "reason": reason}


@staff
def create(request: StaffRequest) -> HttpResponse:
    """A new part."""
    actor = request.actor
    actor.require("stock.edit_part")
    form = PartForm(request.POST or None)
    outcome = submit(request, form, lambda: create_part(dict(form.cleaned_data), actor=actor))
    if outcome.done:
        return redirect("stock:part", outcome.value.uuid)
    context = {
        "heading": _("New part"),
        "form": form,
        "save_label": _("Add part"),
        "cancel_url": reverse("stock:parts"),
        "crumbs": crumbs(),
    }
    return page(request, "form.html", context, status=outcome.status)


@staff
def edit(request: StaffRequest, ident: UUID) -> HttpResponse:
    """A part changed."""
    actor = request.actor
    found = access_part(actor, ident, permission="stock.edit_part")
    form = PartForm(request.POST or None, initial=PartForm.initial_of(found))

    def act() -> Part:
        return edit_part(found.pk, dict(form.cleaned_data), actor=actor)

    outcome = submit(request, form, lambda: at_version(request, found, act))
    if outcome.done:
        return redirect("stock:part", found.uuid)
    context = {**part_frame(found, _("Edit %(sku)s") % {"sku": found.sku}), "form": form}
    return page(request, "form.html", context, status=outcome.status)


@staff
def add_stock(request: StaffRequest, ident: UUID) -> HttpResponse:
    """New stock of a part put on a shelf."""
    actor = request.actor
    found = access_part(actor, ident, permission="stock.correct_stock")
    form = BookInForm(request.POST or None, part=found)

    def act() -> list[StockItem]:
        return book_in(found, actor=actor, **form.cleaned_data)

    outcome = submit(request, form, lambda: at_version(request, found, act))
    if outcome.done:
        messages.success(request, _("The stock is booked in."))
        return redirect("stock:part", found.uuid)
    words = {"form": form, "text": found.name, "save_label": _("Book in")}
    context = {**part_frame(found, _("Book in %(sku)s") % {"sku": found.sku}), **words}
    return page(request, "form.html", context, status=outcome.status)


def part_frame(part: Part, heading: str) -> dict[str, Any]:
    """What every form about a part has around it."""
    here = reverse("stock:part", args=[part.uuid])
    return {
        "heading": heading,
        "version": part.version,
        "cancel_url": here,
        "crumbs": crumbs({"label": part.sku, "url": here}),
    }
