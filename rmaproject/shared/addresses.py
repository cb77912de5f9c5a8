"""From where a request comes."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The caller's IP address: the last that our own proxy added, where one stands in front."""
    if settings.BEHIND_PROXY:
        passed = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if passed:
            return passed
    return str(request.META.get("REMOTE_ADDR", ""))
