"""What somebody typed outlives a lost session: kept sealed for a while, offered to nobody else."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from rmaproject.access.models import IdempotencyRecord, User
from rmaproject.shared import clock, vault
from rmaproject.shared.db import command
from rmaproject.shared.errors import Conflict
from rmaproject.web.once import FRAME, Key

#: How long typed text waits for its owner to log in again.
FOR: Final = timedelta(hours=2)
#: Longer texts are not kept; no form of ours comes near.
MOST: Final = 400_000
#: Nobody wants to find these written down anywhere.
SECRET: Final = ("password", "secret")

#: The fields of a form in their order.
Typed = list[tuple[str, str]]


def typed(request: HttpRequest) -> Typed:
    """What a sent form holds, without its frame and without passwords."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in FRAME and not any(word in name.lower() for word in SECRET)
    ]


def keep(request: HttpRequest, key: Key) -> str:
    """Keep a form that came without a session; the address at which its owner finds it.

    "" where it cannot be kept.
    """
    content = json.dumps({"path": request.get_full_path(), "fields": typed(request)})
    if len(content) > MOST:
        return ""
    ident = UUID(key.text.partition(":")[2])
    try:
        _keep(key.user_id, ident, vault.seal(content))
    except Conflict:  # no keys to seal it with: nothing typed is kept in the clear
        return ""
    return reverse("kept", args=[ident])


def find(user: User, ident: UUID) -> tuple[str, Typed] | None:
    """The address and the fields of a kept form; None once it is gone, and for anybody else."""
    rows = IdempotencyRecord.objects.filter(created_at__gte=clock.now() - FOR)
    row = rows.filter(user=user, key=f"typed:{ident}").first()
    if row is None:
        return None
    content = json.loads(vault.unseal(bytes(row.body).decode()))
    return content["path"], [(name, value) for name, value in content["fields"]]


@command
def _keep(user_id: int, ident: UUID, sealed: str) -> None:
    written = {"status": 202, "body": sealed.encode(), "created_at": clock.now()}
    IdempotencyRecord.objects.update_or_create(
        user_id=user_id, key=f"typed:{ident}", defaults={"request_digest": "", **written}
    )
