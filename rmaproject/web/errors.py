"""Pages for what went wrong: what it is, what can be done, and the request's number."""

from __future__ import annotations

from typing import Any, Final, cast
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from rmaproject.access.roles import all_permissions
from rmaproject.shared import requestid
from rmaproject.shared.errors import DomainError
from rmaproject.shared.http import status_of
from rmaproject.web.held import expired
from rmaproject.web.keeping import keep
from rmaproject.web.once import Key
from rmaproject.web.pages import asks_for_part, frame
from rmaproject.web.requests import LOGIN, StaffRequest, by_script, logged_in

#: Refusals with a page of their own; all others share the one for conflicts.
TEMPLATES: Final = {
    400: "errors/400.html",
    403: "errors/403.html",
    404: "errors/404.html",
    503: "errors/503.html",
}
ALONE: Final = "errors/alone.html"


def refused(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    """The page for a refusal, with its status and the way back to where the caller was."""
    status = status_of(refusal)
    context = {"message": _in_words(refusal), "back_url": back(request)}
    if refusal.code == "returns_disabled":
        actor = getattr(request, "actor", None)
        may_switch = actor is not None and actor.may("access.manage_settings")
        context["settings_url"] = reverse("settings") if may_switch else ""
        return trouble(request, "errors/off.html", status, **context)
    return trouble(request, TEMPLATES.get(status, "errors/409.html"), status, **context)


def _in_words(refusal: DomainError) -> str:
    """The message; a right that is missing is called as the settings call it."""
    if refusal.code != "not_permitted":
        return refusal.message
    right = all_permissions().get(refusal.facts.get("permission", ""))
    words = _("Your role does not include the right “%(right)s”. An administrator can add it.")
    return words % {"right": _(right.name)} if right else refusal.message


def trouble(request: HttpRequest, template: str, status: int, **context: Any) -> HttpResponse:
    """An error page, with the request's number, and with the navigation where there can be one."""
    around = {"frame": ALONE} if status >= 500 else _around(request)
    told = {"request_id": requestid.current(), "status": status, **around, **context}
    return render(request, template, told, status=status)


def _around(request: HttpRequest) -> dict[str, Any]:
    """The template in which a page for trouble stands, with what that needs."""
    if not logged_in(request):
        return {"frame": ALONE}
    known = cast("StaffRequest", request)
    if asks_for_part(known):
        return {"frame": "errors/part.html"}
    return {"frame": "errors/framed.html", **frame(known)}


def back(request: HttpRequest) -> str:
    """The path that the caller came from, on this site only; "" when it is not known."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    if came_from.netloc != request.get_host() or not came_from.path.startswith("/"):
        return ""
    path = came_from.path if not came_from.path.startswith("//") else ""
    return f"{path}?{came_from.query}" if path and came_from.query else path


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    message = _("The request could not be read. Go back and try again.")
    return trouble(request, "errors/400.html", 400, message=message)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return trouble(request, "errors/403.html", 403)


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return trouble(request, "errors/404.html", 404)


def broken(request: HttpRequest) -> HttpResponse:
    return trouble(request, "errors/500.html", 500)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was kept open over a login, or comes from another site.

    Only the form's own signed key shows that its person was shown it here; what such a form
    holds is kept, and sent again by a click. All others are refused.
    A script gets itself a new token and sends once more.
    """
    if by_script(request) or request.headers.get("HX-Request"):
        return HttpResponse(status=403, headers={LOGIN: "renew"})
    key = Key.of(request)
    if key is not None and logged_in(request) and key.user_id == request.user.pk:
        return expired(request)
    if key is not None and not logged_in(request) and (place := keep(request, key)):
        return redirect_to_login(place)
    message = _("This form has expired. Open the page again and repeat the step.")
    return trouble(request, "errors/409.html", 403, message=message, back_url=back(request))
