"""Tokens for other systems: made once, shown once, kept as a digest."""

from __future__ import annotations

import hashlib
import secrets

from django.utils.crypto import salted_hmac

from rmaproject.access.models import ApiToken, User
from rmaproject.shared.db import command

PREFIX = "rma_"


def create_token(user: User, *, name: str = "") -> str:
    """Make a token that acts as this user; the text is shown now and never again."""
    token = PREFIX + secrets.token_urlsafe(32)
    ApiToken.objects.create(user=user, name=name, digest=_digest(token))
    return token


def named_token(user: User, *, name: str) -> str:
    """The token of this name, the same text each time, for clients that ask for it anew.

    The text follows from the server's secret key, so nothing but its digest is kept here either;
    once it is revoked the next one of that name is another.
    """
    return _named_token(user, name)


@command
def _named_token(user: User, name: str) -> str:
    User.objects.select_for_update().get(pk=user.pk)  # two clients ask at the same moment
    generation = 0
    while True:
        said = f"{user.pk}:{generation}:{name}"
        token = PREFIX + salted_hmac("access.named_token", said, algorithm="sha256").hexdigest()
        known = ApiToken.objects.filter(digest=_digest(token)).first()
        if known is None:
            ApiToken.objects.create(user=user, name=name, digest=_digest(token))
        if known is None or known.revoked_at is None:
            return token
        generation += 1


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
