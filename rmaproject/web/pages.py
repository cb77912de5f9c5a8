"""Every page of the desk in one frame: navigation, search box, crumbs."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from rmaproject.web.nav import navigation
from rmaproject.web.records import record_of
from rmaproject.web.requests import StaffRequest


def page(
    request: StaffRequest,
    template: str,
    context: dict[str, Any],
    *,
    part: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render a template with what every page needs around its own context.

    `part` is the template of the piece that changes: a script that asks for the address gets
    this alone, everybody else the whole page.
    """
    shown = part if part and asks_for_part(request) else template
    response = render(request, shown, {**frame(request), **context}, status=status)
    if part:
        patch_vary_headers(response, ("HX-Request",))
    return response


def frame(request: StaffRequest) -> dict[str, Any]:
    """What stands around the content of every page."""
    places = navigation(request, request.actor)
    return {
        "nav": places,
        "counts_url": _counts_url(places),
        "search_url": reverse("search"),
        "search_query": request.GET.get("q", "") if request.path == reverse("search") else "",
        **record_of(request),
    }


def _counts_url(places: list[dict[str, Any]]) -> str:
    """Where the counts beside the places come from; "" for who has none of them."""
    start = reverse("home")
    return reverse("counts") if any(place["url"] == start for place in places) else ""


def asks_for_part(request: StaffRequest) -> bool:
    """Whether a script will put the answer into a page; going back in time wants all of it."""
    htmx = request.htmx
    return bool(htmx) and not htmx.history_restore_request and not htmx.boosted
