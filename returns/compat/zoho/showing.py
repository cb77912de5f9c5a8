"""Sales returns as that system's clients read them; built from loaded rows."""

from __future__ import annotations

from collections.abc import Iterable

from returns.compat.zoho import words
from returns.compat.zoho.items import Row, combo_type, item_head, number, place_name
from returns.compat.zoho.loading import Papers
from returns.compat.zoho.tree import Node
from returns.custom import plain
from returns.models import CustomValue, ReturnOrder
from rmaproject.shared import money
from sales.models import CreditNote, SalesOrder
from stock.models import Location


def show_in_list(order: ReturnOrder, papers: Papers) -> Row:
    """A return in a list."""
    sale = papers.sale(order)
    nodes = papers.nodes(order)
    return {
        "salesreturn_id": str(order.uuid),
        "salesreturn_number": order.reference,
        "date": order.requested_on.isoformat(),
        **_sale(sale),
        "custom_fields": custom_fields(order.custom_values.all()),
        "customer_id": str(order.customer.uuid),
        "customer_name": order.customer.name,
        **_states(order),
        "quantity": number(sum((node.quantity + node.waived for node in nodes), money.ZERO)),
        **_refunded(papers.notes(order)),
    }


def show_return(order: ReturnOrder, papers: Papers) -> Row:
    """A return as a whole."""
    return {
        "salesreturn_id": str(order.uuid),
        "salesreturn_number": order.reference,
        "date": order.requested_on.isoformat(),
        "reason": order.note or (order.reason.name if order.reason else ""),
        "custom_fields": custom_fields(order.custom_values.all()),
        "line_items": [show_item(node, order) for node in papers.nodes(order)],
        **_place(order.location or order.business.returns_location),
        "comments": papers.comments(order),
        **_states(order),
        **_sale(papers.sale(order)),
        "customer_id": str(order.customer.uuid),
        "customer_name": order.customer.name,
        "salesreturnreceives": papers.receives(order),
        **_creditnotes(papers.notes(order)),
    }


def show_item(node: Node, order: ReturnOrder) -> Row:
    """A line, or a kit with what is mapped below it."""
    shown = {
        **item_head(node),
        "rate": number(node.sold.gross_unit_price) if node.sold else 0,
        **_item_facts(node, order),
        "is_combo_product": bool(combo_type(node.part)),
    }
    return {**shown, **_combo(node, order)}


def _mapped(node: Node, order: ReturnOrder) -> Row:
    return {**item_head(node), **_item_facts(node, order), **_combo(node, order)}


def custom_fields(values: Iterable[CustomValue]) -> list[Row]:
    """What was written into the fields of a return itself that are in use, as texts."""
    rows = [row for row in values if row.line_id is None and row.field.active]
    return [
        {
            "customfield_id": str(row.field.uuid),
            "api_name": row.field.code,
            "label": row.field.name,
            "value": _text(row),
        }
        for row in sorted(rows, key=lambda row: (row.field.position, row.field.code))
    ]


def _text(row: CustomValue) -> str:
    value = plain(row.content)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _item_facts(node: Node, order: ReturnOrder) -> Row:
    own = node.location
    return {
        "salesorder_item_id": str(node.sold.uuid) if node.sold else "",
        "quantity": number(node.quantity),
        "non_receive_quantity": number(node.waived),
        **_place(own or order.location or order.business.returns_location),
    }


def _combo(node: Node, order: ReturnOrder) -> Row:
    return {
        "combo_type": combo_type(node.part),
        "mapped_items": [_mapped(part, order) for part in node.parts],
    }


def _place(place: Location | None) -> Row:
    return {
        "location_id": str(place.uuid) if place else "",
        "location_name": place_name(place) if place else "",
    }


def _sale(sale: SalesOrder | None) -> Row:
    return {
        "salesorder_id": str(sale.uuid) if sale else "",
        "salesorder_number": sale.reference if sale else "",
    }


def _states(order: ReturnOrder) -> Row:
    return {
        "salesreturn_status": words.salesreturn_status(order),
        "receive_status": words.RECEIVE_STATUS[order.goods],
        "refund_status": words.REFUND_STATUS[order.money],
    }


def _refunded(notes: list[CreditNote] | None) -> Row:
    """What was paid out; left out for who may not see credit notes."""
    if notes is None:
        return {}
    return {"refunded_amount": number(sum((note.refunded for note in notes), money.ZERO))}


def _creditnotes(notes: list[CreditNote] | None) -> Row:
    if notes is None:
        return {}
    shown = [
        {
            "creditnote_id": str(note.uuid),
            "creditnote_number": note.reference,
            "status": words.creditnote_status(note),
            "date": note.credited_on.isoformat(),
            "total": number(note.gross),
        }
        for note in notes
    ]
    return {"creditnotes": shown, **_refunded(notes)}
