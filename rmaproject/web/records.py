"""Which pages are about one record, and whether somebody sees it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest

from rmaproject.access.actors import Actor
from rmaproject.shared.errors import NotPermitted

#: By the namespace of its pages, the records of an app that somebody sees; filled by the apps.
RECORDS: Final[dict[str, list[Callable[[Actor], QuerySet[Any, Any]]]]] = {}
#: What somebody does on the pages of these names; on all others they look.
DOING: Final = {
    "edit": "edit",
    "receive": "receive",
    "count": "receive",
    "finish_count": "receive",
    "inspect": "inspect",
    "credit": "credit",
    "dispose": "decide",
    "decide": "decide",
}


def record_of(request: HttpRequest) -> dict[str, Any]:
    """For a page about one record: its id, and what its reader does there."""
    match = request.resolver_match
    ident = match.kwargs.get("ident") if match else None
    if match is None or match.namespace not in RECORDS or not isinstance(ident, UUID):
        return {}
    return {"page_record": ident, "page_doing": DOING.get(match.url_name or "", "view")}


def is_in_sight(actor: Actor, record: UUID) -> bool:
    """Whether this person may see the record at all: who may not learns nothing of it."""
    return any(_sees(visible, actor, record) for rows in RECORDS.values() for visible in rows)


def _sees(visible: Callable[[Actor], QuerySet[Any, Any]], actor: Actor, record: UUID) -> bool:
    try:
        return bool(visible(actor).filter(uuid=record).exists())
    except NotPermitted:
        return False
