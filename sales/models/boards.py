from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop

from rmaproject.audit.models import Aggregate
from sales.models.business import Business


class ColumnLimit(Aggregate):
    """How many records a column of a board should hold at most; more is shown, never refused.

    Of one business, or of all together. `most` is None once the limit was lifted.
    """

    board = models.CharField(max_length=20)
    status = models.CharField(max_length=20)
    business = models.ForeignKey(Business, models.PROTECT, null=True, blank=True, related_name="+")
    most = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["board", "status", "business"],
                name="columnlimit_one_per_column_and_business",
                nulls_distinct=False,
                violation_error_code="limit_exists",
                violation_error_message=gettext_noop("The column has a limit already."),
            ),
            models.CheckConstraint(
                condition=Q(most=None) | Q(most__gt=0),
                name="columnlimit_more_than_nothing",
                violation_error_code="invalid_limit",
                violation_error_message=gettext_noop("A column holds at least one record."),
            ),
        ]
