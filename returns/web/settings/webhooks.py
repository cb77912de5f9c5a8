"""Webhooks in the settings: who is told, a test, and what became of every event."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from returns.web.record.history import person
from rmaproject.access.selectors import access
from rmaproject.events.kinds import known_patterns
from rmaproject.web.once import done
from rmaproject.web.pages import page
from rmaproject.web.sections import section_crumbs, settings_page
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.submitting import submit
from rmaproject.web.versions import at_version
from rmaproject.webhooks.formats import FORMATS
from rmaproject.webhooks.models import Delivery, Endpoint
from rmaproject.webhooks.selectors import visible_endpoints
from rmaproject.webhooks.services import (
    create_endpoint,
    delete_endpoint,
    enable_endpoint,
    replay_delivery,
    rotate_secret,
    send_test,
)

PAGE: Final = "settings-webhooks"
#: More than anybody reads; the API lists all.
SHOWN: Final = 200
LOGGED: Final = 50
WHY: Final = {
    "by_hand": gettext_lazy("Switched off by hand"),
    "gone": gettext_lazy("Switched off: the other side answered 410"),
    "failing": gettext_lazy("Switched off: nothing arrived any more"),
}
TONES: Final = {"delivered": "ok", "pending": "wait", "failed": "bad"}


#: What the types of events are about, in words.
RECORDS: Final = {
    "company": gettext_lazy("Customers"),
    "part": gettext_lazy("Parts"),
    "location": gettext_lazy("Locations"),
    "sales_order": gettext_lazy("Sales orders"),
    "invoice": gettext_lazy("Invoices"),
    "payment": gettext_lazy("Payments"),
    "credit_note": gettext_lazy("Credit notes"),
    "refund": gettext_lazy("Refunds"),
    "return": gettext_lazy("Returns"),
}


class WebhookForm(forms.Form):
    """Where events go, and which."""

    url = forms.CharField(
        label=gettext_lazy("Address"), max_length=2000, widget=forms.URLInput(), strip=True
    )
    description = forms.CharField(
        label=gettext_lazy("What it is for"), max_length=200, required=False
    )
    types = forms.MultipleChoiceField(
        label=gettext_lazy("Tells of"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Nothing chosen tells of all. Single types: over the API."),
    )
    format = forms.ChoiceField(label=gettext_lazy("Format"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        kinds = [
            (known, RECORDS.get(known.removesuffix(".*"), known))
            for known in known_patterns()
            if known.endswith(".*")
        ]
        self.fields["types"].choices = kinds  # type: ignore[attr-defined]
        self.fields["format"].choices = [(name, name) for name in FORMATS]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        return {**self.cleaned_data, "types": self.cleaned_data["types"] or ["*"]}


@staff
def webhooks(request: StaffRequest) -> HttpResponse:
    """The webhooks in sight."""
    return _listed(request)


@staff
def new(request: StaffRequest) -> HttpResponse:
    """Add a webhook, and show its secret this once."""
    visible_endpoints(request.actor)
    form = WebhookForm(request.POST or None)
    outcome = submit(request, form, lambda: create_endpoint(form.values(), actor=request.actor))
    if outcome.done:
        return _listed(request, outcome.value)
    context = {
        "heading": _("New webhook"),
        "form": form,
        "cancel_url": reverse(PAGE),
        "crumbs": section_crumbs(PAGE),
    }
    return page(request, "form.html", context, status=outcome.status)


@staff
def webhook(request: StaffRequest, ident: UUID) -> HttpResponse:
    """One webhook with its latest deliveries and every attempt of them."""
    row = _endpoint(request, ident)
    rows = Delivery.objects.filter(endpoint=row).select_related("endpoint")
    sent = rows.order_by("-pk").prefetch_related("log")[:LOGGED]
    context = {
        "heading": row.description or row.url,
        "row": _row(row),
        "deliveries": [_delivery(known) for known in sent],
        "crumbs": section_crumbs(PAGE),
    }
    return page(request, "webhook.html", context)


@staff
@require_POST
def test(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Send a test."""
    row = _endpoint(request, ident)
    send_test(row.pk, actor=request.actor)
    messages.success(request, _("The test is on its way. Open the page again to see the answer."))
    return redirect("settings-webhook", row.uuid)


@staff
@require_POST
def replay(request: StaffRequest, ident: UUID, delivery: UUID) -> HttpResponse:
    """Tell one event once more."""
    row = _endpoint(request, ident)
    sent = Delivery.objects.filter(endpoint=row)
    known = access(sent, delivery, actor=request.actor, permissions=())
    replay_delivery(known.pk, actor=request.actor)
    messages.success(request, _("The event is on its way once more, under its first id."))
    return redirect("settings-webhook", row.uuid)


@staff
@require_POST
def enable(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Switch a webhook on again."""
    row = _changed(request, ident, enable_endpoint)
    messages.success(request, _("Switched on. What it missed comes by a replay."))
    return redirect("settings-webhook", row.uuid)


@staff
@require_POST
def rotate(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Give a webhook a fresh secret, and show it this once."""
    row = _endpoint(request, ident)
    made = at_version(request, row, lambda: rotate_secret(row.pk, actor=request.actor))
    return _listed(request, made)


@staff
@require_POST
def remove(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Take a webhook away."""
    _changed(request, ident, delete_endpoint)
    messages.success(request, _("The webhook is gone; nothing is sent there any more."))
    return redirect(PAGE)


def _changed(request: StaffRequest, ident: UUID, act: Callable[..., Any]) -> Endpoint:
    row = _endpoint(request, ident)
    at_version(request, row, lambda: act(row.pk, actor=request.actor))
    return row


def _endpoint(request: StaffRequest, ident: UUID) -> Endpoint:
    rows = visible_endpoints(request.actor).select_related("owner")
    return access(rows, ident, actor=request.actor, permissions=())


def _listed(request: StaffRequest, told: tuple[Endpoint, str] | None = None) -> HttpResponse:
    rows = visible_endpoints(request.actor).select_related("owner").order_by("-pk")[:SHOWN]
    context: dict[str, Any] = {
        "webhooks": [_row(row) for row in rows],
        "new_url": reverse("settings-new-webhook"),
    }
    if told is not None:
        context |= {"secret_name": told[0].description or told[0].url, "secret": told[1]}
    response = settings_page(request, "webhooks", context)
    if told is not None:
        done(request, reverse(PAGE))
        response.headers["Cache-Control"] = "no-store"
    return response


def _row(row: Endpoint) -> dict[str, Any]:
    return {
        "url": row.url,
        "description": row.description,
        "types": ", ".join(row.types),
        "owner": person(row.owner),
        "state": "" if row.active else WHY.get(row.disabled_reason, _("Switched off")),
        "version": row.version,
        "page_url": reverse("settings-webhook", args=[row.uuid]),
        "test_url": reverse("settings-test-webhook", args=[row.uuid]) if row.active else "",
        "enable_url": "" if row.active else reverse("settings-enable-webhook", args=[row.uuid]),
        "rotate_url": reverse("settings-rotate-webhook", args=[row.uuid]),
        "remove_url": reverse("settings-remove-webhook", args=[row.uuid]),
    }


def _delivery(row: Delivery) -> dict[str, Any]:
    log = list(row.log.all())
    waits = row.state == "pending"
    again = reverse("settings-replay-webhook", args=[row.endpoint.uuid, row.uuid])
    return {
        "type": row.type,
        "id": row.message_id,
        "at": row.created_at,
        "state": row.get_state_display(),
        "tone": TONES.get(row.state, "calm"),
        "attempts": [
            {
                "at": known.at,
                "answer": known.error or known.status,
                "milliseconds": known.milliseconds,
            }
            for known in log
        ],
        "replay_url": "" if waits or not row.endpoint.active else again,
    }
