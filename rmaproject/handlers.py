"""What nobody else answered: a problem document below `/api/`, a page elsewhere."""

from __future__ import annotations

import sys

from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from rmaproject.rest.problems import RETRY_SECONDS, database_gone, plain_response
from rmaproject.web import errors as pages

API = "/api/"


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if request.path.startswith(API):
        return plain_response(*_unreadable(exception))
    return pages.bad_request(request, exception)


def _unreadable(exception: Exception | None) -> tuple[int, str, str]:
    """What stood in the way of reading a request: its status, code and sentence."""
    if isinstance(exception, RequestDataTooBig):
        return 413, "too_large_body", "The body has more bytes than are read."
    if isinstance(exception, DisallowedHost):
        return 400, "invalid_host", "This server does not answer for the host of the request."
    return 400, "malformed", "The request could not be read."


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    if request.path.startswith(API):
        message = "A browser session changes something only with the header X-CSRFToken."
        return plain_response(403, "csrf_failed", message)
    return pages.csrf_failed(request, reason)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if request.path.startswith(API):
        return plain_response(403, "not_permitted", "You may not do this.")
    return pages.forbidden(request, exception)


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if request.path.startswith(API):
        return plain_response(404, "not_found", "There is nothing at this address.")
    return pages.missing(request, exception)


def broken(request: HttpRequest) -> HttpResponse:
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError | InterfaceError):
        return _unavailable(request)
    if request.path.startswith(API):
        message = "Something broke on our side; the request id helps to find it."
        return plain_response(500, "internal_error", message)
    return pages.broken(request)


def _unavailable(request: HttpRequest) -> HttpResponse:
    """The database was away for a moment: no defect of ours, and worth another try."""
    refusal = database_gone()
    if request.path.startswith(API):
        return plain_response(503, refusal.code, refusal.message)
    page = pages.refused(request, refusal)
    page.headers["Retry-After"] = str(RETRY_SECONDS)
    return page
