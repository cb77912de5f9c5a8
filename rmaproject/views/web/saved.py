"""Posts of the menus "View" and "Columns" of a list; each leads back to the list."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rmaproject.shared.errors import Conflict, DomainError, Malformed, RuleViolation
from rmaproject.views import services
from rmaproject.views.looking import Look, kept_look
from rmaproject.views.registry import registered
from rmaproject.views.selectors import access_view
from rmaproject.web.staff import StaffRequest, staff


def look_of(request: StaffRequest, key: str) -> Look:
    """The list as it was looked at where the form was sent; who may not see it is refused."""
    listing = registered(key).listing
    listing.visible(request.actor)
    return kept_look(listing, request.actor, request.POST.get("state", ""), listing.path())


def back_to(request: StaffRequest, key: str) -> str:
    """The address of the list that the form was sent from; the plain list for any other."""
    plain = registered(key).listing.path()
    given = request.POST.get("back", "")
    ours = url_has_allowed_host_and_scheme(given, allowed_hosts=None)
    return given if ours and urlsplit(given).path.startswith("/") else plain


@staff
@require_POST
def save(request: StaffRequest, key: str) -> HttpResponse:
    """Keep what is looked at as a new view, and open it."""
    seen = look_of(request, key)
    try:
        view = services.save_view(
            key,
            request.POST.get("name", ""),
            actor=request.actor,
            query=seen.filter_query,
            columns=columns_kept(seen),
            sort=seen.sort.name,
            shared=bool(request.POST.get("shared")),
        )
    except (Conflict, RuleViolation) as refusal:
        messages.error(request, refusal.message)
        return redirect(back_to(request, key))
    messages.success(request, _("Saved as “%(name)s”.") % {"name": view.name})
    return redirect(f"{seen.listing.path()}?view={view.slug}")


def columns_kept(seen: Look) -> list[str]:
    """The columns that a view keeps: those that were chosen, none for the usual ones."""
    return [column.key for column in seen.columns] if seen.chosen_keys else []


@staff
@require_POST
def change(request: StaffRequest, key: str, slug: str) -> HttpResponse:
    """Update, rename, share, delete a view, or start with it."""
    seen = look_of(request, key)
    view = access_view(request.actor, key, slug)
    do, actor = request.POST.get("do", ""), request.actor
    here = f"{seen.listing.path()}?view={view.slug}"
    told = _("The view “%(name)s” is changed.")
    try:
        if do == "update":
            columns, sort = columns_kept(seen), seen.sort.name
            services.update_view(
                view.pk, actor=actor, query=seen.filter_query, columns=columns, sort=sort
            )
        elif do == "rename":
            view = services.rename_view(view.pk, request.POST.get("name", ""), actor=actor)
        elif do in ("share", "unshare"):
            services.share_view(view.pk, shared=do == "share", actor=actor)
            told = _("Everybody may open “%(name)s” now.") if do == "share" else told
        elif do in ("start", "unstart"):
            services.start_with(key, view if do == "start" else None, actor=actor)
            told = _("The list opens without a view now.")
            if do == "start":
                told = _("The list opens with “%(name)s” now.")
        elif do == "delete":
            services.delete_view(view.pk, actor=actor)
            told, here = _("The view “%(name)s” is gone."), seen.listing.path()
        else:
            raise Malformed(_("There is no such step."), code="invalid")
    except (Conflict, RuleViolation) as refusal:
        messages.error(request, refusal.message)
        return redirect(back_to(request, key))
    messages.success(request, told % {"name": view.name})
    return redirect(here)


@staff
@require_POST
def columns(request: StaffRequest, key: str) -> HttpResponse:
    """Choose columns and their order; while a view is open they go into the address instead."""
    seen = look_of(request, key)
    chosen = [] if request.POST.get("reset") else _chosen(request.POST)
    back = back_to(request, key)
    path, _mark, text = back.partition("?")
    query = QueryDict(text, mutable=True)
    if query.get("of") or query.get("cols"):
        query["cols"] = ",".join(chosen)
        return redirect(f"{path}?{query.urlencode()}")
    known = [column.key for column in seen.listing.columns_for(request.actor)]
    kept = [name for name in chosen if name in known]
    try:
        services.choose_columns(key, kept, actor=request.actor)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect(back)


def _chosen(posted: QueryDict) -> list[str]:
    """The ticked columns in the order of the form, one of them moved where a button says so."""
    order = list(dict.fromkeys(posted.getlist("order")))
    for name, step in (("up", -1), ("down", 1)):
        moved = posted.get(name, "")
        if moved in order:
            at = order.index(moved)
            to = min(max(at + step, 0), len(order) - 1)
            order[at], order[to] = order[to], order[at]
    ticked = set(posted.getlist("shown"))
    return [name for name in order if name in ticked]
