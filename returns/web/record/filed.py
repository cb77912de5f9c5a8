"""The files of a return as its page shows them."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.urls import reverse

from returns.models import ReturnOrder
from rmaproject.access.actors import Actor
from rmaproject.files.selectors import attachments_of


def files_section(order: ReturnOrder, actor: Actor) -> dict[str, Any]:
    """The files of a return for its page, and where to send more."""
    may = actor.may("returns.comment_return")
    rows = [
        {
            "name": row.name,
            "url": reverse("returns:file", args=[order.uuid, row.uuid]),
            "kilobytes": max(row.size // 1024, 1),
            "image": row.is_image,
            "remove_url": reverse("returns:remove_file", args=[order.uuid, row.uuid])
            if may
            else "",
        }
        for row in attachments_of(order)
    ]
    upload = reverse("returns:add_file", args=[order.uuid]) if may else ""
    return {"files": rows, "file_url": upload, "file_key": uuid4()}
