"""Forms of returns: they read what was typed; the rules are the services'."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.models import Group
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from customers.models import Company
from returns.models import ExtraLine, Outcome, Parcel, Reason
from returns.selectors import choosable_customers, customers_named
from returns.services import Consignment
from returns.web.record.custom import CustomFields
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
from rmaproject.web.planning.owning import owners
from sales.models import PART_KINDS, LineKind, VatType
from sales.selectors import visible_businesses
from stock.models import Location


class HeaderForm(CustomFields):
    """The facts of a return beside its lines."""

    customer_reference = forms.CharField(
        label=_("Customer's reference"), max_length=64, required=False
    )
    target_date = DayField(label=_("Target date"), required=False)
    responsible = forms.ChoiceField(label=_("Owner"), required=False)
    reason = RecordField(
        Reason.objects.none(), label=_("Reason"), required=False, empty_label=_("None named")
    )
    note = forms.CharField(
        label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=5000
    )

    override_reason = forms.CharField(
        label=_("Go against the rules, because"),
        required=False,
        max_length=500,
        help_text=_("Only where the rules refuse a line; it is kept with the return."),
    )

    def __init__(
        self, *args: Any, actor: Actor, custom: dict[str, Any] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.add_custom(custom)
        if not actor.may("returns.override_policy"):
            del self.fields["override_reason"]
        self.fields["reason"].queryset = _reasons(self.initial.get("reason"))  # type: ignore[attr-defined]
        nobody = [("", _("Nobody"))]
        self.fields["responsible"].choices = nobody + owners()  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """What the services take: the responsible as a user or a group."""
        kind, key = self.cleaned_data["responsible"][:1], self.cleaned_data["responsible"][1:]
        return {
            "customer_reference": self.cleaned_data["customer_reference"],
            "target_date": self.cleaned_data["target_date"],
            "responsible_user": User.objects.get(pk=key) if kind == "u" else None,
            "responsible_group": Group.objects.get(pk=key) if kind == "g" else None,
            "reason": self.cleaned_data["reason"],
            "note": self.cleaned_data["note"],
            "custom": self.custom_values(),
        }

    def override(self) -> str:
        """Why lines are taken against the rules; nothing where nobody says so."""
        return str(self.cleaned_data.get("override_reason", ""))


class EditReturnForm(HeaderForm):
    """What may be changed of a return that is there: also where its goods go."""

    refund_by = DayField(label=_("Refund promised by"), required=False)
    location = RecordField(
        Location.objects.none(), label=_("Goods go to"), required=False, empty_label=_("As usual")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["location"].queryset = places(self.initial.get("location"))  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        chosen = {name: self.cleaned_data[name] for name in ("refund_by", "location")}
        return {**super().values(), **chosen}


class CustomerField(LookUpField):
    """A customer by number, name, e-mail or one of their orders; several are offered to choose."""

    MOST = 9

    def __init__(self, **options: Any) -> None:
        super().__init__(by=("reference", "name"), widget=forms.TextInput, **options)
        self.candidates: list[Company] = []

    def offer_to(self, actor: Actor) -> None:
        """Let somebody choose among the customers that they see."""
        self.actor = actor
        self.rows = choosable_customers(actor)

    def _close_to(self, text: str) -> Any:
        found = list(customers_named(self.actor, text)[: self.MOST])
        if len(found) == 1:
            return found[0]
        if not found:
            raise forms.ValidationError(_("There is no such customer."), code="unknown")
        self.candidates = found
        words = gettext("Several fit; choose one: %(names)s.")
        shown = ", ".join(f"{row.reference} {row.name}" for row in found[:6])
        raise forms.ValidationError(words % {"names": shown}, code="ambiguous")


class NewReturnForm(HeaderForm):
    """The facts of a new return: whose it is, what they want, and how it comes."""

    customer = CustomerField(
        label=_("Customer"), help_text=_("Number, name, e-mail or order number.")
    )
    business = RecordField(Reason.objects.none(), label=_("Business"), empty_label=None)
    outcome = forms.ChoiceField(
        label=_("What the customer wants"), choices=Outcome.choices, required=False
    )
    carrier = forms.CharField(label=_("Carrier"), max_length=100, required=False)
    tracking_number = forms.CharField(label=_("Tracking number"), max_length=100, required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        self.fields["customer"].offer_to(actor)  # type: ignore[attr-defined]
        self.fields["business"].queryset = visible_businesses(actor).order_by("code")  # type: ignore[attr-defined]

    def candidates(self) -> list[Company]:
        """The customers that the typed text may mean, where it means several."""
        found: list[Company] = self.fields["customer"].candidates  # type: ignore[attr-defined]
        return found

    def parcel(self) -> dict[str, str]:
        """The parcel that is on its way, where one is named."""
        named = ("carrier", "tracking_number")
        told = {name: self.cleaned_data[name] for name in named}
        return told if any(told.values()) else {}


class ExtraLineForm(forms.Form):
    """A charge or credit that is no goods."""

    name = forms.CharField(label=_("What it is"), max_length=200)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[row for row in LineKind.choices if row[0] not in PART_KINDS]
    )
    quantity = QuantityField(label=_("Quantity"), initial="1")
    gross_unit_price = AmountField(
        label=_("Price, gross"),
        max_digits=19,
        decimal_places=6,
        help_text=_("Above zero for the customer, below zero a charge."),
    )
    vat_percent = AmountField(
        label=_("VAT, percent"), max_digits=7, decimal_places=4, min_value=0, initial="0"
    )
    vat_type = forms.ChoiceField(label=_("VAT type"), choices=VatType.choices)

    @classmethod
    def of(cls, line: ExtraLine, data: Any = None) -> ExtraLineForm:
        """The form for a line that is there."""
        first = {name: getattr(line, name) for name in cls.base_fields}
        price = typed_amount(line.gross_unit_price, line.currency)
        return cls(data, initial={**first, "gross_unit_price": price})


class ParcelForm(forms.ModelForm):  # type: ignore[type-arg]
    """An inbound consignment."""

    expected_on = DayField(label=_("Expected on"), required=False)
    location = RecordField(
        Location.objects.none(), label=_("Goes to"), required=False, empty_label=_("As usual")
    )

    class Meta:
        model = Parcel
        fields = ("carrier", "tracking_number", "expected_on", "location")
        labels = {"carrier": _("Carrier"), "tracking_number": _("Tracking number")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["location"].queryset = places()  # type: ignore[attr-defined]

    @classmethod
    def values_of(cls, parcel: Parcel) -> dict[str, Any]:
        """What the form shows of a parcel that is there."""
        place = parcel.location.uuid if parcel.location else None
        named = ("carrier", "tracking_number", "expected_on")
        return {**{name: getattr(parcel, name) for name in named}, "location": place}


class ConsignmentForm(forms.Form):
    """How goods travel to the customer."""

    carrier = forms.CharField(label=_("Carrier"), max_length=100, required=False)
    tracking_number = forms.CharField(label=_("Tracking number"), max_length=100, required=False)
    shipped_on = DayField(label=_("Left on"), required=False, help_text=_("Today if left empty."))

    def consignment(self) -> Consignment:
        """The checked values as the service takes them."""
        return Consignment(**self.cleaned_data)


def outcomes() -> list[dict[str, str]]:
    """What a customer may get, as options of a line's select."""
    return [{"value": value, "label": str(label)} for value, label in Outcome.choices]


def posted_outcome(data: QueryDict, key: str, default: str = Outcome.REFUND) -> str:
    """The outcome chosen for a line of a form; a strange one counts as not chosen."""
    chosen = data.get(f"outcome_{key}", "")
    return chosen if chosen in Outcome.values else default


def places(chosen: UUID | None = None) -> Any:
    """Locations where goods may be put; one that is not in use any more stays where it is."""
    return Location.objects.filter(Q(active=True) | Q(uuid=chosen)).order_by("code")


def _reasons(chosen: Reason | None) -> Any:
    """The reasons in use; one that is not any more stays where it was chosen."""
    rows = Reason.objects.filter(active=True)
    if chosen is not None:
        rows = rows | Reason.objects.filter(pk=chosen.pk)
    return rows.order_by("name")


def active_reasons(also: Iterable[Reason | None] = ()) -> list[dict[str, str]]:
    """The reasons in use, as options of a line's select; `also` those that lines have already."""
    rows = set(Reason.objects.filter(active=True)) | {reason for reason in also if reason}
    named = sorted(rows, key=lambda row: row.name)
    return [{"value": str(row.uuid), "label": row.name} for row in named]
