from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from rmaproject.audit.models import Addressable
from rmaproject.shared.fields import known_choice


class State(models.TextChoices):
    """How far a job has come; a planned one waits for the word of its owner."""

    PLANNED = "planned", _("Planned")
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Stopped")
    FAILED = "failed", _("Failed")


class RowState(models.TextChoices):
    """What became of one record of a job."""

    WAITING = "waiting", _("Waiting")
    SKIPPED = "skipped", _("Left out")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


#: Jobs that may still do something.
LIVE = (State.WAITING, State.RUNNING)


class Job(Addressable):
    """Work on many records, done by its owner with the owner's rights at that moment.

    `kind` names what is done (`rmaproject.jobs.kinds`), `values` with what. `in_one`: all of it or
    nothing. `undoes` and `repeats` name the job whose rows this one takes back or tries again.
    `stored` is the file it made, for the owner alone, until `expires_at`. `back` is the page of
    ours that it was started from. `language` is what its owner reads, for what it says.
    """

    kind = models.CharField(max_length=60)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    values: Any = models.JSONField(default=dict)
    in_one = models.BooleanField(default=False)
    state = models.CharField(max_length=20, choices=State, default=State.PLANNED)
    cancel_asked = models.BooleanField(default=False)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=500, blank=True)
    back = models.CharField(max_length=2000, blank=True)
    language = models.CharField(max_length=10, blank=True)
    undoes = models.ForeignKey("self", models.SET_NULL, null=True, related_name="undone_by")
    repeats = models.ForeignKey("self", models.SET_NULL, null=True, related_name="repeated_by")
    stored = models.CharField(max_length=200, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    started_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            known_choice("job_state_known", "state", State, "This is no state of a job."),
            models.CheckConstraint(
                condition=Q(done__gte=0)
                & Q(total__gte=models.F("done") + models.F("failed") + models.F("skipped")),
                name="job_counts_its_rows",
                violation_error_code="invalid_progress",
                violation_error_message=gettext_noop(
                    "A job has not done more than it has before it."
                ),
            ),
            models.CheckConstraint(
                condition=Q(stored="") | (~Q(file_name="") & Q(expires_at__isnull=False)),
                name="job_file_has_a_name_and_an_end",
                violation_error_code="invalid_file",
                violation_error_message=gettext_noop(
                    "A file of a job has a name and a day when it goes."
                ),
            ),
            models.UniqueConstraint(
                fields=["undoes"],
                condition=~Q(state="planned"),
                name="job_undone_once",
                violation_error_code="undone_already",
                violation_error_message=gettext_noop("This was undone already."),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["owner", "id"], name="job_by_owner"),
            models.Index(
                fields=["state", "id"],
                condition=Q(state__in=["planned", "waiting", "running"]),
                name="job_by_open_state",
            ),
            models.Index(fields=["expires_at"], condition=~Q(stored=""), name="job_by_end_of_file"),
        ]

    @property
    def left(self) -> int:
        """How many rows wait."""
        return self.total - self.done - self.failed - self.skipped

    @property
    def live(self) -> bool:
        """Whether it may still do something."""
        return self.state in LIVE


class JobRow(models.Model):
    """One record of a job: the version its owner saw, and what became of it.

    `before` is what it held of what was changed, and `after` the version it then had, so that the
    change can be taken back where nobody came between.
    """

    job = models.ForeignKey(Job, models.CASCADE, related_name="rows")
    record = models.UUIDField()
    label = models.CharField(max_length=200)
    version = models.PositiveIntegerField()
    values: Any = models.JSONField(default=dict)
    state = models.CharField(max_length=20, choices=RowState, default=RowState.WAITING)
    code = models.CharField(max_length=60, blank=True)
    message = models.CharField(max_length=500, blank=True)
    before: Any = models.JSONField(null=True)
    after = models.PositiveIntegerField(null=True)

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            known_choice("jobrow_state_known", "state", RowState, "This is no state of a row."),
            models.UniqueConstraint(
                fields=["job", "record"],
                name="jobrow_once_per_record",
                violation_error_code="record_twice",
                violation_error_message=gettext_noop("A job takes each record once."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["skipped", "failed"]) | ~Q(message=""),
                name="jobrow_says_why_not",
                violation_error_code="reason_missing",
                violation_error_message=gettext_noop("What was not done says why."),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["job", "state", "id"], name="jobrow_by_state")]
