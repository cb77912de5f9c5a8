"""Returns in the search box: by their own reference, the customer's, or a tracking number.

Tracking numbers are those of parcels that come in, and of goods that went back to the customer.
"""

from __future__ import annotations

from django.urls import reverse

from returns.models import Outbound, Parcel, ReturnOrder
from returns.selectors import visible_returns
from rmaproject.access.actors import Actor
from rmaproject.web.search import MOST, Hit, Source


def find_returns(actor: Actor, query: str) -> list[Hit]:
    """Returns by what they are called, newest first; each index is asked on its own."""
    seen = visible_returns(actor)
    parcels = Parcel.objects.filter(tracking_number__icontains=query).order_by("-pk")
    sent = Outbound.objects.filter(tracking_number__icontains=query).order_by("-pk")
    ways = (
        {"reference__icontains": query},
        {"customer_reference__icontains": query},
        {"pk__in": parcels.values("return_order")[:MOST]},
        {"pk__in": sent.values("return_order")[:MOST]},
    )
    keys = {
        key
        for way in ways
        for key in seen.filter(**way).order_by("-pk").values_list("pk", flat=True)[:MOST]
    }
    rows = (
        ReturnOrder.objects.filter(pk__in=keys)
        .with_parties()
        .prefetch_related("parcels", "outbound")
    )
    return [_hit(row) for row in rows.order_by("-pk")[:MOST]]


def _hit(row: ReturnOrder) -> Hit:
    inbound = [parcel.tracking_number for parcel in row.parcels.all()]
    outbound = [leg.tracking_number for leg in row.outbound.all()]
    tracking = dict.fromkeys(filter(None, [*inbound, *outbound]))
    return Hit(
        reverse("returns:detail", args=[row.uuid]),
        row.reference,
        row.customer.name,
        "authorisation",
        row.status,
        names=(*tracking, *filter(None, [row.customer_reference])),
    )


SOURCES = [Source("Returns", "return", find_returns)]
