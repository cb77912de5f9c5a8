"""Who is calling: a session, a token (`Token T` or `Bearer T`), or name and password (Basic)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection
from typing import Final

from django.contrib.auth import authenticate
from django.http import HttpRequest

from rmaproject.access.actors import Actor
from rmaproject.access.models import User
from rmaproject.access.tokens import find_user

TOKEN_SCHEMES: Final = ("token", "bearer")


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


def actor_of_token(token: str, request: HttpRequest, *, door: str) -> Actor | None:
    """Who a token acts for, with the scopes that it opens; None for a wrong or revoked one."""
    user = find_user(token)
    return Actor(user, door=door) if user else None


def session_user(request: HttpRequest) -> User | None:
    """The active user who is logged in with a browser session."""
    user = getattr(request, "user", None)
    return user if isinstance(user, User) and user.is_active else None


def _user_of_basic(request: HttpRequest, value: str) -> User | None:
    try:
        name, colon, password = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    if not colon or "\0" in name:  # the database refuses to look for such a name
        return None
    found = authenticate(request, username=name, password=password)
    return found if isinstance(found, User) and found.is_active else None
