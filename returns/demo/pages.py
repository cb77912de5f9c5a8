"""The demo data in the settings: loaded by one click, removed by one click."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from returns.demo import FULL, is_unused, make_demo
from returns.demo.removing import remove_demo, what_depends_on_demo
from returns.models import DemoLoad, ReturnOrder
from rmaproject.shared.errors import DomainError
from rmaproject.shared.http import status_of
from rmaproject.web.sections import MANAGE, settings_page
from rmaproject.web.staff import StaffRequest, staff


@staff
def demo(request: StaffRequest) -> HttpResponse:
    """Whether there is demo data, and what can be done about it."""
    request.actor.require(MANAGE)
    return _demo_page(request)


@staff
@require_POST
def load(request: StaffRequest) -> HttpResponse:
    """Fill a desk that nobody has used yet."""
    request.actor.require(MANAGE)
    try:
        made = make_demo(_silent, size=FULL, actor=request.actor)
    except DomainError as refusal:
        return _demo_page(request, refusal)
    if made:
        words = _("The demo data is here. Look around, and remove it when you are done.")
        messages.success(request, words)
    else:
        messages.warning(request, _("There is data already; nothing was added."))
    return redirect("settings-demo")


@staff
@require_POST
def remove(request: StaffRequest) -> HttpResponse:
    """Remove all demo data with what was done with it."""
    request.actor.require(MANAGE)
    try:
        remove_demo(actor=request.actor)
    except DomainError as refusal:
        return _demo_page(request, refusal)
    messages.success(request, _("The demo data is gone; no row of it is left."))
    return redirect("settings-demo")


def _silent(line: str) -> None:
    """Nobody reads along while a page is waited for."""


def _demo_page(request: StaffRequest, refusal: DomainError | None = None) -> HttpResponse:
    there = DemoLoad.objects.select_related("loaded_by").first()
    needed = what_depends_on_demo() if there else []
    context: dict[str, Any] = {
        "load": there,
        "who": (there.loaded_by.get_full_name() or there.loaded_by.get_username())
        if there and there.loaded_by
        else "",
        "returns": ReturnOrder.objects.filter(business__in=there.rows["sales.Business"]).count()
        if there
        else 0,
        "unused": is_unused(),
        "needed": needed,
        "problems": [refusal.message] if refusal else [],
    }
    status = status_of(refusal) if refusal else 200
    return settings_page(request, "demo", context, status=status)
