from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_noop

from rmaproject.audit.models import Aggregate
from rmaproject.shared.fields import printable_text


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
                violation_error_message=gettext_noop("There is one switch for returns."),
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
                violation_error_message=gettext_noop("Another reason has this code."),
            ),
            printable_text("reason_code_printable", "code"),
        ]

    def __str__(self) -> str:
        return self.name
