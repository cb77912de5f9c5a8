"""The pages of bank files: the list, a new one, one with its refunds, and its text to save."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rmaproject.access.selectors import access
from rmaproject.audit import trail
from rmaproject.audit.models import AuditEntry
from rmaproject.shared.errors import RuleViolation
from rmaproject.web.lists import paged, searched
from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.submitting import submit
from rmaproject.web.versions import at_version
from sales.models import BankDetails, BankFile, Business, Refund
from sales.papers import xml_answer
from sales.refund_actions import refund_actions
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
from sales.services.limits import Limits
from sales.states import RefundState, Via
from sales.web import refund_rows as rows
from sales.web.refund_accounts import name_of
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


def _ready_businesses(
    request: StaffRequest, current: Business | None = None
) -> list[dict[str, Any]]:
    """The businesses that have refunds to pay by bank."""
    keys = _ready(request).values("business").distinct()
    found = visible_businesses(request.actor).filter(pk__in=keys).order_by("code")
    new = reverse("refunds:new_file")
    return [
        {"label": row.name, "url": f"{new}?business={row.uuid}", "current": row == current}
        for row in found
    ]


@staff
def new_file(request: StaffRequest) -> HttpResponse:
    """Choose ready refunds of a business and put them into a file."""
    request.actor.require(PAY)
    waiting = _ready(request)
    business = _business(request, waiting)
    chosen = waiting.filter(business=business).select_related("customer", "bank_details")
    listed = list(chosen.order_by("pk")[:MOST])
    shown = chosen.filter(pk__in=[row.pk for row in listed])
    form = FileForm(request.POST or None, rows=shown.order_by("pk"))
    refused: dict[str, str] = {}

    def act() -> BankFile:
        keys = [row.pk for row in form.cleaned_data["refunds"]]
        on = form.cleaned_data["execute_on"]
        assert business is not None  # noqa: S101 without refunds nothing can be chosen
        try:
            return make_bank_file(business, keys, execute_on=on, actor=request.actor)
        except RuleViolation as refusal:
            refused.update(_by_line(refusal))
            raise

    outcome = submit(request, form, act)
    if outcome.done:
        messages.success(request, _("The file is made; its refunds count as sent."))
        return redirect("refunds:file", outcome.value.uuid)
    context = {
        "form": form,
        "business": business,
        "account": _pays_from(business),
        "businesses": _ready_businesses(request, business),
        "lines": _lines(request, listed, refused),
        "cancel_url": reverse("refunds:files"),
        "crumbs": crumbs({"label": _("Bank files"), "url": reverse("refunds:files")}),
        "empty": {"icon": "bank", "title": _("No refund waits to be paid by bank")},
    }
    return page(request, "refunds/file_new.html", context, status=outcome.status)


def _by_line(refusal: RuleViolation) -> dict[str, str]:
    """What stands against single refunds, by their number."""
    named = [refusal.facts.get("refund"), *refusal.facts.get("refunds", [])]
    return {name: refusal.message for name in named if name}


def _pays_from(business: Business | None) -> str:
    """The mask of the account that a business pays from; "" where none is known."""
    found = BankDetails.objects.filter(business=business, retired_at=None).first()
    return str(found) if business is not None and found is not None else ""


def _lines(
    request: StaffRequest, listed: list[Refund], refused: dict[str, str]
) -> list[dict[str, Any]]:
    """The refunds to choose from; what is not this person's to pay says why."""
    limits, posted = Limits(request.actor), request.POST.getlist("refunds")
    lines = []
    for refund in listed:
        offered = {row.verb: row for row in refund_actions(refund, request.actor, limits)}
        pay = offered["pay"]
        taken = str(refund.uuid) in posted if request.method == "POST" else pay.allowed
        lines.append(
            {
                **rows.list_row(refund),
                "uuid": refund.uuid,
                "reason": _(pay.reason) if pay.reason else "",
                "checked": taken,
                "error": refused.get(refund.reference, ""),
            }
        )
    return lines


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
    steps = _steps(trail.history(found), row["waiting"])
    saved = steps[1]["done"] or not may_read
    confirm = {
        "verb": "confirm",
        "label": _("Confirm as paid"),
        "allowed": bool(row["waiting"]),
        "reason": "" if row["waiting"] else _("No refund of it waits to be confirmed."),
        "url": reverse("refunds:confirm_file", args=[found.uuid]),
        "icon": "check",
        "primary": saved,
        "confirm": _("Every refund of this file that is still sent is done."),
    }
    save = {
        "verb": "save",
        "label": _("Save the file for the bank"),
        "allowed": True,
        "url": reverse("refunds:file_content", args=[ident]),
        "icon": "download",
        "primary": not saved,
        "link": True,
    }
    context = {
        "file": row,
        "version": found.version,
        "account": str(found.paid_from),
        "crumbs": crumbs({"label": _("Bank files"), "url": reverse("refunds:files")}),
        "actions": [*([save] if may_read else []), *([confirm] if request.actor.may(PAY) else [])],
        "refunds": [rows.list_row(refund) for refund in found.refunds.all()],
        "steps": steps,
    }
    return page(request, "refunds/file.html", context)


def _steps(entries: Sequence[AuditEntry], waiting: int) -> list[dict[str, Any]]:
    """How far the file has come: made, taken out for the bank, carried out."""
    last = {entry.verb: entry for entry in entries}
    named = (
        ("create", _("Made")),
        ("download", _("Saved for the bank")),
        ("confirm", _("Confirmed as paid")),
    )
    return [
        {
            "label": label,
            "at": last[verb].at if verb in last else None,
            "who": name_of(last[verb].actor) if verb in last else "",
            "done": verb in last and not (verb == "confirm" and waiting),
        }
        for verb, label in named
    ]


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
