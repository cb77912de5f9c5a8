"""The calendars' addresses: who asks, with which words, and what they get."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponseBase
from django.urls import get_script_prefix
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from returns.calendar.answering import (
    calendar_response,
    challenged,
    refuse_parameters,
    send_plainly,
)
from returns.calendar.feed import events, fingerprint, newest
from returns.calendar.rendering import Entry, Head, render_calendar
from returns.calendar.sources import RETURN_DAYS, SALES_DAYS, Choice, Source
from rmaproject.access.actors import Actor
from rmaproject.access.authentication import actor_of_header, session_user
from rmaproject.rest.problems import plain_response
from rmaproject.shared.errors import Malformed, NotPermitted

PARAMETER: Final = "include_completed"
YES: Final = frozenset({"True", "true", "1"})
NO: Final = frozenset({"False", "false", "0", ""})
COLORS: Final = {RETURN_DAYS: "steelblue", SALES_DAYS: "seagreen"}


@csrf_exempt
@require_safe
def return_orders(request: HttpRequest) -> HttpResponseBase:
    """The due days of returns."""
    return _answer(request, RETURN_DAYS)


@csrf_exempt
@require_safe
def sales_orders(request: HttpRequest) -> HttpResponseBase:
    """The due days of sales orders."""
    return _answer(request, SALES_DAYS)


def wants_completed(request: HttpRequest) -> bool:
    """Whether complete orders are wanted too. Raises Malformed `unknown_parameter`, `invalid`."""
    refuse_parameters(request, (PARAMETER,))
    given = request.GET.getlist(PARAMETER) or [""]
    if len(given) > 1 or given[0] not in YES | NO:
        message = _("%(parameter)s is given once, as true or false.") % {"parameter": PARAMETER}
        raise Malformed(message, code="invalid")
    return given[0] in YES


def _answer(request: HttpRequest, source: Source) -> HttpResponseBase:
    send_plainly(request)
    actor = _caller(request)
    if actor is None:
        message = _("Sign in, or send a name and password or a token.")
        response: HttpResponseBase = challenged("Returns desk", message)
    else:
        try:
            response = _calendar(request, source, actor)
        except NotPermitted as refusal:
            response = plain_response(403, refusal.code, refusal.message)
        except Malformed as refusal:
            response = plain_response(400, refusal.code, refusal.message)
    # Asked again each time, so that a right that was lost is lost at once.
    response.headers["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ("Authorization", "Cookie"))
    return response


def _caller(request: HttpRequest) -> Actor | None:
    """A header decides where there is one: a wrong one is not made good by a session."""
    if "Authorization" in request.headers:
        return actor_of_header(request, door="ics", basic=True)
    user = session_user(request)
    return Actor(user, door="ics") if user else None


def _calendar(request: HttpRequest, source: Source, actor: Actor) -> HttpResponseBase:
    include = wants_completed(request)
    root = request.build_absolute_uri(get_script_prefix())
    entries = source.entries(actor, Choice(include_completed=include))
    head = _head(request, source, entries, root)
    facts = (source.kind.value, str(actor.user_id), head.source, str(include))
    tag = f'"{fingerprint(entries, *facts)}"'
    # No Last-Modified: nobody remembers when something left somebody's sight.
    response = get_conditional_response(request, etag=tag)
    if response is None:
        text = render_calendar(head, events(entries, root))
        response = calendar_response(text, "calendar.ics")
    response.headers["ETag"] = tag
    return response


def _head(request: HttpRequest, source: Source, entries: list[Entry], root: str) -> Head:
    return Head(
        title=str(source.kind.label),
        url=root + source.folder,
        source=request.build_absolute_uri(),
        color=COLORS[source],
        changed_at=newest(entries),
    )
