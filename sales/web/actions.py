"""The buttons of a sales order: what the verbs' table and the guards say, with addresses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from rmaproject.access.actors import Actor
from rmaproject.shared import money
from rmaproject.shared.transitions import Action
from rmaproject.web.nav import address
from sales.actions import actions_for, invoice_action, not_shipped
from sales.models import OrderLine, SalesOrder
from sales.selectors import permission_for, uninvoiced
from sales.states import OrderStatus

#: The order of the buttons, and how each shows.
SHOWN: Final[dict[str, dict[str, Any]]] = {
    "issue": {"icon": "go", "primary": True},
    "resume": {"icon": "s-progress", "primary": True},
    "allocate": {"icon": "shelf", "link": True, "primary": True},
    "ship": {"icon": "truck", "link": True, "primary": True},
    "invoice": {"icon": "print", "link": True, "primary": True},
    "complete": {"icon": "check", "primary": True},
    "return": {"icon": "return", "link": True},
    "edit": {"icon": "edit", "link": True},
    "hold": {"icon": "pause", "asks_reason": True},
    "complete-incomplete": {"icon": "check"},
    "cancel": {"icon": "x", "danger": True, "asks_reason": True},
}


def buttons(order: SalesOrder, lines: Sequence[OrderLine], actor: Actor) -> list[dict[str, Any]]:
    """The verbs that the status allows and the actor holds the right for; blocked ones say why."""
    offered = [
        row for row in actions_for(order, lines, actor) if actor.may(permission_for(row.verb))
    ]
    if order.status != OrderStatus.PENDING and actor.may("sales.create_invoice"):
        offered.append(invoice_action(uninvoiced(lines), actor))
    rows = [_button(order, action) for action in offered]
    rows += _as_it_is(order, lines, offered)
    rows += _coming_back(order, lines, actor)
    rows.sort(key=lambda row: list(SHOWN).index(row["verb"]))
    return _one_primary(rows)


def _button(order: SalesOrder, action: Action) -> dict[str, Any]:
    return {
        "verb": action.verb,
        "label": action.label,
        "allowed": action.allowed,
        "reason": action.reason,
        "needs_reason": action.needs_reason,
        "url": _url(order, action.verb),
        **SHOWN[action.verb],
    }


def _url(order: SalesOrder, verb: str) -> str:
    if verb == "return":
        return ""
    if verb == "ship":
        return f"{reverse('sales:detail', args=[order.uuid])}?tab=pending"
    return reverse(f"sales:{verb}", args=[order.uuid])


def _as_it_is(
    order: SalesOrder, lines: Sequence[OrderLine], offered: Sequence[Action]
) -> list[dict[str, Any]]:
    """An order of which a part has left may be closed without the rest, when that is meant."""
    missing = not_shipped(lines)
    complete = next((row for row in offered if row.verb == "complete"), None)
    waiting = any(line.allocated for line in lines)
    if complete is None or not missing or waiting or not any(line.shipped for line in lines):
        return []
    button = _button(order, Action("complete-incomplete", _("Complete as it is"), True, "", False))
    words = _("%(missing)s of the goods have not left and will not be sent.")
    return [{**button, "confirm": words % {"missing": money.plain(missing)}}]


def _coming_back(
    order: SalesOrder, lines: Sequence[OrderLine], actor: Actor
) -> list[dict[str, Any]]:
    """The way to a return of this order, once something of it left and can come back."""
    url = address("returns:new")
    left = any(line.shipped > line.claimed for line in lines)
    if not (url and left and actor.may("returns.create_return")):
        return []
    named = {"customer": str(order.customer.uuid), "business": str(order.business.uuid)}
    button = _button(order, Action("return", _("New return"), True, "", False))
    asked = urlencode({**named, "find": order.reference})
    return [{**button, "url": f"{url}?{asked}"}]


def _one_primary(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first step that is open leads; a blocked one keeps its lock only when none is open."""
    ready = next((row for row in rows if row.get("primary") and row["allowed"]), None)
    return [{**row, "primary": bool(row.get("primary")) and row is ready} for row in rows]
