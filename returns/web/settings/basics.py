"""The settings: the switch of returns, businesses, reasons and dispositions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from returns.models import Disposition, Reason
from returns.services.codes import (
    create_disposition,
    create_reason,
    edit_disposition,
    edit_reason,
)
from returns.services.switching import turn_returns
from returns.switch import returns_are_on
from returns.web.figures.first_steps import first_steps
from returns.web.inspection.disposing import EFFECTS
from returns.web.settings.forms import BusinessForm, DispositionForm, ReasonForm
from rmaproject.audit.models import Aggregate
from rmaproject.shared.errors import DomainError, NotFound
from rmaproject.shared.http import status_of
from rmaproject.web.forms import typed_amount
from rmaproject.web.merging import meet
from rmaproject.web.pages import page
from rmaproject.web.sections import MANAGE, section_crumbs, settings_page
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.versions import at_version, shown_version
from sales.models import Business, Document, ReferencePattern
from sales.models.business import DEFAULT_PATTERNS
from sales.services.businesses import create_business, edit_business, set_pattern


@staff
def general(request: StaffRequest) -> HttpResponse:
    """Whether returns are on, and what stands in the way of switching them on."""
    request.actor.require(MANAGE)
    return _general(request)


def _general(request: StaffRequest, refusal: DomainError | None = None) -> HttpResponse:
    context = {
        "returns_enabled": returns_are_on(),
        "switch_url": reverse("settings-switch"),
        "homeless": [
            {"name": row.name, "url": reverse("settings-business", args=[row.uuid])}
            for row in Business.objects.filter(returns_location=None).order_by("code")
        ],
        "problems": [refusal.message] if refusal else [],
        "start": first_steps(request.actor),
    }
    status = status_of(refusal) if refusal else 200
    return settings_page(request, "general", context, status=status)


@staff
@require_POST
def switch(request: StaffRequest) -> HttpResponse:
    """Switch returns on or off."""
    request.actor.require(MANAGE)
    on = request.POST.get("enabled") == "on"
    try:
        turn_returns(on=on, actor=request.actor)
    except DomainError as refusal:
        return _general(request, refusal)
    messages.success(request, _("Returns are on.") if on else _("Returns are off."))
    return redirect("settings")


@staff
def businesses(request: StaffRequest) -> HttpResponse:
    """The businesses, where their returns arrive and how their documents are numbered."""
    request.actor.require(MANAGE)
    own = {(row.business_id, row.document): row.pattern for row in ReferencePattern.objects.all()}
    rows = Business.objects.select_related("returns_location").order_by("code")
    context = {
        "new_url": reverse("settings-new-business"),
        "businesses": [_business_row(row, own) for row in rows],
    }
    return settings_page(request, "businesses", context)


def _business_row(row: Business, own: dict[tuple[int, str], str]) -> dict[str, Any]:
    patterns = {
        document: own.get((row.pk, document), pattern)
        for document, pattern in DEFAULT_PATTERNS.items()
    }
    return {
        "code": row.code,
        "name": row.name,
        "currency": row.currency,
        "returns_location": row.returns_location,
        "return_pattern": patterns[Document.RETURN_ORDER],
        "order_pattern": patterns[Document.SALES_ORDER],
        "credit_pattern": patterns[Document.CREDIT_NOTE],
        "edit_url": reverse("settings-business", args=[row.uuid]),
        "account_url": reverse("settings-business-account", args=[row.uuid]),
    }


@staff
def business(request: StaffRequest, ident: UUID | None = None) -> HttpResponse:
    """Add a business, or change one."""
    request.actor.require(MANAGE)
    known = find_record(Business, ident)
    form = BusinessForm(request.POST or None, actor=request.actor, business=known)
    heading = known.name if known else _("New business")
    return edited(request, form, known, heading, "settings-businesses", _save_business)


def _save_business(request: StaffRequest, form: BusinessForm, known: Business | None) -> None:
    """Facts and patterns together, or nothing."""
    with transaction.atomic():
        if known is None:
            saved = create_business(form.values(), actor=request.actor)
        else:
            saved = edit_business(known.pk, form.values(), actor=request.actor)
        for document, pattern in form.patterns().items():
            set_pattern(saved.pk, document, pattern, actor=request.actor)


def nothing_yet(title: str, text: str) -> dict[str, str]:
    """What a list of the settings says while it is empty; its button stands above it."""
    return {"icon": "settings", "title": title, "text": text}


@staff
def reasons(request: StaffRequest) -> HttpResponse:
    """Why goods come back."""
    request.actor.require(MANAGE)
    rows = [_code_row(row, "settings-reason") for row in Reason.objects.order_by("name")]
    context = {
        "listed": rows,
        "list_heading": _("Reasons"),
        "list_text": _("why goods come back"),
        "new_url": reverse("settings-new-reason"),
        "empty": nothing_yet(_("No reasons yet"), _("Say why goods come back, in your words.")),
    }
    return settings_page(request, "reasons", context)


@staff
def dispositions(request: StaffRequest) -> HttpResponse:
    """What may become of received goods."""
    request.actor.require(MANAGE)
    rows = [
        {**_code_row(row, "settings-disposition"), "effect": EFFECTS[row.action]}
        for row in Disposition.objects.order_by("name")
    ]
    context = {
        "listed": rows,
        "list_heading": _("Dispositions"),
        "list_text": _("what becomes of goods that came back"),
        "new_url": reverse("settings-new-disposition"),
        "empty": nothing_yet(_("No dispositions yet"), _("Say what may become of goods.")),
    }
    return settings_page(request, "dispositions", context)


def _code_row(row: Reason | Disposition, name: str) -> dict[str, Any]:
    url = reverse(name, args=[row.uuid])
    return {"code": row.code, "label": row.name, "active": row.active, "edit_url": url}


@dataclass(frozen=True)
class Codes:
    """Reasons or dispositions: the form and the services of one, and the page of them all."""

    model: type[Reason | Disposition]
    form: type[ReasonForm]
    create: Callable[..., Any]
    edit: Callable[..., Any]
    listed: str
    amounts: tuple[str, ...] = ()


REASONS: Final = Codes(Reason, ReasonForm, create_reason, edit_reason, "settings-reasons")
DISPOSITIONS: Final = Codes(
    Disposition,
    DispositionForm,
    create_disposition,
    edit_disposition,
    "settings-dispositions",
    amounts=("handling_cost", "fee"),
)


@staff
def reason(request: StaffRequest, ident: UUID | None = None) -> HttpResponse:
    """Add a reason, or change one."""
    return _code(request, REASONS, ident, _("New reason"))


@staff
def disposition(request: StaffRequest, ident: UUID | None = None) -> HttpResponse:
    """Add a disposition, or change one."""
    return _code(request, DISPOSITIONS, ident, _("New disposition"))


def _code(request: StaffRequest, codes: Codes, ident: UUID | None, new: str) -> HttpResponse:
    request.actor.require(MANAGE)
    known = find_record(codes.model, ident)
    form = codes.form(request.POST or None, initial=_initial(codes, known))

    def save(request: StaffRequest, form: ReasonForm, known: Any) -> None:
        values, actor = form.cleaned_data, request.actor
        if known is None:
            codes.create(values, actor=actor)
        else:
            codes.edit(known.pk, values, actor=actor)

    return edited(request, form, known, known.name if known else new, codes.listed, save)


def edited(
    request: StaffRequest,
    form: forms.BaseForm,
    known: Aggregate | None,
    heading: str,
    after: str,
    save: Callable[..., None],
    *,
    template: str = "form.html",
) -> HttpResponse:
    """The form for a record of the settings: shown, refused with its input kept, or saved."""
    refusal: DomainError | None = None
    met = False
    if request.method == "POST" and form.is_valid():
        try:
            if known is None:
                save(request, form, known)
            else:
                at_version(request, known, lambda: save(request, form, known))
        except DomainError as error:
            refusal = error
            met = meet(request, form, error) is not None
        else:
            messages.success(request, _("Saved."))
            return redirect(after)
    context = {
        "heading": heading,
        "form": form,
        "version": shown_version(request, known, refusal) if known else "",
        "problems": [refusal.message] if refusal and not met else [],
        "cancel_url": reverse(after),
        "crumbs": section_crumbs(after),
    }
    status = status_of(refusal) if refusal else 422 if form.errors else 200
    return page(request, template, context, status=status)


def find_record(model: type[Any], ident: UUID | None) -> Any:
    """The record of this id; None for a new one. Raises NotFound."""
    if ident is None:
        return None
    found = model._default_manager.filter(uuid=ident).first()
    if found is None:
        raise NotFound(_("There is no such record."), code="not_found")
    return found


def _initial(codes: Codes, known: Any) -> dict[str, Any]:
    if not known:
        return {"active": True}
    first = {name: getattr(known, name) for name in codes.form.base_fields}
    return first | {name: typed_amount(first[name], known.currency) for name in codes.amounts}
