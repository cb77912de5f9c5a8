from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from rmaproject.audit.models import Aggregate
from rmaproject.jobs.models import Job
from rmaproject.shared.fields import known_choice
from sales.models import Business


class Subject(models.TextChoices):
    """What a file brings in."""

    SALES = "sales", _("Sales and credit notes")
    PARTS = "parts", _("Parts")
    CUSTOMERS = "customers", _("Customers")


class ImportRun(Aggregate):
    """A file that somebody brings in: how it is read, what its trial found, what came of it.

    All that a run makes carries the run's key in its trail, so it can be found again and taken
    back. `stored` is the file, kept until its rows are in; `columns` say which column holds what,
    `reading` how it is written. `check_job`, `job` and `reversal` are the work of the worker.
    """

    subject = models.CharField(max_length=20, choices=Subject)
    business = models.ForeignKey(Business, models.PROTECT, null=True, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    stored = models.CharField(max_length=200, blank=True)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    header: Any = models.JSONField(default=list)
    sample: Any = models.JSONField(default=list)
    reading: Any = models.JSONField(default=dict)
    columns: Any = models.JSONField(default=dict)
    check_job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    reversal = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    found: Any = models.JSONField(null=True)
    result: Any = models.JSONField(null=True)
    problems: Any = models.JSONField(default=list)
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            known_choice(
                "importrun_subject_known", "subject", Subject, "Nothing of this kind is imported."
            ),
            models.CheckConstraint(
                condition=Q(subject="sales", business__isnull=False)
                | (~Q(subject="sales") & Q(business=None)),
                name="importrun_sales_have_a_business",
                violation_error_code="business_required",
                violation_error_message=gettext_noop(
                    "Sales belong to a business, parts and customers to all."
                ),
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at=None) | Q(result__isnull=False),
                name="importrun_taken_back_after_its_end",
                violation_error_code="invalid_progress",
                violation_error_message=gettext_noop("Only what was imported is taken back."),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["business", "-id"], name="importrun_by_business")]

    def __str__(self) -> str:
        return self.file_name

    @property
    def key(self) -> str:
        """What everything that this run makes carries in its trail."""
        return f"import-{self.uuid.hex}"
