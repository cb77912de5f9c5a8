"""What is added to a return beside its goods: extra lines and parcels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from returns import services
from returns.models import ReturnOrder
from returns.selectors import access_return, require_announcing
from returns.web.crumbs import crumbs
from returns.web.forms import ExtraLineForm, ParcelForm
from rmaproject.shared.errors import DomainError, NotFound
from rmaproject.shared.http import status_of
from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.versions import at_version, shown_version


@staff
def add_extra(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Add a charge or a credit that is no goods."""
    order = access_return(request.actor, ident, for_action="edit")
    form = ExtraLineForm(request.POST or None)
    heading = _("Extra line for %(reference)s") % {"reference": order.reference}
    if request.method != "POST" or not form.is_valid():
        return _page(request, order, heading, form)
    try:
        at_version(
            request,
            order,
            lambda: services.add_extra_line(order.pk, form.cleaned_data, actor=request.actor),
        )
    except DomainError as refusal:
        return _page(request, order, heading, form, refusal)
    messages.success(request, _("Extra line added."))
    return redirect("returns:detail", ident)


@staff
def extra(request: StaffRequest, ident: UUID, line_ident: UUID) -> HttpResponse:
    """Change an extra line that was not credited, or take it out."""
    order = access_return(request.actor, ident, for_action="edit")
    line = order.extra_lines.filter(uuid=line_ident, void=False).first()
    if line is None:
        raise NotFound(_("There is no such line."), code="not_found")
    form = ExtraLineForm.of(line, request.POST or None)

    def edit() -> ReturnOrder:
        return services.edit_extra_line(line, form.cleaned_data, actor=request.actor)

    def take_out() -> ReturnOrder:
        return services.remove_extra_line(line, actor=request.actor)

    return _changed(request, order, line.name, form, edit, take_out)


@staff
def add_parcel(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Announce an inbound consignment; who edits returns may do so, and who receives them."""
    order = access_return(request.actor, ident)
    require_announcing(request.actor)
    form = ParcelForm(request.POST or None)
    heading = _("Parcel for %(reference)s") % {"reference": order.reference}
    if request.method != "POST" or not form.is_valid():
        return _page(request, order, heading, form)
    try:
        services.add_parcel(order.pk, form.cleaned_data, actor=request.actor)
    except DomainError as refusal:
        return _page(request, order, heading, form, refusal)
    messages.success(request, _("Parcel announced."))
    return redirect("returns:detail", ident)


@staff
def parcel(request: StaffRequest, ident: UUID, parcel_ident: UUID) -> HttpResponse:
    """Change what was announced of a parcel, or take out one that does not come."""
    order = access_return(request.actor, ident)
    require_announcing(request.actor)
    found = order.parcels.filter(uuid=parcel_ident, void=False).first()
    if found is None:
        raise NotFound(_("There is no such parcel."), code="not_found")
    form = ParcelForm(request.POST or None, initial=ParcelForm.values_of(found))
    heading = _("Parcel %(n)s") % {"n": found.number}

    def edit() -> ReturnOrder:
        return services.edit_parcel(found, form.cleaned_data, actor=request.actor)

    def take_out() -> ReturnOrder:
        return services.void_parcel(found, actor=request.actor)

    return _changed(request, order, heading, form, edit, take_out)


def _changed(
    request: StaffRequest,
    order: ReturnOrder,
    heading: str,
    form: forms.BaseForm,
    edit: Callable[[], ReturnOrder],
    take_out: Callable[[], ReturnOrder],
) -> HttpResponse:
    """What was added is changed, or taken out, as the button says that was pressed."""
    removing = bool(request.POST.get("remove"))
    if request.method != "POST" or not (removing or form.is_valid()):
        return _page(request, order, heading, form, remove=True)
    try:
        at_version(request, order, take_out if removing else edit)
    except DomainError as refusal:
        return _page(request, order, heading, form, refusal, remove=True)
    messages.success(request, _("Taken out.") if removing else _("Saved."))
    return redirect("returns:detail", order.uuid)


def _page(
    request: StaffRequest,
    order: ReturnOrder,
    heading: str,
    form: forms.BaseForm,
    refusal: DomainError | None = None,
    *,
    remove: bool = False,
) -> HttpResponse:
    status = 422 if form.errors else 200
    context: dict[str, Any] = {
        "heading": heading,
        "form": form,
        "crumbs": crumbs(order),
        "version": shown_version(request, order, refusal),
        "problems": [refusal.message] if refusal else [],
        "cancel_url": reverse("returns:detail", args=[order.uuid]),
        "remove_label": _("Take out") if remove else "",
    }
    status = status_of(refusal) if refusal else status
    return page(request, "form.html", context, status=status)
