"""What the addresses of this door share: the subscription key, and problem documents."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any, Final

from django.http import HttpRequest
from rest_framework.response import Response

from returns.compat.door import Door
from rmaproject.access.actors import Actor
from rmaproject.access.authentication import actor_of_token
from rmaproject.rest.problems import Refusal, document, handle
from rmaproject.rest.writing import Repeat

KEY: Final = "X-Subscription-Key"
REQUEST: Final = "X-Request-ID"


class RivertyDoor(Door):
    """An address of this system, whose credential is an API token in a header of its own.

    No envelope of its own for refusals is known, so they are problem documents (RFC 9457).
    """

    challenge = KEY

    def credential(self, request: HttpRequest) -> Actor | None:
        return actor_of_token(request.headers[KEY].strip(), request, door="riverty")

    def given(self, request: HttpRequest) -> bool:
        return KEY in request.headers

    def envelope(self, refusal: Refusal) -> Any:
        return document(refusal.status, refusal.code, refusal.message)

    def get_exception_handler(self) -> Callable[[Exception, Any], Response | None]:
        return handle

    @property
    def repeat(self) -> Repeat | None:
        """By what a repeat is known: the request's id alone, whatever its body says.

        It is kept as a digest with the credential, so that any length and any sign will do and
        nobody meets the ids of others. Without one `Idempotency-Key` is honoured.
        """
        headers = self.request.headers
        if not headers.get(REQUEST):
            return None
        told = "\0".join([headers.get(KEY, ""), headers[REQUEST]])
        return Repeat(f"riverty:{sha256(told.encode()).hexdigest()}", same_body=False)
