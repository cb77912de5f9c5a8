"""What stock shows on a customer's page: the units they hold; and what others show on an item's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.utils.translation import gettext as _

from customers.models import Company
from customers.web.panels import Panel
from rmaproject.access.actors import Actor
from stock.models import StockItem
from stock.selectors import VIEW
from stock.web.rows import item_row

MOST = 50
#: Sections that other apps put on the page of a stock item; None for nothing to show.
ITEM_PANELS: Final[list[Callable[[Actor, StockItem], Panel | None]]] = []


def item_panels(actor: Actor, item: StockItem) -> list[Panel]:
    """The sections of a stock item's page that this actor may see."""
    made = [panel_of(actor, item) for panel_of in ITEM_PANELS]
    return sorted((panel for panel in made if panel is not None), key=lambda row: row.order)


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
