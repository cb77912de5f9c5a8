"""Returns as JSON, built from loaded rows without a query; `outputs` describes the same."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from returns.actions import NOT_ASKED, Blocked, allowed_verbs
from returns.api.decisions import show_disposal, show_inspection
from returns.counting import still_expected
from returns.custom import by_line, shown
from returns.models import (
    Comment,
    CustomValue,
    ExtraLine,
    Outbound,
    Parcel,
    PolicyVersion,
    Receipt,
    ReceiptLine,
    ReturnLine,
    ReturnOrder,
)
from returns.services.editing import extra_gross
from rmaproject.access.actors import Actor
from rmaproject.rest.shapes import id_of, in_short
from rmaproject.shared import money
from sales.api.bank_shapes import masked

Row = dict[str, Any]


def show_return(order: ReturnOrder, actor: Actor, blocked: Blocked = NOT_ASKED) -> Row:
    """A return as JSON; it was loaded with parties, lines and parcels."""
    lines = list(order.lines.all())
    names = {line.pk: line.uuid for line in lines}
    written = by_line(order.custom_values.all())
    return {
        **_header(order),
        "custom": shown(written.get(None, ())),
        "lines": [show_line(line, written.get(line.pk, ())) for line in lines],
        "extra_lines": [show_extra_line(line) for line in order.extra_lines.all()],
        "parcels": [show_parcel(parcel) for parcel in order.parcels.all()],
        "receipts": [show_receipt(receipt) for receipt in order.receipts.all()],
        "inspections": [show_inspection(row, names) for row in order.inspections.all()],
        "disposals": [show_disposal(row, names) for row in order.disposals.all()],
        "outbound": [_outbound(row, names) for row in order.outbound.all()],
        "allowed_actions": allowed_verbs(order, lines, actor, blocked),
    }


def _header(order: ReturnOrder) -> Row:
    return {
        "id": order.uuid,
        "version": order.version,
        "created_at": order.created_at,
        "updated_at": order.updated_at,
        "reference": order.reference,
        "status": order.status,
        "goods": order.goods,
        "money": order.money,
        "credit_owed": order.credit_owed,
        "held_from": order.held_from,
        "status_reason": order.status_reason,
        "business": in_short(order.business, by="code"),
        "customer": in_short(order.customer),
        "customer_reference": order.customer_reference,
        "reason": in_short(order.reason, by="code"),
        "note": order.note,
        "requested_on": order.requested_on,
        "target_date": order.target_date,
        "deadline": order.deadline,
        "refund_by": order.refund_by,
        "issued_at": order.issued_at,
        "completed_at": order.completed_at,
        "closed_at": order.closed_at,
        "location": in_short(order.location, by="code"),
        "responsible_user": _username(order.responsible_user),
        "responsible_group": order.responsible_group.name if order.responsible_group else None,
        "created_by": _username(order.created_by),
        "bank_details": masked(order.bank_details),
        "policy": show_policy_name(order.policy),
        "override_reason": order.override_reason,
        "approved_gross": _figure(order.approved_gross),
    }


def show_policy_name(version: PolicyVersion | None) -> Row | None:
    """A version of the rules in short; None for none."""
    if version is None:
        return None
    return {"id": version.uuid, "number": version.number, "name": version.name}


def _figure(value: Decimal | None) -> str | None:
    return None if value is None else money.plain(value)


def show_line(line: ReturnLine, written: Iterable[CustomValue]) -> Row:
    """A line with its counters, what is still expected, and its custom fields."""
    part, unit, sold = line.part, line.stock_item, line.order_line
    return {
        "id": line.uuid,
        "number": line.number,
        "order_line": id_of(sold),
        "kit_line": id_of(line.kit_line),
        "invoice_line": id_of(line.invoice_line),
        "stock_item": id_of(unit),
        "part": id_of(part),
        "sales_order": {"id": sold.order.uuid, "reference": sold.order.reference} if sold else None,
        "sku": part.sku if part else None,
        "name": part.name if part else "",
        "serial": (unit.serial or "") if unit else "",
        "description": line.description,
        "unexpected": line.unexpected,
        "void": line.void,
        "reason": in_short(line.reason, by="code"),
        "note": line.note,
        "outcome": line.outcome,
        "location": in_short(line.location, by="code"),
        **{name: money.plain(getattr(line, name)) for name in COUNTERS},
        "open": money.plain(still_expected(line)),
        "custom": shown(written),
    }


COUNTERS = (
    "quantity",
    "waived",
    "released",
    "received",
    "accepted",
    "rejected",
    "disposed",
    "credited",
    "sent_back",
    "replaced",
    "repaired",
)


def show_extra_line(line: ExtraLine) -> Row:
    """A charge or credit that is no goods, with what it is worth to the customer."""
    return {
        "id": line.uuid,
        "number": line.number,
        "kind": line.kind,
        "name": line.name,
        "quantity": money.plain(line.quantity),
        "gross_unit_price": money.plain(line.gross_unit_price),
        "gross": money.amount(extra_gross(line), line.currency),
        "vat_percent": money.plain(line.vat_percent),
        "vat_type": line.vat_type,
        "currency": line.currency,
        "invoice_line": id_of(line.invoice_line),
        "origin": line.origin,
        "credited": line.credited,
        "void": line.void,
    }


def show_parcel(parcel: Parcel) -> Row:
    """An inbound consignment."""
    place = parcel.location
    return {
        "id": parcel.uuid,
        "number": parcel.number,
        "carrier": parcel.carrier,
        "tracking_number": parcel.tracking_number,
        "expected_on": parcel.expected_on,
        "location": in_short(place, by="code"),
        "void": parcel.void,
    }


def show_receipt(receipt: Receipt) -> Row:
    """What arrived at once, line by line."""
    return {
        "id": receipt.uuid,
        "number": receipt.number,
        "received_on": receipt.received_on,
        "at": receipt.at,
        "actor": _username(receipt.actor),
        "parcel": id_of(receipt.parcel),
        "note": receipt.note,
        "reverses": id_of(receipt.reverses),
        "reversed_by": id_of(getattr(receipt, "reversed_by", None)),
        "lines": [_receipt_line(line) for line in receipt.lines.all()],
    }


def _receipt_line(row: ReceiptLine) -> Row:
    return {
        "id": row.uuid,
        "line": row.line.uuid,
        "quantity": money.plain(row.quantity),
        "serial": (row.stock_item.serial or "") if row.stock_item else "",
        "condition": row.condition,
        "location": in_short(row.location, by="code"),
        "note": row.note,
    }


def _outbound(row: Outbound, names: dict[int, Any]) -> Row:
    sold = row.order_line
    return {
        "id": row.uuid,
        "line": names[row.line_id],
        "kind": row.kind,
        "quantity": money.plain(row.quantity),
        "ended": money.plain(sum((end.quantity for end in row.ends.all()), money.ZERO)),
        "sales_order": {"id": sold.order.uuid, "reference": sold.order.reference} if sold else None,
        "order_line": id_of(sold),
        "serial": (row.stock_item.serial or "") if row.stock_item else "",
        "repaired": row.repair,
        "carrier": row.carrier,
        "tracking_number": row.tracking_number,
        "shipped_on": row.shipped_on,
        "at": row.at,
    }


def show_comment(comment: Comment) -> Row:
    """A note with its author."""
    return {
        "id": comment.uuid,
        "audience": comment.audience,
        "text": comment.text,
        "author": _username(comment.author),
        "at": comment.at,
    }


def _username(user: Any) -> str | None:
    return user.username if user else None
