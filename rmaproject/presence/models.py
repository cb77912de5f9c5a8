from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from rmaproject.access.models import User


class Presence(models.Model):
    """Somebody has a record open; a hint for colleagues, never a lock, and no part of history."""

    VIEW = "view"

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    record = models.UUIDField()
    doing = models.CharField(max_length=20, default=VIEW)
    seen_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["record", "user"],
                name="presence_one_row_a_person_and_record",
                violation_error_code="presence_known",
                violation_error_message=gettext_noop(
                    "It is known already that this person is here."
                ),
            ),
            models.CheckConstraint(
                condition=Q(doing__in=["view", "edit", "receive", "inspect", "credit", "decide"]),
                name="presence_doing_is_known",
                violation_error_code="invalid_doing",
                violation_error_message=gettext_noop("Nobody can be told of this kind of work."),
            ),
        ]
