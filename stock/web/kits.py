"""Kits: what they are made of, put together from stock and taken apart."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.submitting import Outcome, submit
from rmaproject.web.versions import at_version
from stock.models import Part, StockItem
from stock.selectors import access_part, kit_parts_of
from stock.services import assemble, disassemble, set_kit_parts
from stock.services.kits import KitPartInput
from stock.web.forms import AssembleForm, KitPartForm, KitPartFormSet
from stock.web.parts import part_frame


@staff
def kit_parts(request: StaffRequest, ident: UUID) -> HttpResponse:
    """What a kit is made of from now on."""
    kit = access_part(request.actor, ident, permission="stock.edit_part")
    known = [KitPartForm.initial_of(row) for row in kit_parts_of(kit)]
    formset: Any = KitPartFormSet(request.POST or None, initial=known)
    form = forms.Form(request.POST or None)
    outcome = _save(request, kit, form, formset)
    if outcome.done:
        messages.success(request, _("The kit is made of these parts now."))
        return redirect("stock:part", kit.uuid)
    words = {"form": form, "formset": formset, "text": kit.name}
    context = {**part_frame(kit, _("Parts of %(sku)s") % {"sku": kit.sku}), **words}
    return page(request, "stock/kit_parts.html", context, status=outcome.status)


def _save(request: StaffRequest, kit: Part, form: forms.Form, formset: Any) -> Outcome:
    if request.method == "POST" and not formset.is_valid():
        return Outcome(status=422)

    def act() -> Part:
        rows = [row.cleaned_data for row in formset if row.cleaned_data.get("part")]
        wanted = [
            KitPartInput(row["part"], row["quantity"] or Decimal(1), row["value_weight"])
            for row in rows
        ]
        return set_kit_parts(kit.pk, wanted, actor=request.actor)

    return submit(request, form, lambda: at_version(request, kit, act))


@staff
def put_together(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Kits made of the parts that lie at a place."""
    heading, done = _("Put together %(sku)s"), _("Put together.")
    return _book(request, ident, assemble, heading, done)


@staff
def take_apart(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Kits at a place taken apart."""
    return _book(request, ident, disassemble, _("Take apart %(sku)s"), _("Taken apart."))


def _book(
    request: StaffRequest,
    ident: UUID,
    service: Callable[..., StockItem],
    heading: str,
    done: str,
) -> HttpResponse:
    actor = request.actor
    kit = access_part(actor, ident, permission="stock.correct_stock")
    form = AssembleForm(request.POST or None)

    def act() -> StockItem:
        return service(kit, actor=actor, **form.cleaned_data)

    outcome = submit(request, form, lambda: at_version(request, kit, act))
    if outcome.done:
        messages.success(request, done)
        return redirect("stock:part", kit.uuid)
    context = {**part_frame(kit, heading % {"sku": kit.sku}), "form": form, "text": kit.name}
    return page(request, "form.html", context, status=outcome.status)
