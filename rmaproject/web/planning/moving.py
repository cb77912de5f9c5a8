"""A record moved on a calendar or a board: by a form or by a script, refused in the same words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from rmaproject.audit.models import Aggregate
from rmaproject.shared.errors import DomainError
from rmaproject.shared.http import status_of
from rmaproject.web.versions import at_version


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
