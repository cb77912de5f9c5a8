"""What is typed on the pages of sales orders, turned into values for the services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from customers.selectors import visible_companies
from rmaproject.access.actors import Actor
from rmaproject.access.models import User
from rmaproject.web.forms import (
    AmountField,
    DayField,
    LookUpField,
    QuantityField,
    RecordField,
    typed_amount,
)
from rmaproject.web.people_words import role_name
from sales.models import CreditNote, Invoice, LineKind, OrderLine, SalesOrder, VatType
from sales.models.order import SOLD_KINDS
from sales.selectors import visible_businesses
from stock.models import Part


class ResponsibleField(forms.ChoiceField):
    """A person or a team, or nobody; gives the two values of an order."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, label=_("Owner"), **options)

    def offer(self) -> None:
        """Set who can be chosen: everybody who is active, and every team."""
        people = User.objects.filter(is_active=True).order_by("username")
        teams = Group.objects.order_by("name")
        self.choices = [
            ("", _("Nobody")),
            (
                _("People"),
                [(f"user:{row.pk}", row.get_full_name() or row.username) for row in people],
            ),
            (_("Teams"), [(f"group:{row.pk}", role_name(row.name)) for row in teams]),
        ]

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, User):
            return f"user:{value.pk}"
        return f"group:{value.pk}" if isinstance(value, Group) else value

    def clean(self, value: Any) -> dict[str, Any]:
        kind, _sign, key = super().clean(value).partition(":")
        user = User.objects.get(pk=key) if kind == "user" else None
        group = Group.objects.get(pk=key) if kind == "group" else None
        return {"responsible_user": user, "responsible_group": group}


class HeaderForm(forms.Form):
    """What may still be changed after an order was made."""

    customer_reference = forms.CharField(
        max_length=64, required=False, label=_("The customer's reference")
    )
    channel = forms.CharField(
        max_length=50, required=False, label=_("Sold by"), help_text=_("Shop, web, market place.")
    )
    target_date = DayField(required=False, label=_("Due"), help_text=_("Shown in the calendar."))
    responsible = ResponsibleField()
    note = forms.CharField(
        required=False, label=_("Note"), widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        responsible: Any = self.fields["responsible"]
        responsible.offer()

    def values(self) -> dict[str, Any]:
        """The values for the service."""
        values = dict(self.cleaned_data)
        responsible = values.pop("responsible")
        return {**values, **responsible}


def header_of(order: SalesOrder) -> dict[str, Any]:
    """What the form of an order's header starts with."""
    return {
        "customer_reference": order.customer_reference,
        "channel": order.channel,
        "target_date": order.target_date,
        "responsible": order.responsible_user or order.responsible_group,
        "note": order.note,
    }


class OrderForm(HeaderForm):
    """A new sales order. Suggests active customers only; the service refuses all others."""

    customer = LookUpField(
        by=("reference", "name"), label=_("Customer"), help_text=_("Number or name.")
    )
    business = RecordField(None, label=_("Business"))  # type: ignore[arg-type]
    reference = forms.CharField(
        max_length=64, required=False, label=_("Number"), help_text=_("Drawn when left empty.")
    )
    ordered_on = DayField(required=False, label=_("Ordered"), help_text=_("Today when empty."))
    currency = forms.CharField(
        min_length=3,
        max_length=3,
        required=False,
        label=_("Currency"),
        help_text=_("That of the business when left empty."),
    )
    field_order = (
        *("customer", "business", "reference", "customer_reference", "channel", "ordered_on"),
        *("target_date", "currency", "responsible", "note"),
    )

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        seen: Any = visible_companies(actor)
        fields: Any = self.fields
        fields["customer"].offer(seen.choosable())
        fields["customer"].rows = seen
        fields["business"].queryset = visible_businesses(actor).order_by("code")

    def clean_currency(self) -> str:
        currency: str = self.cleaned_data["currency"]
        return currency.upper()


def line_suggestions() -> tuple[tuple[str, str], ...]:
    """The newest parts for sale, by SKU and name; read once for all lines of a form."""
    newest = Part.objects.choosable().order_by("-pk")
    return tuple(newest.values_list("sku", "name")[: LookUpField.OFFERED])


class LineForm(forms.Form):
    """One line of an order. Suggests parts for sale only; the service refuses all others."""

    kind = forms.ChoiceField(
        choices=[(kind.value, kind.label) for kind in SOLD_KINDS],
        initial=LineKind.GOODS,
        label=_("Kind"),
    )
    part = LookUpField(by=("sku", "name"), required=False, label=_("Part"))
    name = forms.CharField(max_length=200, required=False, label=_("Text"))
    quantity = QuantityField(initial=1, label=_("Quantity"))
    gross_unit_price = AmountField(max_digits=19, decimal_places=6, label=_("Price each, with VAT"))
    vat_percent = AmountField(max_digits=7, decimal_places=4, initial=0, label=_("VAT, %"))
    vat_type = forms.ChoiceField(
        choices=VatType.choices, initial=VatType.NORMAL, label=_("VAT class")
    )

    def __init__(
        self, *args: Any, suggestions: tuple[tuple[str, str], ...], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        part: Any = self.fields["part"]
        part.rows = Part.objects.all()
        part.widget.suggestions = suggestions

    def values(self) -> dict[str, Any]:
        """The values for the service."""
        return dict(self.cleaned_data)


LineFormSet = forms.formset_factory(LineForm, extra=3, max_num=50, absolute_max=50)


class LineChangeForm(forms.Form):
    """What may be changed of a line that was not invoiced."""

    name = forms.CharField(max_length=200, required=False, label=_("Text"))
    quantity = QuantityField(label=_("Quantity"))
    gross_unit_price = AmountField(max_digits=19, decimal_places=6, label=_("Price each, with VAT"))
    vat_percent = AmountField(max_digits=7, decimal_places=4, label=_("VAT, %"))
    vat_type = forms.ChoiceField(choices=VatType.choices, label=_("VAT class"))

    @classmethod
    def initial_of(cls, line: OrderLine) -> dict[str, Any]:
        """What the form of this line starts with."""
        first = {name: getattr(line, name) for name in cls.base_fields}
        price = typed_amount(line.gross_unit_price, line.order.currency)
        return {**first, "gross_unit_price": price}


class ShipmentForm(forms.Form):
    """A new shipment."""

    reference = forms.CharField(
        max_length=64, required=False, label=_("Number"), help_text=_("Counted when left empty.")
    )
    carrier = forms.CharField(max_length=100, required=False, label=_("Carrier"))
    tracking_number = forms.CharField(max_length=100, required=False, label=_("Tracking number"))


class ShipForm(forms.Form):
    """How and when a shipment leaves."""

    shipped_on = DayField(label=_("Shipped"))
    carrier = forms.CharField(max_length=100, required=False, label=_("Carrier"))
    tracking_number = forms.CharField(max_length=100, required=False, label=_("Tracking number"))


class InvoiceForm(forms.Form):
    """An invoice of what has left."""

    invoiced_on = DayField(label=_("Date"))
    reference = forms.CharField(
        max_length=64, required=False, label=_("Number"), help_text=_("Drawn when left empty.")
    )


class PaymentForm(forms.Form):
    """Money that came in. `seen` counts the payments there were when the page was opened."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    amount = AmountField(max_digits=19, decimal_places=4, label=_("Amount"))
    paid_on = DayField(label=_("Paid"))
    invoice = RecordField(
        None,  # type: ignore[arg-type]
        required=False,
        label=_("Invoice"),
        empty_label=_("The oldest that is due"),
    )
    method = forms.CharField(
        max_length=50, required=False, label=_("Method"), help_text=_("Card, bank transfer.")
    )
    gateway = forms.CharField(max_length=50, required=False, label=_("Payment service"))
    gateway_reference = forms.CharField(
        max_length=100, required=False, label=_("Reference of the payment service")
    )

    def __init__(self, *args: Any, order: SalesOrder, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["invoice"]
        field.queryset = Invoice.objects.filter(order=order).order_by("pk")


class PayOutForm(forms.Form):
    """How much of kept credit goes back."""

    amount = AmountField(max_digits=19, decimal_places=4, label=_("Amount"))


class ApplyCreditForm(PayOutForm):
    """Which due invoice of the same account kept credit settles, and how much of it."""

    invoice = RecordField(None, label=_("Invoice"))  # type: ignore[arg-type]

    def __init__(self, *args: Any, note: CreditNote, **options: Any) -> None:
        super().__init__(*args, **options)
        due = Invoice.objects.filter(account_id=note.account_id, settled__lt=F("gross"))
        field: Any = self.fields["invoice"]
        field.queryset = due.order_by("invoiced_on", "pk")
