"""What clients write about returns, and what our services take of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from django.core.validators import URLValidator
from rest_framework import serializers

from customers.models import Address, Contact
from customers.selectors import visible_companies
from returns.compat.inventree.codes import OUTCOME_CODES
from returns.compat.inventree.forms import (
    READ_ONLY,
    DayField,
    Form,
    NumberField,
    PkField,
    QuantityField,
    TextField,
)
from returns.compat.inventree.lists import refused
from returns.compat.inventree.owners import Owner, owner_of
from returns.compat.inventree.showing_returns import joined_note
from returns.models import ReturnOrder
from returns.selectors import visible_returns
from rmaproject.access.actors import Actor
from rmaproject.access.models import User
from sales.models import LineKind, OrderLine
from sales.selectors import visible_orders
from stock.selectors import visible_items, visible_parts

#: Fields of theirs that we keep for them and that no rule reads.
KEPT_WITH_ORDERS: Final = ("link", "contact", "address")
KEPT_WITH_LINES: Final = ("reference", "link", "target_date")
KEPT_WITH_EXTRA: Final = ("reference", "notes", "link", "target_date", "context")


def _link(value: str) -> None:
    if value:
        URLValidator(schemes=["http", "https", "ftp"])(value)


class LinkField(TextField):
    """The address of a page elsewhere."""

    def __init__(self) -> None:
        super().__init__(max_length=2000, validators=[_link])


class OwnerField(serializers.Field[Any, Any, Any, Any]):
    """A user or a group by their one key; null for nobody."""

    def to_internal_value(self, data: Any) -> Owner:
        whole = isinstance(data, int | str) and not isinstance(data, bool)
        text = str(data) if whole else ""
        if not text.isascii() or not text.isdigit() or len(text) > 18:
            raise serializers.ValidationError("Incorrect type. Expected pk value.")
        found = owner_of(self.context["actor"], int(text))
        if found is None:
            raise serializers.ValidationError(f'Invalid pk "{text}" - object does not exist.')
        return found

    def to_representation(self, value: Any) -> Any:
        return value.pk


def customers(actor: Actor) -> Any:
    """The companies that may be named on an order."""
    return visible_companies(actor).filter(is_customer=True)


class OrderForm(Form):
    """An order's header."""

    reference = TextField(max_length=64, help_text="Return Order reference")
    customer = PkField(customers, model="company", api_url="/api/company/")
    description = TextField(max_length=250)
    notes = TextField(max_length=50_000)
    customer_reference = TextField(max_length=64)
    target_date = DayField()
    responsible = OwnerField(required=False, allow_null=True)
    contact = PkField(
        lambda actor: Contact.objects.filter(company__in=visible_companies(actor)),
        model="contact",
        api_url="/api/company/contact/",
        required=False,
        allow_null=True,
    )
    address = PkField(
        lambda actor: Address.objects.filter(company__in=visible_companies(actor)),
        model="address",
        api_url="/api/company/address/",
        required=False,
        allow_null=True,
    )
    link = LinkField()
    business = TextField(max_length=64, help_text="The code of ours that the order belongs to")

    shown: ClassVar[Mapping[str, str]] = {
        "pk": "integer",
        "status_text": "string",
        "overdue": "boolean",
        "line_items": "integer",
        "completed_lines": "integer",
        "total_price": "decimal",
        "updated_at": "datetime",
        "created_by": "nested object",
        "customer_detail": "nested object",
        "contact_detail": "nested object",
        "address_detail": "nested object",
        "responsible_detail": "nested object",
    }
    fixed: ClassVar[Mapping[str, str]] = {
        "status": "integer",
        "status_custom_key": "integer",
        "creation_date": "date",
        "issue_date": "date",
        "complete_date": "date",
        "order_currency": "choice",
    }
    unkept: ClassVar[frozenset[str]] = frozenset(
        ("start_date project_code project_code_label duplicate tags parameters").split()
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A contact and an address are those of the customer."""
        row: ReturnOrder | None = self.context.get("row")
        customer = attrs.get("customer") or (row.customer if row else None)
        errors = {
            name: [f"{name.capitalize()} does not match selected company."]
            for name in ("contact", "address")
            if attrs.get(name) and customer and attrs[name].company_id != customer.pk
        }
        if errors:
            raise serializers.ValidationError(errors)
        return attrs


def order_values(values: dict[str, Any], shown: Mapping[str, Any]) -> dict[str, Any]:
    """Their header as ours; of note's two parts the one that was not sent stays."""
    ours: dict[str, Any] = {
        name: values[name]
        for name in ("reference", "customer_reference", "target_date")
        if name in values
    }
    told = {name: values.get(name, shown.get(name, "")) for name in ("description", "notes")}
    if any(told[name] != shown.get(name, "") for name in told):
        ours["note"] = joined_note(told["description"], told["notes"])
    if "responsible" in values:
        owner = values["responsible"]
        ours["responsible_user"] = owner if isinstance(owner, User) else None
        ours["responsible_group"] = None if isinstance(owner, User) else owner
    return ours


def kept_values(values: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """What we keep for them, as JSON has it."""
    found = {name: values[name] for name in names if name in values}
    for name, value in found.items():
        if isinstance(value, Contact | Address):
            found[name] = value.pk
        elif hasattr(value, "isoformat"):
            found[name] = value.isoformat()
    return found


def require_same(values: dict[str, Any], known: Mapping[str, Any]) -> None:
    """Take out what cannot change any more. Raises InputErrors where it would."""
    errors = {
        name: READ_ONLY for name in known if name in values and values.pop(name) != known[name]
    }
    if errors:
        raise refused(errors, "read_only")


class LineForm(Form):
    """One thing to come back: a unit that the customer holds, or a quantity of a sold line."""

    order = PkField(visible_returns, model="returnorder", api_url="/api/order/ro/")
    item = PkField(
        visible_items,
        model="stockitem",
        api_url="/api/stock/",
        required=False,
        allow_null=True,
        help_text="A serialized unit that the customer holds",
    )
    sales_order_line = PkField(
        lambda actor: OrderLine.objects.filter(order__in=visible_orders(actor)),
        model="salesorderlineitem",
        api_url="/api/order/so-line/",
        required=False,
        allow_null=True,
        help_text="The sold line, for goods without a serial number",
    )
    part = PkField(
        visible_parts,
        model="part",
        api_url="/api/part/",
        required=False,
        allow_null=True,
        help_text="The part, for goods of which no sale is known",
    )
    quantity = QuantityField(required=False)
    outcome = serializers.ChoiceField(
        [(code.key, code.label) for code in OUTCOME_CODES], required=False
    )
    reference = TextField(max_length=100)
    notes = TextField(max_length=500)
    link = LinkField()
    target_date = DayField()

    shown: ClassVar[Mapping[str, str]] = {
        "pk": "integer",
        "received": "decimal",
        "item_detail": "nested object",
        "part_detail": "nested object",
        "order_detail": "nested object",
    }
    fixed: ClassVar[Mapping[str, str]] = {
        "line": "string",
        "received_date": "date",
        "price": "decimal",
        "price_currency": "choice",
        "discount": "decimal",
    }
    unkept: ClassVar[frozenset[str]] = frozenset(("project_code", "project_code_label"))

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A new line names what comes back."""
        named = [attrs.get(name) for name in ("item", "sales_order_line", "part")]
        if not self.partial and self.context.get("row") is None and not any(named):
            raise serializers.ValidationError({"item": ["This field is required."]})
        return attrs


class ExtraLineForm(Form):
    """A credit (above zero) or a charge (below zero) that is no goods."""

    order = PkField(visible_returns, model="returnorder", api_url="/api/order/ro/")
    description = TextField(max_length=200)
    quantity = QuantityField(required=False)
    price = NumberField(max_digits=19, decimal_places=6, required=False, allow_null=True)
    price_currency = TextField(max_length=3)
    reference = TextField(max_length=100)
    notes = TextField(max_length=500)
    link = LinkField()
    target_date = DayField()
    context = serializers.JSONField(required=False, allow_null=True)  # type: ignore[assignment]

    shown: ClassVar[Mapping[str, str]] = {
        "pk": "integer",
        "total_price": "decimal",
        "order_detail": "nested object",
    }
    fixed: ClassVar[Mapping[str, str]] = {"line": "string", "discount": "decimal"}
    unkept: ClassVar[frozenset[str]] = frozenset(("project_code", "project_code_label"))


def extra_values(values: Mapping[str, Any], *, new: bool) -> dict[str, Any]:
    """Their extra line as ours; without a description its reference names it."""
    ours: dict[str, Any] = {}
    name = values.get("description") or (values.get("reference") if new else "")
    if name or new:
        ours["name"] = name or "Extra line"
    if "quantity" in values:
        ours["quantity"] = values["quantity"]
    if "price" in values or new:
        ours["gross_unit_price"] = values.get("price") or 0
    if new:
        below = ours["gross_unit_price"] < 0
        ours["kind"] = LineKind.FEE if below else LineKind.GOODWILL
    if values.get("price_currency"):
        ours["currency"] = values["price_currency"]
    return ours
