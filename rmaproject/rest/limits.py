"""How often a caller may call: counted in a small file that all processes of a machine share."""

from __future__ import annotations

import hashlib
import logging
import time
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from rmaproject.access.actors import Actor
from rmaproject.shared import tally
from rmaproject.shared.addresses import caller_address

LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True)
class Standing:
    """Where a caller stands: how many calls of this period are used, and when the next begins."""

    used: int
    reset: int

    @property
    def left(self) -> int:
        return max(0, settings.RATE_LIMIT - self.used)

    @property
    def within(self) -> bool:
        return self.used <= settings.RATE_LIMIT

    def headers(self) -> dict[str, str]:
        """What an answer says of it, as the draft of the HTTP working group writes it."""
        return {
            "RateLimit-Policy": f'"default";q={settings.RATE_LIMIT};w={settings.RATE_PERIOD}',
            "RateLimit": f'"default";r={self.left};t={self.reset}',
        }


def take(who: str) -> Standing | None:
    """Count a call. None where nothing is limited, or where counting fails: calls go on then."""
    if not settings.RATE_LIMIT:
        return None
    now = time.time()
    period = int(now // settings.RATE_PERIOD)
    reset = int((period + 1) * settings.RATE_PERIOD - now) + 1
    try:
        return Standing(tally.count(settings.RATE_FILE, who, period), reset)
    except tally.FAILURES:
        LOG.exception("Calls cannot be counted in %s; nobody is limited.", settings.RATE_FILE)
        return None


class Quota(BaseThrottle):
    """Each token has its share, each user with a session, and each address of nobody's."""

    standing: Standing | None = None

    def allow_request(self, request: Request, view: Any) -> bool:
        self.standing = take(_who(request))
        request._request.quota = self.standing  # type: ignore[attr-defined]
        return self.standing is None or self.standing.within

    def wait(self) -> float | None:
        return self.standing.reset - 1 if self.standing else None


def nobody(request: HttpRequest) -> str:
    """By what a caller counts who did not say who it is, or not truly."""
    return f"address:{caller_address(request)}"


def _who(request: Request) -> str:
    header = request.headers.get("Authorization", "")
    if isinstance(request.auth, Actor) and header:
        return f"token:{hashlib.sha256(header.encode()).hexdigest()[:32]}"
    if request.user and request.user.is_authenticated:
        return f"user:{request.user.pk}"
    return nobody(request._request)
