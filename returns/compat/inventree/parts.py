"""Parts and their categories in this system's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, ClassVar
from uuid import uuid4

from django.db.models import Count, Q, QuerySet, Sum
from rest_framework import serializers

from returns.compat.inventree.filters import by_flag, by_key, by_text
from returns.compat.inventree.forms import Form, PkField, TextField
from returns.compat.inventree.reading import Only, never_deleted, renamed
from returns.compat.inventree.resources import Records
from rmaproject.access.actors import Actor
from stock.models import Part, PartCategory, PartKind, State, StockItem
from stock.selectors import search_parts, visible_categories, visible_items, visible_parts
from stock.services import create_category, create_part, edit_category, edit_part

EDIT = "stock.edit_part"
KEEP = "access.manage_settings"
#: Their word for a value of ours, where they differ.
PART_WORDS = {
    "IPN": "sku",
    "units": "unit",
    "salable": "is_salable",
    "trackable": "is_serialized",
    "virtual": "is_virtual",
}


def choosable_categories(actor: Actor) -> QuerySet[PartCategory, PartCategory]:
    """Categories that may be put on a part."""
    return visible_categories(actor).filter(active=True)


class PartForm(Form):
    """A part. The IPN is our SKU: one that comes without it gets a number of its own."""

    name = serializers.CharField(max_length=200)
    IPN = TextField(max_length=64)
    description = TextField()
    category = PkField(
        choosable_categories,
        model="partcategory",
        api_url="/api/part/category/",
        required=False,
        allow_null=True,
    )
    units = TextField(max_length=20)
    active = serializers.BooleanField(default=True)
    assembly = serializers.BooleanField(default=False)
    salable = serializers.BooleanField(default=True)
    trackable = serializers.BooleanField(default=False)
    virtual = serializers.BooleanField(default=False)
    is_template = Only(False)
    testable = Only(False)
    locked = Only(False)

    #: Buying and building are no matter of this desk: what is said of them is passed over.
    shown: ClassVar = {
        "pk": "integer",
        "full_name": "string",
        "category_name": "string",
        "category_detail": "nested object",
        "component": "boolean",
        "purchaseable": "boolean",
        "in_stock": "float",
        "total_in_stock": "float",
        "unallocated_stock": "float",
        "allocated_to_sales_orders": "float",
        "creation_date": "date",
        "image": "image upload",
        "thumbnail": "string",
        "minimum_stock": "float",
        "default_expiry": "integer",
        "starred": "boolean",
        "barcode_hash": "string",
    }
    unkept: ClassVar = frozenset(
        (
            "revision keywords link notes variant_of default_location default_supplier responsible "
            "remote_image existing_image revision_of initial_stock initial_supplier duplicate "
            "copy_category_parameters"
        ).split()
    )


class CategoryForm(Form):
    """A class of parts; it has no classes within it."""

    name = serializers.CharField(max_length=64)

    shown: ClassVar = {
        "pk": "integer",
        "description": "string",
        "level": "integer",
        "part_count": "integer",
        "pathstring": "string",
        "subcategories": "integer",
        "starred": "boolean",
    }
    unkept: ClassVar = frozenset("parent default_location default_keywords icon".split())
    structural = Only(False)


def show_part(row: Part, sums: Mapping[str, Any]) -> dict[str, Any]:
    """A part as they show it, with how much of it is there and promised."""
    there, promised = sums.get("there", Decimal(0)), sums.get("promised", Decimal(0))
    return {
        **brief_part(row),
        "category": row.category_id,
        "category_name": row.category.name if row.category else "",
        "component": True,
        "purchaseable": False,
        "is_template": False,
        "testable": False,
        "locked": False,
        "creation_date": row.created_at.date(),
        "in_stock": float(there),
        "total_in_stock": float(there),
        "unallocated_stock": float(there - promised),
        "allocated_to_sales_orders": float(promised),
        "minimum_stock": 0.0,
        "default_expiry": 0,
        "default_location": None,
        "keywords": "",
        "link": "",
        "notes": "",
        "responsible": None,
        "starred": False,
        "variant_of": None,
        "barcode_hash": "",
    }


def brief_part(row: Part) -> dict[str, Any]:
    """A part beside a record that names it."""
    return {
        "pk": row.pk,
        "name": row.name,
        "full_name": f"{row.sku} | {row.name}",
        "IPN": row.sku,
        "description": row.description,
        "revision": "",
        "active": row.active,
        "assembly": row.kind != PartKind.SIMPLE,
        "salable": row.is_salable,
        "trackable": row.is_serialized,
        "virtual": row.is_virtual,
        "units": row.unit,
        "image": None,
        "thumbnail": None,
    }


def show_category(row: PartCategory, parts: int) -> dict[str, Any]:
    """A class of parts as they show it."""
    return {
        "pk": row.pk,
        "name": row.name,
        "description": row.code,
        "pathstring": row.name,
        "level": 0,
        "parent": None,
        "part_count": parts,
        "subcategories": 0,
        "structural": False,
        "default_location": None,
        "default_keywords": "",
        "starred": False,
        "icon": "",
    }


def stock_of(actor: Actor, parts: Iterable[int]) -> dict[int, Mapping[str, Any]]:
    """How much of each of these parts is there for sale, and how much of that is promised."""
    rows = visible_items(actor).filter(part__in=set(parts), state=State.AVAILABLE)
    grouped = rows.values("part").annotate(there=Sum("quantity"), promised=Sum("allocated"))
    return {row["part"]: row for row in grouped.order_by()}


class Parts(Records):
    """What is sold. One is made inactive, never deleted."""

    title = "Part"
    form = PartForm
    words: ClassVar = {ours: theirs for theirs, ours in PART_WORDS.items()}
    flags: ClassVar = {"category_detail": False}
    rights: ClassVar = {"POST": EDIT, "PATCH": EDIT, "DELETE": EDIT}
    filters: ClassVar = {
        "active": by_flag(Q(active=True)),
        "salable": by_flag(Q(is_salable=True)),
        "trackable": by_flag(Q(is_serialized=True)),
        "virtual": by_flag(Q(is_virtual=True)),
        "assembly": by_flag(~Q(kind=PartKind.SIMPLE)),
        "is_template": by_flag(Q(pk__in=())),
        "category": by_key("category"),
        "IPN": by_text("sku"),
        "has_stock": by_flag(lambda: Q(pk__in=StockItem.objects.available().values("part"))),
    }
    orderings: ClassVar = {"name": "name", "IPN": "sku", "creation_date": "created_at", "pk": "pk"}
    default_ordering = "name"

    def visible(self) -> QuerySet[Part, Part]:
        return visible_parts(self.actor)

    def loaded(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        return rows.select_related("category")

    def find(self, rows: QuerySet[Any, Any], text: str) -> QuerySet[Any, Any]:
        return search_parts(rows, text)

    def show_all(self, rows: list[Part], flags: Mapping[str, bool]) -> list[dict[str, Any]]:
        sums = stock_of(self.actor, [row.pk for row in rows])
        shown = [show_part(row, sums.get(row.pk, {})) for row in rows]
        if flags["category_detail"]:
            for row, told in zip(rows, shown, strict=True):
                told["category_detail"] = show_category(row.category, 0) if row.category else None
        return shown

    def create(self, values: dict[str, Any]) -> Part:
        told = _read(values)
        told["sku"] = told.get("sku") or f"P-{uuid4().hex[:12].upper()}"
        return create_part(told, actor=self.actor)

    def change(self, row: Part, values: dict[str, Any]) -> None:
        told = _read(values)
        if row.kind == PartKind.KIT and told.get("kind") == PartKind.ASSEMBLY:
            del told["kind"]  # They know kits as assemblies.
        if not told.get("sku", row.sku):
            del told["sku"]
        edit_part(row.pk, told, actor=self.actor)

    def remove(self, row: Part) -> None:
        raise never_deleted("A part stays with its history; set active to false.")


def _read(values: dict[str, Any]) -> dict[str, Any]:
    told = renamed(values, PART_WORDS)
    if "assembly" in told:
        told["kind"] = PartKind.ASSEMBLY if told.pop("assembly") else PartKind.SIMPLE
    if not told.get("unit", "pcs"):
        del told["unit"]
    return told


class Categories(Records):
    """Classes of parts, all side by side."""

    title = "Part Category"
    form = CategoryForm
    rights: ClassVar = {"POST": KEEP, "PATCH": KEEP, "DELETE": KEEP}
    filters: ClassVar = {"name": by_text("name"), "structural": by_flag(Q(pk__in=()))}
    orderings: ClassVar = {"name": "name", "pk": "pk"}
    default_ordering = "name"

    def visible(self) -> QuerySet[PartCategory, PartCategory]:
        return visible_categories(self.actor)

    def find(self, rows: QuerySet[Any, Any], text: str) -> QuerySet[Any, Any]:
        return rows.filter(Q(name__icontains=text) | Q(code__icontains=text))

    def show_all(self, rows: list[PartCategory], flags: Mapping[str, bool]) -> list[dict[str, Any]]:
        parts = visible_parts(self.actor).filter(category__in=[row.pk for row in rows])
        counted = parts.order_by().values("category").annotate(n=Count("pk"))
        counts = dict(counted.values_list("category", "n"))
        return [show_category(row, counts.get(row.pk, 0)) for row in rows]

    def create(self, values: dict[str, Any]) -> PartCategory:
        told = {"code": values["name"], "name": values["name"]}
        return create_category(told, actor=self.actor)

    def change(self, row: PartCategory, values: dict[str, Any]) -> None:
        edit_category(row.pk, values, actor=self.actor)

    def remove(self, row: PartCategory) -> None:
        raise never_deleted("A category stays with its parts and rules.")
