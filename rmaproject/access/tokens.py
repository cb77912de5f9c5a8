"""Tokens for other systems: made once, shown once, kept as a digest."""

from __future__ import annotations

import hashlib
import secrets

from rmaproject.access.models import ApiToken, User

PREFIX = "rma_"


def create_token(user: User, *, name: str = "") -> str:
    """Make a token that acts as this user; the text is shown now and never again."""
    token = PREFIX + secrets.token_urlsafe(32)
    ApiToken.objects.create(user=user, name=name, digest=_digest(token))
    return token


def find_user(token: str) -> User | None:
    """The active user behind a token that was not revoked."""
    found = (
        ApiToken.objects.select_related("user")
        .filter(digest=_digest(token), revoked_at=None, user__is_active=True)
        .first()
    )
    return found.user if found else None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
