"""Settings: inspection sheets with questions and grades, and the classes of parts they are for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from returns.models import Disposition, Inspection, Sheet, Verdict
from returns.services.samples import attach_sample, remove_sample
from returns.services.sheets import create_sheet, edit_sheet
from returns.web.inspection.rows import sample_url
from returns.web.record.history import person
from returns.web.settings.basics import edited, find_record, nothing_yet
from returns.web.settings.forms import ReasonForm
from returns.web.settings.sheet_forms import (
    KIND_LABELS,
    Draft,
    SheetForm,
    draft_of,
    posted_draft,
    rearranged,
    values_of,
)
from rmaproject.audit.trail import history
from rmaproject.files.selectors import samples_of
from rmaproject.shared.errors import DomainError, RuleViolation
from rmaproject.shared.http import status_of
from rmaproject.web.pages import page
from rmaproject.web.sections import MANAGE, section_crumbs, settings_page
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.versions import at_version, shown_version
from stock.models import Part, PartCategory
from stock.services import create_category, edit_category

MOST_TOLD = 8


@staff
def sheets(request: StaffRequest) -> HttpResponse:
    """The inspection sheets and what they are for."""
    request.actor.require(MANAGE)
    rows = Sheet.objects.select_related("category").prefetch_related("grades").order_by("name")
    context = {
        "list_heading": _("Inspection sheets"),
        "list_text": _("what an inspector looks at, and the grades that come of it"),
        "listed": [_sheet_row(row) for row in rows],
        "code_head": _("For parts of"),
        "effect_head": _("Grades"),
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
        "code": row.category.name if row.category else _("All parts"),
        "effect": grades,
        "active": row.active,
        "edit_url": reverse("settings-sheet", args=[row.uuid]),
    }


@staff
def sheet(request: StaffRequest, ident: UUID | None = None) -> HttpResponse:
    """Add an inspection sheet, or change one; buttons of its rows only arrange them."""
    request.actor.require(MANAGE)
    known: Sheet | None = find_record(Sheet, ident)
    if request.method != "POST":
        return _editor(request, known, SheetForm(sheet=known), draft_of(known))
    form, draft = SheetForm(request.POST, sheet=known), posted_draft(request.POST)
    wish = request.POST.get("do", "save")
    if wish != "save":
        rearranged(draft, wish)
        return _editor(request, known, form, draft)
    rows = values_of(draft)
    if not form.is_valid() or draft.wrong:
        return _editor(request, known, form, draft, status=422)
    try:
        kept = _save(request, known, {**form.values(), **rows})
    except DomainError as refusal:
        return _editor(request, known, form, draft, refusal=refusal)
    messages.success(request, _("Saved as version %(n)s.") % {"n": kept.version})
    return redirect("settings-sheet", kept.uuid)


def _save(request: StaffRequest, known: Sheet | None, values: dict[str, Any]) -> Sheet:
    if known is None:
        return create_sheet(values, actor=request.actor)
    key = known.pk
    return at_version(request, known, lambda: edit_sheet(key, values, actor=request.actor))


def _editor(
    request: StaffRequest,
    known: Sheet | None,
    form: SheetForm,
    draft: Draft,
    *,
    refusal: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    shows_faults = request.POST.get("do", "save") == "save"
    context = {
        "heading": known.name if known else _("New inspection sheet"),
        "form": form,
        "shows_faults": shows_faults,
        "draft": draft,
        "kinds": [{"value": value, "label": label} for value, label in KIND_LABELS],
        "verdicts": [{"value": value, "label": label} for value, label in Verdict.choices],
        "dispositions": _dispositions(),
        "version": shown_version(request, known, refusal) if known else "",
        "problems": _problems(draft, refusal),
        "cancel_url": reverse("settings-sheets"),
        "crumbs": section_crumbs("settings-sheets"),
        "preview": _preview(draft),
        **(_kept(known) if known else {}),
    }
    status = status_of(refusal) if refusal else status
    part = "returns/_sheet_editor.html"
    return page(request, "returns/sheet.html", context, part=part, status=status)


def _problems(draft: Draft, refusal: DomainError | None) -> list[str]:
    if refusal is not None:
        return [refusal.message]
    return [_("Correct the marked rows and try again.")] if draft.wrong else []


def _dispositions() -> list[dict[str, str]]:
    rows = Disposition.objects.exclude(action="customer_keeps").order_by("name")
    return [{"value": str(row.uuid), "label": row.name} for row in rows]


def _preview(draft: Draft) -> dict[str, Any]:
    """The sheet as an inspector will see it, from the rows as they stand."""
    names = {row["value"]: row["label"] for row in _dispositions()}
    yes_no = [{"value": "yes", "label": _("Yes")}, {"value": "no", "label": _("No")}]
    questions = [
        {
            **row,
            "name": f"preview_{number}",
            "value": "",
            "options": yes_no
            if row["kind"] == "yes_no"
            else [
                {"value": choice["text"], "label": choice["text"]}
                for choice in row["choices"]
                if choice["text"]
            ]
            if row["kind"] == "choice"
            else [],
        }
        for number, row in enumerate(draft.questions)
        if row["text"]
    ]
    grades = [
        {**row, "goes_to": names.get(row["disposition"], "")}
        for row in draft.grades
        if row["code"] or row["name"]
    ]
    return {"questions": questions, "grades": grades}


def _kept(known: Sheet) -> dict[str, Any]:
    """What is known of a saved sheet beside its rows."""
    made, samples = history(known), samples_of(known)
    used = Inspection.objects.filter(sheet=known)[:1001].count()
    return {
        "sheet": known,
        "used_for": _used_for(known),
        "inspections": "1000+" if used > 1000 else str(used),
        "versions": [
            {"n": entry.n, "at": entry.at, "who": person(entry.actor) or _("The program")}
            for entry in reversed(made[-MOST_TOLD:])
        ],
        "samples": [
            {
                "grade": f"{grade.code} {grade.name}",
                "key": str(grade.uuid),
                "photos": [
                    {"url": sample_url(known, row), "remove_url": _remove_url(known, row.uuid)}
                    for row in samples.get(grade.uuid, ())
                ],
            }
            for grade in known.grades.all()
        ],
        "sample_url": reverse("settings-add-sample", args=[known.uuid]),
    }


def _remove_url(known: Sheet, ident: UUID) -> str:
    return reverse("settings-remove-sample", args=[known.uuid, ident])


def _used_for(known: Sheet) -> list[str]:
    """The classes of parts that are inspected by the sheet, with how many parts they have."""
    if not known.active:
        return []
    if known.category is not None:
        return [_class_words(known.category.name, Part.objects.filter(category=known.category))]
    own = Sheet.objects.filter(active=True).exclude(category=None).values("category")
    rows = PartCategory.objects.filter(active=True).exclude(pk__in=own).order_by("name")
    named = [row.name for row in rows]
    return [*named, _class_words(_("Parts without a category"), Part.objects.filter(category=None))]


def _class_words(name: str, parts: Any) -> str:
    many = parts[:1001].count()
    words = ngettext("%(name)s, %(n)s part", "%(name)s, %(n)s parts", many)
    return words % {"name": name, "n": many}


@staff
@require_POST
def add_sample(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Show by a picture what goods of a grade look like."""
    request.actor.require(MANAGE)
    known: Sheet = find_record(Sheet, ident)
    try:
        grade = UUID(request.POST.get("grade", ""))
        file = request.FILES.get("file")
        if file is None:
            raise RuleViolation(_("Choose a file."), code="empty_file", pointer="/file")
        attach_sample(known.pk, grade, str(file.name), file.read(), actor=request.actor)
    except ValueError:
        messages.error(request, _("The sheet has no such grade."))
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The sample photo is kept."))
    return redirect("settings-sheet", ident)


@staff
@require_POST
def drop_sample(request: StaffRequest, ident: UUID, file_ident: UUID) -> HttpResponse:
    """Take a sample photo away."""
    request.actor.require(MANAGE)
    known: Sheet = find_record(Sheet, ident)
    remove_sample(known.pk, file_ident, actor=request.actor)
    messages.success(request, _("The sample photo is gone."))
    return redirect("settings-sheet", ident)


@staff
def categories(request: StaffRequest) -> HttpResponse:
    """The classes of parts, with the sheet that each is inspected by."""
    request.actor.require(MANAGE)
    active = Sheet.objects.filter(active=True)
    sheets_by = {row.category_id: row.name for row in active}
    counted = Part.objects.exclude(category=None).values("category").annotate(n=Count("pk"))
    parts = {row["category"]: row["n"] for row in counted}
    context = {
        "list_heading": _("Part categories"),
        "list_text": _("classes of parts that rules and sheets are made for"),
        "listed": [
            _category_row(row, parts.get(row.pk, 0), sheets_by)
            for row in PartCategory.objects.order_by("name")
        ],
        "effect_head": _("Used for"),
        "new_url": reverse("settings-new-category"),
        "empty": nothing_yet(
            _("No part categories yet"),
            _("Rules and sheets may hold for a class of parts, like food or electronics."),
        ),
    }
    return settings_page(request, "categories", context)


def _category_row(
    row: PartCategory, parts: int, sheets_by: dict[int | None, str]
) -> dict[str, Any]:
    words = ngettext("%(n)s part", "%(n)s parts", parts) % {"n": parts}
    name = sheets_by.get(row.pk) or sheets_by.get(None)
    inspected = _("inspected by %(sheet)s") % {"sheet": name} if name else _("no sheet")
    return {
        "label": row.name,
        "code": row.code,
        "effect": f"{words}, {inspected}",
        "active": row.active,
        "edit_url": reverse("settings-category", args=[row.uuid]),
    }


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
