"""Credit notes of a ledger as finished returns, matched against what is known to be sold."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from django.db.models import Exists, OuterRef
from django.db.models.functions import Lower

from customers.models import Company
from returns.importing.classifying import SourceLine
from returns.importing.documents import SourceDocument
from returns.importing.ground import customer_named, parts_named
from returns.importing.matching import KnownSales, Match, Matched
from returns.importing.selling import digest_of
from returns.models import ReturnLine, ReturnOrder
from returns.services import LineInput, RecordExtra, RecordInput, RecordLine, record_return
from rmaproject.access.actors import Actor
from rmaproject.shared import money
from rmaproject.shared.db import command
from rmaproject.shared.errors import Conflict
from sales.models import Business, LineKind, VatType
from sales.services.units import GivenAmount
from stock.models import Part

#: The note on a blind line of a customer whose known sales do not cover it.
EXCEEDS_KNOWN_SALES: Final = "exceeds_known_sales"
#: Refusals after which matching anew may succeed: somebody else returned the same goods just now.
OVERTAKEN: Final = ("exceeds_returnable", "exceeds_invoiced", "exceeds_invoice")


def known_returns(business: Business, references: Sequence[str]) -> dict[str, ReturnOrder]:
    """Returns of the business with these references, by lower-case reference."""
    rows = ReturnOrder.objects.annotate(key=Lower("reference"))
    wanted = [reference.lower() for reference in references]
    return {row.key: row for row in rows.filter(business=business, key__in=wanted)}


def require_same(known: ReturnOrder, document: SourceDocument) -> None:
    """Refuse a credit note whose number another return has. Raises Conflict `reference_exists`."""
    if known.discarded_at or known.content_digest != digest_of(document):
        message = f"Return {document.reference} exists with other content."
        raise Conflict(message, code="reference_exists", reference=document.reference)


@command
def take_back(
    business: Business, anonymous: Company | None, document: SourceDocument, *, actor: Actor
) -> ReturnOrder:
    """Record a credit note as a return that is received, credited and complete.

    Raises as `record_return`.
    """
    customer = anonymous if anonymous is not None and not document.customer else None
    if customer is None:
        customer = customer_named(document.customer, document.country, actor=actor)
    goods = [line for line in document.lines if line.is_goods]
    parts = parts_named(goods, actor=actor)
    # What anonymous customers bought is nobody's to return: nothing of it is known (DOMAIN 7).
    known = set() if customer == anonymous else set(parts)
    sales = KnownSales(business, customer, known, document.day)
    matched = [(line, sales.match(line)) for line in goods]
    given = RecordInput(
        values={
            "business": business,
            "customer": customer,
            "reference": document.reference,
            "requested_on": document.day,
        },
        lines=[
            _line(part, parts, blind_note="" if customer == anonymous else EXCEEDS_KNOWN_SALES)
            for _, match in matched
            for part in match.parts
        ],
        extra_lines=_charges(document) + _differences(matched),
        received_on=document.day,
        credited_on=document.day,
        credit_reference=document.reference,
        digest=digest_of(document),
        move_stock=False,
    )
    return record_return(given, actor=actor)[0]


def _line(match: Match, parts: dict[str, Part], *, blind_note: str) -> RecordLine:
    if match.sold is None:
        told = LineInput(
            quantity=match.quantity, part=parts[match.line.sku.lower()], note=blind_note
        )
        return RecordLine(told, GivenAmount(match.gross, money.ZERO, money.ZERO, VatType.ZERO))
    sold = match.sold
    tax = money.tax_within(match.gross, sold.vat_percent, sold.invoice.currency)
    return RecordLine(
        LineInput(quantity=match.quantity, invoice_line=sold),
        GivenAmount(match.gross, tax, sold.vat_percent, sold.vat_type),
    )


def _charges(document: SourceDocument) -> list[RecordExtra]:
    """What a credit note gives back that is no goods: postage, discounts, fees."""
    return [
        _extra(line.name or line.sku, line.kind, line.price, quantity=abs(line.quantity))
        for line in document.lines
        if not line.is_goods
    ]


def _differences(matched: Sequence[tuple[SourceLine, Matched]]) -> list[RecordExtra]:
    return [
        _extra(f"Price difference {line.sku}", LineKind.PRICE_DIFFERENCE, match.difference)
        for line, match in matched
        if match.difference
    ]


def _extra(name: str, kind: str, price: Decimal, **values: Any) -> RecordExtra:
    """An extra line without VAT: the ledger tells of none."""
    return RecordExtra(
        name=name,
        kind=kind,
        gross_unit_price=price,
        vat_type=VatType.ZERO,
        tax=money.ZERO,
        **values,
    )


def without_known_sale(keys: Sequence[int]) -> int:
    """How many of these returns stand on no sale that we know."""
    sold = ReturnLine.objects.filter(return_order=OuterRef("pk"), order_line__isnull=False)
    return ReturnOrder.objects.filter(~Exists(sold), pk__in=keys).count()


def exceeding_known_sales(keys: Sequence[int]) -> list[tuple[str, str, Decimal]]:
    """Return, part and quantity of what these returns took back beyond the known sales."""
    rows = ReturnLine.objects.filter(return_order__in=keys, note=EXCEEDS_KNOWN_SALES)
    ordered = rows.order_by("return_order", "number")
    return list(ordered.values_list("return_order__reference", "part__sku", "quantity"))
