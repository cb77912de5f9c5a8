"""What a kit is made of."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop

from rmaproject.shared.db import TRIGGER_REFUSALS
from rmaproject.shared.errors import RuleViolation
from rmaproject.shared.fields import QuantityField, positive_quantity

TRIGGER_REFUSALS["kitpart_tree_has_no_cycle"] = (
    RuleViolation,
    "kit_cycle",
    "A kit cannot be a part of itself.",
)
TRIGGER_REFUSALS["kitpart_belongs_to_a_kit"] = (
    RuleViolation,
    "not_a_kit",
    "Only a kit is made of other parts.",
)


class KitPart(models.Model):
    """So much of a part in one kit; the part may be a kit again.

    `value_weight` says how much one unit of the part weighs in the kit's value, 1 when not said.
    """

    kit = models.ForeignKey("stock.Part", models.PROTECT, related_name="kit_parts")
    part = models.ForeignKey("stock.Part", models.PROTECT, related_name="in_kits")
    quantity = QuantityField()
    value_weight = models.DecimalField(max_digits=19, decimal_places=6, null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["kit", "part"],
                name="kitpart_part_once_per_kit",
                violation_error_code="kit_part_exists",
                violation_error_message=gettext_noop("The kit names this part already."),
            ),
            positive_quantity("kitpart_quantity_positive"),
            models.CheckConstraint(
                condition=Q(value_weight=None) | Q(value_weight__gte=0),
                name="kitpart_weight_not_negative",
                violation_error_code="invalid_weight",
                violation_error_message=gettext_noop("A weight is not negative."),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="tree",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("kit_id", "part_id"),
                when=pgtrigger.After,
                declare=[("known", "text")],
                # One at a time: two kits could each be put into the other at the same moment.
                func="""
                PERFORM pg_advisory_xact_lock(hashtextextended('stock_kitpart', 0));
                SELECT kind INTO known FROM stock_part WHERE id = NEW.kit_id;
                IF known <> 'kit' THEN RAISE EXCEPTION 'Only a kit is made of other parts.'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'kitpart_belongs_to_a_kit';
                END IF;
                IF EXISTS (
                    WITH RECURSIVE below(id) AS (
                        SELECT NEW.part_id
                        UNION
                        SELECT k.part_id FROM stock_kitpart k JOIN below b ON k.kit_id = b.id)
                    SELECT 1 FROM below WHERE id = NEW.kit_id)
                THEN RAISE EXCEPTION 'A kit cannot be a part of itself.'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'kitpart_tree_has_no_cycle';
                END IF;
                RETURN NULL;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.part_id} in {self.kit_id}"
