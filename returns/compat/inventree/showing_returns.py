"""Our returns in their words: orders, lines and extra lines, each list with a few queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Max, Q, Sum

from customers.models import Address, Contact
from returns.compat.inventree.base import DOOR
from returns.compat.inventree.codes import (
    OUTCOME,
    REJECTED,
    RETURN_CODES,
    RETURN_STATUS,
    label_of,
)
from returns.compat.inventree.figures import day_of, number
from returns.compat.inventree.owners import Owner, owner_key
from returns.compat.inventree.showing import (
    address_in_short,
    company_in_short,
    contact_in_short,
    item_in_short,
    part_in_short,
)
from returns.compat.inventree.views_users import show_owner, show_user
from returns.counting import still_expected
from returns.models import ExtraLine, ReceiptLine, ReturnLine, ReturnOrder
from returns.states import OPEN
from rmaproject.files.supplements import NOTHING, Kept, kept_with
from rmaproject.shared import clock, money

#: A line of which nothing is waited for, and nothing undecided is here.
DONE = Q(received=F("accepted") + F("rejected"), quantity=F("received") + F("released"))


@dataclass
class Sums:
    """What the lines of an order come to."""

    lines: int = 0
    completed: int = 0
    totals: dict[str, Decimal] | None = None

    def add(self, currency: str | None, amount: Decimal | None) -> None:
        """Add an amount in its currency; a line without a sale has none."""
        if currency and amount is not None:
            self.totals = self.totals or {}
            self.totals[currency] = self.totals.get(currency, money.ZERO) + amount


class Orders:
    """Orders with all that is shown of them; a fixed number of queries for any number."""

    def __init__(self, rows: Sequence[ReturnOrder]) -> None:
        self.rows = rows
        self.kept = kept_with(rows, system=DOOR)
        self.sums = _sums(rows)
        values = [kept.values for kept in self.kept.values()]
        self.contacts = Contact.objects.in_bulk([v["contact"] for v in values if v.get("contact")])
        self.addresses = Address.objects.in_bulk([v["address"] for v in values if v.get("address")])

    def show(self, row: ReturnOrder, flags: Mapping[str, bool], *, notes: bool) -> dict[str, Any]:
        """One order; a list leaves its notes out."""
        values = self.kept.get(row.uuid, NOTHING).values
        contact, address = values.get("contact"), values.get("address")
        shown = {
            "pk": row.pk,
            "reference": row.reference,
            "business": row.business.code,
            "customer": row.customer_id,
            "customer_reference": row.customer_reference,
            "description": description_of(row.note),
            **_status(row),
            **_people(row),
            **_days(row),
            "contact": contact if contact in self.contacts else None,
            "address": address if address in self.addresses else None,
            "link": values.get("link", ""),
            "project_code": None,
            **self._money(row),
        }
        if notes:
            shown["notes"] = notes_of(row.note)
        if flags["customer_detail"]:
            shown["customer_detail"] = company_in_short(row.customer)
        if flags["contact_detail"]:
            shown["contact_detail"] = contact_in_short(self.contacts.get(contact or 0))
        if flags["address_detail"]:
            shown["address_detail"] = address_in_short(self.addresses.get(address or 0))
        if flags["responsible_detail"]:
            owner = responsible_of(row)
            shown["responsible_detail"] = show_owner(owner) if owner else None
        return shown

    def _money(self, row: ReturnOrder) -> dict[str, Any]:
        sums = self.sums[row.pk]
        totals = sums.totals or {}
        currency = next(iter(totals)) if len(totals) == 1 else row.business.currency
        total = totals.get(currency, money.ZERO) if len(totals) < 2 else None
        return {
            "line_items": sums.lines,
            "completed_lines": sums.completed,
            "order_currency": currency,
            "total_price": None if total is None else number(money.rounded(total, currency)),
        }


def description_of(note: str) -> str:
    """Their description: the first line of our note."""
    return note.partition("\n")[0][:250]


def notes_of(note: str) -> str:
    """Their notes: what follows the first line of our note."""
    return note.partition("\n")[2].lstrip("\n")


def joined_note(description: str, notes: str) -> str:
    """Our note from their description and notes."""
    return f"{description}\n\n{notes}" if notes else description


def responsible_of(row: ReturnOrder) -> Owner | None:
    """The user or group that the order belongs to."""
    return row.responsible_user or row.responsible_group


def is_overdue(row: ReturnOrder) -> bool:
    """Whether an open order's day has passed where its business is."""
    if row.target_date is None or row.status not in OPEN:
        return False
    return row.target_date < clock.today(row.business)


def _status(row: ReturnOrder) -> dict[str, Any]:
    code = RETURN_STATUS[row.status]
    return {
        "status": code,
        "status_custom_key": None,
        "status_text": label_of(RETURN_CODES, code),
        "overdue": is_overdue(row),
    }


def _people(row: ReturnOrder) -> dict[str, Any]:
    owner = responsible_of(row)
    return {
        "responsible": owner_key(owner) if owner else None,
        "created_by": show_user(row.created_by) if row.created_by else None,
    }


def _days(row: ReturnOrder) -> dict[str, Any]:
    return {
        "creation_date": day_of(row.requested_on),
        "start_date": None,
        "target_date": day_of(row.target_date),
        "issue_date": day_of(row.issued_at),
        "complete_date": day_of(row.completed_at),
        "updated_at": row.updated_at.isoformat(),
    }


def _sums(rows: Sequence[ReturnOrder]) -> dict[int, Sums]:
    sums = {row.pk: Sums() for row in rows}
    lines = ReturnLine.objects.filter(return_order__in=sums, void=False)
    worth = (F("quantity") + F("waived")) * F("order_line__gross_unit_price")
    for found in lines.values("return_order", "order_line__order__currency").annotate(
        n=Count("pk"), done=Count("pk", filter=DONE), total=Sum(worth)
    ):
        entry = sums[found["return_order"]]
        entry.lines += found["n"]
        entry.completed += found["done"]
        entry.add(found["order_line__order__currency"], found["total"])
    extra = ExtraLine.objects.filter(return_order__in=sums, void=False)
    paid = extra.values_list("return_order", "currency")
    for order, currency, total in paid.annotate(total=Sum(F("quantity") * F("gross_unit_price"))):
        sums[order].add(currency, total)
    return sums


class Lines:
    """Lines with all that is shown of them."""

    def __init__(self, rows: Sequence[ReturnLine]) -> None:
        self.kept = kept_with(rows, system=DOOR)
        self.received = _received(rows)

    def show(self, row: ReturnLine, flags: Mapping[str, bool]) -> dict[str, Any]:
        """One line."""
        values = self.kept.get(row.uuid, NOTHING).values
        done = row.received > 0 and still_expected(row) <= 0
        sold = row.order_line
        shown = {
            "pk": row.pk,
            "line": str(row.number),
            "order": row.return_order_id,
            "item": row.stock_item_id,
            "part": row.part_id,
            "sales_order_line": row.order_line_id,
            "quantity": number(row.quantity + row.waived),
            "received": number(row.received),
            "received_date": day_of(self.received.get(row.pk)) if done else None,
            "outcome": outcome_of(row),
            "price": number(sold.gross_unit_price) if sold else None,
            "price_currency": sold.order.currency if sold else row.return_order.business.currency,
            "discount": 0.0,
            "reference": values.get("reference", ""),
            "notes": row.note,
            "link": values.get("link", ""),
            "target_date": values.get("target_date"),
            "project_code": None,
        }
        if flags["item_detail"]:
            shown["item_detail"] = item_in_short(row.stock_item)
        if flags["part_detail"]:
            shown["part_detail"] = part_in_short(row.part)
        if flags["order_detail"]:
            shown["order_detail"] = _order_in_short(row.return_order)
        return shown


def outcome_of(row: ReturnLine) -> int:
    """Their code for what a line becomes; rejected goods that go nowhere else are 60."""
    rejected = row.rejected > 0 and row.rejected >= row.received
    if rejected and OUTCOME[row.outcome] != 20:
        return REJECTED
    return OUTCOME[row.outcome]


def _order_in_short(row: ReturnOrder) -> dict[str, Any]:
    return {
        "pk": row.pk,
        "reference": row.reference,
        "customer": row.customer_id,
        "description": description_of(row.note),
        **_status(row),
    }


def _received(rows: Iterable[ReturnLine]) -> dict[int, date]:
    """The last day on which something of each line came."""
    found = ReceiptLine.objects.filter(
        line__in=[row.pk for row in rows], receipt__reverses=None, receipt__reversed_by=None
    )
    return dict(found.values_list("line").annotate(Max("receipt__received_on")).order_by())


def show_extra_line(row: ExtraLine, kept: Mapping[UUID, Kept]) -> dict[str, Any]:
    """One extra line; above zero for the customer, below zero a charge."""
    values = kept.get(row.uuid, NOTHING).values
    return {
        "pk": row.pk,
        "line": str(row.number),
        "order": row.return_order_id,
        "description": row.name,
        "quantity": number(row.quantity),
        "price": number(row.gross_unit_price),
        "price_currency": row.currency,
        "discount": 0.0,
        "total_price": number(money.rounded(row.quantity * row.gross_unit_price, row.currency)),
        "reference": values.get("reference", ""),
        "notes": values.get("notes", ""),
        "link": values.get("link", ""),
        "context": values.get("context"),
        "target_date": values.get("target_date"),
        "project_code": None,
    }
