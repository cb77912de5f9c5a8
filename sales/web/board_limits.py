"""The limits of a board's columns, set on one page for a business or for all together."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from rmaproject.shared.errors import NotFound
from rmaproject.web.pages import page
from rmaproject.web.planning.moving import way_back
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.submitting import submit
from sales.board_limits import BOARDS, limits_of
from sales.models import Business, ColumnLimit
from sales.selectors import visible_businesses
from sales.services.board_limits import set_column_limits

MOST = 100_000


class ColumnLimitsForm(forms.Form):
    """A number for each column of a board; empty for none."""

    def __init__(self, data: Any, *, columns: list[tuple[str, Any]], first: dict[str, int]) -> None:
        super().__init__(data, initial=first)
        for name, label in columns:
            self.fields[name] = forms.IntegerField(
                label=label, required=False, min_value=1, max_value=MOST
            )


@staff
def board_limits(request: StaffRequest, board: str) -> HttpResponse:
    """How many records each column should hold at most; columns above it are marked."""
    request.actor.require("access.manage_settings")
    if board not in BOARDS:
        raise NotFound(_("There is no such board."), code="not_found")
    business = _business(request)
    first = limits_of(board, str(business.uuid)) if business else limits_of(board)
    form = ColumnLimitsForm(request.POST or None, columns=BOARDS[board](), first=first)
    back = way_back(request, reverse("settings"))

    def act() -> list[ColumnLimit]:
        return set_column_limits(board, form.cleaned_data, business=business, actor=request.actor)

    outcome = submit(request, form, act)
    if outcome.done:
        messages.success(request, _("Saved."))
        return redirect(back)
    whose = _("For %(business)s.") % {"business": business.name} if business else ""
    context = {
        "heading": _("Limits of the columns"),
        "form": form,
        "text": whose or _("A column with more than this is marked; nothing is refused."),
        "cancel_url": back,
        "crumbs": [{"label": _("Board"), "url": back}],
    }
    return page(request, "form.html", context, status=outcome.status)


def _business(request: StaffRequest) -> Business | None:
    named = request.GET.get("business", "")
    if not named:
        return None
    found = next((row for row in visible_businesses(request.actor) if str(row.uuid) == named), None)
    if found is None:
        raise NotFound(_("There is no such business."), code="not_found")
    return found
