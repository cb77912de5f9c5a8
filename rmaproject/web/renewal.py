"""A session that ended under an open page is renewed in place, and nothing typed is lost."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect

from rmaproject.access.authentication import session_user
from rmaproject.web.entrance import LoginForm
from rmaproject.web.held import held
from rmaproject.web.keeping import find
from rmaproject.web.staff import StaffRequest, staff


@never_cache
@csrf_protect
def session(request: HttpRequest) -> HttpResponse:
    """Who is logged in here and the token for this browser's forms; a POST logs somebody in.

    Only a page of ours can read the answer, so the token is told to nobody else.
    """
    if request.method != "POST":
        return JsonResponse(_state(request))
    form = LoginForm(request, data=request.POST)
    if not form.is_valid():
        message = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return JsonResponse({**_state(request), "message": message}, status=422)
    login(request, form.get_user())
    return JsonResponse(_state(request))


def _state(request: HttpRequest) -> dict[str, Any]:
    user = session_user(request)
    return {"user": str(user.pk) if user else "", "token": get_token(request)}


@staff
def kept(request: StaffRequest, ident: UUID) -> HttpResponse:
    """What this person typed before the session ended; who is somebody else starts afresh."""
    found = find(request.user, ident)
    if found is None:
        return redirect("home")
    path, fields = found
    message = _("You were logged out before this was saved. It is still here: send it now.")
    return held(request, path, fields, message=message, status=200)
