"""Who is calling: a session, a token (`Token T` or `Bearer T`), or name and password (Basic)."""

from __future__ import annotations

import base64
import binascii

from django.contrib.auth import authenticate
from django.http import HttpRequest

from rmaproject.access.models import User
from rmaproject.access.tokens import find_user

TOKEN_SCHEMES = ("token", "bearer")


def user_of_header(request: HttpRequest, *, basic: bool = False) -> User | None:
    """The active user whom the Authorization header names; None without or with a wrong one.

    `basic` also takes a name and password, for doors whose clients know nothing better.
    """
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() in TOKEN_SCHEMES:
        return find_user(value.strip())
    if basic and scheme.lower() == "basic":
        return _user_of_basic(request, value)
    return None


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
