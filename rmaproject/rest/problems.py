"""Errors as RFC 9457 problem documents with a code, a pointer and the request's id."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from django.core.exceptions import PermissionDenied
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from rmaproject.rest.catalogue import address_of, meaning_of
from rmaproject.rest.refusals import CsrfFailed, TooLarge
from rmaproject.shared import requestid
from rmaproject.shared.errors import Busy, DomainError, InputErrors, Malformed
from rmaproject.shared.http import status_of

CONTENT_TYPE: Final = "application/problem+json"
RETRY_SECONDS: Final = 1
LOG: Final = logging.getLogger(__name__)

#: What DRF raises itself, by its class, with our code.
FRAMEWORK_CODES: Final[dict[type[Exception], str]] = {
    exceptions.ParseError: "malformed",
    TooLarge: "too_large_body",
    CsrfFailed: "csrf_failed",
    exceptions.NotAuthenticated: "not_authenticated",
    exceptions.AuthenticationFailed: "not_authenticated",
    exceptions.PermissionDenied: "not_permitted",
    exceptions.NotFound: "not_found",
    exceptions.MethodNotAllowed: "method_not_allowed",
    exceptions.NotAcceptable: "not_acceptable",
    exceptions.UnsupportedMediaType: "unsupported_media_type",
    exceptions.Throttled: "quota_exceeded",
}


@dataclass(frozen=True)
class Refusal:
    """What any door says of a request that it refused, before it is put in that door's envelope.

    `errors` name each bad value by its JSON pointer, `facts` are the figures behind a rule.
    """

    status: int
    code: str
    message: str
    errors: list[dict[str, str]] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: every refusal leaves as a problem; a defect stays a 500."""
    refusal = refusal_of(error)
    return _response(refusal) if refusal else None


def refusal_of(error: Exception) -> Refusal | None:
    """The refusal that an exception stands for; None for a defect. Rolls the transaction back."""
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    if isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if isinstance(error, DataError):
        message = _("A value is none that the database can compare or keep, such as an odd offset.")
        error = Malformed(message, code="malformed")
    if isinstance(error, OperationalError | InterfaceError):
        LOG.error("The database did not answer.", exc_info=error)
        error = database_gone()
    if isinstance(error, DomainError):
        return _of_domain(error)
    if isinstance(error, exceptions.ValidationError):
        return _of_domain(InputErrors(list(flat(error.detail, ""))))
    if isinstance(error, exceptions.APIException):
        return _of_framework(error)
    return None


def database_gone() -> Busy:
    """The refusal while the database does not answer; a crashed one is back within seconds."""
    message = _("The database does not answer just now; try again.")
    return Busy(message, code="database_unavailable")


def document(status: int, code: str, message: str, **more: Any) -> dict[str, Any]:
    """A problem document; `message` says what was wrong and what to do."""
    return {
        "type": address_of(code),
        "title": meaning_of(code, status),
        "status": status,
        "detail": message,
        "instance": requestid.path(),
        "code": code,
        "request_id": requestid.current(),
        **more,
    }


@csrf_exempt
def not_found(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """The answer for an address below the API that leads nowhere."""
    return plain_response(404, "not_found", "There is nothing at this address.")


def plain_response(status: int, code: str, message: str, **more: Any) -> HttpResponse:
    """A problem as an ordinary response, for doors that are not DRF's."""
    body = orjson.dumps(document(status, code, message, **more))
    headers = {"Retry-After": str(RETRY_SECONDS)} if status == 503 else {}
    return HttpResponse(body, status=status, headers=headers, content_type=CONTENT_TYPE)


def document_of(refusal: Refusal) -> dict[str, Any]:
    """The problem document of a refusal."""
    more: dict[str, Any] = {}
    if refusal.errors:
        more["errors"] = refusal.errors
    if refusal.facts:
        more["facts"] = refusal.facts
        facts = refusal.facts.items()
        more |= {SHOWN_FACTS[key]: value for key, value in facts if key in SHOWN_FACTS}
    return document(refusal.status, refusal.code, refusal.message, **more)


def _response(refusal: Refusal) -> Response:
    body = document_of(refusal)
    return Response(body, status=refusal.status, headers=refusal.headers, content_type=CONTENT_TYPE)


def _of_domain(error: DomainError) -> Refusal:
    set_rollback()
    status = status_of(error)
    errors: list[dict[str, str]] = []
    if isinstance(error, InputErrors):
        errors = error.errors
    elif error.pointer:
        errors = [{"pointer": error.pointer, "code": error.code, "detail": error.message}]
    facts = {key: _fact(value) for key, value in error.facts.items()}
    again = status == 503 or error.code == "request_in_progress"
    headers = {"Retry-After": str(RETRY_SECONDS)} if again else {}
    if error.code == "insufficient_scope":
        needed = error.facts["permission"]
        headers["WWW-Authenticate"] = f'Bearer error="insufficient_scope", scope="{needed}"'
    return Refusal(status, error.code, error.message, errors, facts, headers)


#: Facts of an illegal transition that stand at the top of its problem, and under which name.
SHOWN_FACTS: Final = {"status": "current_status", "legal_verbs": "legal_verbs"}


def _of_framework(error: exceptions.APIException) -> Refusal:
    set_rollback()
    code = next(
        (known for kind, known in FRAMEWORK_CODES.items() if isinstance(error, kind)),
        "internal_error",
    )
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = str(getattr(error, "auth_header", ""))
    if getattr(error, "wait", None):
        headers["Retry-After"] = str(int(error.wait) + 1)  # type: ignore[attr-defined]
    return Refusal(error.status_code, code, str(error.detail), headers=headers)


def escaped(name: object) -> str:
    """A name as one step of a JSON pointer (RFC 6901)."""
    return str(name).replace("~", "~0").replace("/", "~1")


def flat(detail: Any, pointer: str) -> Iterator[dict[str, str]]:
    """DRF's tree of validation errors as a list, each with a JSON pointer."""
    if isinstance(detail, dict):
        for key, value in detail.items():
            inner = pointer if key == "non_field_errors" else f"{pointer}/{escaped(key)}"
            yield from flat(value, inner)
    elif isinstance(detail, list) and any(isinstance(item, dict | list) for item in detail):
        for number, item in enumerate(detail):
            yield from flat(item, f"{pointer}/{number}")
    elif isinstance(detail, list):
        for item in detail:
            yield from flat(item, pointer)
    else:
        yield {
            "pointer": pointer,
            "code": str(getattr(detail, "code", "invalid")),
            "detail": str(detail),
        }


def _fact(value: Any) -> Any:
    return value if isinstance(value, str | int | bool | list | dict | None) else str(value)
