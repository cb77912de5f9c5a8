"""Who calls the REST door: a token, or a browser session with its CSRF token."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext as _
from drf_spectacular.authentication import SessionScheme as CookieScheme
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated, PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from rmaproject.access.actors import Actor
from rmaproject.access.authentication import TOKEN_SCHEMES, actor_of_header
from rmaproject.access.models import User
from rmaproject.access.scopes import WORDS
from rmaproject.rest.refusals import CsrfFailed

#: What a 401 answers, by the scheme that was tried (RFC 6750).
CHALLENGES: Final = {"bearer": 'Bearer error="invalid_token"', "token": "Token"}


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Token T` or `Bearer T`; a wrong token is 401, never somebody else."""

    def authenticate(self, request: Request) -> tuple[Any, Actor] | None:
        scheme = request.headers.get("Authorization", "").partition(" ")[0].lower()
        if scheme not in TOKEN_SCHEMES:
            return None
        actor = actor_of_header(request._request, door="api")
        if actor is None:
            raise AuthenticationFailed("The token is unknown, revoked, or its user is inactive.")
        return actor.user, actor

    def authenticate_header(self, request: Request) -> str:
        scheme = request.headers.get("Authorization", "").partition(" ")[0].lower()
        return CHALLENGES.get(scheme, "Bearer")


class SessionAuthentication(authentication.SessionAuthentication):
    """A browser session; a change also needs its CSRF token, else 403 `csrf_failed`."""

    def enforce_csrf(self, request: Request) -> None:
        try:
            super().enforce_csrf(request)
        except PermissionDenied as error:
            message = _("A browser session changes something only with the header X-CSRFToken.")
            raise CsrfFailed(message) from error


class SessionScheme(CookieScheme):
    target_class = SessionAuthentication  # type: ignore[assignment]


class TokenScheme(OpenApiAuthenticationExtension):
    """Either of both, each in the same header."""

    target_class = TokenAuthentication
    name = ["token", "oauth2"]

    def get_security_requirement(self, auto_schema: Any) -> list[dict[str, list[Any]]]:
        return [{name: []} for name in self.name]

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, Any]]:
        token = {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token T` or `Bearer T`, T from `manage.py create_token USERNAME`.",
        }
        words = {word: str(label) for word, label in WORDS.items()}
        made = {"tokenUrl": "/oauth2/token/", "scopes": words}
        flows = {
            "clientCredentials": made,
            "authorizationCode": {
                **made,
                "refreshUrl": "/oauth2/token/",
                "authorizationUrl": "/oauth2/authorize/",
            },
        }
        return [token, {"type": "oauth2", "flows": flows}]


class LoggedIn(BasePermission):
    """Somebody; what they may do is asked by each resource."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return bool(request.user and request.user.is_authenticated)


def actor_of(request: Request) -> Actor:
    """The caller as an actor, once per request, so that rights are read once."""
    known = request.auth if isinstance(request.auth, Actor) else getattr(request, "_actor", None)
    if known is None:
        user = request.user if isinstance(request.user, User) else None
        if user is None:
            raise NotAuthenticated
        known = Actor(user, door="api")
        request._actor = known  # type: ignore[attr-defined]
    return known


__all__ = ["LoggedIn", "SessionAuthentication", "TokenAuthentication", "actor_of"]
