"""What is typed on the pages of parts, stock and locations, turned into values for the services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rmaproject.shared.money import CURRENCIES
from rmaproject.web.forms import AmountField, LookUpField, QuantityField, RecordField, typed_amount
from stock.models import (
    HERE,
    KitPart,
    Location,
    Part,
    PartCategory,
    PartKind,
    State,
    StockItem,
)

_l = gettext_lazy


def place_field(label: Any, **options: Any) -> LookUpField:
    """A location by its code or name."""
    return LookUpField(by=("code", "name"), label=label, **options)


class PartForm(forms.Form):
    """A part. How it is counted stays once there is stock of it; the service sees to that."""

    sku = forms.CharField(max_length=64, label=_l("SKU"))
    name = forms.CharField(max_length=200, label=_l("Name"))
    gtin = forms.CharField(
        required=False,
        max_length=20,
        label=_l("GTIN"),
        help_text=_l("The digits below its barcode; a scan of it finds the part."),
    )
    unit = forms.CharField(max_length=20, initial="pcs", label=_l("Unit"))
    category = RecordField(
        PartCategory.objects.none(),
        required=False,
        label=_l("Category"),
        help_text=_l("Rules and inspection sheets are made for categories."),
    )
    unit_cost = AmountField(
        required=False,
        min_value=0,
        max_digits=19,
        decimal_places=6,
        label=_l("Cost of a unit"),
        help_text=_l("What is written off when a unit is lost."),
    )
    cost_currency = forms.ChoiceField(
        required=False,
        label=_l("Currency of the cost"),
        choices=[("", "–"), *((code, code) for code in sorted(CURRENCIES))],
    )
    description = forms.CharField(
        required=False, label=_l("Description"), widget=forms.Textarea(attrs={"rows": 3})
    )
    kind = forms.ChoiceField(
        choices=PartKind.choices,
        initial=PartKind.SIMPLE,
        label=_l("Kind"),
        help_text=_l("A kit is sold as one line and comes back whole or in pieces."),
    )
    is_salable = forms.BooleanField(
        required=False, initial=True, label=_l("For sale"), help_text=_l("Can be put on orders.")
    )
    is_serialized = forms.BooleanField(
        required=False,
        label=_l("Counted by serial number"),
        help_text=_l("Each unit is known by itself."),
    )
    is_batched = forms.BooleanField(required=False, label=_l("Kept in batches"))
    is_virtual = forms.BooleanField(
        required=False, label=_l("Virtual"), help_text=_l("A licence, a service: no stock.")
    )
    active = forms.BooleanField(required=False, initial=True, label=_l("Active"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        kept = getattr(self.initial.get("category"), "pk", None)
        category: Any = self.fields["category"]
        category.queryset = PartCategory.objects.filter(Q(active=True) | Q(pk=kept))

    @classmethod
    def initial_of(cls, part: Part) -> dict[str, Any]:
        """What the form of this part starts with."""
        first = {name: getattr(part, name) for name in cls.base_fields}
        return {**first, "unit_cost": typed_amount(part.unit_cost, part.cost_currency)}


class LocationForm(forms.Form):
    """A place, perhaps inside another one."""

    code = forms.CharField(max_length=64, label=_l("Code"))
    name = forms.CharField(max_length=200, required=False, label=_l("Name"))
    parent = place_field(_l("Inside"), required=False, help_text=_l("Code or name of a location."))
    active = forms.BooleanField(required=False, initial=True, label=_l("Active"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        parent: Any = self.fields["parent"]
        parent.offer(Location.objects.all())

    @classmethod
    def initial_of(cls, location: Location) -> dict[str, Any]:
        """What the form of this location starts with."""
        return {name: getattr(location, name) for name in cls.base_fields}


class BookInForm(forms.Form):
    """New stock of a part: a quantity, or serial numbers one per line, at a place."""

    location = place_field(_l("Location"), help_text=_l("Code or name."))
    quantity = QuantityField(label=_l("Quantity"))
    serials = forms.CharField(
        label=_l("Serial numbers"),
        help_text=_l("One per line; scan or paste them."),
        widget=forms.Textarea(attrs={"rows": 8, "class": "code"}),
    )
    batch = forms.CharField(max_length=64, label=_l("Batch"))
    note = forms.CharField(max_length=200, required=False, label=_l("Note"))

    def __init__(self, *args: Any, part: Part, **options: Any) -> None:
        super().__init__(*args, **options)
        place: Any = self.fields["location"]
        place.offer(Location.objects.filter(active=True))
        unused = ["quantity"] if part.is_serialized else ["serials"]
        for name in unused if part.is_batched else [*unused, "batch"]:
            del self.fields[name]

    def clean_serials(self) -> list[str]:
        """The serial numbers, blank lines left out."""
        typed = self.cleaned_data["serials"].splitlines()
        return [serial.strip() for serial in typed if serial.strip()]


class KitPartForm(forms.Form):
    """So much of a part in one kit; a row without a part is left out."""

    part = LookUpField(by=("sku", "name"), required=False, label=_l("Part"))
    quantity = QuantityField(required=False, label=_l("Per kit"))
    value_weight = AmountField(
        required=False, min_value=0, label=_l("Weight in value"), help_text=_l("1 when empty.")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        part: Any = self.fields["part"]
        part.rows = Part.objects.filter(active=True)

    @classmethod
    def initial_of(cls, row: KitPart) -> dict[str, Any]:
        """What the row of a known part starts with."""
        return {name: getattr(row, name) for name in cls.base_fields}


KitPartFormSet = forms.formset_factory(KitPartForm, extra=4, max_num=100, absolute_max=200)


class AssembleForm(forms.Form):
    """How many kits are put together or taken apart, and where."""

    location = place_field(_l("Location"), help_text=_l("Where the parts and the kits lie."))
    quantity = QuantityField(label=_l("Kits"), initial="1")
    note = forms.CharField(max_length=200, required=False, label=_l("Note"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        place: Any = self.fields["location"]
        place.offer(Location.objects.filter(active=True))


class CorrectForm(forms.Form):
    """What was counted of a bulk stock item, and why it differs."""

    quantity = AmountField(min_value=0, label=_l("Counted"))
    note = forms.CharField(
        max_length=200, label=_l("Reason"), help_text=_l("Stays with the movement.")
    )


class MoveForm(forms.Form):
    """Where stock is carried, and in which state it is there."""

    location = place_field(_l("To"), help_text=_l("Code or name of a location."))
    state = forms.ChoiceField(
        choices=[(state.value, State(state).label) for state in HERE], label=_l("State")
    )
    quantity = QuantityField(label=_l("Quantity"))
    note = forms.CharField(max_length=200, required=False, label=_l("Note"))

    def __init__(self, *args: Any, item: StockItem, **options: Any) -> None:
        free = item.quantity - item.allocated
        first = {"location": item.location, "state": item.state, "quantity": free}
        super().__init__(*args, **{"initial": first, **options})
        place: Any = self.fields["location"]
        place.offer(Location.objects.filter(active=True))
        if item.serial is not None:
            del self.fields["quantity"]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        same = values.get("location") == self.initial["location"]
        if not self.errors and same and values.get("state") == self.initial["state"]:
            raise forms.ValidationError(_("It lies there in this state already."))
        return values
