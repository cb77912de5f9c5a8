"""What every answer below `/api/v1/` has, whoever gave it: its version, its limits, its tag.

Answers of doors for other systems' clients have the same limits, and nothing else of this.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from rmaproject.rest import envelopes
from rmaproject.rest.limits import nobody, take
from rmaproject.rest.problems import Refusal

PREFIX: Final = "/api/v1/"
VERSION: Final = "1"
#: What a 304 repeats of the answer that it stands for (RFC 9110, 15.4.5).
KEPT: Final = ("Cache-Control", "Content-Location", "ETag", "Expires", "Link", "Vary")


class ApiMiddleware:
    """Stands outside of all that may answer, so that refusals are dressed like everything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not request.path.startswith(PREFIX):
            return _limited(request, response) if envelopes.foreign(request.path) else response
        if isinstance(response, HttpResponse):
            response = _unless_known(request, response)
        response = _limited(request, response)
        response.headers["API-Version"] = VERSION
        if response.status_code >= 400:
            # A cache on the way may keep a 404 else, and show it when the record is there.
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def _limited(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """The answer with the caller's limits; 429 for an address that goes on asking as nobody.

    Whom a resource knew was counted there, before anything was done.
    """
    standing = getattr(request, "quota", None)
    if standing is None and response.status_code >= 400:
        standing = take(nobody(request))
    if standing is None:
        return response
    if not standing.within and response.status_code != 429:
        message = _("Too many calls from this address; wait until the next period.")
        again = {"Retry-After": str(standing.reset)}
        refusal = Refusal(429, "quota_exceeded", message, headers=again)
        response = envelopes.answer(request.path, refusal) or response
    for name, value in standing.headers().items():
        response.headers[name] = value
    return response


def _unless_known(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """304 without a body for a reader who has the same already.

    A record has the tag of its version; a list is tagged here by all that it shows, so a row that
    came, went or changed makes another one. Tags compare weakly: a proxy that compresses weakens
    them.
    """
    if request.method not in {"GET", "HEAD"} or response.status_code != 200:
        return response
    if response.get("Content-Type", "").startswith("application/json"):
        response.headers.setdefault("Cache-Control", "private, no-cache")
        if "ETag" not in response.headers:
            digest = hashlib.blake2b(response.content, digest_size=16).hexdigest()
            response.headers["ETag"] = f'W/"{digest}"'
    tag = response.headers.get("ETag", "")
    # What is expanded in a record changes without the record's version.
    vague = "expand" in request.GET and not tag.startswith("W/")
    if vague or not _names(request.headers.get("If-None-Match", ""), tag):
        return response
    short = HttpResponse(status=304)
    del short.headers["Content-Type"]
    for name in (*KEPT, "X-Page-Generated"):
        if name in response.headers:
            short.headers[name] = response.headers[name]
    return short


def _names(given: str, tag: str) -> bool:
    tags = {text.strip().removeprefix("W/") for text in given.split(",")}
    return bool(tag) and ("*" in tags or tag.removeprefix("W/") in tags)
