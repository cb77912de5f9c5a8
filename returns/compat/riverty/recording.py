"""A returned order as our services record it: goods come back, other lines are credited."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from returns.compat.riverty.finding import Sold
from returns.compat.riverty.reading import REASONS
from returns.models import Reason
from returns.services import LineInput, RecordExtra, RecordInput, RecordLine
from rmaproject.shared import money
from rmaproject.shared.canonical import digest
from rmaproject.shared.errors import DomainError, NotFound, RuleViolation, below
from rmaproject.shared.vault import digests
from sales.models import Invoice, InvoiceLine, LineKind, OrderLine
from sales.services.banking import BankAccount
from sales.services.units import GivenAmount, free_units

#: Our words in a pointer, and the words of this system.
WORDS: Final = {
    "gross_unit_price": "grossUnitPrice",
    "vat_amount": "vatAmount",
    "tax": "vatAmount",
    "order_line": "orderItemReference",
    "invoice_line": "orderItemReference",
    "received_on": "returnDate",
    "reference": "returnReference",
    "bank_details": "bankDetails",
}


@dataclass
class Items:
    """The items of a request as lines and extra lines, each with the place it was told at."""

    lines: list[RecordLine] = field(default_factory=list)
    extra_lines: list[RecordExtra] = field(default_factory=list)
    places: dict[str, list[int]] = field(default_factory=lambda: {"lines": [], "extra_lines": []})

    def add(self, place: int, made: RecordLine | RecordExtra) -> None:
        if isinstance(made, RecordLine):
            self.lines.append(made)
            self.places["lines"].append(place)
        else:
            self.extra_lines.append(made)
            self.places["extra_lines"].append(place)

    @contextmanager
    def told(self) -> Iterator[None]:
        """Let a refusal point to what the client sent."""
        try:
            yield
        except DomainError as refusal:
            refusal.pointer = self._theirs(refusal.pointer)
            raise

    def _theirs(self, pointer: str) -> str:
        steps = pointer.split("/")
        places = self.places.get(steps[1] if len(steps) > 2 else "", [])
        if places and steps[2].isdigit() and int(steps[2]) < len(places):
            steps[1:3] = ["items", str(places[int(steps[2])])]
        return "/".join(WORDS.get(step, step) for step in steps)


def record_input(given: dict[str, Any], sold: Sold, items: Items) -> RecordInput:
    """A checked request as `record_return` takes it."""
    reason = Reason.objects.filter(code__iexact=REASONS[given["returnReason"]]).first()
    return RecordInput(
        values={
            "business": sold.business,
            "customer": sold.customer,
            "reference": given["returnReference"],
            "reason": reason,
        },
        lines=items.lines,
        extra_lines=items.extra_lines,
        received_on=given["returnDate"],
        bank_details=_account(given.get("bankDetails")),
        details_may_fail=True,
        invoiced=True,
        digest=digest(["riverty", sold.order.uuid, _content(given)]),
    )


def _account(told: dict[str, Any] | None) -> BankAccount | None:
    if told is None:
        return None
    owner, iban, bic = (told.get(name) or "" for name in ("accountOwner", "iban", "bic"))
    return BankAccount(owner=owner, iban=iban, bic=bic)


def _content(given: dict[str, Any]) -> dict[str, Any]:
    """What makes two requests the same; of a bank account only a keyed digest is kept."""
    told = {name: value for name, value in given.items() if value not in (None, "")}
    told["returnReference"] = given["returnReference"].lower()
    account = _account(told.get("bankDetails"))
    if account is not None:
        told["bankDetails"] = digests("|".join([account.owner, account.iban, account.bic]))[0]
    return told


def read_items(given: list[dict[str, Any]], sold: Sold, invoice: Invoice | None) -> Items:
    """The lines of the order that the items name, with their amounts.

    Raises NotFound for a line that the order has not; RuleViolation `not_invoiced`,
    `invalid_price`.
    """
    rows = OrderLine.objects.filter(order=sold.order).select_related("order", "part")
    known = {row.number: row for row in rows}
    items = Items()
    for place, item in enumerate(given):
        with below(f"/items/{place}"):
            line = known.get(int(item["orderItemReference"]))
            if line is None:
                message = f"{sold.order.reference} has no such line."
                raise NotFound(message, code="not_found", pointer="/orderItemReference")
            _require_price(line, item)
            items.add(place, _one(line, item, invoice))
    return items


def _one(
    line: OrderLine, item: dict[str, Any], invoice: Invoice | None
) -> RecordLine | RecordExtra:
    if line.kind == LineKind.KIT:  # charged by its parts
        wish = LineInput(quantity=item["quantity"], order_line=line)
        return RecordLine(wish, _given(line, item))
    charged = _charged(line, invoice)
    if line.kind != LineKind.GOODS:
        return _extra(line, charged, item)
    named = charged if invoice else None
    wish = LineInput(quantity=item["quantity"], order_line=line, invoice_line=named)
    return RecordLine(wish, _given(line, item))


def _charged(line: OrderLine, invoice: Invoice | None) -> InvoiceLine:
    """The invoice line of an order line: the invoice's that was named, else the first open one."""
    rows = InvoiceLine.objects.filter(order_line=line).select_related("invoice")
    if invoice is not None:
        rows = rows.filter(invoice=invoice)
    found = list(rows.order_by("invoice__invoiced_on", "pk"))
    if not found:
        message = f"Line {line.number} was not charged on the invoice."
        raise RuleViolation(message, code="not_invoiced", pointer="/orderItemReference")
    return next((row for row in found if free_units(row) > 0), found[0])


def _require_price(line: OrderLine, item: dict[str, Any]) -> None:
    if line.kind != LineKind.DISCOUNT and item.get("grossUnitPrice", money.ZERO) < 0:
        message = "Only a discount has a price below zero."
        raise RuleViolation(message, code="invalid_price", pointer="/grossUnitPrice")


def _given(line: OrderLine, item: dict[str, Any]) -> GivenAmount | None:
    if "grossUnitPrice" not in item:
        return None
    currency, percent = line.order.currency, item.get("vatPercent", line.vat_percent)
    gross = money.rounded(item["quantity"] * item["grossUnitPrice"], currency)
    tax = _tax(item, gross, percent, currency)
    return GivenAmount(gross, tax, percent, item.get("vatType", line.vat_type))


def _tax(item: dict[str, Any], gross: Decimal, percent: Decimal, currency: str) -> Decimal:
    """The VAT of all pieces of an item.

    It is told for one piece, as the price beside it is; some tell it for all. The rate says which:
    what it comes to lies nearer to the one than to the other.
    """
    within = money.tax_within(gross, percent, currency)
    if "vatAmount" not in item:
        return within
    readings = item["vatAmount"] * item["quantity"], item["vatAmount"]
    told = [money.rounded(tax, currency) for tax in readings]
    return min(told, key=lambda tax: abs(tax - within))


def _extra(line: OrderLine, charged: InvoiceLine, item: dict[str, Any]) -> RecordExtra:
    """A line that is no goods; without a price what it was charged at."""
    given = _given(line, item)
    return RecordExtra(
        name=line.name or str(LineKind(line.kind).label),
        kind=line.kind,
        gross_unit_price=item.get("grossUnitPrice", charged.gross_unit_price),
        quantity=item["quantity"],
        vat_percent=given.vat_percent if given else line.vat_percent,
        vat_type=given.vat_type if given else line.vat_type,
        tax=given.tax if given else None,
        invoice_line=charged,
    )
