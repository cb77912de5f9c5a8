"""The page of one sales order: its head, its tabs, and what the chosen tab shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rmaproject.access.actors import Actor
from rmaproject.shared import money
from rmaproject.web.lists import searched
from rmaproject.web.nav import address
from rmaproject.web.staff import StaffRequest
from sales.models import Invoice, OrderLine, SalesOrder
from sales.selectors import lines_of, settlements_of, shipments_of, visible_invoices
from sales.states import ORDER_VERBS
from sales.web import rows
from sales.web.actions import buttons
from sales.web.crumbs import crumbs
from sales.web.history import history_of

TABS: Final = (
    ("lines", gettext_lazy("Line items")),
    ("allocation", gettext_lazy("Allocation")),
    ("pending", gettext_lazy("Pending shipments")),
    ("completed", gettext_lazy("Completed shipments")),
    ("invoices", gettext_lazy("Invoices")),
    ("history", gettext_lazy("History")),
)

Context = dict[str, Any]


@dataclass(frozen=True)
class Seen:
    """An order with what every tab may show of it, and who looks at it."""

    order: SalesOrder
    lines: list[OrderLine]
    shipments: list[Context]
    can: dict[str, Any]
    actor: Actor


def context_for(request: StaffRequest, order: SalesOrder) -> Context:
    """Everything that the template of an order's page needs."""
    can = _rights(order, request.actor)
    shipments = [rows.shipment_row(order, row, **can["parcel"]) for row in shipments_of(order)]
    seen = Seen(order, lines_of(order), shipments, can, request.actor)
    tab = searched(request, "tab")
    tab = tab if tab in TAB_CONTEXTS else "lines"
    return {
        "order": rows.header(order),
        "version": order.version,
        "crumbs": crumbs(),
        "actions": buttons(order, seen.lines, request.actor),
        "tab": tab,
        "tabs": _tabs(seen, tab),
        "totals": rows.totals(order, seen.lines),
        "facts": rows.facts(order),
        "edit_url": reverse("sales:edit", args=[order.uuid]) if can["edit"] else "",
        **TAB_CONTEXTS[tab](seen),
    }


def _rights(order: SalesOrder, actor: Actor) -> dict[str, Any]:
    """Which verbs this actor may carry out in this status, whatever the lines say."""
    can = {
        row.verb: order.status in row.sources and actor.may(row.permission) for row in ORDER_VERBS
    }
    return {**can, "parcel": {"may_allocate": can["allocate"], "may_ship": can["ship"]}}


def _tabs(seen: Seen, current: str) -> list[Context]:
    left = sum(1 for row in seen.shipments if row["shipped_on"])
    pending = len(seen.shipments) - left
    counts = {"lines": len(seen.lines), "pending": pending, "completed": left}
    here = reverse("sales:detail", args=[seen.order.uuid])
    found = [
        {
            "label": label,
            "url": f"{here}?tab={name}" if name != "lines" else here,
            "current": name == current,
            "count": counts.get(name),
        }
        for name, label in TABS
    ]
    if returns := address("returns:list"):
        url = f"{returns}?customer={seen.order.customer.uuid}"
        found.insert(-1, {"label": _("Returns"), "url": url, "current": False, "count": None})
    return found


def _lines(seen: Seen) -> Context:
    may = {"may_edit": seen.can["edit"], "may_allocate": seen.can["allocate"]}
    add = reverse("sales:add_line", args=[seen.order.uuid]) if seen.can["edit"] else ""
    return {
        "lines": [rows.line_row(seen.order, line, **may) for line in seen.lines],
        "add_line_url": add,
        "lines_empty": {"icon": "part", "title": _("No lines yet")},
    }


def _allocation(seen: Seen) -> Context:
    url = reverse("sales:allocate", args=[seen.order.uuid]) if seen.can["allocate"] else ""
    return {
        "allocations": rows.allocation_rows(seen.lines, seen.shipments),
        "allocate_url": url,
        "allocations_empty": {"icon": "shelf", "title": _("The order has no goods")},
    }


def _pending(seen: Seen) -> Context:
    url = reverse("sales:add_shipment", args=[seen.order.uuid]) if seen.can["allocate"] else ""
    return {
        "shipments_pending": [row for row in seen.shipments if not row["shipped_on"]],
        "new_shipment_url": url,
        "pending_empty": {
            "icon": "truck",
            "title": _("No pending shipments"),
            "text": _("Start one, allocate stock to it, and complete it when it leaves."),
        },
    }


def _completed(seen: Seen) -> Context:
    return {
        "shipments_completed": [row for row in seen.shipments if row["shipped_on"]],
        "completed_empty": {"icon": "truck", "title": _("Nothing has left yet")},
    }


def _invoices(seen: Seen) -> Context:
    if not seen.actor.may("sales.view_invoice"):
        title = _("You lack the right to see invoices.")
        return {"invoices_empty": {"icon": "lock", "title": title}}
    invoices = list(visible_invoices(seen.actor).filter(order=seen.order).order_by("pk"))
    payment = reverse("sales:payment", args=[seen.order.uuid])
    may_pay = seen.actor.may("sales.record_payment") and seen.actor.may("sales.view_payment")
    return {
        "invoices": [_invoice_row(row) for row in invoices],
        "settlements": _settled(seen.order, seen.actor),
        "payment_url": payment if may_pay else "",
        "invoices_empty": {"icon": "print", "title": _("Nothing was invoiced yet")},
    }


def _invoice_row(invoice: Invoice) -> Context:
    return {
        "reference": invoice.reference,
        "url": reverse("sales:invoice_page", args=[invoice.uuid]),
        "at": invoice.invoiced_on,
        "net": invoice.net,
        "tax": invoice.tax,
        "gross": invoice.gross,
        "settled": invoice.settled,
        "open": invoice.gross - invoice.settled,
        "credited": invoice.credited if invoice.credited != money.ZERO else None,
    }


def _settled(order: SalesOrder, actor: Actor) -> list[Context]:
    if not actor.may("sales.view_payment"):
        return []
    return [rows.settlement_row(row) for row in settlements_of(order)]


def _history(seen: Seen) -> Context:
    return {"entries": history_of(seen.order)}


TAB_CONTEXTS: Final[dict[str, Callable[..., Context]]] = {
    "lines": _lines,
    "allocation": _allocation,
    "pending": _pending,
    "completed": _completed,
    "invoices": _invoices,
    "history": _history,
}
