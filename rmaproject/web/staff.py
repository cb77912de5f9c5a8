"""The gate of the pages: who is not logged in is asked to; refusals become pages, never a 500."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from rmaproject.access.actors import Actor
from rmaproject.access.authentication import session_user
from rmaproject.access.models import User
from rmaproject.shared.errors import DomainError
from rmaproject.web.errors import back, refused


class StaffRequest(HttpRequest):
    """A request by somebody who is logged in; `actor` is who acts."""

    actor: Actor
    user: User
    htmx: HtmxDetails


View = Callable[..., HttpResponseBase]


def _asked_to_log_in(request: HttpRequest) -> HttpResponse:
    """To the login; after it to the page asked for, or to the one that held the sent form."""
    if request.method in ("GET", "HEAD"):
        return redirect_to_login(request.get_full_path())
    messages.warning(request, _("You were logged out, so the last step was not done. Repeat it."))
    return redirect_to_login(back(request) or reverse("home"))


def staff(view: View) -> View:
    """Let only logged-in people in, as `request.actor`; answer refusals with the fitting page."""

    @wraps(view)
    def enter(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = session_user(request)
        if user is None:
            return _asked_to_log_in(request)
        request.actor = Actor(user, door="web")
        try:
            return view(request, *args, **kwargs)
        except DomainError as refusal:
            return refused(request, refusal)

    return enter
