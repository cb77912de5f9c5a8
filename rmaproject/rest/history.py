"""The trail of a record over REST: who changed what, when, through which door."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from rmaproject.audit.models import Aggregate, AuditEntry
from rmaproject.rest.paging import Pager
from rmaproject.rest.views import refuse_parameters


class HistoryOutput(serializers.Serializer[Any]):
    """One change; `n` is the version that the record had after it."""

    n = serializers.IntegerField()
    verb = serializers.CharField()
    at = serializers.DateTimeField()
    actor = serializers.CharField(allow_null=True)
    door = serializers.CharField()
    request_id = serializers.CharField()
    facts = serializers.DictField()


def show_entry(row: AuditEntry) -> dict[str, Any]:
    """An audit entry as JSON; the actor is the user's name, or null for the program itself."""
    return {
        "n": row.n,
        "verb": row.verb,
        "at": row.at,
        "actor": row.actor.username if row.actor else None,
        "door": row.door,
        "request_id": row.request_id,
        "facts": row.facts,
    }


def history_page(request: Request, root: Aggregate) -> Response:
    """A page of the trail of a record that the caller may see, oldest entry first."""
    refuse_parameters(request, allowed={"limit", "cursor", "ordering"})
    pager = Pager(request, {"n": "n"}, "n")
    rows = AuditEntry.objects.filter(aggregate_id=root.uuid).select_related("actor")
    found = pager.page(rows)
    return pager.response(found, [show_entry(row) for row in found])
