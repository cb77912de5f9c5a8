from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop


class DemoLoad(models.Model):
    """That the demo data is here, and which rows came with it; gone when they are."""

    at = models.DateTimeField(default=timezone.now, editable=False)
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    #: Keys of the rows that were made, by model.
    rows: Any = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(pk=1),
                name="demoload_is_one",
                violation_error_code="demo_exists",
                violation_error_message=gettext_noop("The demo data is here already."),
            ),
        ]
