"""The addresses of feeds: a secret address for every program, one with a password for some."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import get_script_prefix, reverse
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from returns.calendar.answering import (
    calendar_response,
    challenged,
    refuse_parameters,
    send_plainly,
)
from returns.calendar.feed import events, fingerprint
from returns.calendar.personal import Listing, language_of, listing, open_feed
from returns.calendar.rendering import Head, alarm_before, render_calendar
from returns.calendar.throttle import FETCHES
from returns.models import CalendarFeed
from returns.services.calendar_feeds import note_fetch
from rmaproject.rest.problems import plain_response
from rmaproject.shared.errors import Malformed

MOST_OCTETS: Final = 1_000_000
COLOR: Final = "slateblue"
ABOUT: Final = gettext_lazy(
    "Thirty days back and a year ahead. Calendar applications may show this up to a day late."
)
CUT: Final = gettext_lazy(
    "Later days are left out: a feed lists 2000 events and a megabyte at most."
)


@csrf_exempt
def by_secret(request: HttpRequest, ident: UUID) -> HttpResponseBase:
    """The feed that the secret in the address opens; to anybody else there is none."""
    return _guarded(_by_secret(request, ident))


@csrf_exempt
def by_password(request: HttpRequest, ident: UUID) -> HttpResponseBase:
    """The same feed, its secret sent as the password under any name (HTTP Basic)."""
    response = _guarded(_by_password(request, ident))
    patch_vary_headers(response, ("Authorization",))
    return response


@csrf_exempt
def nothing(request: HttpRequest) -> HttpResponseBase:
    """Any other address below `/calendars/`."""
    return _guarded(_missing())


@require_safe
def _by_secret(request: HttpRequest, ident: UUID) -> HttpResponseBase:
    feed = open_feed(ident, getattr(request, "feed_secret", ""))
    return _missing() if feed is None else _answer(request, feed)


@require_safe
def _by_password(request: HttpRequest, ident: UUID) -> HttpResponseBase:
    feed = open_feed(ident, _password(request))
    if feed is None:
        return challenged("Calendar feed", "Send the feed's password under any name.")
    return _answer(request, feed)


def _missing() -> HttpResponse:
    return plain_response(404, "not_found", "There is no such calendar.")


def _guarded(response: HttpResponseBase) -> HttpResponseBase:
    """Nobody learns the address from a link; what is refused is not kept."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _password(request: HttpRequest) -> str:
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        told = base64.b64decode(value, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return told.partition(":")[2]


def _answer(request: HttpRequest, feed: CalendarFeed) -> HttpResponseBase:
    send_plainly(request)
    if wait := FETCHES.wait_for(feed.pk):
        refusal = plain_response(429, "quota_exceeded", "This feed is fetched too often; wait.")
        refusal.headers["Retry-After"] = str(wait)
        return refusal
    try:
        refuse_parameters(request)
    except Malformed as error:
        return plain_response(400, error.code, error.message)
    with translation.override(language_of(feed)):
        return _calendar(request, feed)


def _calendar(request: HttpRequest, feed: CalendarFeed) -> HttpResponseBase:
    """304 only where nothing differs, removals too: Last-Modified moves with the content."""
    found = listing(feed)
    content = fingerprint(found.entries, feed.name, str(feed.remind_hours), str(found.cut))
    changed_at = note_fetch(feed, content, request.headers.get("User-Agent", ""))
    root = request.build_absolute_uri(get_script_prefix())
    tag = f'"{fingerprint((), content, root, changed_at.isoformat())}"'
    last = int(changed_at.timestamp())
    response = get_conditional_response(request, etag=tag, last_modified=last)
    if response is None:
        head = _head(request, feed, changed_at)
        response = calendar_response(_text(found, head, root, feed), _filename(feed))
    response.headers["ETag"] = tag
    response.headers["Last-Modified"] = http_date(last)
    response.headers["Cache-Control"] = "private, max-age=300"
    return response


def _head(request: HttpRequest, feed: CalendarFeed, changed_at: datetime) -> Head:
    """The source is the address that asks for a password: files with the secret get forwarded."""
    source = reverse("calendar-feed", args=[feed.uuid])
    return Head(
        title=feed.name,
        url=request.build_absolute_uri(reverse("settings-calendars")),
        source=request.build_absolute_uri(source),
        color=COLOR,
        changed_at=changed_at,
        about=str(ABOUT),
    )


def _text(found: Listing, head: Head, root: str, feed: CalendarFeed) -> str:
    """The calendar, at most a megabyte; what was left out is told in its description."""
    alarm = "" if feed.remind_hours is None else alarm_before(feed.remind_hours)
    shortened = replace(head, about=f"{ABOUT} {CUT}")
    kept: list[str] = []
    left, cut = MOST_OCTETS - len(render_calendar(shortened, ()).encode()), found.cut
    for text in events(found.entries, root, alarm=alarm):
        left -= len(text.encode())
        if left < 0:
            cut = True
            break
        kept.append(text)
    return render_calendar(shortened if cut else head, kept)


def _filename(feed: CalendarFeed) -> str:
    plain = re.sub(r"[^A-Za-z0-9]+", "-", feed.name).strip("-").lower()
    return f"{plain or 'calendar'}.ics"
