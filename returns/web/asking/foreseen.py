"""What a form would do, in words beside it: before saving, and without saving."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from returns.models import ReturnOrder
from returns.services.foreseeing import foresee
from returns.states import Status
from returns.web.asking.previews import LEAVES
from rmaproject.shared import money
from rmaproject.shared.errors import DomainError
from rmaproject.web.staff import StaffRequest
from stock.models import State

Row = dict[str, Any]


def only_looks(request: StaffRequest) -> bool:
    """Whether the form was sent to see what it would do."""
    return request.method == "POST" and request.POST.get("do") == "look"


def what_happens(
    request: StaffRequest, order: ReturnOrder, wanted: list[Any], act: Callable[[], object]
) -> Row:
    """What the panel beside a form says: the steps in words, or why they are refused."""
    if not wanted:
        return {"steps": [], "refused": ""}
    try:
        result = foresee(order.pk, act)
    except DomainError as refusal:
        return {"steps": [], "refused": refusal.message}
    return {"steps": _steps(request, result), "refused": ""}


def _steps(request: StaffRequest, result: Row) -> list[Row]:
    found = [*map(_moved, result["stock"]), *map(_left, result["outbound"])]
    found += map(_charged, result["charges"])
    found += [_cost(code, amount) for code, amount in sorted(result["costs"].items())]
    if request.actor.may("sales.view_creditnote"):
        found += map(_credited, result["credit_notes"])
    if result["status"]:
        words = _("The return becomes: %(status)s")
        found.append(_row("return", words % {"status": Status(result["status"]).label}))
    return found or [_row("info", _("No stock moves and no money is booked."))]


def _row(icon: str, text: str) -> Row:
    return {"icon": icon, "text": text}


def _moved(move: Row) -> Row:
    state = State(move["to_state"]).label if move["to_state"] in State.values else ""
    facts = {"n": move["quantity"], "sku": move["sku"], "to": move["to"], "state": state}
    if move["to"]:
        return _row("shelf", _("%(n)s × %(sku)s lie at %(to)s: %(state)s") % facts)
    return _row("truck", _("%(n)s × %(sku)s leave the stock") % facts)


def _left(row: Row) -> Row:
    facts = {"n": row["quantity"], "sku": row["sku"], "how": str(LEAVES[row["kind"]])}
    return _row("truck", _("%(n)s × %(sku)s go to the customer, %(how)s") % facts)


def _charged(row: Row) -> Row:
    facts = {"name": row["name"], "amount": _amount(abs(row["gross"]), row["currency"])}
    return _row("refund", _("The customer bears %(amount)s: %(name)s") % facts)


def _cost(currency: str, amount: Decimal) -> Row:
    return _row("chart", _("It costs us %(amount)s") % {"amount": _amount(amount, currency)})


def _credited(note: Row) -> Row:
    facts = {"amount": _amount(Decimal(str(note["gross"])), note["currency"])}
    return _row("refund", _("A credit note of %(amount)s is booked") % facts)


def _amount(amount: Decimal, currency: str) -> str:
    return f"{money.amount(amount, currency)} {currency}"
