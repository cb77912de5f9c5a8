from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Prefetch, Q, QuerySet

from returns.states import OPEN
from rmaproject.access.actors import Scope


class ReturnQuerySet(models.QuerySet[Any]):
    """Returns as the desk asks for them; deleted ones are absent through every door."""

    def visible_to(self, scope: Scope) -> Self:
        """What a granted business, customer or return, or being responsible, brings into sight."""
        kept = self.filter(discarded_at=None)
        if scope.everything:
            return kept
        mine = Q(responsible_user=scope.user_id) | Q(responsible_group__in=scope.groups)
        granted = Q(business__in=scope.businesses) | Q(customer__in=scope.companies)
        return kept.filter(granted | mine | Q(pk__in=scope.returns))

    def open(self) -> Self:
        return self.filter(status__in=OPEN)

    def with_parties(self) -> Self:
        return self.select_related(
            "business",
            "customer",
            "reason",
            "responsible_user",
            "responsible_group",
            "created_by",
            "policy",
        )

    def with_lines(self) -> Self:
        from returns.models import ExtraLine, ReturnLine

        lines = ReturnLine.objects.select_related(
            "part", "stock_item", "order_line__order", "invoice_line__invoice", "reason"
        )
        return self.prefetch_related(
            Prefetch("lines", lines.order_by("number")),
            Prefetch(
                "extra_lines", ExtraLine.objects.select_related("invoice_line").order_by("number")
            ),
        )

    def with_parcels(self) -> Self:
        """Returns with their parcels, receipts and disposals."""
        from returns.models import Disposal, Parcel, Receipt, ReceiptLine

        receipt_lines = ReceiptLine.objects.select_related("line", "location", "stock_item")
        return self.prefetch_related(
            Prefetch("parcels", Parcel.objects.select_related("location").order_by("number")),
            Prefetch("receipts", Receipt.objects.select_related("actor", "parcel").order_by("pk")),
            Prefetch("receipts__lines", receipt_lines.order_by("pk")),
            Prefetch("disposals", Disposal.objects.select_related("disposition").order_by("pk")),
        )


def companies_returning(businesses: frozenset[int]) -> QuerySet[Any, Any]:
    """Ids of the companies on the returns of these businesses."""
    from returns.models import ReturnOrder

    return ReturnOrder.objects.filter(business__in=businesses).values("customer")
