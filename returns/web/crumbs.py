"""The way to a page of returns, for its head."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from returns.models import ReturnOrder


def dock_crumbs(order: ReturnOrder | None = None) -> list[dict[str, str]]:
    """From what is to be received; with a return, over its own page."""
    way = {"label": _("Receive"), "url": reverse("returns:to_receive")}
    return [way, *crumbs(order)[1:]]


def crumbs(order: ReturnOrder | None = None) -> list[dict[str, str]]:
    """From the list of returns; with a return, over its own page."""
    way = [{"label": _("Returns"), "url": reverse("returns:list")}]
    if order is not None:
        way.append({"label": order.reference, "url": reverse("returns:detail", args=[order.uuid])})
    return way
