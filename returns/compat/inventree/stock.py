"""Stock items and locations at this system's addresses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar, Final

from django.db.models import Count, Q, QuerySet
from rest_framework import serializers
from rest_framework.request import Request

from customers.selectors import VIEW as VIEW_COMPANY
from returns.compat.inventree.codes import STOCK_CODES, STOCK_STATUS
from returns.compat.inventree.filters import (
    Filter,
    Rows,
    by_code,
    by_flag,
    by_key,
    by_text,
    flag,
    key,
)
from returns.compat.inventree.forms import Form, PkField, QuantityField, TextField
from returns.compat.inventree.lists import refused
from returns.compat.inventree.reading import keep_same, never_deleted, renamed
from returns.compat.inventree.resources import Answered, Records
from returns.compat.inventree.showing import company_in_short, part_in_short
from returns.compat.inventree.stock_words import (
    FREE,
    IN_STOCK,
    STATUS_IN,
    brief_location,
    show_items,
    show_locations,
    states_of,
)
from rmaproject.access.actors import Actor
from rmaproject.rest.writing import Answer
from rmaproject.shared.errors import Conflict
from sales.selectors import visible_orders
from stock.models import Location, State, StockItem
from stock.paths import keys_within
from stock.selectors import visible_items, visible_locations, visible_parts
from stock.services import book_in, create_location, edit_location, relocate

BY_VERB: Final = "This is changed by the verbs of stock: count, add, remove, transfer, assign."
CORRECT = "stock.correct_stock"
EDIT_LOCATION = "stock.edit_location"
LOCATION_WORDS = {"name": "code", "description": "name"}
#: The most units that one text of serial numbers may name.
MOST_SERIALS: Final = 1000
_SPAN: Final = re.compile(r"([0-9]{1,18})-([0-9]{1,18})")


def part_field(**options: Any) -> PkField:
    """A part among those in sight."""
    return PkField(visible_parts, model="part", api_url="/api/part/", **options)


def location_field(**options: Any) -> PkField:
    """A location among those in sight."""
    return PkField(
        visible_locations, model="stocklocation", api_url="/api/stock/location/", **options
    )


class StockForm(Form):
    """New stock: a quantity, or a unit for each serial number, such as `7, 9-12`."""

    part = part_field()
    quantity = QuantityField(required=False)
    serial_numbers = TextField(write_only=True)
    serial = TextField(max_length=64)
    batch = TextField(max_length=64)
    location = location_field(required=False, allow_null=True)
    status = serializers.ChoiceField(choices=[code.key for code in STOCK_CODES], required=False)
    notes = TextField(max_length=200)

    shown: ClassVar = {
        "pk": "integer",
        "customer": "related field",
        "sales_order": "related field",
        "sales_order_reference": "string",
        "status_text": "string",
        "status_custom_key": "integer",
        "in_stock": "boolean",
        "allocated": "float",
        "is_building": "boolean",
        "delete_on_deplete": "boolean",
        "expiry_date": "date",
        "barcode_hash": "string",
        "part_detail": "nested object",
        "location_detail": "nested object",
        "customer_detail": "nested object",
        "use_pack_size": "boolean",
        "purchase_price_currency": "string",
    }
    unkept: ClassVar = frozenset(
        (
            "belongs_to build consumed_by parent purchase_order supplier_part SKU owner packaging "
            "purchase_price link"
        ).split()
    )


class LocationForm(Form):
    """A place; its name is unique among all of them."""

    name = serializers.CharField(max_length=64)
    description = TextField(max_length=200)
    parent = location_field(  # type: ignore[assignment]
        required=False, allow_null=True
    )

    shown: ClassVar = {
        "pk": "integer",
        "pathstring": "string",
        "level": "integer",
        "items": "integer",
        "sublocations": "integer",
        "barcode_hash": "string",
        "structural": "boolean",
        "external": "boolean",
    }
    unkept: ClassVar = frozenset("owner icon custom_icon location_type".split())


def serials_in(text: str) -> list[str]:
    """The serial numbers that a text names: single ones and spans, between commas or blanks.

    Raises InputErrors for too many, and for one that is named twice.
    """
    found: list[str] = []
    for word in re.split(r"[\s,;]+", text.strip()):
        span = _SPAN.fullmatch(word)
        found += _span(span) if span else [word] * bool(word)
        if len(found) > MOST_SERIALS:
            raise refused({"serial_numbers": f"Name at most {MOST_SERIALS} at once."})
    doubled = {serial for serial in found if found.count(serial) > 1}
    if doubled:
        raise refused({"serial_numbers": f"Duplicate serial: {', '.join(sorted(doubled))}"})
    return found


def _span(span: re.Match[str]) -> list[str]:
    first, last = int(span[1]), int(span[2])
    if not first <= last < first + MOST_SERIALS:
        raise refused({"serial_numbers": f"Invalid group: {span[0]}"})
    return [str(n).zfill(len(span[1])) for n in range(first, last + 1)]


def _told_elsewhere(rows: Rows, text: str) -> Rows:
    """A parameter that only says how another one is meant. Raises ValueError."""
    flag(text)
    return rows


class StockItems(Records):
    """Units and bulk stock. Stock changes only together with a movement."""

    title = "Stock Item"
    form = StockForm
    flags: ClassVar = {
        "part_detail": False,
        "location_detail": False,
        "customer_detail": False,
        "supplier_part_detail": False,
        "path_detail": False,
        "tests": False,
    }
    rights: ClassVar = {"POST": CORRECT, "PATCH": CORRECT, "DELETE": CORRECT}
    bulk_delete = True
    orderings: ClassVar = {
        "pk": "pk",
        "quantity": "quantity",
        "serial": "serial",
        "batch": "batch__number",
        "location": "location__code",
        "part": "part__name",
        "status": "state",
    }

    def all_filters(self) -> dict[str, Filter]:
        """Those of their stock items that have a meaning here."""
        return {
            "part": by_key("part"),
            "customer": self._of_customer,
            "location": self._at_location,
            "cascade": _told_elsewhere,
            "serial": by_text("serial"),
            "serialized": by_flag(~Q(serial=None)),
            "batch": by_text("batch__number"),
            "status": by_code({code: states_of(code) for code in STOCK_STATUS.values()}),
            "in_stock": by_flag(IN_STOCK),
            "available": by_flag(FREE),
            "allocated": by_flag(Q(allocated__gt=0)),
            "sent_to_customer": by_flag(Q(state=State.SOLD)),
            "sales_order": self._of_order,
            "salable": by_flag(Q(part__is_salable=True)),
            "active": by_flag(Q(part__active=True)),
            "IPN": by_text("part__sku"),
        }

    def visible(self) -> QuerySet[StockItem, StockItem]:
        return visible_items(self.actor)

    def loaded(self, rows: Any) -> QuerySet[Any, Any]:
        return rows.with_details()

    def find(self, rows: QuerySet[Any, Any], text: str) -> QuerySet[Any, Any]:
        parts = visible_parts(self.actor).filter(Q(name__icontains=text) | Q(sku__icontains=text))
        return rows.filter(Q(serial__icontains=text) | Q(part__in=parts.values("pk")))

    def show_all(self, rows: list[StockItem], flags: Mapping[str, bool]) -> list[dict[str, Any]]:
        shown = show_items(self.actor, rows)
        for row, told in zip(rows, shown, strict=True):
            self._detail(row, told, flags)
        return shown

    def post(self, request: Request, pk: int | None = None) -> Answered:
        """Book stock in; answers a list of items, as there."""
        self._allow("POST", here=pk is None)
        values = self.read(self.form)

        def act() -> Answer:
            keys = [item.pk for item in self._book_in(values)]
            rows = list(self.loaded(StockItem.objects.filter(pk__in=keys)).order_by("pk"))
            return Answer(self.show_all(rows, self.flags), 201)

        return self.act(act)

    def change(self, row: StockItem, values: dict[str, Any]) -> None:
        """Only the state may be set here; all else changes by the verbs of stock."""
        keep_same(values, "part", row.part_id)
        keep_same(values, "location", row.location_id)
        note = values.pop("notes", "")
        status = values.pop("status", None)
        known = {
            "quantity": row.quantity,
            "serial": row.serial or "",
            "batch": row.batch.number if row.batch else "",
            "serial_numbers": "",
        }
        if differing := [name for name, value in values.items() if value != known[name]]:
            raise refused(dict.fromkeys(differing, BY_VERB), "read_only")
        if status is not None:
            set_status(row, status, note, actor=self.actor)

    def remove(self, row: StockItem) -> None:
        raise never_deleted("Stock is taken out by stock/remove/ or stock/count/, never deleted.")

    def _book_in(self, values: dict[str, Any]) -> list[StockItem]:
        place = values.get("location")
        if place is None:
            raise refused({"location": "This field is required."}, "required")
        serials = serials_in(values.get("serial_numbers") or values.get("serial") or "")
        quantity = values.get("quantity", Decimal(len(serials) or 1))
        if serials and quantity != len(serials):
            message = f"Number of unique serial numbers ({len(serials)}) must match quantity."
            raise refused({"serial_numbers": message})
        made = book_in(
            values["part"],
            place,
            actor=self.actor,
            quantity=quantity,
            serials=serials,
            batch=values.get("batch", ""),
            note=values.get("notes", ""),
        )
        status = values.get("status", 10)
        moved = [set_status(item, status, "", actor=self.actor, quantity=quantity) for item in made]
        return moved if status != 10 else made

    def _of_customer(self, rows: Rows, text: str) -> Rows:
        self.actor.require(VIEW_COMPANY)
        return rows.filter(holder=key(text))

    def _of_order(self, rows: Rows, text: str) -> Rows:
        orders = visible_orders(self.actor).filter(pk=key(text))
        return rows.filter(sales__order_line__order__in=orders, sales__until=None)

    def _at_location(self, rows: Rows, text: str) -> Rows:
        """At a place and inside of it, unless `cascade` says otherwise."""
        here = key(text)
        inside = flag(self.request.query_params.get("cascade") or "true")
        return rows.filter(location__in=keys_within(here) if inside else [here])

    def _detail(self, row: StockItem, told: dict[str, Any], flags: Mapping[str, bool]) -> None:
        place = row.location
        if flags["part_detail"]:
            told["part_detail"] = part_in_short(row.part)
        if flags["location_detail"]:
            told["location_detail"] = brief_location(place) if place else None
        if flags["customer_detail"]:
            holder = row.holder if self.actor.may(VIEW_COMPANY) else None
            told["customer_detail"] = company_in_short(holder) if holder else None


def set_status(
    row: StockItem, code: int, note: str, *, actor: Actor, quantity: Decimal | None = None
) -> StockItem:
    """Bring stock at a place into the state of one of their codes; what shows it stays.

    Raises InputErrors for a code that nobody sets by hand; Conflict `not_here`, `allocated`.
    """
    if STOCK_STATUS[row.state] == code:
        return row
    if code not in STATUS_IN:
        message = "Only OK (10) and Quarantined (75) are set by hand."
        raise refused({"status": message}, "invalid_choice")
    if row.location is None:
        raise Conflict("This stock is not at a location.", code="not_here", state=row.state)
    whole = None if row.serial else quantity
    state = STATUS_IN[code]
    return relocate(
        row.pk, location=row.location, actor=actor, quantity=whole, state=state, note=note
    )


class Locations(Records):
    """Places where stock lies. One is never deleted."""

    title = "Stock Location"
    form = LocationForm
    words: ClassVar = {"code": "name"}
    flags: ClassVar = {"path_detail": False}
    rights: ClassVar = {"POST": EDIT_LOCATION, "PATCH": EDIT_LOCATION, "DELETE": EDIT_LOCATION}
    filters: ClassVar = {
        "parent": lambda rows, text: (
            rows.filter(parent=None) if text == "null" else rows.filter(parent=key(text))
        ),
        "name": by_text("code"),
        "structural": by_flag(Q(pk__in=())),
        "external": by_flag(Q(pk__in=())),
        "cascade": _told_elsewhere,
    }
    orderings: ClassVar = {"name": "code", "pk": "pk"}
    default_ordering = "name"

    def visible(self) -> QuerySet[Location, Location]:
        return visible_locations(self.actor)

    def find(self, rows: QuerySet[Any, Any], text: str) -> QuerySet[Any, Any]:
        return rows.filter(Q(code__icontains=text) | Q(name__icontains=text))

    def show_all(self, rows: list[Location], flags: Mapping[str, bool]) -> list[dict[str, Any]]:
        keys = [row.pk for row in rows]
        items = visible_items(self.actor).filter(location__in=keys).exclude(quantity=0)
        places = visible_locations(self.actor).filter(parent__in=keys)
        return show_locations(rows, _counts(items, "location"), _counts(places, "parent"))

    def create(self, values: dict[str, Any]) -> Location:
        return create_location(renamed(values, LOCATION_WORDS), actor=self.actor)

    def change(self, row: Location, values: dict[str, Any]) -> None:
        edit_location(row.pk, renamed(values, LOCATION_WORDS), actor=self.actor)

    def remove(self, row: Location) -> None:
        raise never_deleted("A location stays with its history.")


def _counts(rows: QuerySet[Any, Any], by: str) -> dict[int, int]:
    counted = rows.order_by().values(by).annotate(n=Count("pk"))
    return dict(counted.values_list(by, "n"))
