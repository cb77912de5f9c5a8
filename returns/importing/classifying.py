"""What each line of a ledger is: goods sold, goods taken back, a charge, or refused with a reason.

A line is judged by itself here; what its document or the database has to say comes later.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from returns.importing.columns import Columns
from returns.importing.countries import country_code
from returns.importing.reading import Record
from rmaproject.shared import money
from rmaproject.shared.references import is_reference
from sales.models import LineKind

#: Stock codes that are no goods, and what they are instead.
NOT_GOODS: Final = {
    "post": LineKind.SHIPPING,
    "dot": LineKind.SHIPPING,
    "c2": LineKind.SHIPPING,
    "d": LineKind.DISCOUNT,
    "m": LineKind.FEE,
    "s": LineKind.FEE,
    "amazonfee": LineKind.FEE,
    "bank charges": LineKind.FEE,
    "cruk": LineKind.FEE,
}
NUMBER: Final = re.compile(r"[+-]?\d{1,13}(\.\d{1,20})?([eE][+-]?\d{1,2})?", re.ASCII)
#: What the database's columns hold: quantities to 5 decimals, prices to 6, and room for totals.
QUANTITY_STEP, PRICE_STEP = Decimal("0.00001"), Decimal("0.000001")
MOST_UNITS, HIGHEST_PRICE, HIGHEST_AMOUNT = Decimal(10**9), Decimal(10**12), Decimal(10**12)


class Refused(Exception):
    """A line that cannot be imported: a code that stays and a sentence that helps."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One line of the ledger in our terms; quantity is signed as it stands there."""

    record: Record
    invoice: str
    sku: str
    name: str
    quantity: Decimal
    price: Decimal
    day: date
    customer: str
    country: str
    kind: str

    @property
    def amount(self) -> Decimal:
        return self.quantity * self.price

    @property
    def is_goods(self) -> bool:
        return self.kind == LineKind.GOODS


@dataclass(frozen=True)
class Shape:
    """Where a line says which document it belongs to, and which documents are credit notes."""

    columns: Columns
    credit_prefix: str = "C"

    def is_credit(self, invoice: str) -> bool:
        """Whether a document's number says that it takes goods back."""
        return invoice[: len(self.credit_prefix)].lower() == self.credit_prefix.lower()

    def invoice_of(self, record: Record) -> str:
        """The number of the document that a line belongs to; "" when it has none."""
        if len(record.fields) != self.columns.width:
            return ""
        return self.columns.pick(record.fields)[0].strip()


@dataclass(frozen=True)
class Classifier:
    """Reads lines in the light of the business's time zone and today's date."""

    shape: Shape
    zone: ZoneInfo
    today: date

    @property
    def columns(self) -> Columns:
        return self.shape.columns

    def amount_of(self, record: Record) -> Decimal:
        """What a line is worth if its quantity and price can be read, else nothing."""
        if len(record.fields) != self.columns.width:
            return money.ZERO
        _, _, _, quantity, _, price, _, _ = self.columns.pick(record.fields)
        units, each = number(quantity), number(price)
        return money.ZERO if units is None or each is None else units * each

    def read(self, record: Record) -> SourceLine:
        """The line in our terms. Raises Refused with the reason."""
        if len(record.fields) != self.columns.width:
            count = f"The line has {len(record.fields)} fields, the header {self.columns.width}."
            raise Refused("wrong_field_count", count)
        invoice, sku, name, units, when, price, customer, country = (
            field.strip() for field in self.columns.pick(record.fields)
        )
        _require_references(invoice, sku, customer)
        line = SourceLine(
            record=record,
            invoice=invoice,
            sku=sku,
            name=name[:200],
            quantity=_figure(units, "quantity", QUANTITY_STEP, MOST_UNITS),
            price=_figure(price, "price", PRICE_STEP, HIGHEST_PRICE),
            day=self._day(when),
            customer=customer,
            country=country_code(country),
            kind=NOT_GOODS.get(sku.lower(), LineKind.GOODS),
        )
        return self._sound(line)

    def _day(self, text: str) -> date:
        day = _day_in(text, self.zone)
        if day is None:
            raise Refused("invalid_date", f"{text[:40]!r} is no date; write 2011-02-28T17:04.")
        if day > self.today:
            raise Refused("invalid_date", f"{day} lies in the future.")
        return day

    def _sound(self, line: SourceLine) -> SourceLine:
        if abs(line.amount) >= HIGHEST_AMOUNT:
            raise Refused("invalid_price", "Quantity times price is more than we can book.")
        if not line.quantity:
            raise Refused("invalid_quantity", "A line of no units says nothing.")
        if self.shape.is_credit(line.invoice):
            return _sound_credit(line)
        return _sound_sale(line)


def _sound_credit(line: SourceLine) -> SourceLine:
    if line.quantity > 0:
        sentence = "A credit note takes back; its quantities are below zero."
        raise Refused("invalid_quantity", sentence)
    if line.is_goods and line.price < 0:
        raise Refused("invalid_price", "Goods have no price below zero.")
    return line


def _sound_sale(line: SourceLine) -> SourceLine:
    """Sold lines; a discount is one only with a price below zero, else it is a charge."""
    if line.quantity < 0:
        sentence = "A negative quantity on an invoice corrects stock; nothing was sold or returned."
        raise Refused("stock_adjustment", sentence)
    if line.price < 0 and line.kind != LineKind.DISCOUNT:
        raise Refused("invalid_price", "Only a discount has a price below zero.")
    return line


def sold_kind(line: SourceLine) -> str:
    """The kind of a sold line: a code for discounts that charges is a fee."""
    charges = line.kind == LineKind.DISCOUNT and line.price > 0
    return LineKind.FEE if charges else line.kind


@lru_cache(maxsize=20_000)
def number(text: str) -> Decimal | None:
    """A plain decimal number with a point; None for anything else."""
    stripped = text.strip()
    return Decimal(stripped) if NUMBER.fullmatch(stripped) else None


@lru_cache(maxsize=20_000)
def _figure(text: str, what: str, step: Decimal, limit: Decimal) -> Decimal:
    value = number(text)
    code = f"invalid_{what}"
    if value is None:
        raise Refused(code, f"{text[:40]!r} is no {what}; write it like 12 or 12.50.")
    if abs(value) >= limit or value != value.quantize(step):
        finest = money.plain(step)
        raise Refused(code, f"{text[:40]!r} is a {what} too large, or finer than {finest}.")
    return value


@lru_cache(maxsize=20_000)
def _day_in(text: str, zone: ZoneInfo) -> date | None:
    """The day where the business is; a time without an offset is told in its own zone."""
    try:
        moment = datetime.fromisoformat(text)
        return (moment.astimezone(zone) if moment.tzinfo else moment).date()
    except (ValueError, OverflowError):
        return None


def _require_references(invoice: str, sku: str, customer: str) -> None:
    named = (("invoice", invoice), ("sku", sku), ("customer", customer))
    for what, text in named:
        if not is_reference(text) and (text or what != "customer"):
            sentence = f"{text[:80]!r} is no {what}: 1 to 64 printable characters."
            raise Refused(f"invalid_{what}", sentence)
