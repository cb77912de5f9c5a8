"""Where stock lies."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_noop

from rmaproject.audit.models import Aggregate
from rmaproject.shared.db import TRIGGER_REFUSALS
from rmaproject.shared.errors import RuleViolation
from rmaproject.shared.fields import printable_text

TRIGGER_REFUSALS["location_tree_has_no_cycle"] = (
    RuleViolation,
    "location_cycle",
    "A location cannot lie inside itself.",
)


class Location(Aggregate):
    """A place in the tree of places where stock lies."""

    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    code = models.CharField(max_length=64)
    name = models.CharField(max_length=200, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                Lower("code"),
                name="location_code_unique",
                violation_error_code="code_exists",
                violation_error_message=gettext_noop("Another location has this code."),
            ),
            printable_text("location_code_printable", "code"),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="no_cycle",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("parent_id"),
                when=pgtrigger.After,
                condition=pgtrigger.Q(new__parent__isnull=False),
                func="""
                IF EXISTS (
                    WITH RECURSIVE above(id, parent_id) AS (
                        SELECT id, parent_id FROM stock_location WHERE id = NEW.parent_id
                        UNION
                        SELECT l.id, l.parent_id FROM stock_location l
                        JOIN above ON l.id = above.parent_id)
                    SELECT 1 FROM above WHERE id = NEW.id)
                THEN RAISE EXCEPTION 'A location cannot lie inside itself.'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'location_tree_has_no_cycle';
                END IF;
                RETURN NULL;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.code
