"""What callers say about a return, in plain values; quantities in the part's unit."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from returns.models import Disposition, ExtraLine, Inspection, Outcome, Parcel, Reason, ReturnLine
from sales.models import BankDetails, InvoiceLine, OrderLine
from sales.services.banking import BankAccount
from sales.services.units import GivenAmount
from stock.models import Location, Part, StockItem


@dataclass(frozen=True)
class LineInput:
    """One thing to come back: a unit, a sold line by order or invoice line, or a blind part.

    A sold line of kits stands for all parts of so many kits; `kit_line` is set on these. Parts of
    a kit that come with an outer kit name that one. `location` is where the goods shall be put.
    """

    quantity: Decimal = Decimal(0)
    waived: Decimal = Decimal(0)
    stock_item: StockItem | None = None
    order_line: OrderLine | None = None
    invoice_line: InvoiceLine | None = None
    part: Part | None = None
    reason: Reason | None = None
    note: str = ""
    outcome: str = Outcome.REFUND
    kit_line: OrderLine | None = None
    custom: dict[str, Any] = field(default_factory=dict)
    location: Location | None = None


@dataclass(frozen=True)
class ArrivalInput:
    """So much of a line arrived; a serialized part names the unit where the line does not.

    `batch_facts` are the fields of a batch that nobody knew: `made_on`, `expires_on` and
    `external_number`; a known batch keeps its own.
    """

    line: ReturnLine
    quantity: Decimal = Decimal(1)
    serial: str = ""
    condition: str = "unknown"
    location: Location | None = None
    disposition: Disposition | None = None
    note: str = ""
    batch: str = ""
    batch_facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SurpriseInput:
    """Goods that nobody announced: a part by SKU, a serial, or words for what it is."""

    quantity: Decimal = Decimal(1)
    sku: str = ""
    serial: str = ""
    description: str = ""
    note: str = ""
    location: Location | None = None
    batch: str = ""


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
class MatchInput:
    """The sale that a line without one belongs to; a unit's line needs to name none."""

    line: ReturnLine
    order_line: OrderLine | None = None
    invoice_line: InvoiceLine | None = None
    quantity: Decimal | None = None


@dataclass(frozen=True)
class DisposeInput:
    """What becomes of a received quantity of a line.

    Without a disposition what the inspection decided; without a quantity all that waits for it.
    Another disposition than the inspection's needs the right to override and a reason.
    """

    line: ReturnLine
    disposition: Disposition | None = None
    quantity: Decimal | None = None
    location: Location | None = None
    override_reason: str = ""


@dataclass(frozen=True)
class InspectInput:
    """What an inspector found on a received quantity of a line; all that waits when none is named.

    The grade proposes verdict, share and disposition; what differs needs the right to override
    and a reason. `photos` are ids of attachments of the return. `dispose` moves the goods at once.
    With `replaces` the units of an earlier inspection are judged anew, all of them.
    """

    line: ReturnLine
    quantity: Decimal | None = None
    grade: str = ""
    answers: dict[str, Any] = field(default_factory=dict)
    serial: str = ""
    verdict: str = ""
    share: Decimal | None = None
    disposition: Disposition | None = None
    override_reason: str = ""
    note: str = ""
    photos: list[UUID] = field(default_factory=list)
    dispose: bool = False
    location: Location | None = None
    replaces: Inspection | None = None


@dataclass(frozen=True)
class CreditInput:
    """Units of a line to credit now; all that are decided when no quantity is named."""

    line: ReturnLine
    quantity: Decimal | None = None
    given: GivenAmount | None = None


@dataclass(frozen=True)
class ReplaceInput:
    """Units of a line to replace, by the same part unless another is named.

    `price_difference` is gross for one unit: above zero the customer pays it, below zero it is
    credited.
    """

    line: ReturnLine
    quantity: Decimal = Decimal(1)
    part: Part | None = None
    price_difference: Decimal = Decimal(0)


@dataclass(frozen=True)
class SendBackInput:
    """Units of a line that go back to the customer, repaired or as they are."""

    line: ReturnLine
    quantity: Decimal = Decimal(1)
    repaired: bool = False
    serial: str = ""


@dataclass(frozen=True)
class Consignment:
    """How goods travel to the customer; today when no day is named."""

    carrier: str = ""
    tracking_number: str = ""
    shipped_on: date | None = None


@dataclass(frozen=True)
class ChargeInput:
    """A line whose replaced units are charged; at the price of the sale unless one is given."""

    line: ReturnLine
    gross_unit_price: Decimal | None = None


@dataclass(frozen=True)
class Charges:
    """What is charged: replaced units of lines, and extra lines below zero; None for all due."""

    lines: list[ChargeInput] | None = None
    extra_lines: list[ExtraLine] | None = None


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
    Refunds go to `bank_details` where they go by bank; with `details_may_fail` details that are
    wrong let the refund wait for others. With `invoiced`, lines that were not invoiced are refused.
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
    bank_details: BankDetails | BankAccount | None = None
    details_may_fail: bool = False
    invoiced: bool = False
