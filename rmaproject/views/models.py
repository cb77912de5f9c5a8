from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_noop

from rmaproject.audit.models import Addressable


class SavedView(Addressable):
    """A way to look at a list that was given a name: filters, order, columns.

    It only narrows: who opens it sees what the own rights show. `slug` names it in addresses.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    list_key = models.CharField(max_length=30)
    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=60)
    query = models.CharField(max_length=2000, blank=True)
    columns = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    sort = models.CharField(max_length=40, blank=True)
    shared = models.BooleanField(default=False)
    position = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        default_permissions = ()
        permissions: ClassVar = [("share_view", "Share own views of lists with everybody")]
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                "owner",
                "list_key",
                Lower("name"),
                name="savedview_named_once",
                violation_error_code="view_exists",
                violation_error_message=gettext_noop(
                    "You have a view of this name. Choose another one."
                ),
            ),
            models.UniqueConstraint(
                fields=["list_key", "slug"],
                name="savedview_slug_unique",
                violation_error_code="slug_exists",
                violation_error_message=gettext_noop("Another view has this address."),
            ),
            models.CheckConstraint(
                condition=Q(slug__regex="^[a-z0-9]+(-[a-z0-9]+)*$"),
                name="savedview_slug_fits_an_address",
                violation_error_code="invalid_slug",
                violation_error_message=gettext_noop(
                    "A view is named in addresses by small letters and digits."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(list_key=""),
                name="savedview_has_a_name",
                violation_error_code="invalid_name",
                violation_error_message=gettext_noop("A view has a name."),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["list_key", "id"], condition=Q(shared=True), name="savedview_shared_by_list"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ListPreference(models.Model):
    """What somebody has chosen for a list: the columns in their order, and the view to start with.

    No columns stand for the usual ones.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    list_key = models.CharField(max_length=30)
    columns = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    view = models.ForeignKey(SavedView, models.SET_NULL, null=True, related_name="+")

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["user", "list_key"],
                name="listpreference_one_per_list",
                violation_error_code="concurrent_change",
                violation_error_message=gettext_noop(
                    "Somebody else changed the record at the same moment."
                ),
            ),
        ]
