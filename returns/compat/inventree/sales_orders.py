"""Sales orders at this system's addresses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef, Q, QuerySet

from customers.models import Address, Company, Contact
from customers.selectors import visible_companies
from returns.compat.inventree.filters import (
    Filter,
    Rows,
    by_day,
    by_flag,
    by_key,
    by_text,
    day,
    flag,
    key,
)
from returns.compat.inventree.forms import DayField, Form, PkField, TextField
from returns.compat.inventree.keeping import KeepingRecords
from returns.compat.inventree.lists import refused
from returns.compat.inventree.owners import owner_of
from returns.compat.inventree.reading import keep_same, never_deleted
from returns.compat.inventree.references import (
    business_for,
    next_reference,
    require_on_pattern,
)
from returns.compat.inventree.showing import address_in_short, contact_in_short
from returns.compat.inventree.showing_returns import description_of, joined_note, notes_of
from returns.compat.inventree.so_words import of_code, show_order, told_of
from rmaproject.access.actors import Actor
from rmaproject.rest.inputs import CurrencyInput
from rmaproject.shared import clock
from sales.models import Document, OrderLine, SalesOrder
from sales.selectors import permission_for, search_orders, visible_businesses, visible_orders
from sales.services.orders import create_order, edit_order
from sales.states import OPEN

#: What only they know of an order, and what is shown where nobody said it.
KEPT: Final = {"link": "", "contact": None, "address": None}


class OwnerField(PkField):
    """A user or a group, by their one key."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            lambda actor: Group.objects.none(), model="owner", api_url="/api/user/owner/", **options
        )

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, bool) or not isinstance(data, int | str):
            self.fail("invalid")
        try:
            pk = key(str(data).strip())
        except ValueError:
            self.fail("invalid")
        found = owner_of(self.context["actor"], pk) if pk < 2**63 else None
        if found is None:
            self.fail("missing", pk=pk)
        return found


def visible_contacts(actor: Actor) -> QuerySet[Contact, Contact]:
    """The people at companies in sight."""
    return Contact.objects.filter(company__in=visible_companies(actor))


def visible_addresses(actor: Actor) -> QuerySet[Address, Address]:
    """The addresses of companies in sight."""
    return Address.objects.filter(company__in=visible_companies(actor))


class OrderForm(Form):
    """A sales order; the pattern numbers it when it has no reference."""

    reference = TextField(max_length=64)
    business = TextField(max_length=64, help_text="The code of the selling business.")
    customer = PkField(visible_companies, model="company", api_url="/api/company/")
    customer_reference = TextField(max_length=64)
    description = TextField(max_length=250)
    notes = TextField(max_length=50_000)
    target_date = DayField()
    responsible = OwnerField(required=False, allow_null=True)
    contact = PkField(
        visible_contacts,
        model="contact",
        api_url="/api/company/contact/",
        required=False,
        allow_null=True,
    )
    address = PkField(
        visible_addresses,
        model="address",
        api_url="/api/company/address/",
        required=False,
        allow_null=True,
    )
    link = TextField(max_length=2000)
    order_currency = CurrencyInput(required=False, allow_blank=True, allow_null=True)

    shown: ClassVar = {
        "pk": "integer",
        "status_text": "string",
        "creation_date": "date",
        "created_by": "nested object",
        "updated_at": "datetime",
        "overdue": "boolean",
        "total_price": "float",
        "line_items": "integer",
        "completed_lines": "integer",
        "allocated_lines": "integer",
        "shipments_count": "integer",
        "completed_shipments_count": "integer",
        "customer_detail": "nested object",
        "contact_detail": "nested object",
        "address_detail": "nested object",
        "responsible_detail": "nested object",
        "project_code_label": "string",
        "project_code_detail": "nested object",
        "barcode_hash": "string",
        "shipped_by": "nested object",
    }
    fixed: ClassVar = {"status": "integer", "issue_date": "date", "shipment_date": "date"}
    unkept: ClassVar = frozenset({"status_custom_key", "project_code", "start_date", "duplicate"})


def day_filters(words: Mapping[str, str]) -> dict[str, Filter]:
    """`X_before` and `X_after` for each of their days, by our column."""
    found: dict[str, Filter] = {}
    for word, column in words.items():
        found[f"{word}_before"] = by_day(column, "lt")
        found[f"{word}_after"] = by_day(column, "gt")
    return found


class SalesOrders(KeepingRecords):
    """What customers ordered. An order is cancelled, never deleted."""

    title = "Sales Order"
    form = OrderForm
    kept = KEPT
    words: ClassVar = {"note": "description", "currency": "order_currency"}
    flags: ClassVar = {
        "customer_detail": False,
        "contact_detail": False,
        "address_detail": False,
        "responsible_detail": False,
        "project_code_detail": False,
    }
    rights: ClassVar = {
        "POST": permission_for("create"),
        "PATCH": permission_for("edit"),
        "DELETE": permission_for("cancel"),
    }
    orderings: ClassVar = {
        "reference": "reference",
        "creation_date": "ordered_on",
        "created_by": "created_by",
        "customer__name": "customer__name",
        "customer": "customer__name",
        "customer_reference": "customer_reference",
        "status": "status",
        "target_date": "target_date",
        "issue_date": "issued_at",
        "updated_at": "updated_at",
        "pk": "pk",
    }
    default_ordering = "-reference"

    def all_filters(self) -> dict[str, Filter]:
        """Those of their orders that have a meaning here."""
        return {
            **day_filters(
                {
                    "created": "ordered_on",
                    "target_date": "target_date",
                    "updated": "updated_at__date",
                    "completed": "completed_at__date",
                }
            ),
            "customer": by_key("customer"),
            "status": lambda rows, text: rows.filter(of_code(key(text))),
            "reference": by_text("reference"),
            "customer_reference": by_text("customer_reference"),
            "outstanding": by_flag(Q(status__in=OPEN)),
            "overdue": by_flag(self._overdue),
            "has_target_date": by_flag(Q(target_date__isnull=False)),
            "has_start_date": by_flag(Q(pk__in=())),
            "has_project_code": by_flag(Q(pk__in=())),
            "assigned_to_me": self._mine,
            "assigned_to": self._of_owner,
            "created_by": by_key("created_by"),
            "part": _with_part,
            "min_date": lambda rows, text: rows.filter(target_date__gte=day(text)),
            "max_date": lambda rows, text: rows.filter(target_date__lte=day(text)),
        }

    def visible(self) -> QuerySet[SalesOrder, SalesOrder]:
        return visible_orders(self.actor)

    def loaded(self, rows: Any) -> QuerySet[Any, Any]:
        return rows.with_parties()

    def find(self, rows: QuerySet[Any, Any], text: str) -> QuerySet[Any, Any]:
        return search_orders(rows, text)

    def show_ours(
        self, rows: Sequence[SalesOrder], flags: Mapping[str, bool]
    ) -> list[dict[str, Any]]:
        told = told_of(rows)
        return [show_order(row, told[row.pk], flags) for row in rows]

    def show_all(self, rows: list[Any], flags: Mapping[str, bool]) -> list[dict[str, Any]]:
        shown = super().show_all(rows, flags)
        contacts = Contact.objects.in_bulk([row["contact"] for row in shown if row["contact"]])
        addresses = Address.objects.in_bulk([row["address"] for row in shown if row["address"]])
        for row in shown:
            contact, address = contacts.get(row["contact"]), addresses.get(row["address"])
            row |= {
                "contact": contact.pk if contact else None,
                "address": address.pk if address else None,
            }
            if flags["contact_detail"]:
                row["contact_detail"] = contact_in_short(contact)
            if flags["address_detail"]:
                row["address_detail"] = address_in_short(address)
        return shown

    def defaults(self) -> dict[str, Any]:
        """The next reference of the only business in sight."""
        seen = list(visible_businesses(self.actor)[:2])
        if len(seen) != 1:
            return {}
        today = clock.today(seen[0])
        return {"reference": next_reference(seen[0], Document.SALES_ORDER, today)}

    def create(self, values: dict[str, Any]) -> SalesOrder:
        customer = values.pop("customer")
        business = business_for(self.actor, customer, values.pop("business", ""))
        reference = values.pop("reference", "")
        if reference:
            require_on_pattern(business, Document.SALES_ORDER, reference)
        kept = self.taken(values)
        _require_theirs(kept, customer)
        currency = values.pop("order_currency", "") or ""
        told = _read(values, note="")
        order = create_order(
            business=business,
            customer=customer,
            reference=reference,
            currency=currency,
            actor=self.actor,
            **told,
        )
        self.keep(order, order, kept)
        return order

    def change(self, row: SalesOrder, values: dict[str, Any]) -> None:
        keep_same(values, "customer", row.customer_id)
        _require_equal(values, "business", row.business.code)
        _require_equal(values, "order_currency", row.currency)
        reference = values.get("reference", row.reference)
        if not reference:
            del values["reference"]
        elif reference != row.reference:
            require_on_pattern(row.business, Document.SALES_ORDER, reference)
        kept = self.taken(values)
        _require_theirs(kept, row.customer)
        edit_order(row.pk, _read(values, note=row.note), actor=self.actor)
        self.keep(row, row, kept)

    def remove(self, row: SalesOrder) -> None:
        raise never_deleted("A sales order stays with its history; cancel it.")

    def _mine(self, rows: Rows, text: str) -> Rows:
        groups = self.actor.user.groups.values("pk") if self.actor.user else ()
        mine = Q(responsible_user=self.actor.user_id) | Q(responsible_group__in=groups)
        return rows.filter(mine) if flag(text) else rows.exclude(mine)

    def _overdue(self) -> Q:
        """Open orders whose day has passed where their business is."""
        late = Q(pk__in=())
        for business in visible_businesses(self.actor):
            late |= Q(business=business, target_date__lt=clock.today(business))
        return late & Q(status__in=OPEN)

    def _of_owner(self, rows: Rows, text: str) -> Rows:
        found = owner_of(self.actor, key(text))
        if found is None:
            return rows.none()
        column = "responsible_group" if isinstance(found, Group) else "responsible_user"
        return rows.filter(**{column: found})


def _with_part(rows: Rows, text: str) -> Rows:
    return rows.filter(Exists(OrderLine.objects.filter(order=OuterRef("pk"), part=key(text))))


def _read(values: dict[str, Any], *, note: str) -> dict[str, Any]:
    """Their values as ours; description and notes are the first line and the rest of one note."""
    if "description" in values or "notes" in values:
        description = values.pop("description", description_of(note))
        notes = values.pop("notes", notes_of(note))
        values["note"] = joined_note(description, notes)
    if "responsible" in values:
        owner = values.pop("responsible")
        group = isinstance(owner, Group)
        values["responsible_group"] = owner if group else None
        values["responsible_user"] = None if group else owner
    return values


def _require_equal(values: dict[str, Any], name: str, known: str) -> None:
    given = values.pop(name, "")
    if given and given.lower() != known.lower():
        raise refused({name: "This stays as it was when the order was made."}, "read_only")


def _require_theirs(kept: Mapping[str, Any], customer: Company) -> None:
    """Refuse a contact or address of somebody else. Raises InputErrors."""
    for name in ("contact", "address"):
        given = kept.get(name)
        if given is not None and given.company_id != customer.pk:
            message = f"{name.capitalize()} does not match selected company"
            raise refused({name: message})
