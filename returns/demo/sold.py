"""The demo's sales: finished ones told by a web shop, and orders worked on in the desk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from customers.services import edit_company
from returns.demo.goods import INACTIVE, World, price_of
from rmaproject.access.actors import SYSTEM
from rmaproject.shared import money
from rmaproject.shared.canonical import digest
from sales.models import LineKind, SalesOrder
from sales.services.invoicing import invoice_order, record_payment
from sales.services.orders import (
    cancel_order,
    complete_order,
    create_order,
    hold_order,
    issue_order,
)
from sales.services.recording import record_sales
from sales.services.sale import Sale, SaleCustomer, SaleInvoice, SaleLine, SalePayment, SaleShipment
from sales.services.shipping import AllocationInput, add_shipment, allocate, ship
from stock.models import State, StockItem

Goods = dict[str, str]
VAT: Final = {"1000": Decimal(21), "2000": Decimal(20)}
CARRIERS: Final = {"1000": "Polder Pakket", "2000": "Fellway Parcels"}


@dataclass(frozen=True)
class Told:
    """A finished sale: so many days ago, goods by SKU, units by serial, how much was paid."""

    reference: str
    customer: str
    days_ago: int
    goods: Goods
    paid: str = "1"
    business: str = "1000"
    discount: str = ""
    shipping: str = ""
    serials: tuple[str, ...] = ()
    gateway: str = ""
    channel: str = "web"


CARD: Final = "sandbox"
FINISHED: Final = (
    Told("WEB-10201", "C-1001", 58, {"TENT-2P": "4", "PEG-10": "8"}, shipping="9.95"),
    Told("WEB-10207", "C-1002", 51, {"TENT-4P": "2", "MAT-L": "6"}, discount="-25.00"),
    Told("WEB-10214", "C-1003", 44, {"GPS-70": "2"}, serials=("W70-0901", "W70-0902")),
    Told("WEB-10219", "C-1004", 40, {"BAG-M5": "3", "JACK-W": "2"}, paid="0"),
    Told("WEB-10223", "C-1005", 37, {"STOVE-G2": "2"}, serials=("E2-0711", "E2-0712")),
    Told("WEB-10230", "C-1006", 33, {"PACK-45": "2", "MEAL-6": "3"}, paid="0.8"),
    Told("WEB-10236", "C-1007", 29, {"ROPE-10": "80"}, shipping="14.50"),
    Told("WEB-10241", "C-1008", 24, {"TENT-2P": "3", "BOTTLE-1": "5"}),
    Told("WEB-20011", "C-2001", 22, {"JACK-W": "5", "BOTTLE-1": "10"}, business="2000"),
    Told("WEB-20014", "C-2002", 17, {"TENT-2P": "2"}, business="2000"),
    Told("WEB-10250", "C-1009", 15, {"JACK-W": "1"}),
    Told("WEB-10252", "C-1001", 12, {"MAP-ALPS": "2", "BAG-M5": "2"}),
    Told("WEB-10261", "C-1003", 14, {"CAMP-SET": "2"}, gateway=CARD),
    Told("WEB-10262", "C-1004", 13, {"TENT-4P": "2", "MAT-L": "2"}, gateway=CARD),
    Told("WEB-10263", "C-1003", 12, {"JACK-W": "3", "MEAL-6": "4"}, gateway=CARD),
    Told("WEB-10264", "C-1005", 11, {"STOVE-G2": "2"}, serials=("E2-0721", "E2-0722")),
    Told("WEB-10265", "C-1007", 10, {"BOTTLE-1": "4"}, gateway=CARD),
    Told("WEB-10266", "C-1001", 9, {"LAMP-L1": "2", "PEG-10": "4"}, gateway=CARD),
    Told("SHOP-0418", "C-1002", 9, {"LAMP-L1": "2", "BOTTLE-1": "2"}, channel="shop"),
    Told("SHOP-0421", "C-1001", 8, {"JACK-W": "2", "LAMP-L1": "1"}, channel="shop"),
    Told("SHOP-0425", "C-1005", 7, {"MAT-L": "2", "PACK-45": "1"}, channel="shop"),
    Told("WEB-10270", "C-1004", 6, {"BAG-M5": "1"}, gateway=CARD),
)


def make_sales(world: World) -> dict[str, SalesOrder]:
    """Make all sales; by the reference of the web shop, or by a word for those made here."""
    made = tell_sales(world, FINISHED)
    inactive = world.companies[INACTIVE]
    edit_company(inactive.pk, {"active": False}, actor=SYSTEM)
    return made | _worked_on(world)


def tell_sales(world: World, finished: Sequence[Told]) -> dict[str, SalesOrder]:
    """Record sales that a web shop finished; by its references."""
    recorded = record_sales([_sale(world, told) for told in finished], actor=SYSTEM)
    return {order.reference: order for order, _ in recorded}


def _sale(world: World, told: Told) -> Sale:
    business, day = world.businesses[told.business], world.day(-told.days_ago)
    lines = tuple(_told_lines(told))
    total = sum((line.quantity * line.gross_unit_price for line in lines), money.ZERO)
    paid = money.rounded(total * Decimal(told.paid), business.currency)
    parcel = f"DEMO{told.reference[4:]}"
    return Sale(
        business=business,
        reference=told.reference,
        ordered_on=day,
        currency=business.currency,
        customer=SaleCustomer(told.customer),
        lines=lines,
        digest=digest(told.reference),
        shipment=SaleShipment(world.day(1 - told.days_ago), CARRIERS[told.business], parcel),
        invoice=SaleInvoice(world.day(1 - told.days_ago)),
        payments=(_payment(world, told, paid),) if paid else (),
        channel=told.channel,
    )


def _payment(world: World, told: Told, amount: Decimal) -> SalePayment:
    day = world.day(2 - told.days_ago)
    if not told.gateway:
        return SalePayment(amount, day, "bank transfer")
    reference = f"pay-{told.reference}"
    return SalePayment(amount, day, "card", gateway=told.gateway, gateway_reference=reference)


def _told_lines(told: Told) -> Iterable[SaleLine]:
    vat = VAT[told.business]
    number = 0
    for number, (sku, quantity) in enumerate(told.goods.items(), 1):
        amount, units = Decimal(quantity), told.serials
        yield SaleLine(number, amount, price_of(sku), sku=sku, vat_percent=vat, serials=units)
    for kind, name, price in (
        (LineKind.DISCOUNT, "Season discount", told.discount),
        (LineKind.SHIPPING, "Shipping", told.shipping),
    ):
        if price:
            number += 1
            yield SaleLine(number, Decimal(1), Decimal(price), kind, name=name, vat_percent=vat)


def _worked_on(world: World) -> dict[str, SalesOrder]:
    """Orders made, shipped, invoiced and paid in the desk, left on every stage."""
    service, warehouse = world.groups.get("Service agent"), world.groups.get("Warehouse")
    mine = world.somebody
    made = {
        "new": _order(world, "C-1002", {"TENT-4P": "1"}, due=12, responsible_user=mine),
        "new late": _order(world, "C-1006", {"PACK-45": "3"}, due=-2, responsible_group=service),
        "issued": _issued(world, "C-1004", {"BAG-M5": "4", "MAT-L": "4"}, due=5),
        "promised": _issued(world, "C-1003", {"STOVE-G2": "2"}, 1, responsible_group=warehouse),
        "part shipped": _issued(world, "C-1005", {"GAS-230": "48", "MEAL-6": "6"}, due=3),
        "shipped": _issued(world, "C-1001", {"JACK-W": "3", "BOTTLE-1": "6"}, due=0),
        "invoiced": _issued(world, "C-1008", {"GPS-70": "2"}, due=-1, responsible_user=mine),
        "held": _issued(world, "C-1007", {"ROPE-10": "120"}, due=8, responsible_group=service),
        "complete": _issued(world, "C-1002", {"TENT-2P": "2", "PEG-10": "4"}, due=-6),
        "complete uk": _issued(world, "C-2001", {"TENT-2P": "2"}, due=-9, business="2000"),
        "cancelled": _order(world, "C-1004", {"MAT-L": "10"}, due=4),
    }
    hold_order(made["held"].pk, actor=SYSTEM, reason="Waiting for the customer's colour")
    cancel_order(made["cancelled"].pk, actor=SYSTEM, reason="Ordered twice")
    _promise(world, made["promised"], ["STOVE-G2"])
    _send(world, made["part shipped"], ["GAS-230"])
    _send(world, made["shipped"], ["JACK-W", "BOTTLE-1"])
    _send(world, made["invoiced"], ["GPS-70"])
    invoice_order(made["invoiced"].pk, actor=SYSTEM)
    for word in ("complete", "complete uk"):
        _finish(world, made[word])
    return made


def _order(
    world: World, customer: str, goods: Goods, due: int, business: str = "1000", **values: Any
) -> SalesOrder:
    lines = [
        {
            "part": world.parts[sku],
            "quantity": Decimal(quantity),
            "gross_unit_price": price_of(sku),
            "vat_percent": VAT[business],
        }
        for sku, quantity in goods.items()
    ]
    return create_order(
        business=world.businesses[business],
        customer=world.companies[customer],
        ordered_on=world.day(due - 14 if due < 0 else -7),
        target_date=world.day(due),
        lines=lines,
        actor=SYSTEM,
        **values,
    )


def _issued(
    world: World, customer: str, goods: Goods, due: int, business: str = "1000", **values: Any
) -> SalesOrder:
    order = _order(world, customer, goods, due, business, **values)
    return issue_order(order.pk, actor=SYSTEM)


def _promise(world: World, order: SalesOrder, skus: list[str]) -> int:
    """Allocate all of these parts of an order to a new shipment; gives the shipment's key."""
    shipment = add_shipment(order.pk, actor=SYSTEM)
    wanted = []
    for line in order.lines.filter(part__sku__in=skus).select_related("part"):
        wanted += _from_stock(line.pk, line.part_id or 0, line.quantity, order.business)
    allocate(order.pk, shipment.pk, wanted, actor=SYSTEM)
    return shipment.pk


def _from_stock(
    line_id: int, part_id: int, quantity: Decimal, business: Any
) -> list[AllocationInput]:
    """Units one by one, or a quantity from the shelf of the business's town."""
    rows = StockItem.objects.filter(part=part_id, state=State.AVAILABLE, allocated=0)
    if rows.filter(serial__isnull=False).exists():
        units = rows.order_by("serial")[: int(quantity)]
        return [AllocationInput(line_id, unit.pk) for unit in units]
    town = "LON" if business.country == "GB" else "AMS"
    shelf = rows.filter(location__code__startswith=town).order_by("-quantity")[0]
    return [AllocationInput(line_id, shelf.pk, quantity)]


def _send(world: World, order: SalesOrder, skus: list[str]) -> None:
    shipment = _promise(world, order, skus)
    ship(
        order.pk,
        shipment,
        shipped_on=world.day(-3),
        carrier=CARRIERS["2000" if order.business.country == "GB" else "1000"],
        tracking_number=f"DEMO{order.pk:06d}",
        actor=SYSTEM,
    )


def _finish(world: World, order: SalesOrder) -> None:
    _send(world, order, [line.part.sku for line in order.lines.all() if line.part])
    invoice = invoice_order(order.pk, actor=SYSTEM, invoiced_on=world.day(-3))
    record_payment(
        business=order.business,
        customer_id=order.customer_id,
        currency=order.currency,
        amount=invoice.gross,
        paid_on=world.day(-1),
        invoice=invoice,
        method="bank transfer",
        actor=SYSTEM,
    )
    complete_order(order.pk, actor=SYSTEM)
