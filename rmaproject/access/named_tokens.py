"""Tokens by name, for clients that log in with a password and ask for theirs anew each time."""

from __future__ import annotations

from django.utils.crypto import salted_hmac

from rmaproject.access.models import ApiToken, User
from rmaproject.access.tokens import PREFIX, SHOWN, digest_of
from rmaproject.shared.db import command


@command
def named_token(user: User, *, name: str) -> str:
    """The user's token of this name, the same text each time until it is revoked.

    The text follows from the server's secret key, so nothing but its digest is kept here either,
    and clients that ask at the same moment do not cut each other off.
    """
    User.objects.select_for_update().get(pk=user.pk)
    generation = 0
    while True:
        said = f"{user.pk}:{generation}:{name}"
        text = PREFIX + salted_hmac("access.named_token", said, algorithm="sha256").hexdigest()
        known = ApiToken.objects.filter(digest=digest_of(text)).first()
        if known is None:
            fields = {"prefix": text[:SHOWN], "digest": digest_of(text), "created_by": user}
            ApiToken.objects.create(user=user, name=name, **fields)
        if known is None or known.revoked_at is None:
            return text
        generation += 1
