"""Sales that were made elsewhere: order, shipment, invoice and payments in one transaction.

Many sales are written with a few statements, so that an import of a year's ledger and one call
of an integrator are the same code. No bulk stock moves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext

from customers.models import Company
from rmaproject.access.actors import Actor
from rmaproject.audit import trail
from rmaproject.shared import clock, money
from rmaproject.shared.db import command, copy_rows
from rmaproject.shared.errors import Conflict, RuleViolation
from sales.models import (
    Account,
    Allocation,
    DiscountWeight,
    Document,
    Invoice,
    InvoiceLine,
    LineKind,
    OrderLine,
    Payment,
    SalesOrder,
    Settlement,
    Shipment,
)
from sales.services.invoicing import build_invoice, invoice_line, set_totals
from sales.services.ledger import Booking, invoice_booking, lock_accounts, payment_booking, post
from sales.services.numbering import draw, require_reference
from sales.services.orders import discount_weights
from sales.services.sale import Sale, SaleShipment
from sales.services.sale_lines import Lists, Written, lines_of_sale, lists_for
from sales.services.sale_parts import companies_for, parts_for, sell_units
from sales.states import OrderStatus
from stock.models import Cause, Movement, Part, StockItem
from stock.services.moving import Moved

#: Broken when somebody makes the same sale, customer or part at the same moment; once he is
#: done it is known, so each of them is worth one more try.
_MADE_BY_ANOTHER = (
    "salesorder_reference_unique_per_business",
    "company_reference_unique",
    "part_sku_unique",
)


@dataclass
class Recorded:
    """One sale on its way into the books."""

    sale: Sale
    order: SalesOrder
    written: list[Written]
    account: Account | None = None
    invoice: Invoice | None = None
    invoice_lines: list[InvoiceLine] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    settlements: list[Settlement] = field(default_factory=list)

    @property
    def lines(self) -> list[OrderLine]:
        return [entry.line for entry in self.written]


def record_sale(sale: Sale, *, actor: Actor) -> tuple[SalesOrder, bool]:
    """Record one finished sale; True when it is new, False when the same was recorded before.

    Raises Conflict `reference_exists` for the same reference with other content,
    `unit_held_elsewhere`, `unit_sold_already`; RuleViolation `not_a_customer`,
    `company_inactive`, `invalid_currency`, `invalid_date`, `exceeds_invoice`, `lines_missing`.
    """
    return record_sales([sale], actor=actor)[0]


def record_sales(sales: Sequence[Sale], *, actor: Actor) -> list[tuple[SalesOrder, bool]]:
    """Record many finished sales at once: all of them, or none. Each as in `record_sale`."""
    for _ in _MADE_BY_ANOTHER:
        try:
            return _record(sales, actor)
        except Conflict as refusal:
            if refusal.facts.get("constraint") not in _MADE_BY_ANOTHER:
                raise
    return _record(sales, actor)


@command
def _record(sales: Sequence[Sale], actor: Actor) -> list[tuple[SalesOrder, bool]]:
    for sale in sales:
        _require_sound(sale)
    known = _known_orders(sales)
    fresh = [sale for sale in sales if _key(sale) not in known]
    made = _write(fresh, actor) if fresh else {}
    return [
        (known[_key(sale)], False) if _key(sale) in known else (made[_key(sale)], True)
        for sale in sales
    ]


def _key(sale: Sale) -> tuple[int, str]:
    return sale.business.pk, sale.reference.lower()


def _known_orders(sales: Sequence[Sale]) -> dict[tuple[int, str], SalesOrder]:
    wanted = Q(pk__in=[])
    for business in {sale.business.pk for sale in sales}:
        keys = [sale.reference.lower() for sale in sales if sale.business.pk == business]
        wanted |= Q(business=business, key__in=keys)
    rows = SalesOrder.objects.annotate(key=Lower("reference")).filter(wanted)
    known = {(row.business_id, row.reference.lower()): row for row in rows}
    for sale in sales:
        same = known.get(_key(sale))
        if same is not None and same.content_digest != sale.digest:
            message = gettext("Sales order %(reference)s exists with other content.") % {
                "reference": sale.reference
            }
            raise Conflict(message, code="reference_exists", reference=sale.reference)
    return known


def _require_sound(sale: Sale) -> None:
    require_reference(sale.reference)
    if sale.currency not in money.CURRENCIES:
        message = gettext("%(currency)s is no ISO 4217 currency.") % {"currency": sale.currency}
        raise RuleViolation(message, code="invalid_currency", pointer="/currency")
    if not sale.lines:
        raise RuleViolation(gettext("A sale has lines."), code="lines_missing", pointer="/lines")
    today = clock.today(sale.business)
    days = [sale.ordered_on, *(payment.paid_on for payment in sale.payments)]
    if sale.shipment is not None:
        days += [sale.shipment.delivered_on or sale.shipment.shipped_on]
        days.append(sale.shipment.shipped_on)
    days += [sale.invoice.invoiced_on] if sale.invoice else []
    if max(days) > today:
        message = gettext("A finished sale has no day in the future.")
        raise RuleViolation(message, code="invalid_date", day=str(max(days)))


def _write(sales: Sequence[Sale], actor: Actor) -> dict[tuple[int, str], SalesOrder]:
    now = clock.now()
    companies = companies_for(sales, actor=actor)
    parts = parts_for(sales, actor=actor)
    lists = lists_for(parts.values())
    recorded = [_build(sale, companies, parts, lists, actor, now) for sale in sales]
    trail.create_all(
        [(entry.order, {"reference": entry.order.reference}) for entry in recorded],
        actor=actor,
        verb="record",
    )
    copy_rows([line for entry in recorded for line in entry.lines])
    DiscountWeight.objects.bulk_create(
        weight
        for entry in recorded
        for weight in discount_weights(entry.lines, entry.order.currency)
    )
    _ship(recorded, companies, actor, now)
    _charge(recorded, actor, now)
    return {_key(entry.sale): entry.order for entry in recorded}


def _build(
    sale: Sale,
    companies: dict[str, Company],
    parts: dict[str, Part],
    lists: Lists,
    actor: Actor,
    now: datetime,
) -> Recorded:
    done = sale.shipment is not None
    order = SalesOrder(
        business=sale.business,
        customer=companies[sale.customer.reference.lower()],
        reference=sale.reference,
        status=OrderStatus.COMPLETE if done else OrderStatus.IN_PROGRESS,
        currency=sale.currency,
        ordered_on=sale.ordered_on,
        channel=sale.channel,
        created_by_id=actor.user_id,
        issued_at=now,
        completed_at=now if done else None,
        content_digest=sale.digest,
    )
    return Recorded(sale, order, lines_of_sale(sale, order, parts, lists))


def _ship(
    recorded: Sequence[Recorded], companies: dict[str, Company], actor: Actor, now: datetime
) -> None:
    shipped = [entry for entry in recorded if entry.sale.shipment]
    shipments = Shipment.objects.bulk_create(
        _shipment(entry.order, entry.sale.shipment) for entry in shipped if entry.sale.shipment
    )
    allocations = []
    for entry, shipment in zip(shipped, shipments, strict=True):
        units = _sell_units(entry, actor, now)
        for line in entry.lines:
            if line.kind != LineKind.GOODS:
                continue
            rows = [(unit, movement) for sold, unit, movement in units if sold is line]
            allocations += [
                Allocation(
                    order_line=line,
                    shipment=shipment,
                    stock_item=unit,
                    quantity=Decimal(1),
                    movement=movement,
                )
                for unit, movement in rows
            ] or [Allocation(order_line=line, shipment=shipment, quantity=line.quantity)]
    copy_rows(allocations)


def _shipment(order: SalesOrder, parcel: SaleShipment) -> Shipment:
    return Shipment(
        order=order,
        reference="1",
        carrier=parcel.carrier,
        tracking_number=parcel.tracking_number,
        shipped_on=parcel.shipped_on,
        delivered_on=parcel.delivered_on,
    )


def _sell_units(
    entry: Recorded, actor: Actor, now: datetime
) -> list[tuple[OrderLine, StockItem, Movement]]:
    pairs = [(told.line, told.serials) for told in entry.written if told.serials]
    if not pairs or entry.sale.shipment is None:
        return []
    zone = ZoneInfo(entry.sale.business.time_zone)
    left = datetime.combine(entry.sale.shipment.shipped_on, time(12), zone)
    moved = Moved(Cause.SHIPMENT, min(left, now), actor, entry.sale.correction_reason)
    reason = entry.sale.correction_reason
    return sell_units(pairs, customer=entry.order.customer, moved=moved, reason=reason)


def _charge(recorded: Sequence[Recorded], actor: Actor, now: datetime) -> None:
    charged = [entry for entry in recorded if entry.sale.invoice or entry.sale.payments]
    accounts = lock_accounts(_account_key(entry) for entry in charged)
    for entry in charged:
        entry.account = accounts[_account_key(entry)]
        _invoice(entry)
        _pay(entry)
    invoices = [entry.invoice for entry in charged if entry.invoice]
    payments = [payment for entry in charged for payment in entry.payments]
    trail.create_all([(row, {"gross": row.gross}) for row in invoices], actor=actor, verb="record")
    trail.create_all(
        [(row, {"amount": row.amount}) for row in payments], actor=actor, verb="record"
    )
    copy_rows([line for entry in charged for line in entry.invoice_lines])
    Settlement.objects.bulk_create(row for entry in charged for row in entry.settlements)
    bookings: list[Booking] = [invoice_booking(invoice) for invoice in invoices]
    post(bookings + [payment_booking(payment) for payment in payments], at=now)


def _account_key(entry: Recorded) -> tuple[int, int, str]:
    return entry.sale.business.pk, entry.order.customer_id, entry.sale.currency


def _invoice(entry: Recorded) -> None:
    given = entry.sale.invoice
    if given is None or entry.account is None:
        return
    invoice = build_invoice(entry.order, entry.account, given.invoiced_on, entry.lines)
    entry.invoice_lines = [
        invoice_line(invoice, told.line, told.line.quantity, tax=told.tax)
        for told in entry.written
        if told.line.kind != LineKind.KIT
    ]
    set_totals(invoice, entry.invoice_lines)
    if given.reference:
        invoice.reference = require_reference(given.reference)
    else:
        business = entry.sale.business
        invoice.reference = draw(business, Document.INVOICE, given.invoiced_on, Invoice).reference
    entry.invoice = invoice


def _pay(entry: Recorded) -> None:
    due = entry.invoice.gross if entry.invoice else money.ZERO
    for given in entry.sale.payments:
        _require_amount(given.amount, entry.sale.currency)
        applied = min(given.amount, due)
        due -= applied
        payment = Payment(
            business=entry.sale.business,
            customer_id=entry.order.customer_id,
            account=entry.account,
            currency=entry.sale.currency,
            amount=given.amount,
            applied=applied,
            paid_on=given.paid_on,
            method=given.method,
            gateway=given.gateway,
            gateway_reference=given.gateway_reference,
        )
        entry.payments.append(payment)
        if applied and entry.invoice:
            entry.invoice.settled += applied
            entry.settlements.append(
                Settlement(payment=payment, invoice=entry.invoice, amount=applied)
            )


def _require_amount(amount: Decimal, currency: str) -> None:
    if amount <= 0 or money.rounded(amount, currency) != amount:
        message = gettext("%(amount)s is no amount of %(currency)s that can be paid.") % {
            "amount": amount,
            "currency": currency,
        }
        raise RuleViolation(message, code="invalid_amount", pointer="/payments")
