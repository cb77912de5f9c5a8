from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from customers.models import Company
from returns.models.calendar import CalendarKind
from returns.states import Status
from rmaproject.audit.models import Aggregate
from rmaproject.shared.fields import known_choice
from sales.models import Business
from sales.states import OrderStatus

MOST_HOURS = 30 * 24
STATUSES = sorted({*Status.values, *OrderStatus.values})


class Responsible(models.TextChoices):
    """Whose orders a feed lists; always among those that its owner sees."""

    ANYBODY = "anybody", _("Anybody")
    ME = "me", _("Me")
    US = "us", _("Me or my teams")


class CalendarFeed(Aggregate):
    """A calendar that a secret address opens: of a person, or of a team (a role).

    It opens nothing else. Only the digest of its secret is kept. `content_tag` and
    `content_changed_at` remember what it last told, so that Last-Modified is true.
    """

    name = models.CharField(max_length=100)
    user = models.ForeignKey(
        "access.User", models.PROTECT, null=True, blank=True, related_name="calendar_feeds"
    )
    group = models.ForeignKey(
        "auth.Group", models.PROTECT, null=True, blank=True, related_name="calendar_feeds"
    )
    contents = ArrayField(models.CharField(max_length=20, choices=CalendarKind))
    business = models.ForeignKey(Business, models.PROTECT, null=True, blank=True, related_name="+")
    customer = models.ForeignKey(Company, models.PROTECT, null=True, blank=True, related_name="+")
    responsible = models.CharField(max_length=10, choices=Responsible, default=Responsible.ANYBODY)
    statuses = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    include_completed = models.BooleanField(default=False)
    show_customer = models.BooleanField(default=False)
    remind_hours = models.PositiveSmallIntegerField(null=True, blank=True)
    digest = models.CharField(max_length=64)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    last_user_agent = models.CharField(max_length=200, blank=True)
    content_tag = models.CharField(max_length=64, blank=True)
    content_changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["digest"],
                name="calendarfeed_digest_unique",
                violation_error_code="secret_exists",
                violation_error_message=gettext_noop("Another feed has this secret."),
            ),
            models.CheckConstraint(
                condition=Q(digest__regex="^[0-9a-f]{64}$"),
                name="calendarfeed_digest_is_sha256",
                violation_error_code="invalid_digest",
                violation_error_message=gettext_noop(
                    "A secret is kept as its SHA-256 digest only."
                ),
            ),
            models.CheckConstraint(
                condition=Q(name__regex=r"^[^[:cntrl:]]*[^[:cntrl:][:space:]][^[:cntrl:]]*$"),
                name="calendarfeed_has_a_name",
                violation_error_code="invalid_name",
                violation_error_message=gettext_noop(
                    "A calendar feed has a name of printable characters."
                ),
            ),
            models.CheckConstraint(
                condition=Q(user=None, group__isnull=False) | Q(user__isnull=False, group=None),
                name="calendarfeed_has_one_owner",
                violation_error_code="invalid_owner",
                violation_error_message=gettext_noop(
                    "A calendar feed belongs to a person or to a team."
                ),
            ),
            models.CheckConstraint(
                condition=Q(contents__contained_by=CalendarKind.values) & Q(contents__len__gt=0),
                name="calendarfeed_lists_something_known",
                violation_error_code="invalid_contents",
                violation_error_message=gettext_noop(
                    "A calendar feed lists at least one kind of days."
                ),
            ),
            models.CheckConstraint(
                condition=Q(statuses__contained_by=STATUSES),
                name="calendarfeed_statuses_known",
                violation_error_code="invalid_status",
                violation_error_message=gettext_noop(
                    "This is no status of a return or a sales order."
                ),
            ),
            known_choice(
                "calendarfeed_responsible_known",
                "responsible",
                Responsible,
                "A feed lists what anybody, its owner, or its owner's teams care for.",
            ),
            models.CheckConstraint(
                condition=Q(group=None) | ~Q(responsible=Responsible.ME),
                name="calendarfeed_of_a_team_is_not_mine",
                violation_error_code="invalid_responsible",
                violation_error_message=gettext_noop("In the feed of a team nobody is me."),
            ),
            models.CheckConstraint(
                condition=Q(remind_hours=None) | Q(remind_hours__lte=MOST_HOURS),
                name="calendarfeed_reminds_in_time",
                violation_error_code="invalid_remind_hours",
                violation_error_message=f"A reminder comes at most {MOST_HOURS} hours ahead.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
