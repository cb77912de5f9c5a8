from __future__ import annotations

import uuid
from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

from rmaproject.shared.db import TRIGGER_REFUSALS
from rmaproject.shared.errors import Conflict

TRIGGER_REFUSALS["events_event_stays"] = (
    Conflict,
    "append_only",
    "What was told is never changed.",
)
_CHANGED = "OLD.position IS NOT NULL OR to_jsonb(OLD) - 'position' <> to_jsonb(NEW) - 'position'"


class Event(models.Model):
    """That a record changed, without what others should not read.

    `position` is the place in the order in which events are told. It is given after the commit
    (`outbox.number`), because keys are drawn before it: a transaction that lasts longer would
    bring an event to a place that readers have passed already.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    position = models.PositiveBigIntegerField(null=True, unique=True, editable=False)
    type = models.CharField(max_length=80)
    kind = models.CharField(max_length=30)
    aggregate_id = models.UUIDField()
    version = models.PositiveIntegerField()
    at = models.DateTimeField()
    request_id = models.CharField(max_length=64, blank=True)
    data: Any = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()
        indexes: ClassVar = [
            models.Index(fields=["id"], name="event_without_position", condition=Q(position=None)),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="told_as_it_was",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(_CHANGED),
                func=(
                    "RAISE EXCEPTION 'What was told is never changed.' "
                    "USING ERRCODE = 'restrict_violation', CONSTRAINT = 'events_event_stays';"
                ),
            )
        ]
