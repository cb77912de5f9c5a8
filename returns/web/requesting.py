"""A customer asks to send goods back: the form for a new return."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from customers.models import Company
from returns import services
from returns.models import Reason, ReturnOrder
from returns.services.previewing import preview_request, request_as_foreseen, shown
from returns.switch import require_returns_on
from returns.web.crumbs import crumbs
from returns.web.forms import NewReturnForm, active_reasons, outcomes
from returns.web.picking import Choice, Picked, blind_lines
from returns.web.previews import preview_context
from returns.web.rules import problems_of
from rmaproject.access.actors import Actor
from rmaproject.shared.errors import DomainError
from rmaproject.shared.http import status_of
from rmaproject.web.lists import searched
from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest, staff
from sales.models import Business
from sales.selectors import visible_businesses


@staff
def new(request: StaffRequest) -> HttpResponse:
    """Choose a customer, then what comes back; saved as pending, or issued at once."""
    require_returns_on()
    request.actor.require("returns.create_return")
    if request.method != "POST":
        return _page(request, _opened(request), Picked(), [])
    return _create(request)


def _opened(request: StaffRequest) -> NewReturnForm:
    """The empty form; bound to customer and business where a link names them."""
    data = request.GET.copy()
    own = visible_businesses(request.actor).order_by("code").first()
    data.setdefault("business", str(own.uuid) if own else "")
    if not searched(request, "customer"):
        return NewReturnForm(initial={"business": data["business"]}, actor=request.actor)
    form = NewReturnForm(data, actor=request.actor)
    if form.is_valid():
        data["customer"] = form.cleaned_data["customer"].reference
    return form


def _create(request: StaffRequest) -> HttpResponse:
    form = NewReturnForm(request.POST, actor=request.actor)
    valid = form.is_valid()
    customer, business = form.cleaned_data.get("customer"), form.cleaned_data.get("business")
    picked, blind = Picked(), []
    if customer is not None and business is not None:
        reasons = reasons_by_key()
        picked = Choice(request.actor, customer, business).picked(request.POST, reasons)
        blind = blind_lines(request.actor, request.POST, reasons, picked)
    if request.POST.get("do") == "pick":
        return _page(request, form, picked, blind, status=200 if valid else 422)
    if not valid or picked.problems:
        return _page(request, form, picked, blind, status=422, problems=picked.problems)
    try:
        if request.POST.get("do") == "preview":
            seen = preview_request(**_asked(request, form, picked))
            return _page(request, form, picked, blind, preview=shown(seen))
        made = _save(request, form, picked)
    except DomainError as refusal:
        picked.blame(refusal)
        return _page(
            request,
            form,
            picked,
            blind,
            status=status_of(refusal),
            problems=problems_of(refusal),
            preview=refusal.facts.get("preview"),
        )
    messages.success(request, _("%(reference)s is made.") % {"reference": made.reference})
    return redirect("returns:detail", made.uuid)


def _asked(request: StaffRequest, form: NewReturnForm, picked: Picked) -> dict[str, Any]:
    """What the form asks for, as the service takes it."""
    return {
        "business": form.cleaned_data["business"],
        "customer": form.cleaned_data["customer"],
        "lines": picked.inputs,
        "actor": request.actor,
        "override_reason": form.override(),
        **form.values(),
    }


def _save(request: StaffRequest, form: NewReturnForm, picked: Picked) -> ReturnOrder:
    """Make the return as it was previewed, and issue it where that was asked: both or nothing."""
    actor, asked = request.actor, _asked(request, form, picked)
    token = request.POST.get("preview", "")
    with transaction.atomic():
        made = request_as_foreseen(token, **asked) if token else services.request_return(**asked)
        if request.POST.get("do") == "issue":
            actor.require("returns.issue_return")
            services.issue_return(made.pk, actor=actor)
    return made


def _page(
    request: StaffRequest,
    form: NewReturnForm,
    picked: Picked,
    blind: list[dict[str, Any]],
    *,
    status: int = 200,
    problems: list[str] | None = None,
    preview: dict[str, Any] | None = None,
) -> HttpResponse:
    known = form.cleaned_data if form.is_bound else {}
    customer, business = known.get("customer"), known.get("business")
    data = request.POST
    context = {
        "form": form,
        "problems": problems or [],
        "cancel_url": reverse("returns:list"),
        "crumbs": crumbs(),
        "can_pick": True,
        "can_preview": True,
        "preview": preview_context(preview),
        "reasons": active_reasons(),
        "outcomes": outcomes(),
        "issue": request.actor.may("returns.issue_return"),
        "problem_count": len(picked.errors),
        "blind": blind or blind_lines(request.actor, data, {}, Picked()),
        **choice_context(request.actor, customer, business, data, picked),
    }
    return page(request, "returns/form.html", context, status=status)


def choice_context(
    actor: Actor,
    customer: Company | None,
    business: Business | None,
    data: QueryDict,
    picked: Picked,
) -> dict[str, Any]:
    """What can be returned, or the words for why nothing is shown."""
    if customer is None or business is None:
        text = _("Name the customer, then press the button that shows what can come back.")
        return {"lines_empty": {"icon": "company", "title": _("Who returns?"), "text": text}}
    choice = Choice(actor, customer, business)
    text = _("Nothing that this business shipped to %(name)s is left to return.")
    empty = {"icon": "order", "title": _("No sales"), "text": text % {"name": customer.name}}
    return {
        "groups": choice.groups(data, picked.errors),
        "units": choice.unit_rows(data, picked.errors),
        "lines_empty": empty,
    }


def reasons_by_key() -> dict[str, Reason]:
    """The reasons in use by the key that forms post."""
    return {str(row.uuid): row for row in Reason.objects.filter(active=True)}
