"""A feed's secret leaves the address at the door, so that no log and no report can tell it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponseBase

FOLDER: Final = "/calendars/"
#: What stands in place of a secret.
HIDDEN: Final = "secret"
#: The address that takes the secret as a password.
PLAIN: Final = "feed"
_FEED: Final = re.compile(r"/calendars/([0-9a-fA-F-]{36})/([\w-]{1,200})\.ics", re.ASCII)


class HideFeedSecrets:
    """Takes the secret out of every text of the request and keeps it as `feed_secret`.

    Comes before anything that logs or reports. A redirect to HTTPS gets it back.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(FOLDER):
            return self.get_response(request)
        told = request.path_info
        found = _FEED.fullmatch(told)
        if found and found[2] == PLAIN:
            return self.get_response(request)
        shown = f"{FOLDER}{found[1]}/{HIDDEN}.ics" if found else f"{FOLDER}unknown"
        request.feed_secret = found[2] if found else ""  # type: ignore[attr-defined]
        _replace(request, told, shown)
        response = self.get_response(request)
        if found and "Location" in response.headers:
            location = response.headers["Location"]
            response.headers["Location"] = location.replace(shown, told)
        return response


def _replace(request: HttpRequest, told: str, shown: str) -> None:
    """Say `shown` wherever the request says `told`: paths, and what the server was asked."""
    request.path = request.path[: -len(told)] + shown
    request.path_info = shown
    for name, value in request.META.items():
        if isinstance(value, str) and told in value:
            request.META[name] = value.replace(told, shown)
