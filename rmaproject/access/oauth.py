"""OAuth2 for the doors: whom an access token stands for, and tokens for clients by secret."""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from typing import Any, Final
from urllib.parse import urlencode

from django.db import transaction
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_variables
from oauth2_provider.models import AccessToken
from oauth2_provider.settings import oauth2_settings
from oauthlib.oauth2 import OAuth2Error

from rmaproject.access.oauth_server import ACCESS, RefreshingServer, Server, Validator
from rmaproject.shared import clock
from rmaproject.shared.errors import DomainError, Malformed, NotPermitted

#: An answer of the protocol: headers, body as JSON text, status.
Told = tuple[dict[str, str], str, int]
GRANT_TYPES: Final = ("client_credentials", "refresh_token")


def is_access_token(token: str) -> bool:
    """Whether a text looks like an access token of ours, by its first letters."""
    return token.startswith(ACCESS)


@sensitive_variables()
def find_access_token(token: str) -> AccessToken | None:
    """The access token with this text, while it lasts and its user and client are active."""
    digest = sha256(token.encode()).hexdigest()
    rows = AccessToken.objects.select_related("user", "application", "application__user")
    found = rows.filter(token_checksum=digest, expires__gt=clock.now()).first()
    if found is None or found.user is None or not found.user.is_active:
        return None
    return found if found.application and found.application.is_usable(None) else None


@sensitive_variables()
def answer_token_request(server: Server, uri: str, body: str, headers: dict[str, Any]) -> Told:
    """What the token endpoint answers; all that it writes is written, or nothing.

    A refresh token that is used twice ends its whole family, which is no error of the database's:
    the answer is `invalid_grant`, and the end is kept.
    """
    try:
        with transaction.atomic():
            told: Told = server.create_token_response(uri, "POST", body, headers, None)
            return told
    except OAuth2Error as error:
        return error.headers, error.json, error.status_code


@sensitive_variables()
def grant(
    client_id: str, client_secret: str, *, grant_type: str, refresh_token: str = ""
) -> dict[str, Any]:
    """Tokens for a client by its id and secret, always with a refresh token.

    For doors of other systems; RFC 6749 gives none for client credentials, and our own endpoint
    keeps to it. Gives access_token, refresh_token, token_type, expires_in, scope.
    Raises NotPermitted `invalid_client` and `unauthorized_client`; Malformed with the RFC's word
    for the rest: `invalid_grant`, `unsupported_grant_type`.
    """
    if grant_type not in GRANT_TYPES:
        message = gettext("grant_type is one of %(grant_types)s.") % {
            "grant_types": ", ".join(GRANT_TYPES)
        }
        raise Malformed(message, code="unsupported_grant_type")
    asked = {"grant_type": grant_type, "client_id": client_id, "client_secret": client_secret}
    if grant_type == "refresh_token":
        asked["refresh_token"] = refresh_token
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    _, body, status = answer_token_request(_refreshing(), "/", urlencode(asked), form)
    told: dict[str, Any] = json.loads(body)
    if status != 200:
        raise _refusal(told)
    return told


@cache
def _refreshing() -> RefreshingServer:
    return RefreshingServer(Validator(), **oauth2_settings.server_kwargs)


def _refusal(told: dict[str, Any]) -> DomainError:
    code = told["error"]
    message = told.get("error_description") or MESSAGES.get(code, "The request was refused.")
    kind = NotPermitted if code in {"invalid_client", "unauthorized_client"} else Malformed
    return kind(message, code=code)


MESSAGES: Final = {
    "invalid_client": "The client is unknown, its secret is wrong, or it was revoked.",
    "invalid_grant": "The refresh token is unknown, over, or was used before.",
}
