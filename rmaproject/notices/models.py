from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy, gettext_noop

from rmaproject.audit.models import Addressable
from rmaproject.shared.fields import known_choice


class NoticeKind(models.TextChoices):
    """What a notice is about."""

    MENTION = "mention", gettext_lazy("Somebody mentions me in a note")
    ASSIGNED = "assigned", gettext_lazy("A return becomes mine or my team’s")
    APPROVAL = "approval", gettext_lazy("A return waits for an approval that I can give")
    REFUND_FAILED = "refund_failed", gettext_lazy("A refund that I can pay has failed")
    OVERDUE = "overdue", gettext_lazy("A return of mine is overdue")
    JOB = "job", gettext_lazy("A job that I started has finished")


class Way(models.TextChoices):
    """How somebody is told; all but the last show the notice in the desk as well."""

    DESK = "desk", gettext_lazy("In the desk")
    MAIL = "mail", gettext_lazy("And by mail at once")
    DIGEST = "digest", gettext_lazy("And in the daily mail")
    OFF = "off", gettext_lazy("Not at all")


class Notice(Addressable):
    """One thing that somebody is told once. `key` names the event, so that it is not told twice.

    It holds no more of its record than the id: what it says is read with the rights of the
    moment. `mailed_at` is when it went out, where `way` asks for a mail.
    """

    user = models.ForeignKey("access.User", models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=20, choices=NoticeKind)
    record_kind = models.CharField(max_length=30)
    record = models.UUIDField()
    data: Any = models.JSONField(default=dict)
    key = models.CharField(max_length=120)
    way = models.CharField(max_length=10, choices=Way, default=Way.DESK)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["user", "key"],
                name="notice_told_once",
                violation_error_code="notice_exists",
                violation_error_message=gettext_noop("This was told already."),
            ),
            known_choice("notice_kind_known", "kind", NoticeKind, "There is no such notice."),
            known_choice("notice_way_known", "way", Way, "Nobody is told in this way."),
        ]
        indexes: ClassVar = [
            models.Index(fields=["user", "-id"], name="notice_by_user"),
            models.Index(
                fields=["way", "id"],
                condition=Q(mailed_at=None, way__in=["mail", "digest"]),
                name="notice_to_mail",
            ),
        ]


class NoticeChoice(models.Model):
    """How somebody wants to be told of one kind of things; without a row in the desk."""

    user = models.ForeignKey("access.User", models.CASCADE, related_name="notice_choices")
    kind = models.CharField(max_length=20, choices=NoticeKind)
    way = models.CharField(max_length=10, choices=Way)

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["user", "kind"],
                name="noticechoice_one_per_kind",
                violation_error_code="choice_exists",
                violation_error_message=gettext_noop("One way is chosen for each kind of notice."),
            ),
            known_choice("noticechoice_kind_known", "kind", NoticeKind, "There is no such notice."),
            known_choice("noticechoice_way_known", "way", Way, "Nobody is told in this way."),
        ]


class Heard(models.Model):
    """How far the events were read for notices; one row."""

    position = models.PositiveBigIntegerField(default=0)
    swept_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
