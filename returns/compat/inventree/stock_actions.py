"""What is done to stock at this system's addresses: all items of a call, or none."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar, Final

from django.db.models import QuerySet
from django.urls import URLPattern, path
from rest_framework import serializers
from rest_framework.request import Request

from customers.selectors import visible_companies
from returns.compat.inventree.base import InventreeDoor
from returns.compat.inventree.codes import STOCK_CODES, STOCK_STATUS
from returns.compat.inventree.figures import number
from returns.compat.inventree.filters import key
from returns.compat.inventree.forms import Form, NumberField, PkField, QuantityField, TextField
from returns.compat.inventree.lists import refused
from returns.compat.inventree.reading import body_of
from returns.compat.inventree.resources import Answered, Records
from returns.compat.inventree.stock import CORRECT, location_field, set_status
from rmaproject.rest.writing import Answer
from rmaproject.shared import money
from rmaproject.shared.errors import RuleViolation, below
from sales.services.assigning import assign_units
from stock.models import Cause, Movement, StockItem
from stock.selectors import VIEW, movements_at, visible_items
from stock.services import correct_stock, relocate
from stock.services.moving import lock_units


def item_field() -> PkField:
    """A stock item among those in sight."""
    return PkField(visible_items, model="stockitem", api_url="/api/stock/")


class CountedForm(Form):
    """An item as it was counted."""

    pk = item_field()
    quantity = NumberField(min_value=Decimal(0))

    unkept: ClassVar = frozenset({"batch", "packaging", "status"})


class ChangedForm(CountedForm):
    """So much of an item."""

    quantity = QuantityField()


class AssignedForm(Form):
    item = item_field()


class CountForm(Form):
    items = CountedForm(many=True, allow_empty=False)
    notes = TextField(max_length=200)


class ChangeForm(CountForm):
    items = ChangedForm(many=True, allow_empty=False)


class TransferForm(ChangeForm):
    location = location_field()

    unkept: ClassVar = frozenset({"merge"})


class AssignForm(Form):
    items = AssignedForm(many=True, allow_empty=False)
    customer = PkField(visible_companies, model="company", api_url="/api/company/")
    notes = TextField(max_length=200)


class StatusForm(Form):
    items = serializers.ListField(child=item_field(), allow_empty=False)
    status = serializers.ChoiceField(choices=[code.key for code in STOCK_CODES])
    note = TextField(max_length=200)


class StockVerb(InventreeDoor):
    """One verb on a list of stock items."""

    form: ClassVar[type[Form]]

    def post(self, request: Request) -> Answered:
        """Do it to all of them, or to none."""
        self.actor.require(VIEW)
        self.actor.require(CORRECT)
        values = body_of(self, self.form)

        def act() -> Answer:
            self.run(values)
            return Answer(request.data, 201)

        return self.act(act)

    def run(self, values: dict[str, Any]) -> None:
        raise NotImplementedError


class Count(StockVerb):
    """Set bulk stock to what was counted."""

    form = CountForm
    unsaid: ClassVar[str] = "Counted"

    def run(self, values: dict[str, Any]) -> None:
        note = values.get("notes") or self.unsaid
        for place, entry in enumerate(values["items"]):
            item = lock_units([entry["pk"].pk])[entry["pk"].pk]
            with below(f"/items/{place}"):
                quantity = self.result(item, entry["quantity"])
                correct_stock(item.pk, quantity=quantity, note=note, actor=self.actor)

    def result(self, item: StockItem, quantity: Decimal) -> Decimal:
        """How much there is afterwards."""
        return quantity


class Add(Count):
    """Book more of it in, at the same place."""

    form = ChangeForm
    unsaid = "Added"

    def result(self, item: StockItem, quantity: Decimal) -> Decimal:
        return item.quantity + quantity


class Remove(Count):
    """Take some of it out of stock."""

    form = ChangeForm
    unsaid = "Removed"

    def result(self, item: StockItem, quantity: Decimal) -> Decimal:
        if quantity > item.quantity:
            raise not_there(item)
        return item.quantity - quantity


class Transfer(StockVerb):
    """Carry stock to another place."""

    form = TransferForm

    def run(self, values: dict[str, Any]) -> None:
        for place, entry in enumerate(values["items"]):
            with below(f"/items/{place}"):
                relocate(
                    entry["pk"].pk,
                    location=values["location"],
                    quantity=entry["quantity"],
                    note=values.get("notes", ""),
                    actor=self.actor,
                )


class Assign(StockVerb):
    """Hand units to a customer without a sale."""

    form = AssignForm

    def run(self, values: dict[str, Any]) -> None:
        keys = [entry["item"].pk for entry in values["items"]]
        assign_units(keys, values["customer"], note=values.get("notes", ""), actor=self.actor)


class ChangeStatus(StockVerb):
    """Bring stock at its place into another state."""

    form = StatusForm

    def run(self, values: dict[str, Any]) -> None:
        for item in values["items"]:
            set_status(item, values["status"], values.get("note", ""), actor=self.actor)


def not_there(item: StockItem) -> RuleViolation:
    """The refusal to take out more than there is."""
    found = money.plain(item.quantity)
    message = f"Only {found} of it are there."
    return RuleViolation(message, code="not_enough_stock", pointer="/quantity", available=found)


def entry_type(row: Movement) -> tuple[int, str]:
    """Their code and label for why something moved, and whether it came or went."""
    came, went = row.to_location_id is not None, row.from_location_id is not None
    if row.cause in CAUSES:
        return CAUSES[row.cause]
    return (11, "Stock manually added") if came and not went else (12, "Stock manually removed")


#: Why stock moved, as one of their codes; what may go both ways is told by its direction.
CAUSES: Final[dict[str, tuple[int, str]]] = {
    Cause.BOOK_IN: (1, "Stock item created"),
    Cause.MOVE: (20, "Location changed"),
    Cause.SHIPMENT: (60, "Shipped against Sales Order"),
    Cause.RECEIPT: (80, "Returned against Return Order"),
    Cause.DISPOSAL: (25, "Stock item updated"),
    Cause.REVERSAL: (25, "Stock item updated"),
    Cause.SEND_BACK: (100, "Sent to customer"),
    Cause.ASSEMBLY: (5, "Edited stock item"),
}


def show_movement(row: Movement, item: StockItem) -> dict[str, Any]:
    """A movement as an entry of their history."""
    code, label = entry_type(row)
    deltas: dict[str, Any] = {"quantity": number(row.quantity)}
    if row.to_location_id:
        deltas["location"] = row.to_location_id
    if row.to_state:
        deltas["status"] = STOCK_STATUS[row.to_state]
    return {
        "pk": row.pk,
        "item": item.pk,
        "part": row.part_id,
        "date": row.at,
        "deltas": deltas,
        "label": label,
        "notes": row.note,
        "tracking_type": code,
        "user": row.actor_id,
    }


class Tracking(Records):
    """The history of one stock item, which `item` names; read only."""

    title = "Stock Tracking"
    flags: ClassVar = {"item_detail": False, "user_detail": False, "part_detail": False}
    filters: ClassVar = {"item": lambda rows, text: rows}
    orderings: ClassVar = {"date": "pk", "pk": "pk"}
    default_ordering = "-date"

    def visible(self) -> QuerySet[Movement, Movement]:
        self.actor.require(VIEW)
        if self.request.method == "OPTIONS":
            return Movement.objects.none()
        return movements_at(self.actor, self._item())

    def show(self, row: Movement, flags: Mapping[str, bool]) -> dict[str, Any]:
        return show_movement(row, self._item())

    def _item(self) -> StockItem:
        if self._known is None:
            text = self.request.query_params.get("item", "")
            try:
                self._known = visible_items(self.actor).filter(pk=key(text)).first()
            except ValueError as error:
                raise refused({"item": str(error)}) from error
        if self._known is None:
            raise refused({"item": "Select a valid choice."})
        return self._known

    _known: StockItem | None = None


stock_urls: list[URLPattern] = [
    path("api/stock/count/", Count.as_view()),
    path("api/stock/add/", Add.as_view()),
    path("api/stock/remove/", Remove.as_view()),
    path("api/stock/transfer/", Transfer.as_view()),
    path("api/stock/assign/", Assign.as_view()),
    path("api/stock/change_status/", ChangeStatus.as_view()),
    path("api/stock/track/", Tracking.as_view()),
]
