"""A record moved on a calendar or a board: by a form or by a script, refused in the same words."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from rmaproject.audit.models import Aggregate
from rmaproject.shared.errors import DomainError, NotFound
from rmaproject.shared.http import status_of
from rmaproject.web.pages import page
from rmaproject.web.planning.boards import Move
from rmaproject.web.staff import StaffRequest
from rmaproject.web.versions import at_version, shown_version


def way_back(request: HttpRequest, otherwise: str) -> str:
    """The page that the form was opened from, on this site only."""
    told = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(told, {request.get_host()}, request.is_secure())
    return told if ours and told.startswith("/") else otherwise


def by_script(request: HttpRequest) -> bool:
    """Whether a script asks, which shows the answer itself."""
    return request.headers.get("Accept", "") == "application/json"


def moved(
    request: HttpRequest,
    root: Aggregate,
    act: Callable[[], Any],
    *,
    said: str,
    back: str,
    again: Callable[[DomainError], HttpResponse],
) -> HttpResponse:
    """Carry a move out at the version that was seen, and say what came of it.

    A script is told in JSON, with the new version; a form goes `back`, or is shown `again` with
    the refusal.
    """
    try:
        made: Aggregate = at_version(request, root, act)
    except DomainError as refusal:
        if by_script(request):
            told = {"refused": str(refusal.message), "code": refusal.code}
            return JsonResponse(told, status=status_of(refusal))
        return again(refusal)
    if by_script(request):
        return JsonResponse({"said": said, "version": made.version})
    messages.success(request, said)
    return redirect(back)


def asked_verb(request: HttpRequest, moving: Container[str]) -> str:
    """The verb of a move that was sent, "" where its page is asked for. Raises NotFound."""
    verb = request.POST.get("verb", "")
    if request.method == "POST" and verb not in moving:
        raise NotFound(_("There is no such step."), code="not_found")
    return verb


def move_page(
    request: StaffRequest,
    order: Any,
    moves: Sequence[Move],
    *,
    asking: Container[str],
    board_url: str,
    crumbs: list[dict[str, str]],
    refusal: DomainError | None = None,
) -> HttpResponse:
    """Where an order may go from here, or only the wanted way; `asking` verbs want a reason."""
    wanted = request.GET.get("to", "")
    context = {
        "heading": _("Move %(reference)s") % {"reference": order.reference},
        "customer": order.customer.name,
        "moves": [row for row in moves if row.target == wanted] or moves,
        "with_reason": asking,
        "problem": refusal.message if refusal else "",
        "version": shown_version(request, order, refusal),
        "url": request.path,
        "back": way_back(request, board_url),
        "crumbs": crumbs,
    }
    status = status_of(refusal) if refusal else 200
    return page(request, "planner/move.html", context, part="planner/_move.html", status=status)
