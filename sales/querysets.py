from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Prefetch, Q, QuerySet

from rmaproject.access.actors import Scope


class BusinessQuerySet(models.QuerySet[Any]):
    def visible_to(self, scope: Scope) -> Self:
        """Businesses granted themselves, and those that a granted customer has bought from.

        Who works for one customer must be able to name who sold to it; the business's other
        records stay out of sight.
        """
        if scope.everything:
            return self
        allowed = Q(pk__in=scope.businesses)
        if scope.companies:
            allowed |= Q(pk__in=businesses_dealing_with(scope.companies))
        return self.filter(allowed)


class DocumentQuerySet(models.QuerySet[Any]):
    """Documents of one business and one customer: orders, invoices, payments, credit notes."""

    def visible_to(self, scope: Scope) -> Self:
        """What a granted business or a granted customer brings into sight."""
        if scope.everything:
            return self
        return self.filter(self._granted(scope))

    def _granted(self, scope: Scope) -> Q:
        return Q(business__in=scope.businesses) | Q(customer__in=scope.companies)

    def with_parties(self) -> Self:
        return self.select_related("business", "customer")


class OrderQuerySet(DocumentQuerySet):
    def _granted(self, scope: Scope) -> Q:
        mine = Q(responsible_user=scope.user_id) | Q(responsible_group__in=scope.groups)
        return super()._granted(scope) | mine

    def with_parties(self) -> Self:
        related = ("business", "customer", "responsible_user", "responsible_group", "created_by")
        return self.select_related(*related)

    def with_lines(self) -> Self:
        """Orders with lines, shipments, allocations and the units that went with each line."""
        from sales.models import Allocation, OrderLine, Shipment, UnitSale

        allocations = Allocation.objects.select_related("stock_item__location", "order_line")
        return self.prefetch_related(
            Prefetch("lines", OrderLine.objects.select_related("part").order_by("number")),
            Prefetch("lines__unit_sales", UnitSale.objects.select_related("stock_item")),
            Prefetch("shipments", Shipment.objects.order_by("pk")),
            Prefetch("shipments__allocations", allocations.order_by("pk")),
        )

    def with_books(self) -> Self:
        """Orders with their invoices, what these charge, and the payments that settled them."""
        from sales.models import Invoice, InvoiceLine, Settlement

        lines = InvoiceLine.objects.select_related("order_line", "part").order_by("number")
        paid = Settlement.objects.exclude(payment=None).select_related("payment").order_by("pk")
        return self.prefetch_related(
            Prefetch("invoices", Invoice.objects.order_by("pk")),
            Prefetch("invoices__lines", lines),
            Prefetch("invoices__settlements", paid),
        )


class InvoiceQuerySet(DocumentQuerySet):
    def with_lines(self) -> Self:
        """Invoices with their parties, their order and all that they charge."""
        from sales.models import InvoiceLine

        lines = InvoiceLine.objects.select_related("order_line", "part").order_by("number")
        related = self.with_parties().select_related("order")
        return related.prefetch_related(Prefetch("lines", lines))


class PaymentQuerySet(DocumentQuerySet):
    def with_settlements(self) -> Self:
        """Payments with their parties and the invoices that they settled."""
        from sales.models import Settlement

        used = Settlement.objects.select_related("invoice").order_by("pk")
        return self.with_parties().prefetch_related(Prefetch("settlements", used))


class CreditNoteQuerySet(DocumentQuerySet):
    def with_lines(self) -> Self:
        """Credit notes with their parties, their documents and all that they credit."""
        from sales.models import CreditLine

        lines = CreditLine.objects.select_related("invoice_line", "part").order_by("number")
        related = ("account", "invoice", "order", "reverses", "reversed_by")
        rows = self.with_parties().select_related(*related)
        return rows.prefetch_related(Prefetch("lines", lines))


class RefundQuerySet(DocumentQuerySet):
    def with_details(self) -> Self:
        """Refunds with their parties, people and documents, and what they give back of what."""
        from sales.models import RefundPart

        parts = RefundPart.objects.select_related("payment").order_by("pk")
        people = ("requested_by", "approved_by", "paid_by")
        rows = self.with_parties().select_related(
            "credit_note", "bank_details", "bank_file", *people
        )
        return rows.prefetch_related(Prefetch("parts", parts))


class BankDetailsQuerySet(models.QuerySet[Any]):
    def visible_to(self, scope: Scope) -> Self:
        """Accounts of granted customers and businesses, and of those who buy there."""
        if scope.everything:
            return self
        own = Q(business__in=scope.businesses) | Q(customer__in=scope.companies)
        return self.filter(own | Q(customer__in=companies_dealt_with(scope.businesses)))

    def in_use(self) -> Self:
        return self.filter(retired_at=None)


class BankFileQuerySet(models.QuerySet[Any]):
    def visible_to(self, scope: Scope) -> Self:
        """The files of granted businesses."""
        return self if scope.everything else self.filter(business__in=scope.businesses)

    def with_refunds(self) -> Self:
        """Files with their business and the refunds that they pay."""
        from sales.models import Refund

        refunds = Refund.objects.select_related("customer", "bank_details").order_by("pk")
        rows = self.select_related("business", "paid_from", "made_by")
        return rows.prefetch_related(Prefetch("refunds", refunds))


class AccountQuerySet(models.QuerySet[Any]):
    def visible_to(self, scope: Scope) -> Self:
        """What a granted business or a granted customer brings into sight."""
        if scope.everything:
            return self
        granted = Q(business__in=scope.businesses) | Q(company__in=scope.companies)
        return self.filter(granted)


def businesses_dealing_with(companies: frozenset[int]) -> QuerySet[Any, Any]:
    """Ids of the businesses on the sales orders of these companies."""
    from sales.models import SalesOrder

    return SalesOrder.objects.filter(customer__in=companies).values("business")


def companies_dealt_with(businesses: frozenset[int]) -> QuerySet[Any, Any]:
    """Ids of the companies on the sales orders of these businesses."""
    from sales.models import SalesOrder

    return SalesOrder.objects.filter(business__in=businesses).values("customer")
