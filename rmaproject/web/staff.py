"""The gate of the pages: who is not logged in is asked to; refusals become pages, never a 500."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from rmaproject.access.actors import Actor
from rmaproject.access.authentication import session_user
from rmaproject.shared.errors import DomainError
from rmaproject.web import once
from rmaproject.web.errors import back, refused
from rmaproject.web.held import sent_before
from rmaproject.web.keeping import keep
from rmaproject.web.merging import settle
from rmaproject.web.requests import GO_TO, LOGIN, StaffRequest, by_script, make_legible
from rmaproject.web.versions import DoneBefore

__all__ = ["StaffRequest", "View", "asked_to_log_in", "staff"]

View = Callable[..., HttpResponseBase]


def asked_to_log_in(request: HttpRequest) -> HttpResponse:
    """To the login; after it to the page asked for, or to what was typed into a sent form.

    A script is only told: it asks for the password in place and keeps the page.
    """
    if by_script(request) or _within_page(request):
        return HttpResponse(status=401, headers={LOGIN: "ended"})
    if request.method in ("GET", "HEAD"):
        return redirect_to_login(request.get_full_path())
    key = once.Key.of(request)
    if key is not None and (place := keep(request, key)):
        messages.info(request, _("You were logged out. Log in again: what you typed is kept."))
        return redirect_to_login(place)
    messages.warning(request, _("You were logged out, so the last step was not done. Repeat it."))
    return redirect_to_login(back(request) or reverse("home"))


def _within_page(request: HttpRequest) -> bool:
    """Whether the answer is put into a page that stands; going back in time shows a new one."""
    htmx = HtmxDetails(request)
    return bool(htmx) and not htmx.history_restore_request


def staff(view: View) -> View:
    """Let only logged-in people in, as `request.actor`; answer refusals with the fitting page.

    A form with a key (`{% once %}`) is carried out once, however often it is sent.
    """

    @wraps(view)
    def enter(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = session_user(request)
        if user is None:
            return asked_to_log_in(request)
        request.actor = Actor(user, door="web")
        shown: HttpResponseBase
        try:
            if request.method == "POST":
                settle(request)
            make_legible(request)
            shown = once.answer(request, lambda: view(request, *args, **kwargs))
        except DoneBefore:
            messages.info(request, _("You did this a moment ago; nothing was done twice."))
            shown = redirect(back(request) or reverse("home"))
        except once.OtherContent as refusal:
            shown = sent_before(request, refusal)
        except DomainError as refusal:
            shown = refused(request, refusal)
        return _told(request, shown)

    return enter


def _told(request: StaffRequest, shown: HttpResponseBase) -> HttpResponseBase:
    """A script follows no redirect: the page would be drawn, and its messages spent, unseen."""
    if not by_script(request):
        return shown
    if "Location" in shown.headers:
        return HttpResponse(status=204, headers={GO_TO: shown.headers["Location"]})
    if hasattr(request, "once_address"):
        shown.headers["X-Done"] = "1"
    return shown
