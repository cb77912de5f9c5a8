"""Calendar feeds by secret address: who opens one, as whom it looks, and what it lists."""

from __future__ import annotations

import hmac
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from returns.calendar.rendering import Entry
from returns.calendar.sources import SOURCES, Choice
from returns.models import CalendarFeed, Responsible
from returns.services.calendar_feeds import digest_of
from rmaproject.access.actors import Actor
from rmaproject.access.teams import Team
from rmaproject.shared import clock
from rmaproject.shared.errors import NotPermitted

DOOR: Final = "ics"
BACK: Final = timedelta(days=30)
AHEAD: Final = timedelta(days=365)
MOST_EVENTS: Final = 2_000


@dataclass(frozen=True)
class Listing:
    """What a feed lists now, by day; `cut` when there was more than a feed lists."""

    entries: list[Entry]
    cut: bool = False


def open_feed(ident: UUID, secret: str) -> CalendarFeed | None:
    """The feed at this address if the secret is its own and its owner may still log in.

    A secret opens the one feed that it was made for, and nothing else.
    """
    rows = CalendarFeed.objects.select_related("user", "group")
    feed = rows.filter(uuid=ident, revoked_at=None).first()
    known = feed.digest if feed else digest_of("")
    if not hmac.compare_digest(known, digest_of(secret)) or feed is None:
        return None
    return None if feed.user is not None and not feed.user.is_active else feed


def reader_of(feed: CalendarFeed) -> Actor:
    """Who looks through the feed: its owner with the rights of this moment, or the bare team."""
    if feed.user is not None:
        return Actor(feed.user, door=DOOR)
    return Team(None, door=DOOR, group=feed.group)


def language_of(feed: CalendarFeed) -> str:
    """What the feed is written in: its owner's language, whatever the program that asks speaks."""
    chosen = feed.user.language if feed.user is not None else ""
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def listing(feed: CalendarFeed) -> Listing:
    """What the feed lists now. Days of a kind that its owner may not see are left out."""
    actor, choice = reader_of(feed), _choice(feed)
    found: list[Entry] = []
    for kind in feed.contents:
        with suppress(NotPermitted):  # a right that was lost empties the feed, it breaks nothing
            found += SOURCES[kind].entries(actor, choice)
    found.sort(key=lambda entry: (entry.day, entry.kind, entry.uuid))
    return Listing(found[:MOST_EVENTS], cut=len(found) > MOST_EVENTS)


def _choice(feed: CalendarFeed) -> Choice:
    today = clock.now().date()
    return Choice(
        include_completed=feed.include_completed,
        narrowed=_narrowed(feed),
        days=(today - BACK, today + AHEAD),
        most=MOST_EVENTS + 1,
        with_customer=feed.show_customer,
    )


def _narrowed(feed: CalendarFeed) -> Q:
    asked = _cared_for(feed)
    if feed.business_id is not None:
        asked &= Q(business=feed.business_id)
    if feed.customer_id is not None:
        asked &= Q(customer=feed.customer_id)
    if feed.statuses:
        asked &= Q(status__in=feed.statuses)
    return asked


def _cared_for(feed: CalendarFeed) -> Q:
    if feed.responsible == Responsible.ANYBODY:
        return Q()
    if feed.user is None:
        return Q(responsible_group=feed.group_id)
    mine = Q(responsible_user=feed.user_id)
    if feed.responsible == Responsible.ME:
        return mine
    return mine | Q(responsible_group__in=feed.user.groups.all())
