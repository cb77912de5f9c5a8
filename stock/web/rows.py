"""Parts, stock items and movements as the templates want them; no query."""

from __future__ import annotations

from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from rmaproject.shared import money
from rmaproject.web.nav import address
from stock.models import KitPart, Movement, Part, PartKind, State, StockItem
from stock.selectors import PartSums

TONES: Final = {
    State.AVAILABLE: "ok",
    State.HELD: "wait",
    State.QUARANTINED: "wait",
    State.IN_REPAIR: "wait",
    State.REFURBISHING: "wait",
    State.TO_SEND_BACK: "wait",
    State.SOLD: "info",
    State.SCRAPPED: "bad",
    State.RETURNED_TO_VENDOR: "bad",
    State.DONATED: "bad",
}


def part_head(part: Part) -> dict[str, Any]:
    """What a list and the head of a part's page show."""
    return {
        "url": reverse("stock:part", args=[part.uuid]),
        "sku": part.sku,
        "name": part.name,
        "description": part.description,
        "salable": part.is_salable,
        "active": part.active,
        "serialized": part.is_serialized,
        "batched": part.is_batched,
        "virtual": part.is_virtual,
        "kit": part.kind == PartKind.KIT,
    }


def part_row(part: Part, sums: PartSums) -> dict[str, Any]:
    """A part in the list, with how much of it stands where."""
    counts = {
        "in_stock": sums.available,
        "held": sums.held,
        "with_customers": sums.with_customers if part.is_serialized else None,
    }
    return {**part_head(part), **counts}


def component_row(row: KitPart) -> dict[str, Any]:
    """A part of a kit, with its weight in the kit's value where that was said."""
    return {
        "part": row.part.name,
        "url": reverse("stock:part", args=[row.part.uuid]),
        "sku": row.part.sku,
        "quantity": row.quantity,
        "share": "" if row.value_weight is None else money.plain(row.value_weight),
    }


def item_row(item: StockItem) -> dict[str, Any]:
    """A stock item in a list."""
    place = item.holder.name if item.holder else item.location.code if item.location else ""
    return {
        "url": reverse("stock:item", args=[item.uuid]),
        "part": item.part.name,
        "part_url": reverse("stock:part", args=[item.part.uuid]),
        "sku": item.part.sku,
        "serial": item.serial,
        "batch": item.batch.number if item.batch else "",
        "quantity": item.quantity,
        "allocated": item.allocated,
        "place": place,
        "place_url": address("customers:detail", item.holder.uuid) if item.holder else "",
        "with_customer": item.holder is not None,
        "state_label": State(item.state).label,
        "tone": TONES.get(State(item.state), "calm"),
    }


def movement_row(movement: Movement) -> dict[str, Any]:
    """A row of the stock ledger."""
    actor = movement.actor
    unit = movement.unit.serial if movement.unit else ""
    return {
        "at": movement.at,
        "quantity": movement.quantity,
        "name": unit or (movement.batch.number if movement.batch else ""),
        "from_label": _place(movement.from_location, movement.from_state),
        "to_label": _place(movement.to_location, movement.to_state),
        "cause": movement.get_cause_display(),
        "who": (actor.get_full_name() or actor.username) if actor else "",
        "note": movement.note,
    }


def _place(location: Any, state: str) -> str:
    label = str(State(state).label) if state else ""
    if location is None:
        return label
    return f"{location.code}, {label.lower()}" if state != State.AVAILABLE else location.code


def counted_by(part: Part) -> str:
    """How stock of a part is counted, in words."""
    if part.is_serialized:
        return _("By serial number")
    if part.is_batched:
        return _("By batch")
    return _("No stock") if part.is_virtual else _("By quantity")


def part_marks(part: Part) -> list[dict[str, str]]:
    """What is worth a word beside the name of a part in a list."""
    marks = []
    if part.kind == PartKind.KIT:
        marks.append({"tone": "info", "label": _("Kit")})
    if not part.is_salable:
        marks.append({"tone": "calm", "label": _("Not for sale")})
    if not part.active:
        marks.append({"tone": "wait", "label": _("Inactive")})
    return marks


def part_facts(part: Part) -> list[dict[str, Any]]:
    """The facts beside a part."""
    return [
        {"label": _("SKU"), "value": part.sku, "code": True},
        *([{"label": _("GTIN"), "value": part.gtin, "code": True}] if part.gtin else []),
        {"label": _("Unit"), "value": part.unit},
        *([{"label": _("Category"), "value": part.category.name}] if part.category else []),
        {"label": _("Kind"), "value": part.get_kind_display()},
        {"label": _("Counted"), "value": counted_by(part)},
        {"label": _("For sale"), "value": _("Yes") if part.is_salable else _("No")},
        {"label": _("Active"), "value": _("Yes") if part.active else _("No")},
    ]


def item_facts(item: StockItem) -> list[dict[str, Any]]:
    """The facts beside a stock item."""
    row = item_row(item)
    rows = [
        {"label": _("Part"), "value": item.part.name, "url": row["part_url"]},
        {"label": _("SKU"), "value": item.part.sku, "code": True},
        {"label": _("Serial number"), "value": item.serial, "code": True},
        {"label": _("Batch"), "value": row["batch"], "code": True},
        {"label": _("With"), "value": item.holder and item.holder.name, "url": row["place_url"]},
        {"label": _("Location"), "value": item.location and str(item.location)},
        {"label": _("State"), "value": row["state_label"]},
    ]
    return [fact for fact in rows if fact["value"]]
