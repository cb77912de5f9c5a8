from __future__ import annotations

from typing import ClassVar

from django.db import models

from rmaproject.shared.fields import (
    known_choice,
)


class CalendarKind(models.TextChoices):
    """What a calendar lists."""

    RETURN_ORDER = "return_order", "Return orders"
    SALES_ORDER = "sales_order", "Sales orders"


class CalendarText(models.Model):
    """An order's event as calendar text, kept because rendering is slow.

    A copy of nothing but the order at `version` in `layout`: where either differs it is stale and
    rendered anew, so no writer of orders needs to know of it, and it may be emptied at any time.
    """

    kind = models.CharField(max_length=20, choices=CalendarKind)
    uuid = models.UUIDField(unique=True)
    version = models.PositiveIntegerField()
    layout = models.PositiveSmallIntegerField()
    text = models.TextField()

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            known_choice(
                "calendartext_kind_known",
                "kind",
                CalendarKind,
                "A calendar lists return orders or sales orders.",
            ),
        ]
