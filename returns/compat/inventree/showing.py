"""Our customers, parts and stock in short, as this system's orders name them in full."""

from __future__ import annotations

from typing import Any

from customers.models import Address, Company, Contact
from returns.compat.inventree.codes import STOCK_CODES, STOCK_STATUS, label_of
from returns.compat.inventree.figures import number
from stock.models import Part, StockItem


def company_in_short(row: Company) -> dict[str, Any]:
    """A customer."""
    return {
        "pk": row.pk,
        "name": row.name,
        "description": "",
        "active": row.active,
        "image": None,
        "thumbnail": None,
    }


def contact_in_short(row: Contact | None) -> dict[str, Any] | None:
    """A person at a customer."""
    if row is None:
        return None
    return {
        "pk": row.pk,
        "company": row.company_id,
        "name": row.name,
        "phone": row.phone,
        "email": row.email,
        "role": row.role,
    }


def address_in_short(row: Address | None) -> dict[str, Any] | None:
    """Where a customer is reached."""
    if row is None:
        return None
    return {
        "pk": row.pk,
        "title": row.title,
        "line1": row.line1,
        "line2": row.line2,
        "postal_code": row.postal_code,
        "postal_city": row.city,
        "province": row.region,
        "country": row.country,
        "primary": row.primary,
    }


def part_in_short(row: Part | None) -> dict[str, Any] | None:
    """A part; its SKU is their internal part number."""
    if row is None:
        return None
    return {
        "pk": row.pk,
        "name": row.name,
        "IPN": row.sku,
        "description": row.description,
        "units": row.unit,
        "active": row.active,
        "salable": row.is_salable,
        "trackable": row.is_serialized,
        "virtual": row.is_virtual,
        "image": None,
        "thumbnail": None,
    }


def item_in_short(row: StockItem | None) -> dict[str, Any] | None:
    """A stock item."""
    if row is None:
        return None
    status = STOCK_STATUS[row.state]
    return {
        "pk": row.pk,
        "part": row.part_id,
        "serial": row.serial,
        "batch": row.batch.number if row.batch else None,
        "quantity": number(row.quantity),
        "location": row.location_id,
        "customer": row.holder_id,
        "status": status,
        "status_text": label_of(STOCK_CODES, status),
    }
