"""Forms of the settings pages."""

from __future__ import annotations

from typing import Any, NamedTuple
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.selectors import visible_companies
from returns.models import Action
from returns.web.forms import places
from rmaproject.access.actors import Actor
from rmaproject.access.roles import all_permissions
from rmaproject.shared import money
from rmaproject.web.forms import AmountField, LookUpField, RecordField
from sales.models import Business, Document
from sales.services.numbering import pattern_for
from stock.models import Location


class FieldGroup(NamedTuple):
    """Fields of a form that stand together, below words of their own."""

    fields: list[forms.BoundField]
    label: Any = ""  # translated when it is shown
    text: Any = ""


class BusinessForm(forms.Form):
    """A legal entity of ours, and how it numbers its documents."""

    code = forms.CharField(label=_("Code"), max_length=64)
    name = forms.CharField(label=_("Name"), max_length=200)
    currency = forms.ChoiceField(
        label=_("Currency"), choices=[(code, code) for code in sorted(money.CURRENCIES)]
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=[(name, name) for name in sorted(available_timezones())]
    )
    returns_location = RecordField(
        Location.objects.none(),
        label=_("Returned goods go to"),
        required=False,
        empty_label=_("Not set"),
        help_text=_("Needed before returns can be switched on."),
    )
    anonymous_customer = LookUpField(
        label=_("Customer for sales without a name"), by=("reference", "name"), required=False
    )

    def __init__(self, data: Any = None, *, actor: Actor, business: Business | None) -> None:
        names = ("code", "name", "currency", "time_zone", "returns_location", "anonymous_customer")
        initial: dict[str, Any] = {"currency": "EUR", "time_zone": "UTC"}
        if business is not None:
            initial = {name: getattr(business, name) for name in names}
        super().__init__(data, initial=initial)
        self.fields["returns_location"].queryset = places()  # type: ignore[attr-defined]
        if actor.may("customers.view_company"):
            customers = visible_companies(actor).filter(is_customer=True)
            self.fields["anonymous_customer"].offer(customers)  # type: ignore[attr-defined]
        else:
            del self.fields["anonymous_customer"]
        self.own_fields = [name for name in names if name in self.fields]
        for document, label in Document.choices:
            self._add_pattern(document, str(label), business)

    def _add_pattern(self, document: str, label: str, business: Business | None) -> None:
        field = forms.CharField(label=label, max_length=64, required=False)
        field.initial = pattern_for(business, document) if business else ""
        self.fields[f"pattern_{document}"] = field

    @property
    def groups(self) -> list[FieldGroup]:
        """What the business is, and how it numbers; the second with what a pattern looks like."""
        said = _("like RMA-{ref:04d}; {year} and {month} may stand beside {ref}")
        own = [self[name] for name in self.own_fields]
        return [FieldGroup(own), FieldGroup(self.pattern_fields(), _("Number patterns"), said)]

    def pattern_fields(self) -> list[forms.BoundField]:
        """The boxes of the patterns, a document each."""
        return [self[f"pattern_{document}"] for document in Document.values]

    def values(self) -> dict[str, Any]:
        """The columns of the business."""
        return {name: self.cleaned_data[name] for name in self.own_fields}

    def patterns(self) -> dict[str, str]:
        """The patterns that differ from what holds now."""
        given = {document: self.cleaned_data[f"pattern_{document}"] for document in Document.values}
        return {
            document: pattern
            for document, pattern in given.items()
            if pattern and pattern != self.fields[f"pattern_{document}"].initial
        }


class ReasonForm(forms.Form):
    """Why goods come back. Whether a code is taken, the database says."""

    code = forms.CharField(label=_("Code"), max_length=64, help_text=_("What other systems send."))
    name = forms.CharField(label=_("Name"), max_length=200)
    active = forms.BooleanField(label=_("Offered"), required=False)


def amount_field(label: Any, *, max_digits: int = 19) -> AmountField:
    """An amount that may be left empty."""
    return AmountField(
        label=label, required=False, min_value=0, max_digits=max_digits, decimal_places=4
    )


class DispositionForm(ReasonForm):
    """What may become of received goods."""

    action = forms.ChoiceField(label=_("What happens to the stock"), choices=Action.choices)
    value_percent = AmountField(
        label=_("Value that is left, percent"),
        required=False,
        min_value=0,
        max_value=100,
        max_digits=7,
        decimal_places=4,
        help_text=_("Of what the goods cost us; the rest is written off. Empty: as is usual."),
    )
    handling_cost = amount_field(_("Handling cost of a unit"))
    fee = amount_field(_("Fee that the customer pays for a unit, gross"))
    fee_vat_percent = amount_field(_("VAT in the fee, percent"), max_digits=7)
    currency = forms.ChoiceField(
        label=_("Currency of cost and fee"),
        required=False,
        choices=[("", "–"), *((code, code) for code in sorted(money.CURRENCIES))],
    )
    field_order = (
        "code",
        "name",
        "action",
        "value_percent",
        "handling_cost",
        "currency",
        "fee",
        "fee_vat_percent",
    )

    def clean(self) -> dict[str, Any]:
        """Amounts that were left empty are nothing; a value is what is usual."""
        values = super().clean() or self.cleaned_data
        for name in ("handling_cost", "fee", "fee_vat_percent"):
            values[name] = values.get(name) or money.ZERO
        if values.get("value_percent") is None:
            values.pop("value_percent", None)
        return values


class RoleForm(forms.Form):
    """Which rights a role holds."""

    rights = forms.MultipleChoiceField(
        label=_("Rights"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = sorted(all_permissions().items())
        self.fields["rights"].choices = [(name, row.name) for name, row in rows]  # type: ignore[attr-defined]
