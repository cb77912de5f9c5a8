"""What is typed on the pages of customers, turned into values for the services."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from customers.services import FLAG

MOST_FLAGS = 20


class CountryField(forms.CharField):
    """The two ISO letters of a country, however they are typed."""

    def __init__(self) -> None:
        super().__init__(
            min_length=2,
            max_length=2,
            required=False,
            label=_("Country"),
            help_text=_("Two letters: NL, DE."),
        )

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        return text.upper()


class FlagsField(forms.CharField):
    """The words that a customer is marked with, parted by blanks or commas."""

    def __init__(self) -> None:
        text = _("Words that rules for returns can name, parted by blanks.")
        super().__init__(required=False, label=_("Marked"), help_text=text)

    def prepare_value(self, value: Any) -> Any:
        return " ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        words = super().clean(value).replace(",", " ").split()
        if len(words) > MOST_FLAGS or not all(re.fullmatch(FLAG, word) for word in words):
            raise forms.ValidationError(_("Give words of letters, digits and dashes."))
        return words


class _RecordForm(forms.Form):
    @classmethod
    def initial_of(cls, record: Model | None) -> dict[str, Any]:
        """What the form of this record starts with."""
        return {name: getattr(record, name) for name in cls.base_fields} if record else {}


class CompanyForm(_RecordForm):
    """A company: somebody who buys from us, supplies us, or both."""

    reference = forms.CharField(max_length=64, label=_("Number"))
    name = forms.CharField(max_length=200, label=_("Name"))
    email = forms.EmailField(required=False, label=_("Email"))
    phone = forms.CharField(max_length=50, required=False, label=_("Phone"))
    country = CountryField()
    tax_number = forms.CharField(max_length=50, required=False, label=_("Tax number"))
    is_customer = forms.BooleanField(
        required=False, initial=True, label=_("Customer"), help_text=_("Can be put on orders.")
    )
    is_supplier = forms.BooleanField(required=False, label=_("Supplier"))
    active = forms.BooleanField(
        required=False,
        initial=True,
        label=_("Active"),
        help_text=_("Inactive companies keep their history and get no new orders."),
    )
    note = forms.CharField(
        required=False, label=_("Note"), widget=forms.Textarea(attrs={"rows": 3})
    )
    flags = FlagsField()


class ContactForm(_RecordForm):
    """A person at a company."""

    name = forms.CharField(max_length=200, label=_("Name"))
    role = forms.CharField(max_length=100, required=False, label=_("Role"))
    email = forms.EmailField(required=False, label=_("Email"))
    phone = forms.CharField(max_length=50, required=False, label=_("Phone"))


class AddressForm(_RecordForm):
    """Where a company is reached by post."""

    title = forms.CharField(
        max_length=100, required=False, label=_("Title"), help_text=_("Office, warehouse.")
    )
    line1 = forms.CharField(max_length=200, label=_("Street and number"))
    line2 = forms.CharField(max_length=200, required=False, label=_("Second line"))
    postal_code = forms.CharField(max_length=20, required=False, label=_("Postal code"))
    city = forms.CharField(max_length=100, required=False, label=_("City"))
    region = forms.CharField(max_length=100, required=False, label=_("Region"))
    country = CountryField()
    primary = forms.BooleanField(
        required=False, label=_("Primary"), help_text=_("Takes the place of the present one.")
    )
