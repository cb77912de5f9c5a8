"""Calendar feeds in the settings: everybody's own, and those of one's teams."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.models import Group
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from customers.selectors import visible_companies
from returns.models import CalendarFeed, CalendarKind, Responsible
from returns.models.feed import MOST_HOURS
from returns.selectors import visible_feeds
from returns.services.calendar_feeds import (
    create_calendar_feed,
    edit_calendar_feed,
    revoke_calendar_feed,
    rotate_calendar_feed,
    secret_path,
)
from returns.states import Status
from returns.web.record.history import person
from rmaproject.access.actors import Actor
from rmaproject.access.models import User
from rmaproject.access.selectors import access
from rmaproject.web.forms import LookUpField, RecordField
from rmaproject.web.once import done
from rmaproject.web.pages import page
from rmaproject.web.people_words import role_name
from rmaproject.web.planning.moving import way_back
from rmaproject.web.planning.owning import US
from rmaproject.web.sections import section_crumbs, settings_page
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.submitting import submit
from rmaproject.web.versions import at_version, shown_version
from sales.models import Business
from sales.selectors import visible_businesses
from sales.states import OrderStatus

PAGE = "settings-calendars"
_STATES: Final = list({**dict(OrderStatus.choices), **dict(Status.choices)}.items())


class FeedForm(forms.Form):
    """What a feed lists and shows."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    contents = forms.MultipleChoiceField(
        label=gettext_lazy("Days"),
        choices=CalendarKind.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=[CalendarKind.RETURN_ORDER.value],
    )
    responsible = forms.ChoiceField(
        label=gettext_lazy("Owner"), choices=Responsible.choices, required=False
    )
    business = RecordField(
        Business.objects.none(),
        label=gettext_lazy("Only of business"),
        required=False,
        empty_label=gettext_lazy("All that I see"),
    )
    customer = LookUpField(
        label=gettext_lazy("Only of customer"), by=("reference", "name"), required=False
    )
    statuses = forms.MultipleChoiceField(
        label=gettext_lazy("Only in these states"),
        choices=_STATES,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("None ticked: whatever is open."),
    )
    include_completed = forms.BooleanField(
        label=gettext_lazy("Also what is complete"), required=False
    )
    show_customer = forms.BooleanField(
        label=gettext_lazy("Show the customer's name"),
        required=False,
        help_text=gettext_lazy("Calendars get shared: everybody who sees it reads the names."),
    )
    remind_hours = forms.IntegerField(
        label=gettext_lazy("Remind so many hours before the day"),
        required=False,
        min_value=0,
        max_value=MOST_HOURS,
        help_text=gettext_lazy("Empty: no reminder. 15: at nine in the morning before."),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        actor: Actor,
        feed: CalendarFeed | None,
        first: dict[str, Any] | None = None,
    ) -> None:
        names = [name for name in self.base_fields if feed is not None]
        super().__init__(data, initial={name: getattr(feed, name) for name in names} or first)
        self.fields["business"].queryset = visible_businesses(actor).order_by("code")  # type: ignore[attr-defined]
        if actor.may("customers.view_company"):
            self.fields["customer"].offer(visible_companies(actor))  # type: ignore[attr-defined]
        else:
            del self.fields["customer"]
        if feed is None:
            self._add_owner(actor)

    def _add_owner(self, actor: Actor) -> None:
        teams = actor.user.groups.order_by("name") if actor.user else Group.objects.none()
        owner: Any = forms.ModelChoiceField(
            teams,
            label=gettext_lazy("Whose"),
            required=False,
            empty_label=gettext_lazy("Mine"),
            help_text=gettext_lazy("The feed of a team shows what the role sees by itself."),
        )
        owner.label_from_instance = role_name
        self.fields["team"] = owner

    def values(self) -> dict[str, Any]:
        """What the services take; without the owner."""
        told = {name: value for name, value in self.cleaned_data.items() if name != "team"}
        return {**told, "responsible": told["responsible"] or Responsible.ANYBODY}


@staff
def feeds(request: StaffRequest) -> HttpResponse:
    """The feeds that one may change, when each was used last and by which program."""
    return _listed(request)


@staff
def new(request: StaffRequest) -> HttpResponse:
    """Make a feed, and show its address this once."""
    form = FeedForm(request.POST or None, actor=request.actor, feed=None)
    user: User = request.user

    def act() -> tuple[CalendarFeed, str]:
        owner = form.cleaned_data["team"] or user
        return create_calendar_feed(form.values(), owner=owner, actor=request.actor)

    outcome = submit(request, form, act)
    if outcome.done:
        return _listed(request, outcome.value)
    return _form(request, form, _("New calendar feed"), status=outcome.status)


@staff
def subscribe(request: StaffRequest) -> HttpResponse:
    """What is asked of a calendar as an address for calendar applications, and those there are."""
    rows = visible_feeds(request.actor).filter(user=request.user).order_by("name", "pk")
    sales = CalendarKind.SALES_ORDER in request.GET.getlist("contents")
    name = "sales_calendar" if sales else "return_calendar"
    context = {
        "heading": _("Subscribe to this calendar"),
        "form": FeedForm(actor=request.actor, feed=None, first=_as_asked(request)),
        "feeds": [_row(row) for row in rows],
        "password_url": request.build_absolute_uri(reverse(name)),
        "new_url": reverse("settings-new-calendar"),
        "back": way_back(request, reverse(PAGE)),
        "crumbs": section_crumbs(PAGE),
    }
    return page(request, "planner/subscribe.html", context, part="planner/_subscribe.html")


def _as_asked(request: StaffRequest) -> dict[str, Any]:
    """What a new feed would list to show what the calendar shows; what cannot be read is left."""
    asked = request.GET
    mine = {US: Responsible.US, f"u{request.user.pk}": Responsible.ME}
    known = [kind for kind in asked.getlist("contents") if kind in CalendarKind.values]
    return {
        "name": _("Sales orders") if CalendarKind.SALES_ORDER in known else _("Returns"),
        "contents": known or [CalendarKind.RETURN_ORDER.value],
        "responsible": mine.get(asked.get("responsible", ""), Responsible.ANYBODY),
        "business": asked.get("business") or None,
        "customer": asked.get("customer") or None,
        "include_completed": bool(asked.get("done")),
    }


@staff
def edit(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Change what a feed lists; its address stays."""
    feed = _feed(request, ident)
    form = FeedForm(request.POST or None, actor=request.actor, feed=feed)

    def act() -> CalendarFeed:
        return at_version(
            request,
            feed,
            lambda: edit_calendar_feed(feed.pk, form.values(), actor=request.actor),
        )

    outcome = submit(request, form, act)
    if outcome.done:
        messages.success(request, _("Saved."))
        return redirect(PAGE)
    version = shown_version(request, feed)
    return _form(request, form, feed.name, status=outcome.status, version=version)


@staff
@require_POST
def rotate(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Give a feed another address, and show it this once."""
    feed = _feed(request, ident)
    made = at_version(request, feed, lambda: rotate_calendar_feed(feed.pk, actor=request.actor))
    return _listed(request, made)


@staff
@require_POST
def revoke(request: StaffRequest, ident: UUID) -> HttpResponse:
    """End a feed for good."""
    feed = _feed(request, ident)
    at_version(request, feed, lambda: revoke_calendar_feed(feed.pk, actor=request.actor))
    messages.success(request, _("The feed is gone; its address opens nothing any more."))
    return redirect(PAGE)


def _feed(request: StaffRequest, ident: UUID) -> CalendarFeed:
    return access(visible_feeds(request.actor), ident, actor=request.actor, permissions=())


def _listed(request: StaffRequest, told: tuple[CalendarFeed, str] | None = None) -> HttpResponse:
    rows = visible_feeds(request.actor).select_related("user", "group").order_by("name", "pk")
    context: dict[str, Any] = {
        "feeds": [_row(row) for row in rows],
        "new_url": reverse("settings-new-calendar"),
    }
    if told is not None:
        feed, secret = told
        url = request.build_absolute_uri(secret_path(feed, secret))
        webcal = f"webcal://{url.partition('://')[2]}"
        context |= {
            "secret_name": feed.name,
            "secret_url": url,
            "webcal_url": webcal,
            "google_url": f"https://calendar.google.com/calendar/r?cid={quote(webcal, safe='')}",
            "password_url": request.build_absolute_uri(reverse("calendar-feed", args=[feed.uuid])),
        }
    response = settings_page(request, "calendars", context)
    if told is not None:
        done(request, reverse(PAGE))
        response.headers["Cache-Control"] = "no-store"
    return response


def _row(row: CalendarFeed) -> dict[str, Any]:
    return {
        "name": row.name,
        "owner": role_name(row.group.name) if row.group else person(row.user),
        "contents": ", ".join(str(CalendarKind(kind).label) for kind in row.contents),
        "used": row.last_used_at,
        "agent": row.last_user_agent,
        "version": row.version,
        "edit_url": reverse("settings-calendar", args=[row.uuid]),
        "rotate_url": reverse("settings-rotate-calendar", args=[row.uuid]),
        "revoke_url": reverse("settings-revoke-calendar", args=[row.uuid]),
    }


def _form(
    request: StaffRequest, form: FeedForm, heading: str, *, status: int, version: Any = ""
) -> HttpResponse:
    context = {
        "heading": heading,
        "form": form,
        "version": version,
        "text": _("Calendar applications may be up to a day late."),
        "cancel_url": reverse(PAGE),
        "crumbs": section_crumbs(PAGE),
    }
    return page(request, "form.html", context, status=status)
