"""The demo's dock: a parcel being counted just now, and one that somebody parked."""

from __future__ import annotations

from returns.demo.desk import Desk, lines_of
from returns.models import ReturnOrder
from returns.services.counts import open_count, park_count, scan_code, set_carton
from returns.states import Goods, Status
from rmaproject.access.actors import SYSTEM, Actor
from stock.models import Part


def make_counts(desk: Desk) -> None:
    """Count two of the returns that are on their way, each as far as a first break."""
    somebody = desk.world.somebody
    actor = Actor(somebody) if somebody is not None else SYSTEM
    waiting = ReturnOrder.objects.filter(status=Status.IN_PROGRESS, goods=Goods.EXPECTED)
    first = waiting.filter(parcels__isnull=False).order_by("pk")[0]
    open_count(first.pk, actor=actor, parcel=first.parcels.order_by("number").first())
    for code in (_sku(first), "77120", _stranger(first), _sku(first)):
        scan_code(first.pk, code, actor=actor)
    set_carton(first.pk, "whole", actor=actor)
    second = waiting.filter(parcels__isnull=True).order_by("pk")[0]
    scan_code(second.pk, _sku(second), actor=actor)
    park_count(second.pk, actor=actor)


def _sku(order: ReturnOrder) -> str:
    """What the first line waits for, as its label says it."""
    line = lines_of(order)[0]
    if line.stock_item is not None:
        return str(line.stock_item.serial)
    return line.part.sku if line.part else ""


def _stranger(order: ReturnOrder) -> str:
    """The SKU of goods that the return does not wait for."""
    own = order.lines.filter(part__isnull=False).values("part")
    parts = Part.objects.filter(is_serialized=False, is_virtual=False, kind="simple")
    return str(parts.exclude(pk__in=own).order_by("pk")[0].sku)
