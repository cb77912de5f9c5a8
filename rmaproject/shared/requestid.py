"""One id follows a request through logs, errors and the caller's own records."""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from django.core.exceptions import DisallowedHost
from django.core.signals import request_finished
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase

HEADER: Final = "X-Request-ID"
SANE: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
_current: Final[ContextVar[str]] = ContextVar("request_id", default="")
_request: Final[ContextVar[HttpRequest | None]] = ContextVar("request", default=None)


def current() -> str:
    """The id of the request being answered; "" outside of one."""
    return _current.get()


@contextmanager
def known_as(text: str) -> Iterator[None]:
    """Let all that is done inside carry this id, where no request is answered."""
    token = _current.set(text)
    try:
        yield
    finally:
        _current.reset(token)


def path() -> str:
    """The path of the request being answered; "" outside of one."""
    request = _request.get()
    return request.path if request else ""


def absolute(place: str) -> str:
    """A path of ours as a whole address, where the request says by which host we are known."""
    request = _request.get()
    try:
        return request.build_absolute_uri(place) if request else place
    except DisallowedHost:
        return place


class RequestIdMiddleware:
    """Takes the caller's id when it is harmless, so that both sides can search for the same."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get(HEADER, "")
        request_id = given if SANE.fullmatch(given) else uuid.uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined]
        _current.set(request_id)
        _request.set(request)
        response = self.get_response(request)
        response.headers[HEADER] = request_id
        return response


@receiver(request_finished)
def _forget(**kwargs: Any) -> None:
    """Only now: Django logs a failed request, and streams an answer, after the middleware."""
    _current.set("")
    _request.set(None)


class RequestIdFilter(logging.Filter):
    """Gives every log line the id, "-" outside of a request."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current() or "-"
        return True
