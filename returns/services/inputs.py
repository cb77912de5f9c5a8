"""What callers say about a return, in plain values; quantities in the part's unit."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from returns.models import Disposition, Parcel, Reason, ReturnLine
from sales.models import InvoiceLine, OrderLine
from sales.services.units import GivenAmount
from stock.models import Location, Part, StockItem


@dataclass(frozen=True)
class LineInput:
    """One thing to come back: a unit, a sold line by order or invoice line, or a blind part."""

    quantity: Decimal = Decimal(0)
    waived: Decimal = Decimal(0)
    stock_item: StockItem | None = None
    order_line: OrderLine | None = None
    invoice_line: InvoiceLine | None = None
    part: Part | None = None
    reason: Reason | None = None
    note: str = ""


@dataclass(frozen=True)
class ArrivalInput:
    """So much of a line arrived; a serialized part names the unit where the line does not."""

    line: ReturnLine
    quantity: Decimal = Decimal(1)
    serial: str = ""
    condition: str = "unknown"
    location: Location | None = None
    disposition: Disposition | None = None
    note: str = ""


@dataclass(frozen=True)
class SurpriseInput:
    """Goods that nobody announced: a part by SKU, a serial, or words for what it is."""

    quantity: Decimal = Decimal(1)
    sku: str = ""
    serial: str = ""
    description: str = ""
    note: str = ""
    location: Location | None = None


@dataclass(frozen=True)
class ReceiveInput:
    """What was found when a parcel was opened, or when goods came without one."""

    lines: list[ArrivalInput] = field(default_factory=list)
    unexpected: list[SurpriseInput] = field(default_factory=list)
    location: Location | None = None
    parcel: Parcel | None = None
    received_on: date | None = None
    note: str = ""


@dataclass(frozen=True)
class DisposeInput:
    """What becomes of a received, undecided quantity of a line; all of it when none is named."""

    line: ReturnLine
    disposition: Disposition
    quantity: Decimal | None = None
    location: Location | None = None


@dataclass(frozen=True)
class CreditInput:
    """Units of a line to credit now; all that are decided when no quantity is named."""

    line: ReturnLine
    quantity: Decimal | None = None
    given: GivenAmount | None = None


@dataclass(frozen=True)
class RecordLine:
    """A line of a return that happened elsewhere, with amounts taken as given where they are."""

    line: LineInput
    given: GivenAmount | None = None


@dataclass(frozen=True)
class RecordExtra:
    """An extra line of such a return; above zero for the customer, below a charge."""

    name: str
    kind: str
    gross_unit_price: Decimal
    quantity: Decimal = Decimal(1)
    vat_percent: Decimal = Decimal(0)
    vat_type: str = "NORMAL"
    tax: Decimal | None = None
    invoice_line: InvoiceLine | None = None


@dataclass(frozen=True)
class RecordInput:
    """A whole return that happened elsewhere. `values` are those of a new return.

    A credit note that was booked elsewhere keeps its number and its day; ours are of today.
    """

    values: dict[str, Any]
    lines: list[RecordLine]
    extra_lines: list[RecordExtra] = field(default_factory=list)
    received_on: date | None = None
    credit_reference: str = ""
    credited_on: date | None = None
    location: Location | None = None
    digest: str = ""
    move_stock: bool = True
