"""Stock items in this system's words: codes of their states, and what a record shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db.models import F, Q

from customers.selectors import VIEW as VIEW_COMPANY
from returns.compat.inventree.codes import STOCK_CODES, STOCK_STATUS, label_of
from returns.compat.inventree.figures import number
from rmaproject.access.actors import Actor
from sales.models import UnitSale
from sales.selectors import VIEW as VIEW_ORDER
from sales.selectors import visible_orders
from stock.models import Location, State, StockItem
from stock.paths import location_paths

#: The codes that somebody may set by hand.
STATUS_IN: Final[dict[int, str]] = {10: State.AVAILABLE, 75: State.QUARANTINED}
#: Sound stock at a place.
IN_STOCK: Final = Q(state=State.AVAILABLE, quantity__gt=0)
#: Sound stock of which some is free.
FREE: Final = Q(state=State.AVAILABLE, quantity__gt=F("allocated"))


def states_of(code: int) -> Q:
    """The stock items that show this code."""
    return Q(state__in=[state for state, shown in STOCK_STATUS.items() if shown == code])


def show_items(actor: Actor, rows: Iterable[StockItem]) -> list[dict[str, Any]]:
    """Stock items as they show them, loaded with their details; one query for all."""
    rows = list(rows)
    orders = _orders_of(actor, rows)
    holders = actor.may(VIEW_COMPANY)
    return [_show(row, orders.get(row.pk), holders=holders) for row in rows]


def _show(row: StockItem, order: int | None, *, holders: bool) -> dict[str, Any]:
    status = STOCK_STATUS[row.state]
    return {
        "pk": row.pk,
        "part": row.part_id,
        "quantity": number(row.quantity),
        "serial": row.serial,
        "batch": row.batch.number if row.batch else None,
        "location": row.location_id,
        "customer": row.holder_id if holders else None,
        "sales_order": order,
        "sales_order_reference": None,
        "status": status,
        "status_text": label_of(STOCK_CODES, status),
        "status_custom_key": None,
        "in_stock": row.state == State.AVAILABLE and row.quantity > 0,
        "allocated": number(row.allocated),
        "is_building": False,
        "build": None,
        "consumed_by": None,
        "belongs_to": None,
        "parent": None,
        "purchase_order": None,
        "supplier_part": None,
        "SKU": None,
        "owner": None,
        "packaging": None,
        "expiry_date": row.batch.expires_on if row.batch else None,
        "purchase_price": None,
        "purchase_price_currency": "",
        "delete_on_deplete": False,
        "link": "",
        "notes": "",
        "barcode_hash": "",
    }


def brief_location(row: Location) -> dict[str, Any]:
    """A location beside a record that names it."""
    return {"pk": row.pk, "name": row.code, "description": row.name, "parent": row.parent_id}


def show_locations(
    rows: Iterable[Location], counts: Mapping[int, int], below: Mapping[int, int]
) -> list[dict[str, Any]]:
    """Locations as they show them, with how many items and locations lie in them; one query.

    Their name is our code, their description our name.
    """
    rows = list(rows)
    paths = location_paths(row.pk for row in rows)
    return [
        {
            "pk": row.pk,
            "name": row.code,
            "description": row.name,
            "pathstring": "/".join(paths[row.pk].split(" / ")),
            "level": paths[row.pk].count(" / "),
            "parent": row.parent_id,
            "items": counts.get(row.pk, 0),
            "sublocations": below.get(row.pk, 0),
            "owner": None,
            "icon": "",
            "custom_icon": "",
            "structural": False,
            "external": False,
            "location_type": None,
            "barcode_hash": "",
        }
        for row in rows
    ]


def _orders_of(actor: Actor, rows: Iterable[StockItem]) -> dict[int, int]:
    """The sales order with which each unit that a customer holds went out, as far as in sight."""
    sold = [row.pk for row in rows if row.holder_id]
    if not sold or not actor.may(VIEW_ORDER):
        return {}
    sales = UnitSale.objects.filter(stock_item__in=sold, until=None)
    sales = sales.filter(order_line__order__in=visible_orders(actor))
    return dict(sales.values_list("stock_item", "order_line__order"))
