"""The pages of bank files: the list, a new one, one with its refunds, and its text to save."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rmaproject.access.selectors import access
from rmaproject.web.lists import paged, searched
from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.submitting import submit
from rmaproject.web.versions import at_version
from sales.models import BankFile, Business
from sales.papers import xml_answer
from sales.refund_selectors import visible_bank_files, visible_refunds
from sales.selectors import visible_businesses
from sales.services.bank_files import (
    CURRENCY,
    MOST,
    PAY,
    confirm_bank_file,
    make_bank_file,
    read_bank_file,
)
from sales.services.banking import SEE
from sales.states import RefundState, Via
from sales.web import refund_rows as rows
from sales.web.refund_forms import FileForm
from sales.web.refunds import crumbs


@staff
def files(request: StaffRequest) -> HttpResponse:
    """The bank files that the caller sees, newest first."""
    found: Any = visible_bank_files(request.actor)
    listed = paged(request, found.with_refunds())
    may = request.actor.may(PAY)
    context = {
        "files": [rows.file_row(row) for row in listed.rows],
        "page": listed.pager,
        "crumbs": crumbs(),
        "businesses": _ready_businesses(request) if may else [],
        "empty": {"icon": "bank", "title": _("No bank files yet")},
    }
    return page(request, "refunds/files.html", context)


def _ready(request: StaffRequest) -> Any:
    """Refunds that a bank file could pay now."""
    ready = {"state": RefundState.READY, "via": Via.BANK, "currency": CURRENCY}
    return visible_refunds(request.actor).filter(**ready)


def _ready_businesses(request: StaffRequest) -> list[dict[str, str]]:
    keys = _ready(request).values("business").distinct()
    found = visible_businesses(request.actor).filter(pk__in=keys).order_by("code")
    new = reverse("refunds:new_file")
    return [{"label": row.name, "url": f"{new}?business={row.uuid}"} for row in found]


@staff
def new_file(request: StaffRequest) -> HttpResponse:
    """Choose ready refunds of a business and put them into a file."""
    request.actor.require(PAY)
    waiting = _ready(request)
    business = _business(request, waiting)
    chosen = waiting.filter(business=business).select_related("customer", "bank_details")
    shown = chosen.filter(pk__in=list(chosen.order_by("pk").values_list("pk", flat=True)[:MOST]))
    form = FileForm(request.POST or None, rows=shown.order_by("pk"))

    def act() -> BankFile:
        keys = [row.pk for row in form.cleaned_data["refunds"]]
        on = form.cleaned_data["execute_on"]
        assert business is not None  # noqa: S101 without refunds nothing can be chosen
        return make_bank_file(business, keys, execute_on=on, actor=request.actor)

    outcome = submit(request, form, act)
    if outcome.done:
        messages.success(request, _("The file is made; its refunds count as sent."))
        return redirect("refunds:file", outcome.value.uuid)
    context = {
        "heading": _("New bank file"),
        "text": _("For %(business)s, in euros.") % {"business": business} if business else "",
        "form": form,
        "save_label": _("Make the file"),
        "cancel_url": reverse("refunds:files"),
        "crumbs": crumbs({"label": _("Bank files"), "url": reverse("refunds:files")}),
    }
    return page(request, "form.html", context, status=outcome.status)


def _business(request: StaffRequest, waiting: Any) -> Business | None:
    """The named business, else the first one that has refunds to pay."""
    found = visible_businesses(request.actor)
    try:
        named = found.filter(uuid=UUID(searched(request, "business"))).first()
    except ValueError:
        named = None
    return named or found.filter(pk__in=waiting.values("business")).order_by("code").first()


@staff
def file(request: StaffRequest, ident: UUID) -> HttpResponse:
    """One bank file with the refunds that it pays."""
    found = _file(request, ident)
    may_read = request.actor.may(PAY) and request.actor.may(SEE)
    row = rows.file_row(found)
    confirm = {
        "verb": "confirm",
        "label": _("Confirm as paid"),
        "allowed": bool(row["waiting"]),
        "reason": "" if row["waiting"] else _("No refund of it waits to be confirmed."),
        "url": reverse("refunds:confirm_file", args=[found.uuid]),
        "icon": "check",
        "primary": True,
        "confirm": _("Every refund of this file that is still sent is done."),
    }
    save = {
        "verb": "save",
        "label": _("Save the file for the bank"),
        "allowed": True,
        "url": reverse("refunds:file_content", args=[ident]),
        "icon": "download",
        "link": True,
    }
    context = {
        "file": row,
        "version": found.version,
        "account": str(found.paid_from),
        "crumbs": crumbs({"label": _("Bank files"), "url": reverse("refunds:files")}),
        "actions": [*([save] if may_read else []), *([confirm] if request.actor.may(PAY) else [])],
        "refunds": [rows.list_row(refund) for refund in found.refunds.all()],
    }
    return page(request, "refunds/file.html", context)


@staff
def content(request: StaffRequest, ident: UUID) -> HttpResponse:
    """The file to save; that it was taken out stays in its trail."""
    found = _file(request, ident)
    return xml_answer(found.reference, read_bank_file(found.pk, actor=request.actor))


@require_POST
@staff
def confirm(request: StaffRequest, ident: UUID) -> HttpResponse:
    """The bank carried the file out."""
    found = _file(request, ident)
    request.actor.require(PAY)
    at_version(request, found, lambda: confirm_bank_file(found.pk, actor=request.actor))
    messages.success(request, _("The refunds of this file are done."))
    return redirect("refunds:file", found.uuid)


def _file(request: StaffRequest, ident: UUID) -> BankFile:
    rows_seen: Any = visible_bank_files(request.actor)
    found: BankFile = access(rows_seen.with_refunds(), ident, actor=request.actor, permissions=())
    return found
