"""The way to a page of sales orders, for its head."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from sales.models import SalesOrder


def crumbs(order: SalesOrder | None = None) -> list[dict[str, str]]:
    """From the list of sales orders; with an order, over its own page."""
    way = [{"label": _("Sales orders"), "url": reverse("sales:list")}]
    if order is not None:
        way.append({"label": order.reference, "url": reverse("sales:detail", args=[order.uuid])})
    return way
