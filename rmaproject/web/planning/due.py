"""A record moved to another day by a date box or by dragging, whatever kind of record it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rmaproject.access.actors import Actor
from rmaproject.shared.errors import DomainError
from rmaproject.shared.http import status_of
from rmaproject.web.days import written
from rmaproject.web.forms import DayField
from rmaproject.web.pages import page
from rmaproject.web.planning.moving import by_script, moved, way_back
from rmaproject.web.staff import StaffRequest
from rmaproject.web.versions import shown_version


class DueForm(forms.Form):
    """Another target date; left empty the record leaves the calendar."""

    target_date = DayField(
        label=gettext_lazy("Due on"),
        required=False,
        help_text=gettext_lazy("Left empty it has no target date and leaves the calendar."),
    )


def moved_to_another_day(
    request: StaffRequest,
    order: Any,
    edit: Callable[[Any, date | None, Actor], Any],
    *,
    here: str,
    crumbs: list[dict[str, str]],
) -> HttpResponse:
    """The date box of an order, and what comes of it: `edit` gets the day and nothing else.

    `here` is the order's page. A refusal is shown with the box; a script is told in JSON.
    """
    sent = request.POST if request.method == "POST" else None
    form = DueForm(sent, initial={"target_date": order.target_date})
    around: dict[str, Any] = {"form": form, "back": way_back(request, here), "crumbs": crumbs}

    def again(refusal: DomainError) -> HttpResponse:
        order.refresh_from_db()
        return _box(request, order, around, status_of(refusal), refusal)

    if sent is None:
        return _box(request, order, around)
    if not form.is_valid():
        words = " ".join(map(str, form.errors["target_date"]))
        if by_script(request):
            return JsonResponse({"refused": words}, status=422)
        return _box(request, order, around, 422)
    day = form.cleaned_data["target_date"]
    return moved(
        request,
        order,
        lambda: edit(order, day, request.actor),
        said=_said(order, day),
        back=around["back"],
        again=again,
    )


def _said(order: Any, day: date | None) -> str:
    named = {"reference": order.reference, "day": written(day, "D j M") if day else ""}
    said = _("%(reference)s is due on %(day)s.") if day else _("%(reference)s has no target date.")
    return said % named


def _box(
    request: StaffRequest,
    order: Any,
    around: dict[str, Any],
    status: int = 200,
    refusal: DomainError | None = None,
) -> HttpResponse:
    context = {
        "heading": _("Move %(reference)s") % {"reference": order.reference},
        "customer": order.customer.name,
        "problem": refusal.message if refusal else "",
        "version": shown_version(request, order, refusal),
        "url": request.path,
        **around,
    }
    return page(request, "planner/due.html", context, part="planner/_due.html", status=status)
