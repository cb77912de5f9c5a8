"""Returns in the search box: by their own reference, the customer's, or a tracking number."""

from __future__ import annotations

from django.urls import reverse

from returns.models import Parcel, ReturnOrder
from returns.selectors import visible_returns
from rmaproject.access.actors import Actor
from rmaproject.web.search import MOST, Hit, Source


def find_returns(actor: Actor, query: str) -> list[Hit]:
    """Returns by reference or tracking number, newest first; each index is asked on its own."""
    seen = visible_returns(actor)
    parcels = Parcel.objects.filter(tracking_number__icontains=query)
    keys = {
        *seen.filter(reference__icontains=query)
        .order_by("-pk")
        .values_list("pk", flat=True)[:MOST],
        *seen.filter(pk__in=parcels.order_by("-pk").values("return_order")[:MOST]).values_list(
            "pk", flat=True
        ),
    }
    rows = ReturnOrder.objects.filter(pk__in=keys).with_parties().order_by("-pk")[:MOST]
    return [_hit(row) for row in rows]


def _hit(row: ReturnOrder) -> Hit:
    url = reverse("returns:detail", args=[row.uuid])
    return Hit(url, row.reference, row.customer.name, "authorisation", row.status)


SOURCES = [Source("Returns", "return", find_returns)]
