"""What nobody else answered: a problem document or another system's refusal, a page elsewhere."""

from __future__ import annotations

import sys
from typing import Final

from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from rmaproject.rest.envelopes import answer
from rmaproject.rest.problems import RETRY_SECONDS, Refusal, database_gone
from rmaproject.web import errors as pages

CSRF: Final = "A browser session changes something only with the header X-CSRFToken."
BROKEN: Final = "Something broke on our side; the request id helps to find it."


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    told = answer(request.path, _unreadable(exception))
    return told or pages.bad_request(request, exception)


def _unreadable(exception: Exception | None) -> Refusal:
    """What stood in the way of reading a request."""
    if isinstance(exception, RequestDataTooBig):
        return Refusal(413, "too_large_body", "The body has more bytes than are read.")
    if isinstance(exception, DisallowedHost):
        message = _("This server does not answer for the host of the request.")
        return Refusal(400, "invalid_host", message)
    return Refusal(400, "malformed", "The request could not be read.")


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    told = answer(request.path, Refusal(403, "csrf_failed", CSRF))
    return told or pages.csrf_failed(request, reason)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    told = answer(request.path, Refusal(403, "not_permitted", "You may not do this."))
    return told or pages.forbidden(request, exception)


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    told = answer(request.path, Refusal(404, "not_found", "There is nothing at this address."))
    return told or pages.missing(request, exception)


def broken(request: HttpRequest) -> HttpResponse:
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError | InterfaceError):
        return _unavailable(request)
    told = answer(request.path, Refusal(500, "internal_error", BROKEN))
    return told or pages.broken(request)


def _unavailable(request: HttpRequest) -> HttpResponse:
    """The database was away for a moment: no defect of ours, and worth another try."""
    gone = database_gone()
    again = {"Retry-After": str(RETRY_SECONDS)}
    told = answer(request.path, Refusal(503, gone.code, gone.message, headers=again))
    if told is not None:
        return told
    page = pages.refused(request, gone)
    page.headers["Retry-After"] = again["Retry-After"]
    return page
