from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop

from rmaproject.audit.models import Aggregate
from rmaproject.shared.fields import AmountField, iso_currency
from rmaproject.shared.money import follows_currency


class ApprovalLimit(Aggregate):
    """Up to which amount a role may approve and pay; None once the limit was lifted."""

    group = models.ForeignKey(Group, models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    amount = AmountField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        permissions: ClassVar = [("edit_limits", "Set limits of approval")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["group", "currency"],
                name="approvallimit_one_per_role_and_currency",
                violation_error_code="limit_exists",
                violation_error_message=gettext_noop("The role has a limit in this currency."),
            ),
            iso_currency("approvallimit_currency_is_iso"),
            models.CheckConstraint(
                condition=Q(amount=None) | Q(amount__gte=0),
                name="approvallimit_not_negative",
                violation_error_code="invalid_amount",
                violation_error_message=gettext_noop("A limit is zero or more."),
            ),
            models.CheckConstraint(
                condition=Q(amount=None) | follows_currency("amount"),
                name="approvallimit_amount_follows_currency",
                violation_error_code="invalid_amount",
                violation_error_message=gettext_noop(
                    "The amount has more decimals than its currency."
                ),
            ),
        ]
