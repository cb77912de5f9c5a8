"""Limits of approval in the settings: up to which amount a role may approve and pay."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from rmaproject.access.selectors import access
from rmaproject.web.pages import page
from rmaproject.web.people_words import role_name
from rmaproject.web.sections import section_crumbs, settings_page
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.submitting import submit
from sales.models import ApprovalLimit
from sales.refund_selectors import visible_limits
from sales.services.limits import set_limit
from sales.web.refund_forms import LimitForm, first_limit


@staff
def limits(request: StaffRequest) -> HttpResponse:
    """Every limit; a role without one is free."""
    shown = visible_limits(request.actor).order_by("group__name", "currency")
    context = {
        "limits": [
            {
                "role": role_name(row.group.name),
                "currency": row.currency,
                "amount": row.amount,
                "edit_url": reverse("settings-limit", args=[row.uuid]),
            }
            for row in shown
        ],
        "new_url": reverse("settings-new-limit"),
        "empty": {
            "icon": "rules",
            "title": _("No limits yet"),
            "text": _("Whoever holds the right may approve and pay any amount."),
        },
    }
    return settings_page(request, "limits", context)


@staff
def limit(request: StaffRequest, ident: UUID | None = None) -> HttpResponse:
    """Set the limit of a role in a currency; left empty it is lifted."""
    known: Any = None
    seen = visible_limits(request.actor)
    if ident is not None:
        known = access(seen, ident, actor=request.actor, permissions=())
    form = LimitForm(request.POST or None, initial=first_limit(known))

    def act() -> ApprovalLimit:
        told = form.cleaned_data
        return set_limit(told["group"], told["currency"], told["amount"], actor=request.actor)

    outcome = submit(request, form, act)
    if outcome.done:
        messages.success(request, _("Saved."))
        return redirect("settings-limits")
    context = {
        "heading": _("Limit of approval"),
        "form": form,
        "cancel_url": reverse("settings-limits"),
        "crumbs": section_crumbs("settings-limits"),
    }
    return page(request, "form.html", context, status=outcome.status)
