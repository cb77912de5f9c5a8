"""The lists of parts and of stock items with their serial numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rmaproject.access.actors import Actor
from rmaproject.web.lists import Column, Filters, Listing, page_of_only, searched
from stock.gtin import with_number
from stock.models import Part, State, StockItem
from stock.selectors import PartSums, search_parts, sums_of, visible_items, visible_parts
from stock.web import rows

Row = dict[str, Any]
NOTHING: Final = PartSums()


def _narrow_parts(filters: Filters, actor: Actor, found: Any) -> Any:
    kinds = [("sold", _("For sale")), ("not-sold", _("Not for sale")), ("inactive", _("Inactive"))]
    kind = filters.choice("show", _("Show"), list(kinds))
    if kind == "sold":
        found = found.choosable()
    elif kind:
        found = found.filter(**{"is_salable": False} if kind == "not-sold" else {"active": False})
    text = searched(filters.request)
    return search_parts(found, text) if text else found


def _present_parts(actor: Actor, found: Sequence[Part], wanted: frozenset[str]) -> list[Row]:
    counted = {"in_stock", "held", "with_customers"} & wanted
    sums = sums_of(actor, found) if counted else {}
    return [
        {
            **rows.part_row(row, sums.get(row.pk, NOTHING)),
            "label": row.sku,
            "counted": rows.counted_by(row),
            "unit": row.unit,
            "updated_at": row.updated_at,
            "marks": rows.part_marks(row),
        }
        for row in found
    ]


def _exact_part(actor: Actor, text: str) -> str:
    rows = visible_parts(actor)
    named = page_of_only(rows.filter(sku__iexact=text), "stock:part")
    return named or page_of_only(with_number(rows, [text]), "stock:part")


PARTS: Final = Listing(
    key="parts",
    title=gettext_lazy("Parts"),
    path=lambda: reverse("stock:parts"),
    placeholder=gettext_lazy("SKU or name"),
    columns=(
        Column("sku", gettext_lazy("SKU"), "lead-code", sort="sku", fixed=True),
        Column("name", gettext_lazy("Name"), "name", sort="name"),
        Column("counted", gettext_lazy("Counted"), css="muted desk-only"),
        Column("unit", gettext_lazy("Unit"), css="muted desk-only"),
        Column("in_stock", gettext_lazy("In stock"), "quantity"),
        Column("held", gettext_lazy("Held"), "quantity"),
        Column("with_customers", gettext_lazy("With customers"), "quantity"),
        Column("updated_at", gettext_lazy("Updated"), "moment", sort="updated_at", usual=False),
    ),
    visible=visible_parts,
    narrow=_narrow_parts,
    present=_present_parts,
    exact=_exact_part,
    icon="part",
    none_yet=gettext_lazy("No parts yet"),
    none_fits=gettext_lazy("No part fits"),
    next_step=gettext_lazy("Parts come with sales orders, or are made here."),
    context_name="parts",
)


def _in_stock(actor: Actor) -> Any:
    return visible_items(actor).exclude(quantity=0)


def _narrow_items(filters: Filters, actor: Actor, found: Any) -> Any:
    if sku := filters.text("part", _("SKU")):
        found = found.filter(part__sku__iexact=sku)
    if code := filters.text("location", _("Location")):
        found = found.filter(location__code__iexact=code)
    if state := filters.choice("state", _("State"), list(State.choices)):
        found = found.filter(state=state)
    if text := searched(filters.request):
        found = found.filter(Q(serial__icontains=text) | Q(batch__number__icontains=text))
    return found


def _present_items(actor: Actor, found: Sequence[StockItem], wanted: frozenset[str]) -> list[Row]:
    return [_item(row) for row in found]


def _item(item: StockItem) -> Row:
    made = rows.item_row(item)
    mark = made["serial"] or made["batch"]
    return {
        **made,
        "label": mark or made["sku"],
        "mark": mark or _("Bulk"),
        "state": made["state_label"],
        "state_text": made["tone"],
        "updated_at": item.updated_at,
        "marks": [],
    }


def _exact_item(actor: Actor, text: str) -> str:
    return page_of_only(visible_items(actor).filter(serial__iexact=text), "stock:item")


ITEMS: Final = Listing(
    key="items",
    title=gettext_lazy("Stock"),
    path=lambda: reverse("stock:items"),
    placeholder=gettext_lazy("Serial number"),
    columns=(
        Column("mark", gettext_lazy("Serial or batch"), "lead-code", sort="serial", fixed=True),
        Column("part", gettext_lazy("Part"), "name", sort="part__name"),
        Column("sku", gettext_lazy("SKU"), "code", sort="part__sku"),
        Column("quantity", gettext_lazy("Quantity"), "quantity"),
        Column("place", gettext_lazy("Where"), titled=True),
        Column("state", gettext_lazy("State"), "pill"),
        Column("updated_at", gettext_lazy("Updated"), "moment", sort="updated_at", usual=False),
    ),
    visible=_in_stock,
    narrow=_narrow_items,
    present=_present_items,
    loaded=lambda found: found.with_details(),
    exact=_exact_item,
    icon="shelf",
    none_yet=gettext_lazy("Nothing in stock"),
    none_fits=gettext_lazy("No stock fits"),
    next_step=gettext_lazy("Stock is booked in on the page of its part."),
    context_name="items",
)
