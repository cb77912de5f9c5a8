"""The sale that an address of this system means, as far as the caller may see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Model, QuerySet

from customers.models import Company
from customers.selectors import visible_companies
from rmaproject.access.actors import Actor
from rmaproject.shared.errors import NotFound, RuleViolation
from sales.models import Business, Invoice, SalesOrder
from sales.selectors import visible_businesses

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Sold:
    """A sale with its parties."""

    business: Business
    customer: Company
    order: SalesOrder


def find_sale(actor: Actor, business: str, customer: str, order: str) -> Sold:
    """The sale that the steps of an address name. Raises NotFound."""
    ours = _one(visible_businesses(actor), "business", code=business)
    theirs = _one(visible_companies(actor), "customer", reference=customer)
    rows = SalesOrder.objects.visible_to(actor.scope).filter(business=ours, customer=theirs)
    sale = _one(rows.select_related("business", "customer"), "order", reference=order)
    return Sold(ours, theirs, sale)


def find_invoice(actor: Actor, sold: Sold, reference: str | None) -> Invoice | None:
    """The invoice that a request names; None where it names none.

    Raises NotFound; RuleViolation `wrong_invoice` for one of another order.
    """
    if not reference:
        return None
    rows = Invoice.objects.visible_to(actor.scope)
    rows = rows.filter(business=sold.business, customer=sold.customer)
    found = _one(rows, "invoice", pointer="/invoiceReference", reference=reference)
    if found.order_id != sold.order.pk:
        message = f"{found.reference} is not an invoice of {sold.order.reference}."
        raise RuleViolation(message, code="wrong_invoice", pointer="/invoiceReference")
    return found


def _one(rows: QuerySet[M, M], word: str, *, pointer: str = "", **named: str) -> M:
    texts = {f"{name}__iexact": text for name, text in named.items() if "\x00" not in text}
    found = rows.filter(**texts).first() if texts else None
    if found is None:
        raise NotFound(f"There is no such {word}.", code="not_found", pointer=pointer)
    return found
