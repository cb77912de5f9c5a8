"""Calendar feeds over REST: made, changed, given another secret, revoked."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from customers.selectors import visible_companies
from returns.api.inputs import NothingForm
from returns.models import CalendarFeed, CalendarKind, Responsible
from returns.models.feed import MOST_HOURS, STATUSES
from returns.selectors import visible_feeds
from returns.services.calendar_feeds import (
    create_calendar_feed,
    edit_calendar_feed,
    revoke_calendar_feed,
    rotate_calendar_feed,
    secret_path,
)
from rmaproject.rest.filters import documented
from rmaproject.rest.history import HistoryOutput, history_page
from rmaproject.rest.inputs import Input, RecordField, read
from rmaproject.rest.outputs import NamedOutput, RecordOutput
from rmaproject.rest.people import GroupField
from rmaproject.rest.shapes import in_short
from rmaproject.rest.views import Resource
from rmaproject.rest.writing import Answer, change
from sales.selectors import visible_businesses


class CalendarFeedOutput(RecordOutput):
    """A feed. `user` or `team` owns it; `url` is told when its secret is new, and never again."""

    name = serializers.CharField()
    user = serializers.CharField(allow_null=True)
    team = serializers.CharField(allow_null=True)
    contents = serializers.ListField(child=serializers.ChoiceField(CalendarKind.choices))
    business = NamedOutput(allow_null=True)
    customer = NamedOutput(allow_null=True)
    responsible = serializers.ChoiceField(Responsible.choices)
    statuses = serializers.ListField(child=serializers.ChoiceField(STATUSES))
    include_completed = serializers.BooleanField()
    show_customer = serializers.BooleanField()
    remind_hours = serializers.IntegerField(allow_null=True)
    url = serializers.CharField(
        allow_null=True, help_text="The secret address; null but right after it was made."
    )
    password_url = serializers.CharField(
        help_text="The same feed for programs that send a password: its secret, under any name."
    )
    last_used_at = serializers.DateTimeField(allow_null=True)
    last_user_agent = serializers.CharField()


class FeedChangeInput(Input):
    """What a feed lists and shows. Lists that are empty ask for nothing."""

    name = serializers.CharField(max_length=100, required=False)
    contents = serializers.ListField(
        child=serializers.ChoiceField(CalendarKind.choices), allow_empty=False, required=False
    )
    business = RecordField(visible_businesses, by="code", required=False, allow_null=True)
    customer = RecordField(visible_companies, by="reference", required=False, allow_null=True)
    responsible = serializers.ChoiceField(Responsible.choices, required=False)
    statuses = serializers.ListField(child=serializers.ChoiceField(STATUSES), required=False)
    include_completed = serializers.BooleanField(required=False)
    show_customer = serializers.BooleanField(required=False)
    remind_hours = serializers.IntegerField(
        min_value=0, max_value=MOST_HOURS, required=False, allow_null=True
    )


class FeedInput(FeedChangeInput):
    """A new feed: of the caller, or of one of the caller's teams."""

    name = serializers.CharField(max_length=100)
    contents = serializers.ListField(
        child=serializers.ChoiceField(CalendarKind.choices), allow_empty=False
    )
    team = GroupField()


class FeedFilters(django_filters.FilterSet):
    user = django_filters.CharFilter("user__username", "iexact")
    team = django_filters.CharFilter("group__name", "iexact")


def show_feed(row: CalendarFeed, request: Request) -> dict[str, Any]:
    """A feed, loaded with its owner and filters, as JSON; without its secret, which nobody has."""
    return {
        "id": row.uuid,
        "version": row.version,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "name": row.name,
        "user": row.user.username if row.user else None,
        "team": row.group.name if row.group else None,
        "contents": row.contents,
        "business": in_short(row.business, by="code"),
        "customer": in_short(row.customer),
        "responsible": row.responsible,
        "statuses": row.statuses,
        "include_completed": row.include_completed,
        "show_customer": row.show_customer,
        "remind_hours": row.remind_hours,
        "url": None,
        "password_url": request.build_absolute_uri(reverse("calendar-feed", args=[row.uuid])),
        "last_used_at": row.last_used_at,
        "last_user_agent": row.last_user_agent,
    }


@documented(CalendarFeedOutput)
class CalendarFeedViewSet(Resource):
    """The caller's feeds and those of the caller's teams; everybody's to who manages users.

    A key with scopes may only read them.
    """

    serializer_class = CalendarFeedOutput
    filters = FeedFilters
    unversioned = frozenset({"create"})

    def visible(self) -> QuerySet[CalendarFeed, CalendarFeed]:
        return visible_feeds(self.actor)

    def loaded(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        return rows.select_related("user", "group", "business", "customer")

    def show(self, row: CalendarFeed) -> dict[str, Any]:
        return show_feed(row, self.request)

    @extend_schema(request=FeedInput, responses={201: CalendarFeedOutput})
    def create(self, request: Request) -> Response | HttpResponse:
        """Make a feed; the answer has its secret address. A repeat by key has it not."""
        told = read(FeedInput, request)
        owner: Any = told.pop("team", None) or request.user

        def run() -> Answer:
            made, secret = create_calendar_feed(told, owner=owner, actor=self.actor)
            return self._told(made, secret, status=201)

        return change(request, run)

    @extend_schema(request=FeedChangeInput, responses=CalendarFeedOutput)
    def partial_update(self, request: Request, uuid: str) -> Response | HttpResponse:
        """Change what it lists and shows; its address stays. Needs If-Match."""
        feed = self.record(uuid)
        told = read(FeedChangeInput, request)
        return self.write(lambda: edit_calendar_feed(feed.pk, told, actor=self.actor), root=feed)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, uuid: str) -> Response | HttpResponse:
        """Revoke it for good. Needs If-Match."""
        feed = self.record(uuid)

        def run() -> None:
            revoke_calendar_feed(feed.pk, actor=self.actor)

        return self.write(run, root=feed)

    @extend_schema(request=None, responses=CalendarFeedOutput)
    @action(detail=True, methods=["post"])
    def rotate(self, request: Request, uuid: str) -> Response | HttpResponse:
        """Give it another secret; the old address is dead at once. Needs If-Match."""
        feed = self.record(uuid)
        read(NothingForm, request)

        def run() -> Answer:
            return self._told(*rotate_calendar_feed(feed.pk, actor=self.actor))

        return change(request, run, root=feed)

    @extend_schema(responses=HistoryOutput(many=True))
    @action(detail=True, methods=["get"])
    def history(self, request: Request, uuid: str) -> Response:
        """Who did what to the feed, oldest first."""
        return history_page(request, self.record(uuid))

    def _told(self, feed: CalendarFeed, secret: str, *, status: int = 200) -> Answer:
        """The feed with its secret address, which a repeat does not get."""
        answer = self.written(feed, status=status)
        answer.reveal("url", self.request.build_absolute_uri(secret_path(feed, secret)))
        answer.headers["Cache-Control"] = "no-store"
        return answer
