"""What is typed on the pages of refunds and bank accounts, turned into values for the services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from customers.models import Company
from rmaproject.shared import money
from rmaproject.web.forms import AmountField, DayField, RecordField, typed_amount
from rmaproject.web.people_words import role_name
from sales.models import ApprovalLimit, BankDetails, Refund
from sales.services.banking import BankAccount
from sales.states import Via


class SecretInput(forms.TextInput):
    """A text that no page shows again, not even to who typed it."""

    def __init__(self) -> None:
        super().__init__(attrs={"autocomplete": "off"})

    def format_value(self, value: Any) -> None:
        return None


class AccountForm(forms.Form):
    """A bank account in full."""

    owner = forms.CharField(max_length=200, label=_("Account holder"), widget=SecretInput)
    iban = forms.CharField(max_length=60, label=_("IBAN"), widget=SecretInput)
    bic = forms.CharField(
        max_length=20,
        required=False,
        label=_("BIC"),
        help_text=_("Only where the bank asks for it."),
        widget=SecretInput,
    )

    def account(self) -> BankAccount:
        """The account as the service takes it."""
        told = self.cleaned_data
        return BankAccount(owner=told["owner"], iban=told["iban"], bic=told["bic"])


class ChooseAccountForm(AccountForm):
    """One of the customer's accounts, or a new one."""

    bank_details = RecordField(
        BankDetails.objects.none(),
        required=False,
        label=_("Known account"),
        empty_label=_("A new one, entered below"),
    )

    field_order = ("bank_details", "owner", "iban", "bic")

    def __init__(self, *args: Any, customer: Company, **options: Any) -> None:
        super().__init__(*args, **options)
        chosen: Any = self.fields["bank_details"]
        rows = BankDetails.objects.filter(customer=customer, retired_at=None)
        chosen.queryset = rows.order_by("pk")
        for name in ("owner", "iban"):
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if not told.get("bank_details"):
            for name in ("owner", "iban"):
                if not told.get(name) and name not in self.errors:
                    self.add_error(name, _("Choose a known account or enter a new one."))
        return told

    def chosen(self) -> BankDetails | BankAccount:
        """The known account, or the new one."""
        return self.cleaned_data["bank_details"] or self.account()


class ChangeForm(forms.Form):
    """Another amount, or another way."""

    amount = AmountField(max_digits=19, decimal_places=4, label=_("Amount"))
    via = forms.ChoiceField(label=_("By"))

    def __init__(self, *args: Any, refund: Refund, **options: Any) -> None:
        first = {"amount": typed_amount(refund.amount, refund.currency), "via": refund.via}
        super().__init__(*args, **{"initial": first, **options})
        ways = [(way.value, str(way.label)) for way in (Via.BANK, Via.MANUAL)]
        if refund.via == Via.GATEWAY:
            ways.insert(0, (Via.GATEWAY.value, str(Via.GATEWAY.label)))
        via: Any = self.fields["via"]
        via.choices = ways

    def values(self, refund: Refund) -> dict[str, Any]:
        """What differs from the refund as it stands."""
        told = self.cleaned_data
        return {
            "amount": told["amount"],
            "via": told["via"] if told["via"] != refund.via else "",
        }


class FileForm(forms.Form):
    """Which refunds a bank file pays, and when."""

    refunds = forms.ModelMultipleChoiceField(
        Refund.objects.none(),
        to_field_name="uuid",
        label=_("Refunds"),
        widget=forms.CheckboxSelectMultiple,
    )
    execute_on = DayField(required=False, label=_("To be carried out on"))

    def __init__(self, *args: Any, rows: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        chosen: Any = self.fields["refunds"]
        chosen.queryset = rows
        chosen.label_from_instance = _labelled


class LimitForm(forms.Form):
    """Up to which amount a role may approve and pay."""

    group = forms.ModelChoiceField(
        Group.objects.order_by("name"), label=_("Role"), empty_label=_("Choose")
    )
    currency = forms.ChoiceField(
        label=_("Currency"),
        initial="EUR",
        choices=[(code, code) for code in sorted(money.CURRENCIES)],
    )
    amount = AmountField(
        max_digits=19,
        decimal_places=4,
        required=False,
        label=_("Up to"),
        help_text=_("Leave it empty to lift the limit."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        group: Any = self.fields["group"]
        group.label_from_instance = role_name


def first_limit(limit: ApprovalLimit | None) -> dict[str, Any]:
    """What the form of a limit shows first."""
    if limit is None:
        return {}
    amount = typed_amount(limit.amount, limit.currency)
    return {"group": limit.group, "currency": limit.currency, "amount": amount}


def _labelled(refund: Refund) -> str:
    figure = money.amount(refund.amount, refund.currency)
    return f"{refund.reference} · {refund.customer.name} · {figure} · {refund.bank_details}"
