from __future__ import annotations

from typing import Any, ClassVar

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from rmaproject.audit.models import Aggregate
from rmaproject.shared.db import TRIGGER_REFUSALS
from rmaproject.shared.errors import Conflict
from rmaproject.shared.fields import known_choice
from sales.models import Business

TRIGGER_REFUSALS["policyversion_published_stays"] = (
    Conflict,
    "policy_published",
    "A published version stays as it is; only its end can be set once it began.",
)


class PolicyStatus(models.TextChoices):
    """Whether a version of the rules is still being written, holds, or was thrown away."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    DISCARDED = "discarded", _("Discarded")


class PolicyVersion(Aggregate):
    """The rules for returns of one business from one day to another; one document.

    `rules` is checked by `returns.policies`. Returns pin the version in force on the day they
    are requested, so a document that has been in force is never changed: a new version takes its
    place. One published for a day to come may be withdrawn.
    """

    business = models.ForeignKey(Business, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200, blank=True)
    rules: Any = models.JSONField(default=dict)
    valid = DateRangeField(null=True, blank=True)
    status = models.CharField(
        max_length=10, choices=PolicyStatus, default=PolicyStatus.DRAFT, editable=False
    )

    class Meta:
        default_permissions = ()
        verbose_name = "policy"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["business", "number"],
                name="policyversion_number_unique_per_business",
                violation_error_code="version_exists",
                violation_error_message=gettext_noop(
                    "The business has a version with this number."
                ),
            ),
            known_choice(
                "policyversion_status_known",
                "status",
                PolicyStatus,
                "A version is a draft, published or discarded.",
            ),
            models.CheckConstraint(
                condition=Q(status=PolicyStatus.PUBLISHED, valid__isnull=False)
                | (~Q(status=PolicyStatus.PUBLISHED) & Q(valid=None)),
                name="policyversion_published_holds_for_some_time",
                violation_error_code="invalid_period",
                violation_error_message=gettext_noop(
                    "A published version has days on which it holds."
                ),
            ),
            models.CheckConstraint(
                condition=Q(valid=None) | Q(valid__isempty=False, valid__lower_inf=False),
                name="policyversion_begins_on_a_day",
                violation_error_code="invalid_period",
                violation_error_message=gettext_noop(
                    "A version begins on a day and ends on a later one."
                ),
            ),
            ExclusionConstraint(
                name="policyversion_one_at_a_time",
                expressions=[
                    ("business", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                condition=Q(status=PolicyStatus.PUBLISHED),
                violation_error_code="policy_overlaps",
                violation_error_message=gettext_noop(
                    "Another version of the business holds on these days."
                ),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="published_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                # Before its first day, where its business is, a version may become a draft again.
                func="""
                IF TG_OP = 'UPDATE' AND OLD.status = 'published' AND NEW.status = 'draft'
                    AND NEW.rules = OLD.rules AND NEW.number = OLD.number
                    AND NEW.business_id = OLD.business_id
                    AND lower(OLD.valid) > (SELECT (now() AT TIME ZONE time_zone)::date
                        FROM sales_business WHERE id = OLD.business_id)
                THEN RETURN NEW;
                END IF;
                IF OLD.status = 'published' AND (
                    TG_OP = 'DELETE' OR NEW.rules IS DISTINCT FROM OLD.rules
                    OR NEW.status <> OLD.status OR NEW.number <> OLD.number
                    OR NEW.business_id <> OLD.business_id
                    OR lower(NEW.valid) IS DISTINCT FROM lower(OLD.valid))
                THEN RAISE EXCEPTION 'A published version stays as it is.'
                    USING ERRCODE = 'restrict_violation',
                    CONSTRAINT = 'policyversion_published_stays';
                END IF;
                IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}".strip()
