"""Records of companies, stock and sales orders that clients hang metadata on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from customers.models import Company
from customers.selectors import visible_companies
from returns.compat.inventree.records import KINDS, Kind
from returns.compat.inventree.shipments import visible_shipments
from returns.compat.inventree.so_lines import visible_sold_lines
from rmaproject.audit.models import Addressable, Aggregate
from sales.models import OrderLine, SalesOrder, Shipment
from sales.selectors import permission_for, visible_orders
from stock.models import Location, Part, StockItem
from stock.selectors import visible_items, visible_locations, visible_parts


def _itself(row: Any) -> Aggregate:
    return row


def _order(row: Any) -> Aggregate:
    return row.order


def _part(row: Any) -> Aggregate:
    """A stock item has no trail but its movements; what is hung on it stands in its part's."""
    return row.part


Row = tuple[str, type[Addressable], Callable[..., Any], Callable[[Any], Aggregate], str]
_EDIT = permission_for("edit")
_ROWS: tuple[Row, ...] = (
    ("company", Company, visible_companies, _itself, "customers.edit_company"),
    ("part", Part, visible_parts, _itself, "stock.edit_part"),
    ("stockitem", StockItem, visible_items, _part, "stock.correct_stock"),
    ("stocklocation", Location, visible_locations, _itself, "stock.edit_location"),
    ("salesorder", SalesOrder, visible_orders, _itself, _EDIT),
    ("salesorderlineitem", OrderLine, visible_sold_lines, _order, _EDIT),
    ("salesorderextraline", OrderLine, visible_sold_lines, _order, _EDIT),
    ("salesordershipment", Shipment, visible_shipments, _order, _EDIT),
)
#: The address below which each of them lies.
PREFIXES = {
    "company": "company",
    "part": "part",
    "stock": "stockitem",
    "stock/location": "stocklocation",
    "order/so": "salesorder",
    "order/so-line": "salesorderlineitem",
    "order/so-extra-line": "salesorderextraline",
    "order/so/shipment": "salesordershipment",
}

KINDS.update({name: Kind(model, seen, root, edit) for name, model, seen, root, edit in _ROWS})
