"""Whoever reads a page reads it in their language, their time zone and their theme."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone, translation

from rmaproject.access.authentication import session_user
from rmaproject.access.models import User

#: Remembers the theme of a browser where nobody is logged in.
THEME_COOKIE: Final = "theme"
THEMES: Final = ("light", "dark")
YEAR: Final = 365 * 24 * 3600
#: Programs bring a token or a secret address; a session would make their answers vary by cookie.
OF_PROGRAMS: Final = ("/api/", "/calendars/")


class ReaderMiddleware:
    """Apply what the logged-in person chose; calls of programs are left as they are.

    Comes after the session's middleware, and after LocaleMiddleware, whose guess it overrides.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = None if request.path.startswith(OF_PROGRAMS) else session_user(request)
        if user is None:
            return self.get_response(request)
        if user.language in dict(settings.LANGUAGES):
            translation.activate(user.language)
            request.LANGUAGE_CODE = translation.get_language()
        zone = user.time_zone
        with timezone.override(ZoneInfo(zone)) if zone else nullcontext():
            return self.get_response(request)


def remember_theme(answer: HttpResponseBase, theme: str) -> None:
    """Leave the theme with the browser, so that the page to log in has it too."""
    if theme in THEMES:
        answer.set_cookie(
            THEME_COOKIE,
            theme,
            max_age=YEAR,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    else:
        answer.delete_cookie(THEME_COOKIE)


def reader(request: HttpRequest) -> dict[str, Any]:
    """For every template: `theme`, "" for what the system says."""
    user = getattr(request, "user", None)
    if isinstance(user, User):
        return {"theme": user.theme}
    cookie = request.COOKIES.get(THEME_COOKIE, "")
    return {"theme": cookie if cookie in THEMES else ""}
