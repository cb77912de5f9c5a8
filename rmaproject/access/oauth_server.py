"""Our side of the OAuth2 library: which grants, which scopes, what tokens look like.

The library does the protocol. What is stricter here: PKCE by S256 only, nobody who is inactive,
and two uses of one refresh token at once are told apart under a lock.
"""

from __future__ import annotations

import secrets
from hashlib import sha256
from typing import Any, Final

from django.views.decorators.debug import sensitive_variables
from oauth2_provider.models import RefreshToken
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.scopes import BaseScopes
from oauthlib import oauth2
from oauthlib.oauth2.rfc6749.grant_types import AuthorizationCodeGrant, ClientCredentialsGrant
from oauthlib.oauth2.rfc6749.grant_types.authorization_code import code_challenge_method_s256
from oauthlib.oauth2.rfc6749.tokens import BearerToken

from rmaproject.access.scopes import known_scopes

ACCESS: Final = "rmo_"
REFRESH: Final = "rmr_"


def make_access_token(request: Any, refresh_token: bool = False) -> str:
    """A new access token; its first letters say what it is."""
    return ACCESS + secrets.token_urlsafe(32)


def make_refresh_token(request: Any) -> str:
    """A new refresh token."""
    return REFRESH + secrets.token_urlsafe(32)


class Scopes(BaseScopes):
    """The same words as for tokens. Who names none gets `read`, a program on its own `write`."""

    def get_all_scopes(self) -> dict[str, str]:
        return known_scopes()

    def get_available_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        return list(known_scopes())

    def get_default_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        alone = getattr(request, "grant_type", None) == "client_credentials"
        return ["write"] if alone else ["read"]


class CodeGrant(AuthorizationCodeGrant):
    """Authorization codes with PKCE, where the challenge tells nothing of the verifier."""

    _code_challenge_methods = {"S256": code_challenge_method_s256}


class RefreshedCredentialsGrant(ClientCredentialsGrant):
    """Client credentials answered with a refresh token too, for clients that know no other way."""

    def create_token_response(self, request: Any, token_handler: Any) -> Any:
        return super().create_token_response(request, _Refreshed(token_handler))


class _Refreshed:
    """A maker of tokens that always makes a refresh token beside."""

    def __init__(self, handler: BearerToken) -> None:
        self.handler = handler

    def create_token(self, request: Any, refresh_token: bool = False, **kwargs: Any) -> Any:
        return self.handler.create_token(request, refresh_token=True, **kwargs)


class Server(oauth2.Server):
    """Authorization codes, client credentials, refresh tokens, and nothing else."""

    credentials_class: type[ClientCredentialsGrant] = ClientCredentialsGrant

    def __init__(self, validator: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(validator, *args, **kwargs)
        codes = CodeGrant(validator)
        self._response_types = {"code": codes}
        self._grant_types = {
            "authorization_code": codes,
            "client_credentials": self.credentials_class(validator),
            "refresh_token": self.refresh_grant,
        }


class RefreshingServer(Server):
    """The same for a door whose clients expect a refresh token for client credentials."""

    credentials_class = RefreshedCredentialsGrant


class Validator(OAuth2Validator):
    """What the protocol asks of our database."""

    def _load_application(self, client_id: str | None, request: Any) -> Any:
        if "\0" in (client_id or ""):  # the database refuses to look for such a one
            return None
        return super()._load_application(client_id, request)

    @sensitive_variables()
    def validate_code(
        self, client_id: str, code: str, client: Any, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        known = super().validate_code(client_id, code, client, request, *args, **kwargs)
        return bool(known and request.user.is_active)

    @sensitive_variables()
    def validate_refresh_token(
        self, refresh_token: str, client: Any, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        # Lock before looking: of two uses at once the second must see what the first did.
        digest = sha256(refresh_token.encode()).hexdigest()
        list(RefreshToken.objects.select_for_update().filter(token_checksum=digest))
        known = super().validate_refresh_token(refresh_token, client, request, *args, **kwargs)
        return bool(known and request.user.is_active)

    def _create_access_token(
        self, expires: Any, request: Any, token: Any, source_refresh_token: Any = None
    ) -> Any:
        # The library knows no user for client credentials; ours act as the client's own.
        request.user = request.user or request.client.user
        return super()._create_access_token(expires, request, token, source_refresh_token)
