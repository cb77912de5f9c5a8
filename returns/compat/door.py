"""What every foreign door shares: whose credential it takes and which envelope its answers have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from rmaproject.access.actors import Actor
from rmaproject.rest.callers import actor_of
from rmaproject.rest.problems import Refusal, refusal_of
from rmaproject.rest.rendering import JsonParser
from rmaproject.rest.writing import Answer, Repeat, change


class Door(APIView):
    """An address of a foreign system, answered by our services under the caller's own rights.

    A system's base class gives `credential` (who is calling), `given` (whether a credential was
    sent at all), `challenge` and `envelope` (its form of a refusal).
    """

    parser_classes = [JsonParser]
    schema = None
    #: The value of WWW-Authenticate, "" for a system whose clients know none.
    challenge: ClassVar[str] = "Token"

    def credential(self, request: HttpRequest) -> Actor | None:
        """Who the request's credential names; None for a wrong one."""
        raise NotImplementedError

    def given(self, request: HttpRequest) -> bool:
        """Whether the request carries a credential, be it right or wrong."""
        return "Authorization" in request.headers

    def envelope(self, refusal: Refusal) -> Any:
        """The body of a refusal as clients of this system expect it."""
        raise NotImplementedError

    @property
    def actor(self) -> Actor:
        return actor_of(self.request)

    def act(
        self,
        action: Callable[[], Answer],
        *,
        root: Model | None = None,
        repeat: Repeat | None = None,
    ) -> Response | HttpResponse:
        """Run services in one transaction; a repeat is known by `repeat`, else Idempotency-Key.

        With `root` the aggregate is locked first; foreign clients need no If-Match.
        """
        return change(self.request, action, root=root, optional=True, repeat=repeat)

    def get_authenticators(self) -> list[BaseAuthentication]:
        return [_Credential(self)]

    def get_exception_handler(self) -> Callable[[Exception, Any], Response | None]:
        return self._refused

    def _refused(self, error: Exception, context: Any) -> Response | None:
        refusal = refusal_of(error)
        if refusal is None:
            return None
        return Response(self.envelope(refusal), status=refusal.status, headers=refusal.headers)


class _Credential(BaseAuthentication):
    """DRF's side of a door's credential."""

    def __init__(self, door: Door) -> None:
        self.door = door

    def authenticate(self, request: Request) -> tuple[Any, Actor] | None:
        if not self.door.given(request._request):
            return None
        actor = self.door.credential(request._request)
        if actor is None:
            raise AuthenticationFailed("The credential is unknown, revoked, or its user inactive.")
        return actor.user, actor

    def authenticate_header(self, request: Request) -> str:
        return self.door.challenge
