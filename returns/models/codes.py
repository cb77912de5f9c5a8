from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from rmaproject.audit.models import Aggregate
from rmaproject.shared.fields import (
    known_choice,
    printable_text,
)


class ReturnsSwitch(Aggregate):
    """Whether returns are on; one row. A new installation has none, so returns are off."""

    enabled = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(pk=1),
                name="returnsswitch_is_one_row",
                violation_error_code="second_switch",
                violation_error_message="There is one switch for returns.",
            ),
        ]


class Reason(Aggregate):
    """Why goods come back; the code is what other systems send."""

    code = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    active = models.BooleanField(default=True)

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                Lower("code"),
                name="reason_code_unique",
                violation_error_code="code_exists",
                violation_error_message="Another reason has this code.",
            ),
            printable_text("reason_code_printable", "code"),
        ]

    def __str__(self) -> str:
        return self.name


class Action(models.TextChoices):
    """The fixed actions that dispositions map to."""

    RESTOCK = "restock", "Restock"
    QUARANTINE = "quarantine", "Quarantine"
    SCRAP = "scrap", "Scrap"


class Disposition(Aggregate):
    """What may be decided about received goods; data that maps to one fixed action."""

    code = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    action = models.CharField(max_length=20, choices=Action)
    active = models.BooleanField(default=True)

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                Lower("code"),
                name="disposition_code_unique",
                violation_error_code="code_exists",
                violation_error_message="Another disposition has this code.",
            ),
            printable_text("disposition_code_printable", "code"),
            known_choice(
                "disposition_action_known",
                "action",
                Action,
                "A disposition restocks, quarantines or scraps.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
