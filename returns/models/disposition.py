"""What may be decided about goods: data that maps to fixed actions with stock and cost effects."""

from __future__ import annotations

from typing import ClassVar, Final

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from rmaproject.audit.models import Aggregate
from rmaproject.shared.fields import (
    AmountField,
    PercentField,
    currency_code,
    known_choice,
    printable_text,
)


class Action(models.TextChoices):
    """The fixed actions that dispositions map to."""

    RESTOCK = "restock", _("Restock")
    QUARANTINE = "quarantine", _("Quarantine")
    SCRAP = "scrap", _("Scrap")
    REPAIR = "repair", _("Repair")
    REFURBISH = "refurbish", _("Refurbish")
    RETURN_TO_VENDOR = "return_to_vendor", _("Return to the vendor")
    SEND_BACK = "send_back", _("Send back to the customer")
    DONATE = "donate", _("Donate")
    CUSTOMER_KEEPS = "customer_keeps", _("Customer keeps it")


#: What is left of goods' value after an action, in percent, unless somebody says otherwise.
VALUE_LEFT: Final = {
    Action.RESTOCK: 100,
    Action.QUARANTINE: 100,
    Action.SCRAP: 0,
    Action.REPAIR: 100,
    Action.REFURBISH: 80,
    Action.RETURN_TO_VENDOR: 100,
    Action.SEND_BACK: 100,
    Action.DONATE: 0,
    Action.CUSTOMER_KEEPS: 0,
}


class Disposition(Aggregate):
    """What may be decided about goods; data that maps to one fixed action.

    `value_percent` is what is left of the goods' cost afterwards; `handling_cost` is what one unit
    costs us, `fee` (gross) what it costs the customer; both in `currency`.
    """

    code = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    action = models.CharField(max_length=20, choices=Action)
    value_percent = PercentField(default=100)
    handling_cost = AmountField(default=0)
    fee = AmountField(default=0)
    fee_vat_percent = PercentField(default=0)
    currency = models.CharField(max_length=3, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                Lower("code"),
                name="disposition_code_unique",
                violation_error_code="code_exists",
                violation_error_message=gettext_noop("Another disposition has this code."),
            ),
            printable_text("disposition_code_printable", "code"),
            known_choice(
                "disposition_action_known",
                "action",
                Action,
                "This is none of the fixed actions.",
            ),
            models.CheckConstraint(
                condition=Q(value_percent__gte=0, value_percent__lte=100),
                name="disposition_value_is_a_percentage",
                violation_error_code="invalid_value",
                violation_error_message=gettext_noop(
                    "What is left of a value lies between 0 and 100 percent."
                ),
            ),
            models.CheckConstraint(
                condition=Q(handling_cost__gte=0, fee__gte=0, fee_vat_percent__gte=0),
                name="disposition_costs_not_negative",
                violation_error_code="invalid_cost",
                violation_error_message=gettext_noop("A handling cost and a fee are not negative."),
            ),
            models.CheckConstraint(
                condition=Q(currency="", handling_cost=0, fee=0) | currency_code(),
                name="disposition_amounts_have_a_currency",
                violation_error_code="invalid_currency",
                violation_error_message=gettext_noop(
                    "A handling cost and a fee are in a currency."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name
