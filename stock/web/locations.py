"""Locations as a tree; new ones, and one changed or hung elsewhere."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.submitting import submit
from rmaproject.web.versions import at_version
from stock.models import Location
from stock.selectors import Spot, access_location, location_tree, visible_locations
from stock.services import create_location, edit_location
from stock.web.forms import LocationForm
from stock.web.items import tabs

EDIT = "stock.edit_location"
DEEPEST_INDENT = 6


@staff
def locations(request: StaffRequest) -> HttpResponse:
    """All locations, each below the one it lies in."""
    may_edit = request.actor.may(EDIT)
    spots = location_tree(visible_locations(request.actor))
    context = {
        "tabs": tabs("locations"),
        "locations": [_row(spot, may_edit=may_edit) for spot in spots],
        "new_url": reverse("stock:create_location") if may_edit else "",
        "empty": {"icon": "shelf", "title": _("No locations yet")},
    }
    return page(request, "stock/locations.html", context)


def _row(spot: Spot, *, may_edit: bool) -> dict[str, Any]:
    place = spot.location
    return {
        "url": f"{reverse('stock:items')}?{urlencode({'location': place.code})}",
        "code": place.code,
        "name": place.name,
        "active": place.active,
        "depth": min(spot.depth, DEEPEST_INDENT),
        "items": spot.items,
        "edit_url": reverse("stock:edit_location", args=[place.uuid]) if may_edit else "",
    }


@staff
def create(request: StaffRequest) -> HttpResponse:
    """A new location."""
    actor = request.actor
    actor.require(EDIT)
    form = LocationForm(request.POST or None, initial={"parent": request.GET.get("parent", "")})
    outcome = submit(request, form, lambda: create_location(form.cleaned_data, actor=actor))
    if outcome.done:
        return redirect("stock:locations")
    context = {**_frame(_("New location")), "form": form, "save_label": _("Add location")}
    return page(request, "form.html", context, status=outcome.status)


@staff
def edit(request: StaffRequest, ident: UUID) -> HttpResponse:
    """A location changed, or hung into another one."""
    actor = request.actor
    found = access_location(actor, ident, permission=EDIT)
    form = LocationForm(request.POST or None, initial=LocationForm.initial_of(found))

    def act() -> Location:
        return edit_location(found.pk, dict(form.cleaned_data), actor=actor)

    outcome = submit(request, form, lambda: at_version(request, found, act))
    if outcome.done:
        return redirect("stock:locations")
    heading = _("Edit %(code)s") % {"code": found.code}
    context = {**_frame(heading), "form": form, "version": found.version}
    return page(request, "form.html", context, status=outcome.status)


def _frame(heading: str) -> dict[str, Any]:
    here = reverse("stock:locations")
    crumbs = [{"label": _("Locations"), "url": here}]
    return {"heading": heading, "cancel_url": here, "crumbs": crumbs}
