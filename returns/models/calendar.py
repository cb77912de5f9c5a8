from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from rmaproject.shared.fields import (
    known_choice,
)


class CalendarKind(models.TextChoices):
    """What a calendar lists."""

    RETURN_ORDER = "return_order", _("Return orders")
    RETURN_DEADLINE = "return_deadline", _("Deadlines of returns")
    EXPECTED_PARCEL = "expected_parcel", _("Expected parcels")
    PROMISED_REFUND = "promised_refund", _("Promised refunds")
    SALES_ORDER = "sales_order", _("Sales orders")


class CalendarText(models.Model):
    """An event as calendar text, kept because rendering is slow; `uuid` is whose day it is.

    A copy of nothing but the order at `version` in `layout`, in words of `language`: where either
    differs it is stale and rendered anew, so no writer of orders needs to know of it, and it may be
    emptied at any time.
    """

    kind = models.CharField(max_length=20, choices=CalendarKind)
    uuid = models.UUIDField()
    version = models.PositiveIntegerField()
    layout = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=10, default="en")
    text = models.TextField()

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            known_choice(
                "calendartext_kind_known", "kind", CalendarKind, "No calendar lists such events."
            ),
            models.UniqueConstraint(
                fields=["kind", "uuid", "language"],
                name="calendartext_one_for_each_event",
                violation_error_code="text_exists",
                violation_error_message=gettext_noop("The text of this event is kept already."),
            ),
        ]
