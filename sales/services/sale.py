"""A finished sale as another system tells it; plain values, gross prices in its currency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sales.models import Business


@dataclass(frozen=True)
class SaleCustomer:
    """Who bought; made when the reference is unknown."""

    reference: str
    name: str = ""
    email: str = ""
    country: str = ""


@dataclass(frozen=True)
class SaleComponent:
    """So much of a SKU in one of what it is part of; serial numbers are those of all units."""

    sku: str
    quantity: Decimal = Decimal(1)
    name: str = ""
    value_weight: Decimal | None = None
    serials: tuple[str, ...] = ()
    components: tuple[SaleComponent, ...] = ()


@dataclass(frozen=True)
class SaleLine:
    """One line; goods name a SKU. `tax` is taken as given, else it lies within gross.

    `components` tell what one kit was made of; without them its list does.
    """

    number: int
    quantity: Decimal
    gross_unit_price: Decimal
    kind: str = "goods"
    sku: str = ""
    name: str = ""
    vat_percent: Decimal = Decimal(0)
    vat_type: str = "NORMAL"
    tax: Decimal | None = None
    serials: tuple[str, ...] = ()
    components: tuple[SaleComponent, ...] = ()


@dataclass(frozen=True)
class SaleShipment:
    """The parcel that took all goods of the sale."""

    shipped_on: date
    carrier: str = ""
    tracking_number: str = ""
    delivered_on: date | None = None


@dataclass(frozen=True)
class SaleInvoice:
    """The invoice over all lines of the sale; numbered by us when it has no reference."""

    invoiced_on: date
    reference: str = ""


@dataclass(frozen=True)
class SalePayment:
    """Money that came in for it."""

    amount: Decimal
    paid_on: date
    method: str = ""
    gateway: str = ""
    gateway_reference: str = ""


@dataclass(frozen=True)
class Sale:
    """The whole of it. `digest` stands for the content: the same again is no second sale."""

    business: Business
    reference: str
    ordered_on: date
    currency: str
    customer: SaleCustomer
    lines: tuple[SaleLine, ...]
    digest: str
    shipment: SaleShipment | None = None
    invoice: SaleInvoice | None = None
    payments: tuple[SalePayment, ...] = ()
    correction_reason: str = ""
    channel: str = ""
