"""Our returns and receipts in the words of this system; figures are texts, times carry offsets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from returns.models import Receipt, ReturnLine, ReturnOrder
from returns.states import CLOSED, Goods
from rmaproject.access.models import User
from rmaproject.shared import money
from sales.models import Business, InvoiceLine

PENDING: Final = "PENDING"
DONE: Final = "CLOSED"
#: Who did what the program does by itself.
PROGRAM: Final = "system"


def status_of(status: str, goods: str) -> str:
    """PENDING until all has come or nothing can come any more."""
    return DONE if status in CLOSED or goods == Goods.RECEIVED else PENDING


def invoices_of(orders: Iterable[ReturnOrder]) -> dict[int, str]:
    """The number of the invoice of each return: that of its first line that was charged."""
    lines = [line for order in orders for line in order.lines.all()]
    sold = {line.order_line_id for line in lines if line.order_line_id and not line.invoice_line_id}
    rows = InvoiceLine.objects.filter(order_line__in=sold).select_related("invoice")
    charged: dict[int, str] = {}
    for row in rows.order_by("invoice__invoiced_on", "pk"):
        charged.setdefault(row.order_line_id or 0, row.invoice.reference)
    found: dict[int, str] = {}
    for line in lines:
        own = line.invoice_line.invoice.reference if line.invoice_line else None
        number = own or charged.get(line.order_line_id or 0)
        if number:
            found.setdefault(line.return_order_id, number)
    return found


def show_return(order: ReturnOrder, invoices: Mapping[int, str]) -> dict[str, Any]:
    """A return, loaded by `finding.loaded`."""
    lines = list(order.lines.all())
    return {
        "id": order.reference,
        "customer_return_status": status_of(order.status, order.goods),
        "customer_return_date": _midnight(order.dated_on or order.requested_on, order.business),
        "invoice_id": invoices.get(order.pk),
        "note": order.note,
        "received_count": money.plain(sum((line.received for line in lines), money.ZERO)),
        "returns": [_line(line) for line in lines],
        "created_by": _name(order.created_by),
        "created_on": _moment(order.created_at, order.business),
        "last_updated_by": getattr(order, "changed_by", None) or PROGRAM,
        "last_updated_on": _moment(order.updated_at, order.business),
        "uuid": str(order.uuid),
        "version": str(order.version),
    }


def _line(line: ReturnLine) -> dict[str, Any]:
    """What nobody announced was not requested, and is shown because it came."""
    requested = money.ZERO if line.unexpected else line.quantity + line.waived
    return {
        **_item(line),
        "rma_returned": money.plain(line.received),
        "rma_requested": money.plain(requested),
        "uuid": str(line.uuid),
    }


def _item(line: ReturnLine) -> dict[str, Any]:
    return {
        "item_id": line.part.sku if line.part else None,
        "item_name": line.part.name if line.part else line.description,
        "item_uuid": str(line.part.uuid) if line.part else None,
    }


def show_receipt(receipt: Receipt, business: Business) -> dict[str, Any]:
    """A receipt, loaded by `finding.receipts_of`; units of one line are counted together."""
    lines: dict[int, ReturnLine] = {}
    counted: dict[int, Decimal] = {}
    for row in receipt.lines.all():
        lines[row.line_id] = row.line
        counted[row.line_id] = counted.get(row.line_id, money.ZERO) + row.quantity
    return {
        "id": str(receipt.number),
        "receive_returns": [
            {
                "rma_receive_quantity": money.plain(counted[key]),
                **_item(line),
                "uuid": str(line.uuid),
            }
            for key, line in lines.items()
        ],
        "created_by": _name(receipt.actor),
        "created_on": _moment(receipt.at, business),
        "uuid": str(receipt.uuid),
    }


def _name(user: User | None) -> str:
    return user.get_username() if user else PROGRAM


def _moment(at: datetime, business: Business) -> str:
    return at.astimezone(ZoneInfo(business.time_zone)).isoformat(timespec="seconds")


def _midnight(day: date, business: Business) -> str:
    return datetime.combine(day, time(), ZoneInfo(business.time_zone)).isoformat()
