"""Receives as that system's clients read them: what arrived, by item, batch and storage."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from returns.compat.zoho.items import Row, combo_type, item_head, number, place_name
from returns.compat.zoho.sold import Sold
from returns.compat.zoho.tree import Node, planted
from returns.models import Receipt, ReceiptLine, ReturnOrder
from rmaproject.shared import money
from stock.models import Batch


def receive_number(order: ReturnOrder, receipt: Receipt) -> str:
    """A receive's number: the return's own, and which receive of it this is."""
    return f"{order.reference}-{receipt.number}"


def show_receive(order: ReturnOrder, receipt: Receipt, sold: Sold) -> Row:
    """A receive that was just booked."""
    return {
        **_head(order, receipt),
        "salesreturn_id": str(order.uuid),
        "salesreturn_number": order.reference,
        "line_items": _items(receipt, sold),
    }


def show_in_return(order: ReturnOrder, receipt: Receipt, sold: Sold) -> Row:
    """A receive among those of its return."""
    return {**_head(order, receipt), "line_items": _items(receipt, sold)}


def _head(order: ReturnOrder, receipt: Receipt) -> Row:
    return {
        "receive_id": str(receipt.uuid),
        "receive_number": receive_number(order, receipt),
        "date": receipt.received_on.isoformat(),
        "notes": receipt.note,
    }


def _items(receipt: Receipt, sold: Sold) -> list[Row]:
    rows: dict[int, list[ReceiptLine]] = {}
    for row in receipt.lines.all():
        rows.setdefault(row.line_id, []).append(row)
    leaves = []
    for came in rows.values():
        line = came[0].line
        told = sum((row.quantity for row in came), money.ZERO)
        leaves.append(Node(line.order_line, line, told=told, more=came))
    return [_item(node, outermost=True) for node in planted(leaves, sold)]


def _item(node: Node, *, outermost: bool) -> Row:
    shown = {
        **item_head(node),
        "quantity": number(node.quantity),
        "combo_type": combo_type(node.part),
        "mapped_items": [_item(part, outermost=False) for part in node.parts],
        **_tracked(node.more or []),
    }
    return {**shown, "is_combo_product": bool(combo_type(node.part))} if outermost else shown


def _tracked(rows: list[ReceiptLine]) -> Row:
    """Serial numbers, batches and storages of an item; storages of a batch stand below it."""
    serials = [row.stock_item.serial for row in rows if row.stock_item]
    batched: dict[int, list[ReceiptLine]] = {}
    loose = []
    for row in rows:
        batch = _batch_of(row)
        if batch is None:
            loose.append(row)
        else:
            batched.setdefault(batch.pk, []).append(row)
    return {
        "serial_numbers": serials,
        "batches": [_batch(found) for found in batched.values()],
        "storages": _storages(loose),
    }


def _batch_of(row: ReceiptLine) -> Batch | None:
    return row.movement.batch if row.movement else None


def _batch(rows: list[ReceiptLine]) -> Row:
    batch = _batch_of(rows[0])
    return {
        "batch_id": str(batch.uuid) if batch else "",
        "batch_number": batch.number if batch else "",
        "external_batch_number": batch.external_number if batch else "",
        "manufacturer_date": _day(batch.made_on if batch else None),
        "expiry_date": _day(batch.expires_on if batch else None),
        "in_quantity": number(_sum(rows)),
        "batch_in_id": str(rows[0].uuid),
        "storages": [
            {name: value for name, value in storage.items() if name != "serial_numbers"}
            for storage in _storages(rows)
        ],
    }


def _storages(rows: list[ReceiptLine]) -> list[Row]:
    places: dict[int, list[ReceiptLine]] = {}
    for row in rows:
        if row.location_id is not None:
            places.setdefault(row.location_id, []).append(row)
    return [
        {
            "storage_id": str(found[0].location.uuid) if found[0].location else "",
            "storage_name": place_name(found[0].location) if found[0].location else "",
            "in_quantity": number(_sum(found)),
            "storage_in_id": str(found[0].uuid),
            "serial_numbers": [row.stock_item.serial for row in found if row.stock_item],
        }
        for found in places.values()
    ]


def _sum(rows: list[ReceiptLine]) -> Decimal:
    return sum((row.quantity for row in rows), money.ZERO)


def _day(value: Any) -> str:
    return value.isoformat() if value else ""
