"""The slips of several returns, chosen in the list: one on each page of paper."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from returns.selectors import visible_returns
from returns.services.printing import log_slips
from returns.web.crumbs import crumbs
from returns.web.dock.slips import slip_of
from rmaproject.views.web.saved import back_to, look_of
from rmaproject.web.pages import asks_for_part, page
from rmaproject.web.staff import StaffRequest, staff

LIST: Final = "returns"
#: The page beside the steps on many rows of the list: its key, label, icon and address.
PAGES: Final = (("slips", gettext_lazy("Print slips"), "print", "returns:slips"),)
#: So many slips one page holds; their keys have to fit into its address.
MOST: Final = 50


@staff
def slips(request: StaffRequest) -> HttpResponse:
    """The slips of the returns that the address names; the list posts here what was chosen."""
    if request.method == "POST":
        return _chosen(request)
    rows: Any = visible_returns(request.actor).filter(uuid__in=_keys(request.GET.getlist("pick")))
    orders = list(rows.with_parties().with_lines().order_by("pk"))
    context = {
        "slips": [slip_of(order) for order in orders],
        "none": {"icon": "print", "title": _("No slips to print")},
        "printed_url": reverse("returns:slips_printed"),
        "crumbs": crumbs(),
    }
    return page(request, "returns/slips.html", context)


@staff
@require_POST
def printed(request: StaffRequest) -> HttpResponse:
    """Write down who prints these slips and when, just before the browser does."""
    keys = _keys(request.POST.getlist("pick"))
    log_slips(visible_returns(request.actor).filter(uuid__in=keys), actor=request.actor)
    return HttpResponse(status=204) if asks_for_part(request) else redirect(_address(keys))


def _chosen(request: StaffRequest) -> HttpResponse:
    """From the list's form to the page with the slips, which can be loaded again."""
    seen = look_of(request, LIST)
    whole = bool(request.POST.get("all"))
    keys = _keys(request.POST.getlist("pick"))
    rows: Any = seen.found if whole else seen.listing.visible(request.actor).filter(uuid__in=keys)
    found = list(rows.order_by("-pk").values_list("uuid", flat=True)[: MOST + 1])
    if not found:
        messages.error(request, _("Choose at least one row."))
        return redirect(back_to(request, LIST))
    if len(found) > MOST:
        words = _("These are the first %(most)d slips; print the others page by page.")
        messages.info(request, words % {"most": MOST})
    return redirect(_address(found[:MOST]))


def _address(keys: list[UUID]) -> str:
    return f"{reverse('returns:slips')}?{urlencode([('pick', key) for key in keys])}"


def _keys(told: list[str]) -> list[UUID]:
    found = []
    for text in told[:MOST]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
