"""Returns by whatever somebody has in hand: each index is asked on its own, the ids are joined."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.db.models import QuerySet

from customers.models import Company
from returns.models import ExtraLine, LineCredit, Outbound, Parcel, ReturnLine, ReturnOrder
from rmaproject.access.actors import Actor
from sales.models import CreditNote, Invoice, Refund, SalesOrder
from stock.gtin import with_number
from stock.models import Part, StockItem

Keys = QuerySet[Any, Any]
#: So many records of another kind a text may name before it is too short to tell returns.
MOST: Final = 500


def search_returns(rows: Any, text: str, actor: Actor) -> Any:
    """Those of the returns that are called so, or that name a record which is.

    Credit notes and refunds are looked through for those who may see them.
    """
    first, *others = [keys.order_by() for keys in _ways(text, actor)]
    return rows.filter(pk__in=first.union(*others))


def exact_return(rows: Any, text: str) -> Any | None:
    """The one return that is called just so; None for none or several."""
    named = rows.filter(reference__iexact=text).order_by().values("pk")
    theirs = rows.filter(customer_reference__iexact=text).order_by().values("pk")
    parcels = Parcel.objects.filter(tracking_number__iexact=text).order_by()
    sent = Outbound.objects.filter(tracking_number__iexact=text).order_by()
    keys = named.union(theirs, parcels.values("return_order"), sent.values("return_order"))
    found = list(rows.filter(pk__in=keys)[:2])
    return found[0] if len(found) == 1 else None


def _ways(text: str, actor: Actor) -> Iterator[Keys]:
    yield ReturnOrder.objects.filter(reference__icontains=text).values("pk")
    yield ReturnOrder.objects.filter(customer_reference__icontains=text).values("pk")
    yield from _by_customer(text, actor)
    yield Parcel.objects.filter(tracking_number__icontains=text).values("return_order")
    yield Outbound.objects.filter(tracking_number__icontains=text).values("return_order")
    lines = ReturnLine.objects.all()
    orders = SalesOrder.objects.filter(reference__icontains=text).order_by().values("pk")[:MOST]
    yield lines.filter(order_line__order__in=orders).values("return_order")
    billed = Invoice.objects.filter(reference__icontains=text).order_by().values("order")[:MOST]
    yield lines.filter(order_line__order__in=billed).values("return_order")
    units = StockItem.objects.filter(serial__icontains=text).order_by().values("pk")[:MOST]
    yield lines.filter(stock_item__in=units).values("return_order")
    parts = Part.objects.filter(sku__icontains=text).order_by().values("pk")[:MOST]
    yield lines.filter(part__in=parts).values("return_order")
    numbered = with_number(Part.objects.all(), [text]).order_by().values("pk")
    yield lines.filter(part__in=numbered).values("return_order")
    yield from _by_money(text, actor)


def _by_customer(text: str, actor: Actor) -> Iterator[Keys]:
    columns = ["name", "reference"]
    if actor.may("customers.view_company"):
        columns.append("email")
    for column in columns:
        named = Company.objects.filter(**{f"{column}__icontains": text}).order_by()
        yield ReturnOrder.objects.filter(customer__in=named.values("pk")[:MOST]).values("pk")


def _by_money(text: str, actor: Actor) -> Iterator[Keys]:
    notes: list[Keys] = []
    if actor.may("sales.view_creditnote"):
        notes.append(CreditNote.objects.filter(reference__icontains=text))
    if actor.may("sales.view_refund"):
        refunds = Refund.objects.filter(reference__icontains=text).order_by().values("pk")[:MOST]
        notes.append(CreditNote.objects.filter(refunds__in=refunds))
    for found in notes:
        keys = found.order_by().values("pk")[:MOST]
        booked = LineCredit.objects.filter(credit_line__credit_note__in=keys)
        yield ReturnLine.objects.filter(credits__in=booked).values("return_order")
        yield ExtraLine.objects.filter(credits__in=booked).values("return_order")
