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
        return self.in_sight_of(scope).filter(discarded_at=None)

    def in_sight_of(self, scope: Scope) -> Self:
        """As `visible_to`, with those that were deleted since: for who knew them before."""
        if scope.everything:
            return self
        mine = Q(responsible_user=scope.user_id) | Q(responsible_group__in=scope.groups)
        granted = Q(business__in=scope.businesses) | Q(customer__in=scope.companies)
        return self.filter(granted | mine | Q(pk__in=scope.returns))

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
            "bank_details",
            "policy",
            "location",
        )

    def with_lines(self) -> Self:
        """Returns with their lines, extra lines, and what leaves for the customer."""
        from returns.models import ExtraLine, Outbound, ReturnLine

        lines = ReturnLine.objects.select_related(
            "part",
            "stock_item",
            "order_line__order",
            "kit_line",
            "invoice_line__invoice",
            "reason",
            "location",
        )
        sent = Outbound.objects.select_related("order_line__order", "stock_item")
        return self.prefetch_related(
            Prefetch("lines", lines.order_by("number")),
            Prefetch(
                "extra_lines", ExtraLine.objects.select_related("invoice_line").order_by("number")
            ),
            Prefetch("outbound", sent.order_by("pk")),
            "outbound__ends",
        )

    def with_custom(self) -> Self:
        """Returns with what was written into their custom fields and into those of their lines."""
        from returns.models import CustomValue

        values = CustomValue.objects.select_related("field")
        return self.prefetch_related(Prefetch("custom_values", values))

    def with_parcels(self) -> Self:
        """Returns with their parcels and receipts, and what was decided of receipts that stand."""
        from returns.models import Disposal, Inspection, Parcel, Receipt, ReceiptLine

        receipts = Receipt.objects.select_related("actor", "parcel", "reverses", "reversed_by")
        undone = {"receipt_line__receipt__reversed_by__isnull": False}
        inspections = Inspection.objects.exclude(**undone).select_related(
            "sheet", "disposition", "proposed_disposition", "actor", "replaces"
        )
        disposals = Disposal.objects.exclude(**undone).select_related(
            "disposition", "proposed", "inspection", "fee_line"
        )
        receipt_lines = ReceiptLine.objects.select_related("line", "location", "stock_item")
        return self.prefetch_related(
            Prefetch("parcels", Parcel.objects.select_related("location").order_by("number")),
            Prefetch("receipts", receipts.order_by("pk")),
            Prefetch("receipts__lines", receipt_lines.order_by("pk")),
            Prefetch("inspections", inspections.order_by("pk")),
            Prefetch("disposals", disposals.order_by("pk")),
        )


def companies_returning(businesses: frozenset[int]) -> QuerySet[Any, Any]:
    """Ids of the companies on the returns of these businesses."""
    from returns.models import ReturnOrder

    return ReturnOrder.objects.filter(business__in=businesses).values("customer")
