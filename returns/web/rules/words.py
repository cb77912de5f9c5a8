"""What rules can say, in the words of the form: aspects with their values, and conditions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from returns.models import Outcome


@dataclass(frozen=True)
class Value:
    """One value of a rule: its kind says how it is typed, `unit` stands behind it."""

    name: str
    label: str | Promise
    kind: str = "flag"
    options: tuple[tuple[str, Any], ...] = ()
    unit: str | Promise = ""

    @property
    def several(self) -> bool:
        return self.kind == "some"


@dataclass(frozen=True)
class Aspect:
    """What a rule decides about."""

    label: str | Promise
    values: tuple[Value, ...]
    whole: bool = False


YES_NO: Final = (("yes", _("Yes")), ("no", _("No")))
CURRENCY: Final = Value("currency", _("Currency"), "text")


def _days(label: str | Promise, name: str = "days") -> Value:
    return Value(name, label, "days", unit=_("days"))


def _flag(name: str, label: str | Promise) -> Value:
    return Value(name, label, "flag", YES_NO)


def _amount(name: str, label: str | Promise) -> Value:
    return Value(name, label, "amount", unit=_("of the currency"))


ASPECTS: Final[dict[str, Aspect]] = {
    "window": Aspect(
        _("Return window"),
        (
            _days(_("Days")),
            Value(
                "from",
                _("Counted from"),
                "one",
                (
                    ("order", _("the order")),
                    ("shipment", _("the shipment")),
                    ("delivery", _("the delivery")),
                ),
            ),
        ),
    ),
    "final_sale": Aspect(_("Final sale"), (_flag("final", _("Stays sold")),)),
    "returnable": Aspect(
        _("May be returned"),
        (_flag("allowed", _("Allowed")), Value("message", _("What the customer reads"), "text")),
    ),
    "fee": Aspect(
        _("Restocking fee"), (Value("percent", _("Share of the price"), "percent", unit="%"),)
    ),
    "outcomes": Aspect(
        _("What is offered"), (Value("offer", _("Outcomes"), "some", tuple(Outcome.choices)),)
    ),
    "inspection": Aspect(_("Inspection"), (_flag("required", _("Required")),)),
    "replacement": Aspect(
        _("Replacement"), (_flag("in_advance", _("Sent before the goods came")),)
    ),
    "shipping": Aspect(
        _("Shipping"),
        (
            Value(
                "paid_by",
                _("The way back is paid by"),
                "one",
                (("customer", _("the customer")), ("business", _("us"))),
            ),
            _amount("amount", _("Amount")),
            Value("vat_percent", _("VAT in it"), "percent", unit="%"),
            Value(
                "refund_original",
                _("The way there is refunded"),
                "one",
                (
                    ("never", _("never")),
                    ("full", _("when all comes back")),
                    ("always", _("always")),
                ),
            ),
            CURRENCY,
        ),
        whole=True,
    ),
    "approval": Aspect(
        _("Approval"),
        (
            Value(
                "needed",
                _("Needed"),
                "one",
                (("always", _("always")), ("never", _("never")), ("above", _("above an amount"))),
            ),
            _amount("above", _("Above")),
            _flag("four_eyes", _("By somebody else than who asks")),
            _amount("four_eyes_above", _("By somebody else above")),
            CURRENCY,
        ),
        whole=True,
    ),
    "refund": Aspect(
        _("Refund"),
        (
            _amount("approval_above", _("Approval above")),
            _amount("four_eyes_above", _("By somebody else above")),
            _days(_("Paid within"), "within_days"),
            CURRENCY,
        ),
        whole=True,
    ),
    "deadline": Aspect(_("Deadline to send it"), (_days(_("Days")),), whole=True),
    "flow": Aspect(
        _("Steps done by themselves"),
        (
            _flag("accept_on_receipt", _("Accept what arrives")),
            _flag("credit_on_accept", _("Credit what is accepted")),
            _flag("complete_when_done", _("Complete what is done")),
        ),
        whole=True,
    ),
}
CONDITIONS: Final[dict[str, str | Promise]] = {
    "category": _("Category is"),
    "sku": _("Part is"),
    "reason": _("Reason is"),
    "channel": _("Channel is"),
    "country": _("Country is"),
    "customer": _("Customer is"),
    "customer_flags": _("Customer is marked as"),
    "min_amount": _("Worth at least"),
    "max_amount": _("Worth at most"),
    "currency": _("In the currency"),
}
#: Conditions that hold for any of several words.
LISTS: Final = (
    "category", "sku", "reason", "channel", "country", "customer", "customer_flags",
)  # fmt: skip
