"""Who is calling: a session, a token (`Token T` or `Bearer T`), or name and password (Basic)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection
from typing import Final

from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.views.decorators.debug import sensitive_variables

from rmaproject.access.actors import Actor, Key
from rmaproject.access.models import User
from rmaproject.access.oauth import find_access_token, is_access_token
from rmaproject.access.roles import SECURITY
from rmaproject.access.scopes import opened
from rmaproject.access.tokens import find_token, keep_use
from rmaproject.shared.addresses import caller_address, is_within

TOKEN_SCHEMES: Final = ("token", "bearer")


@sensitive_variables()
def actor_of_header(
    request: HttpRequest,
    *,
    door: str,
    schemes: Collection[str] = TOKEN_SCHEMES,
    basic: bool = False,
) -> Actor | None:
    """Who the Authorization header names; None without one of these schemes or with a wrong key.

    `schemes` are the words before a token, in lower case. `basic` also takes a name and
    password, for doors whose clients know nothing better.
    """
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() in schemes:
        return actor_of_token(value.strip(), request, door=door)
    if basic and scheme.lower() == "basic":
        user = _user_of_basic(request, value)
        return Actor(user, door=door) if user else None
    return None


@sensitive_variables()
def actor_of_token(token: str, request: HttpRequest, *, door: str) -> Actor | None:
    """Who a token or an OAuth2 access token acts for, with the scopes that it opens.

    None for one that is wrong, over or revoked, whose user is inactive, or that must not be used
    from where the request comes from.
    """
    if is_access_token(token):
        return _actor_of_access_token(token, request, door)
    row = find_token(token)
    if row is None:
        return None
    address = caller_address(request)
    if row.allowed_addresses and not is_within(address, row.allowed_addresses):
        SECURITY.warning("Token %s refused: used from an address not allowed", row.prefix)
        return None
    keep_use(row, token, address)
    scopes = None if row.scopes is None else opened(row.scopes)
    key = Key(row.pk, row.expires_at, tuple(row.allowed_addresses))
    return Actor(row.user, door=door, scopes=scopes, key=key)


@sensitive_variables()
def _actor_of_access_token(token: str, request: HttpRequest, door: str) -> Actor | None:
    row = find_access_token(token)
    if row is None or not row.allows_audience(request.build_absolute_uri(request.path)):
        return None
    key = Key(expires_at=row.expires)
    return Actor(row.user, door=door, scopes=opened(row.scope.split()), key=key)


def session_user(request: HttpRequest) -> User | None:
    """The active user who is logged in with a browser session."""
    user = getattr(request, "user", None)
    return user if isinstance(user, User) and user.is_active else None


@sensitive_variables()
def _user_of_basic(request: HttpRequest, value: str) -> User | None:
    try:
        name, colon, password = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    if not colon or "\0" in name:  # the database refuses to look for such a name
        return None
    found = authenticate(request, username=name, password=password)
    return found if isinstance(found, User) and found.is_active else None
