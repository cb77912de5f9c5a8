"""What stock shows on a customer's page: the serialized units they hold."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from customers.models import Company
from customers.web.panels import Panel
from rmaproject.access.actors import Actor
from stock.models import StockItem
from stock.selectors import VIEW
from stock.web.rows import item_row

MOST = 50


def units_panel(actor: Actor, company: Company) -> Panel | None:
    """The units that a customer holds, the newest first."""
    if not actor.may(VIEW):
        return None
    held: Any = StockItem.objects.held_by(company.pk).with_details().order_by("-pk")
    found = list(held[: MOST + 1])
    return Panel(
        "units",
        _("Units they hold"),
        "stock/_customer_units.html",
        {"units": [item_row(row) for row in found[:MOST]]},
        order=40,
        count=f"{MOST}+" if len(found) > MOST else str(len(found)),
    )
