"""Parcels, receipts and what may be taken back, as the page of a return shows them."""

from __future__ import annotations

from decimal import Decimal
from math import ceil
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from returns.models import Receipt, ReceiptLine, ReturnOrder
from returns.selectors import may_announce
from returns.services.reversing import REVERSE_CREDIT
from returns.states import Goods, Status
from returns.web.record.history import person
from returns.web.record.loading import Dossier
from returns.web.record.naming import line_name
from rmaproject.access.actors import Actor
from rmaproject.shared import money
from rmaproject.shared.words import within
from sales.models import CreditNote


def parcel_rows(order: ReturnOrder, actor: Actor) -> list[dict[str, Any]]:
    """The announced parcels and what came in them."""
    came: dict[int, Decimal] = {}
    for receipt in _standing(order):
        if receipt.parcel_id is not None:
            came[receipt.parcel_id] = came.get(receipt.parcel_id, money.ZERO) + _units(receipt)
    open_to = may_announce(actor) and order.status in (Status.IN_PROGRESS, Status.ON_HOLD)
    return [
        {
            "label": parcel.carrier or _("Parcel %(n)s") % {"n": parcel.number},
            "url": reverse("returns:parcel", args=[order.uuid, parcel.uuid]) if open_to else "",
            "tracking": parcel.tracking_number,
            "state": Goods.RECEIVED if parcel.pk in came else Goods.EXPECTED,
            "text": _("Arrived") if parcel.pk in came else _("On its way"),
            "units": came.get(parcel.pk, money.ZERO),
            "counter": int(came.get(parcel.pk, money.ZERO)),
        }
        for parcel in order.parcels.all()
        if not parcel.void
    ]


def receipt_rows(papers: Dossier, actor: Actor) -> list[dict[str, Any]]:
    """What arrived, when, where, in which parcel, and what the dock saw."""
    names = {line.pk: line_name(line) for line in papers.lines}
    standing = {receipt.pk for receipt in _standing(papers.order)}
    return [
        {
            "at": receipt.at,
            "who": person(receipt.actor),
            "location": ", ".join(dict.fromkeys(_places(receipt))) or _("No stock moved"),
            "units": _units(receipt),
            "counter": ceil(_units(receipt)),
            "text": "; ".join(filter(None, [*_parcel(receipt), *_seen(receipt, names)])),
            "reversed": receipt.pk not in standing,
            "reverse": _take_receipt_back(papers.order, receipt, actor)
            if receipt.pk in standing
            else None,
        }
        for receipt in papers.order.receipts.all()
        if receipt.reverses_id is None
    ]


def take_credit_back(order: ReturnOrder, note: CreditNote, actor: Actor) -> dict[str, Any] | None:
    """The button that takes a credit note back; None where it may not be."""
    if order.status != Status.IN_PROGRESS or not actor.may(REVERSE_CREDIT):
        return None
    url = reverse("returns:reverse_credit", args=[order.uuid, note.uuid])
    return _button(f"reverse-credit-{note.pk}", url, _("What it paid is owed again."))


def _take_receipt_back(order: ReturnOrder, receipt: Receipt, actor: Actor) -> dict[str, Any] | None:
    if order.status != Status.IN_PROGRESS or not actor.may("returns.reverse_receipt"):
        return None
    url = reverse("returns:reverse_receipt", args=[order.uuid, receipt.uuid])
    words = _("Stock and counts go back to what they were, and the credit for these goods too.")
    return _button(f"reverse-receipt-{receipt.pk}", url, words)


def _button(key: str, url: str, words: str) -> dict[str, Any]:
    return {
        "verb": key,
        "label": _("Take back"),
        "allowed": True,
        "reason": "",
        "url": url,
        "primary": False,
        "needs_reason": True,
        "asks_reason": False,
        "link": False,
        "danger": True,
        "icon": "undo",
        "confirm": words,
    }


def _standing(order: ReturnOrder) -> list[Receipt]:
    """The receipts that count: neither taken back nor taking back."""
    rows = list(order.receipts.all())
    undone = {row.reverses_id for row in rows if row.reverses_id}
    return [row for row in rows if row.reverses_id is None and row.pk not in undone]


def _parcel(receipt: Receipt) -> list[str]:
    parcel = receipt.parcel
    if parcel is None:
        return []
    named = f"{parcel.carrier} {parcel.tracking_number}".strip()
    return [named or _("Parcel %(n)s") % {"n": parcel.number}]


def _places(receipt: Receipt) -> list[str]:
    return [row.location.code for row in receipt.lines.all() if row.location is not None]


def _units(receipt: Receipt) -> Decimal:
    return sum((row.quantity for row in receipt.lines.all()), money.ZERO)


def _seen(receipt: Receipt, names: dict[int, str]) -> list[str]:
    return [*(_sight(row, names) for row in receipt.lines.all()), receipt.note]


def _sight(row: ReceiptLine, names: dict[int, str]) -> str:
    words = [f"{money.plain(row.quantity)} × {names.get(row.line_id, '')}"]
    if row.condition != "unknown":
        words.append(within(row.get_condition_display()))
    return ", ".join([*words, *([row.note] if row.note else [])])
