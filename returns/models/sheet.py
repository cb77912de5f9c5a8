"""What an inspector looks at, per class of parts, and the grades that come of it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from returns.models.disposition import Disposition
from rmaproject.audit.models import Addressable, Aggregate
from rmaproject.shared.fields import PercentField, known_choice, printable_text
from stock.models import PartCategory


class Verdict(models.TextChoices):
    """What an inspection decided."""

    ACCEPTED = "accepted", _("Accepted")
    REJECTED = "rejected", _("Rejected")


class Sheet(Aggregate):
    """An inspection sheet for a class of parts; without a category for all that have none.

    `questions` is a list of {code, text, kind, choices, required, help, grades}; `grades` of a
    question say which grade an answer proposes. `photos` is how many pictures an inspection needs
    at least, `serial_check` asks for the unit's serial again.
    """

    category = models.ForeignKey(
        PartCategory, models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField(max_length=200)
    questions: Any = models.JSONField(default=list, blank=True)
    serial_check = models.BooleanField(default=False)
    photos = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["category"],
                condition=Q(active=True),
                nulls_distinct=False,
                name="sheet_one_active_per_category",
                violation_error_code="sheet_exists",
                violation_error_message=gettext_noop(
                    "Another active sheet is for this class of parts."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(name="") & Q(photos__lte=20),
                name="sheet_has_a_name_and_few_photos",
                violation_error_code="invalid_sheet",
                violation_error_message=gettext_noop(
                    "A sheet has a name and asks for at most 20 photos."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Grade(Addressable):
    """A state that goods may be found in, and what it proposes; part of its sheet.

    Inspections keep a copy of what they read here, so grades may be changed and taken out.
    """

    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="grades")
    position = models.PositiveIntegerField(default=0)
    code = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    criteria = models.TextField(blank=True)
    verdict = models.CharField(max_length=10, choices=Verdict)
    share = PercentField(default=100)
    disposition = models.ForeignKey(
        Disposition, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        default_permissions = ()
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                F("sheet"),
                Lower("code"),
                name="grade_code_unique_per_sheet",
                violation_error_code="code_exists",
                violation_error_message=gettext_noop("The sheet has a grade with this code."),
            ),
            printable_text("grade_code_printable", "code"),
            known_choice("grade_verdict_known", "verdict", Verdict, "A grade accepts or rejects."),
            models.CheckConstraint(
                condition=Q(share__gte=0, share__lte=100)
                & (Q(verdict=Verdict.ACCEPTED) | Q(share=0)),
                name="grade_share_fits_its_verdict",
                violation_error_code="invalid_share",
                violation_error_message=gettext_noop(
                    "A share is 0 to 100 percent, and 0 for rejected goods."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
