"""The life of a unit on its page: what happened, with links to the papers that may be seen."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.web.panels import Panel
from returns.life import Document, LifeEvent, life_of
from returns.models import Verdict
from rmaproject.access.actors import Actor
from rmaproject.web.nav import address
from stock.models import State, StockItem

#: The pages of documents; an invoice is shown on the page of its order.
PAGES: Final = {
    "sales_order": "sales:detail",
    "return": "returns:detail",
    "credit_note": "sales:credit_note",
    "refund": "refunds:detail",
}
HIDDEN: Final = gettext_lazy("Another document")
SIGNS: Final = {
    "booked_in": "create",
    "sold": "ship",
    "sent_back": "ship",
    "invoiced": "credit",
    "credited": "credit",
    "credit_reversed": "reverse",
    "refunded": "refund",
    "replaced": "edit",
    "replacement_shipped": "ship",
    "matched": "edit",
    "announced": "issue",
    "received": "receive",
    "receipt_reversed": "reverse",
    "inspected": "inspect",
    "decided": "dispose",
    "scrapped": "cancel",
    "repaired": "ship",
    "moved": "dispose",
    "corrected": "edit",
}
LABELS: Final = {
    "from": gettext_lazy("From"),
    "to": gettext_lazy("To"),
    "shipment": gettext_lazy("Shipment"),
    "serial": gettext_lazy("Serial"),
    "carrier": gettext_lazy("Carrier"),
    "tracking": gettext_lazy("Tracking number"),
    "condition": gettext_lazy("Condition"),
    "verdict": gettext_lazy("Verdict"),
    "grade": gettext_lazy("Grade"),
    "share": gettext_lazy("Refund share, percent"),
    "disposition": gettext_lazy("Disposition"),
    "note": gettext_lazy("Note"),
}


def life_panel(actor: Actor, item: StockItem) -> Panel | None:
    """The life of a unit, newest first; bulk stock has none."""
    if item.serial is None:
        return None
    events = life_of(item, actor)
    rows = [_row(event) for event in reversed(events)]
    return Panel("life", _("Life"), "returns/_life.html", {"events": rows}, count=str(len(rows)))


def _row(event: LifeEvent) -> dict[str, Any]:
    return {
        "at": event.at,
        "text": _(event.title),
        "who": event.actor,
        "kind": SIGNS.get(event.kind, "note"),
        "documents": [_document(paper) for paper in event.documents],
        "details": [
            {"label": LABELS.get(name, name), "value": _value(name, value)}
            for name, value in event.facts.items()
        ],
    }


def _document(paper: Document) -> dict[str, str]:
    if paper.id is None:
        return {"label": str(HIDDEN), "url": ""}
    page = PAGES.get(paper.kind, "")
    return {"label": paper.reference, "url": address(page, paper.id) if page else ""}


def _value(name: str, value: Any) -> str:
    if name in ("from", "to"):
        return _place(str(value))
    return str(Verdict(value).label) if name == "verdict" else str(value)


def _place(told: str) -> str:
    """A location and a state, the state in words."""
    location, _comma, state = told.rpartition(", ")
    label = str(State(state).label) if state in State.values else state
    if not location:
        return label
    return location if state == State.AVAILABLE else f"{location}, {label.lower()}"
