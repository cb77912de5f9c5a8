"""The calendars' addresses: who asks, with which words, and what they get."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import get_script_prefix
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from returns.calendar.feed import RETURN_FEED, SALES_FEED, Feed
from rmaproject.access.actors import Actor
from rmaproject.access.authentication import actor_of_header, session_user
from rmaproject.rest.problems import plain_response
from rmaproject.shared.errors import Malformed, NotPermitted

CONTENT_TYPE: Final = "text/calendar; charset=utf-8"
CHALLENGE: Final = 'Basic realm="Returns desk", charset="UTF-8"'
PARAMETER: Final = "include_completed"
YES: Final = frozenset({"True", "true", "1"})
NO: Final = frozenset({"False", "false", "0", ""})


@csrf_exempt
@require_safe
def return_orders(request: HttpRequest) -> HttpResponseBase:
    """The due days of returns."""
    return _answer(request, RETURN_FEED)


@csrf_exempt
@require_safe
def sales_orders(request: HttpRequest) -> HttpResponseBase:
    """The due days of sales orders."""
    return _answer(request, SALES_FEED)


def wants_completed(request: HttpRequest) -> bool:
    """Whether complete orders are wanted too. Raises Malformed `unknown_parameter`, `invalid`."""
    for name in request.GET:
        if name != PARAMETER:
            message = f"There is no parameter {name}; there is {PARAMETER}."
            raise Malformed(message, code="unknown_parameter")
    given = request.GET.getlist(PARAMETER) or [""]
    if len(given) > 1 or given[0] not in YES | NO:
        message = f"{PARAMETER} is given once, as true or false."
        raise Malformed(message, code="invalid")
    return given[0] in YES


def _answer(request: HttpRequest, feed: Feed) -> HttpResponseBase:
    actor = _caller(request)
    if actor is None:
        message = "Sign in, or send a name and password or a token."
        response: HttpResponseBase = plain_response(401, "not_authenticated", message)
        response.headers["WWW-Authenticate"] = CHALLENGE
    else:
        try:
            response = _calendar(request, feed, actor)
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


def _calendar(request: HttpRequest, feed: Feed, actor: Actor) -> HttpResponseBase:
    include = wants_completed(request)
    page = request.build_absolute_uri(get_script_prefix() + feed.folder)
    entries = feed.entries(actor, include_completed=include)
    tag = feed.tag(entries, str(actor.user_id), str(include), page)
    response = get_conditional_response(request, etag=tag)
    if response is None:
        response = HttpResponse(feed.text(entries, page), content_type=CONTENT_TYPE)
        response.headers["Content-Disposition"] = 'attachment; filename="calendar.ics"'
    response.headers["ETag"] = tag
    return response
