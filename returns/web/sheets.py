"""Settings: inspection sheets with questions and grades, and the classes of parts they are for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from returns.models import Sheet
from returns.services.sheets import create_sheet, edit_sheet
from returns.web.settings import edited, find_record, nothing_yet
from returns.web.settings_forms import ReasonForm
from returns.web.sheet_forms import SheetForm
from rmaproject.web.sections import MANAGE, settings_page
from rmaproject.web.staff import StaffRequest, staff
from stock.models import PartCategory
from stock.services import create_category, edit_category


@staff
def sheets(request: StaffRequest) -> HttpResponse:
    """The inspection sheets and what they are for."""
    request.actor.require(MANAGE)
    rows = Sheet.objects.select_related("category").prefetch_related("grades").order_by("name")
    context = {
        "list_heading": _("Inspection sheets"),
        "list_text": _("what an inspector looks at, and the grades that come of it"),
        "listed": [_sheet_row(row) for row in rows],
        "new_url": reverse("settings-new-sheet"),
        "empty": nothing_yet(
            _("No inspection sheets yet"),
            _("A sheet says what an inspector looks at and which grades may come of it."),
        ),
    }
    return settings_page(request, "sheets", context)


def _sheet_row(row: Sheet) -> dict[str, Any]:
    grades = ", ".join(f"{grade.code} {grade.name}" for grade in row.grades.all())
    return {
        "label": row.name,
        "code": row.category.code if row.category else _("All parts"),
        "effect": grades,
        "active": row.active,
        "edit_url": reverse("settings-sheet", args=[row.uuid]),
    }


@staff
def sheet(request: StaffRequest, ident: UUID | None = None) -> HttpResponse:
    """Add an inspection sheet, or change one."""
    request.actor.require(MANAGE)
    known: Sheet | None = find_record(Sheet, ident)
    form = SheetForm(request.POST or None, sheet=known)
    heading = known.name if known else _("New inspection sheet")

    def save(request: StaffRequest, form: SheetForm, known: Sheet | None) -> None:
        if known is None:
            create_sheet(form.values(), actor=request.actor)
        else:
            edit_sheet(known.pk, form.values(), actor=request.actor)

    return edited(request, form, known, heading, "settings-sheets", save)


@staff
def categories(request: StaffRequest) -> HttpResponse:
    """The classes of parts."""
    request.actor.require(MANAGE)
    context = {
        "list_heading": _("Part categories"),
        "list_text": _("classes of parts that rules and sheets are made for"),
        "listed": [
            {
                "label": row.name,
                "code": row.code,
                "active": row.active,
                "edit_url": reverse("settings-category", args=[row.uuid]),
            }
            for row in PartCategory.objects.order_by("name")
        ],
        "new_url": reverse("settings-new-category"),
        "empty": nothing_yet(
            _("No part categories yet"),
            _("Rules and sheets may hold for a class of parts, like food or electronics."),
        ),
    }
    return settings_page(request, "categories", context)


@staff
def category(request: StaffRequest, ident: UUID | None = None) -> HttpResponse:
    """Add a class of parts, or change one."""
    request.actor.require(MANAGE)
    known: PartCategory | None = find_record(PartCategory, ident)
    first: dict[str, Any] = {"active": True}
    if known is not None:
        first = {"code": known.code, "name": known.name, "active": known.active}
    form = ReasonForm(request.POST or None, initial=first)
    heading = known.name if known else _("New part category")

    def save(request: StaffRequest, form: ReasonForm, known: PartCategory | None) -> None:
        if known is None:
            create_category(form.cleaned_data, actor=request.actor)
        else:
            edit_category(known.pk, form.cleaned_data, actor=request.actor)

    return edited(request, form, known, heading, "settings-categories", save)
