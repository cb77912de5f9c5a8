"""The counts beside the places of the navigation, asked for after the page."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import slugify
from django.urls import reverse

from returns.metrics.sight import look
from returns.metrics.today import queue_counts
from rmaproject.notices.selectors import unread_count
from rmaproject.web.nav import navigation
from rmaproject.web.staff import StaffRequest, staff

#: Which queue stands beside which place; a place that somebody does not see has no count.
COUNTED: Final = {
    "/returns/": "open",
    "/returns/receive/": "receive",
    "/returns/inspect/": "inspect",
    "/refunds/": "refund",
}


@staff
def counts(request: StaffRequest) -> HttpResponse:
    """The spans that a script puts into the navigation; the same figures as the tiles.

    Beside them how many notices wait to be read.
    """
    found = queue_counts(look(request.actor))
    places = [entry["url"] for entry in navigation(request, request.actor)]
    numbers = {url: found[key] for url, key in COUNTED.items() if key in found}
    numbers[reverse("notices:list")] = unread_count(request.actor)
    shown = [{"place": slugify(url), "count": numbers[url]} for url in places if url in numbers]
    answer = render(request, "today/_counts.html", {"counts": shown})
    answer.headers["Cache-Control"] = "no-store"
    return answer
