"""Tell browsers to run nothing that did not come from here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponseBase

HEADER: Final = "Content-Security-Policy"
#: What pages may ask a browser for: the camera reads codes on parcels, nothing else is needed.
PERMISSIONS: Final = "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"
STRICT: Final = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)


class ContentSecurityPolicyMiddleware:
    """A view that needs another policy sets the header itself; every other answer is strict."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault(HEADER, STRICT)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response
