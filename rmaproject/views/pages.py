"""The page of a list, made from its declaration; without scripts it is links and forms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from rmaproject.shared import clock
from rmaproject.views import cells
from rmaproject.views.looking import Look, look
from rmaproject.views.menu import views_menu
from rmaproject.views.registry import LISTS
from rmaproject.views.strip import strip_of
from rmaproject.web.lists import Listing, counted, counted_together, link, paged, searched
from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest

TABS = "list-tabs"


def list_page(
    request: StaffRequest, listing: Listing, *, template: str = "lists/page.html", **more: Any
) -> HttpResponse:
    """A list as the address asks for it: the rows of one page with tabs, filters, views, steps.

    Raises what `look` and the list's own functions raise.
    """
    seen = look(listing, request.actor, request.GET, request.path)
    if request.GET.get("find") and (url := listing.exact(request.actor, searched(seen.asked))):
        return _opened(request, url)
    tabs, total = _tabs(seen)
    if request.htmx and request.htmx.target == TABS:
        return render(request, "lists/_tabs.html", {"tabs": tabs, "here": link(seen.asked)})
    context = {**_table(seen), **_around(request, seen), "tabs": tabs, **more}
    context["page"]["total"] = total
    answer = page(request, template, context)
    patch_vary_headers(answer, ("HX-Request", "HX-Target"))
    return answer


def _opened(request: StaffRequest, url: str) -> HttpResponse:
    """To the one record that is called so; a script lets the browser go there as a whole."""
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": url})
    return redirect(url)


def _tabs(seen: Look) -> tuple[list[dict[str, Any]], str]:
    """The queues with their counts from one query, and the count of the list itself."""
    listing, narrowed, now = seen.listing, seen.narrowed, clock.now()
    offered = [tab for tab in listing.tabs_for(seen.actor) if tab.usual or tab == seen.tab]
    if seen.tab is None:
        return [], counted(seen.found)
    asked_for = [tab for tab in offered if tab.counted or tab == seen.tab]
    numbers = counted_together([tab.narrow(narrowed, now) for tab in asked_for])
    counts = dict(zip((tab.key for tab in asked_for), numbers, strict=True))
    tabs = [
        {
            "label": tab.label,
            "url": link(seen.asked, **{listing.tab_name: tab.key}) or seen.asked.path,
            "count": counts[tab.key] if tab.counted else "",
            "current": tab == seen.tab,
        }
        for tab in offered
    ]
    return [*listing.leading(seen.actor), *tabs], counts[seen.tab.key]


def _table(seen: Look) -> dict[str, Any]:
    listing = seen.listing
    found = paged(seen.asked, listing.loaded(seen.found), sort=seen.sort)
    wanted = frozenset(column.key for column in seen.columns)
    rows = listing.present(seen.actor, found.rows, wanted)
    for made, row in zip(rows, found.rows, strict=True):
        made["uuid"] = row.uuid
    columns = cells.shown_columns(seen.columns, rows, chosen=bool(seen.chosen_keys))
    return {
        listing.context_name: rows,
        "heads": cells.heads(columns, rows, seen.asked, seen.sort),
        "listed": cells.body(columns, rows),
        "page": found.pager,
    }


def _around(request: StaffRequest, seen: Look) -> dict[str, Any]:
    listing, known = seen.listing, LISTS.get(seen.listing.key)
    key = listing.key
    return {
        "heading": listing.title,
        "list_key": key,
        "here": link(seen.asked),
        "state": seen.state,
        "filters": {**seen.filters.context(), "clear_url": _cleared(seen)},
        "views": views_menu(seen),
        "notes": seen.left_out(),
        "column_choice": column_choice(seen),
        "columns_url": reverse("views:columns", args=[key]),
        "steps": known.steps_for(request.actor) if known else [],
        "step_pages": known.pages if known else (),
        "steps_url": reverse("views:plan", args=[key]),
        "export_url": reverse("views:export", args=[key]),
        "strip": strip_of(request),
        "empty": _empty(seen),
    }


def _cleared(seen: Look) -> str:
    """The queue alone, without search and filters."""
    if seen.tab is None:
        return seen.asked.path
    return f"{seen.asked.path}?{seen.listing.tab_name}={seen.tab.key}"


def _empty(seen: Look) -> dict[str, Any]:
    listing = seen.listing
    if seen.filters.chips or searched(seen.asked):
        action = {"label": None, "url": _cleared(seen)}
        return {"icon": "search", "title": listing.none_fits, "action": action, "fits": True}
    return {"icon": listing.icon, "title": listing.none_yet, "text": listing.next_step}


def column_choice(seen: Look) -> Sequence[dict[str, Any]]:
    """Every column that may be chosen: those that are shown in their order, then the others."""
    shown = [column for column in seen.columns if not column.fixed]
    others = [
        column
        for column in seen.listing.columns_for(seen.actor)
        if column not in shown and not column.fixed
    ]
    return [
        {"key": column.key, "label": column.label, "shown": column in shown}
        for column in [*shown, *others]
    ]
