"""Sales that were here before an import's credit notes: as they were, by what is left of them."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django.db.models import Case, DecimalField, F, Func, Sum, When
from django.db.models.functions import Coalesce

from returns.models import ReturnLine
from rmaproject.access.actors import Actor
from rmaproject.audit import trail
from rmaproject.shared import money
from rmaproject.shared.db import lock_rows
from sales.models import CreditLine, CreditNote, Invoice, InvoiceLine, OrderLine, Settlement


def restore_sales(
    order_lines: Collection[int],
    invoice_lines: Collection[int],
    invoices: Collection[int],
    *,
    actor: Actor,
) -> None:
    """Count anew what is claimed, credited and settled of them, now that rows are gone.

    An invoice says so in its trail, which keeps what it said before.
    """
    for key in lock_rows(OrderLine, order_lines):
        claims = ReturnLine.objects.filter(order_line=key)
        OrderLine.objects.filter(pk=key).update(claimed=_sum(claims, F("claim")))
    for key, invoice in lock_rows(Invoice, invoices).items():
        fields = {
            "credited": _sum(CreditNote.objects.filter(invoice=key), _SIGNED_GROSS),
            "settled": _sum(Settlement.objects.filter(invoice=key), F("amount")),
        }
        trail.change(invoice, "uncredit", actor=actor, fields=fields)
    for key in lock_rows(InvoiceLine, invoice_lines):
        live = CreditLine.objects.filter(invoice_line=key, live=True)
        units = _end("upper") - _end("lower")
        counted = {"credited_units": _sum(live, units), "credited_gross": _sum(live, F("gross"))}
        InvoiceLine.objects.filter(pk=key).update(**counted)


def _end(side: str) -> Func:
    return Func("units", function=side, output_field=DecimalField())


_SIGNED_GROSS = Case(When(reverses=None, then=F("gross")), default=-F("gross"))


def _sum(rows: Any, figure: Any) -> Decimal:
    figures = DecimalField(max_digits=30, decimal_places=6)
    whole = Coalesce(Sum(figure, output_field=figures), money.ZERO, output_field=figures)
    return Decimal(rows.aggregate(sum=whole)["sum"])
