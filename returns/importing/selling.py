"""Invoices of a ledger as finished sales: ordered, shipped and invoiced on their day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from customers.models import Company
from returns.importing.classifying import SourceLine, sold_kind
from returns.importing.documents import SourceDocument
from rmaproject.access.actors import Actor
from rmaproject.shared.canonical import digest
from rmaproject.shared.errors import Busy, DomainError
from sales.models import Business, VatType
from sales.services.recording import record_sales
from sales.services.sale import Sale, SaleCustomer, SaleInvoice, SaleLine, SaleShipment


class Sold(NamedTuple):
    """What became of a document: recorded anew, there before, or refused with a reason."""

    document: SourceDocument
    refusal: DomainError | None = None
    new: bool = True


def sell_all(
    business: Business,
    anonymous: Company | None,
    batch: Sequence[SourceDocument],
    *,
    actor: Actor,
) -> list[Sold]:
    """Record a batch in one transaction; where one document is refused, each in its own.

    Raises Busy when the database cannot serve this now.
    """
    sales = [sale_of(business, anonymous, document) for document in batch]
    try:
        made = record_sales(sales, actor=actor)
    except Busy:
        raise
    except DomainError:
        return [_sold(document, sale, actor) for document, sale in zip(batch, sales, strict=True)]
    pairs = zip(batch, made, strict=True)
    return [Sold(document, new=new) for document, (_order, new) in pairs]


def sale_of(business: Business, anonymous: Company | None, document: SourceDocument) -> Sale:
    """The invoice as a sale, with a digest of its content that the same again will have."""
    customer = SaleCustomer(document.customer, country=document.country)
    if anonymous is not None and not document.customer:
        customer = SaleCustomer(anonymous.reference)
    return Sale(
        business=business,
        reference=document.reference,
        ordered_on=document.day,
        currency=business.currency,
        customer=customer,
        lines=tuple(_line(number, line) for number, line in enumerate(document.lines, start=1)),
        digest=digest_of(document),
        shipment=SaleShipment(document.day),
        invoice=SaleInvoice(document.day, document.reference),
    )


def digest_of(document: SourceDocument) -> str:
    """What makes two documents of a ledger the same: all that is in them, not where they stood."""
    lines = [[line.sku, line.name, line.quantity, line.price, line.kind] for line in document.lines]
    return digest([document.reference, document.customer, document.day, lines])


def _line(number: int, line: SourceLine) -> SaleLine:
    return SaleLine(
        number=number,
        quantity=line.quantity,
        gross_unit_price=line.price,
        kind=sold_kind(line),
        sku=line.sku if line.is_goods else "",
        name=line.name or ("" if line.is_goods else line.sku),
        vat_type=VatType.ZERO,
    )


def _sold(document: SourceDocument, sale: Sale, actor: Actor) -> Sold:
    try:
        return Sold(document, new=record_sales([sale], actor=actor)[0][1])
    except Busy:
        raise
    except DomainError as refusal:
        return Sold(document, refusal)
