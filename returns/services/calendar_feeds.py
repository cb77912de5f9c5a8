"""Calendar feeds by secret address: made, changed, given another secret, revoked, and fetched."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils.translation import gettext as _

from returns.models import CalendarFeed, CalendarKind
from rmaproject.access.actors import Actor
from rmaproject.access.models import User
from rmaproject.audit import trail
from rmaproject.shared import clock
from rmaproject.shared.db import command
from rmaproject.shared.errors import Malformed, NotFound, NotPermitted, RuleViolation

PREFIX: Final = "cal_"
#: How exactly the last use is kept: no write for each fetch.
USE_KEPT_EVERY: Final = timedelta(minutes=1)
MOST_FEEDS: Final = 100
EDITABLE: Final = {
    "name",
    "contents",
    "business",
    "customer",
    "responsible",
    "statuses",
    "include_completed",
    "show_customer",
    "remind_hours",
}


def digest_of(secret: str) -> str:
    """What is kept of a secret. It has 256 random bits, so nobody finds it by trying."""
    return hashlib.sha256(secret.encode()).hexdigest()


def secret_path(feed: CalendarFeed, secret: str) -> str:
    """The path that opens the feed: to be told once, to its owner, and kept nowhere."""
    return f"{reverse('calendar-feed', args=[feed.uuid]).rpartition('/')[0]}/{secret}.ics"


@command
def create_calendar_feed(
    values: dict[str, Any], *, owner: User | Group, actor: Actor
) -> tuple[CalendarFeed, str]:
    """Make a feed of a person or a team; its secret is given now and never again.

    Raises NotPermitted `not_a_member` for the team of others, `whole_key_needed` for a key with
    scopes, which must not leave behind what outlives it; RuleViolation `too_many_feeds`,
    `invalid_contents`, `invalid_status`, `invalid_responsible`, `invalid_remind_hours`.
    """
    trail.require_editable(values, EDITABLE)
    _require_own(owner, actor)
    secret = _new_secret()
    person, team = (None, owner) if isinstance(owner, Group) else (owner, None)
    _require_few(person, team)
    feed = CalendarFeed(user=person, group=team, digest=digest_of(secret), **_sorted(values))
    trail.create(
        feed,
        actor=actor,
        contents=list(feed.contents),
        user=person.pk if person else None,
        group=team.name if team else None,
    )
    return feed, secret


@command
def edit_calendar_feed(feed_id: int, values: dict[str, Any], *, actor: Actor) -> CalendarFeed:
    """Change what a feed lists and shows; its address stays.

    Raises NotFound for a revoked one, NotPermitted `whole_key_needed`, RuleViolation as
    `create_calendar_feed`.
    """
    trail.require_editable(values, EDITABLE)
    feed = _lock(feed_id, actor)
    values = _sorted(values)
    if facts := trail.changed_fields(feed, values, private={"name"}):
        trail.change(feed, "edit", actor=actor, fields=values, **facts)
    return feed


@command
def rotate_calendar_feed(feed_id: int, *, actor: Actor) -> tuple[CalendarFeed, str]:
    """Give the feed another secret; the old address is dead at the next fetch.

    Raises NotFound for a revoked one, NotPermitted `whole_key_needed`.
    """
    feed, secret = _lock(feed_id, actor), _new_secret()
    trail.change(feed, "rotate", actor=actor, fields={"digest": digest_of(secret)})
    return feed, secret


@command
def revoke_calendar_feed(feed_id: int, *, actor: Actor) -> CalendarFeed:
    """End the feed for good; its address is dead at the next fetch.

    Raises NotFound for a revoked one, NotPermitted `whole_key_needed`.
    """
    feed = _lock(feed_id, actor)
    trail.change(feed, "revoke", actor=actor, fields={"revoked_at": clock.now()})
    return feed


def note_fetch(feed: CalendarFeed, tag: str, user_agent: str) -> datetime:
    """Keep who fetched and since when the feed has said just this; gives that moment.

    Writes once a minute at most, and when the content differs from what was told last.
    """
    now = clock.now()
    used = feed.last_used_at is not None and now - feed.last_used_at < USE_KEPT_EVERY
    if used and feed.content_tag == tag and feed.content_changed_at is not None:
        return feed.content_changed_at
    return _keep_fetch(feed.pk, tag, user_agent, now)


@command
def _keep_fetch(feed_id: int, tag: str, user_agent: str, now: datetime) -> datetime:
    rows = CalendarFeed.objects.filter(pk=feed_id)
    known = rows.select_for_update().values("content_tag", "content_changed_at").get()
    changed_at: datetime | None = known["content_changed_at"]
    if changed_at is None or known["content_tag"] != tag:
        changed_at = _after(changed_at, now)
    rows.update(
        last_used_at=now,
        last_user_agent="".join(filter(str.isprintable, user_agent))[:200],
        content_tag=tag,
        content_changed_at=changed_at,
    )
    return changed_at


def _after(before: datetime | None, now: datetime) -> datetime:
    """A whole second later than the last change: a date in a header tells no finer."""
    second = now.replace(microsecond=0)
    return second if before is None else max(second, before + timedelta(seconds=1))


def _lock(feed_id: int, actor: Actor) -> CalendarFeed:
    _require_whole_key(actor)
    rows = CalendarFeed.objects.select_for_update(of=("self",))
    feed = rows.filter(pk=feed_id, revoked_at=None).first()
    if feed is None:
        raise NotFound(_("There is no such calendar feed."), code="not_found")
    return feed


def _require_whole_key(actor: Actor) -> None:
    if actor.scopes is not None:
        message = _("A key with scopes opens no calendar feeds: they would outlive it.")
        raise NotPermitted(message, code="whole_key_needed")


def _require_own(owner: User | Group, actor: Actor) -> None:
    """A person makes feeds for nobody else, and for no team but one's own."""
    _require_whole_key(actor)
    if actor.user is None:
        return
    if isinstance(owner, Group) and not actor.user.groups.filter(pk=owner.pk).exists():
        message = _("You are not in the team %(name)s.") % {"name": owner.name}
        raise NotPermitted(message, code="not_a_member", pointer="/team")
    if isinstance(owner, User) and owner.pk != actor.user_id:
        message = _("A calendar feed is made by who owns it.")
        raise NotPermitted(message, code="not_permitted")


def _require_few(person: User | None, team: Group | None) -> None:
    rows = CalendarFeed.objects.filter(user=person, group=team, revoked_at=None)
    if rows.count() >= MOST_FEEDS:
        message = _("There are %(most_feeds)s feeds already; revoke one that nobody uses.") % {
            "most_feeds": MOST_FEEDS
        }
        raise RuleViolation(message, code="too_many_feeds")


def _sorted(values: dict[str, Any]) -> dict[str, Any]:
    """The values with each kind and each status once. Raises Malformed `invalid_choice`."""
    if "contents" in values:
        wanted = set(values["contents"])
        if unknown := sorted(wanted - set(CalendarKind.values)):
            message = _("There is no kind of days %(unknown)r.") % {"unknown": unknown[0]}
            raise Malformed(message, code="invalid_choice", pointer="/contents")
        values = {**values, "contents": [kind for kind in CalendarKind.values if kind in wanted]}
    if "statuses" in values:
        values = {**values, "statuses": sorted(set(values["statuses"]))}
    return values


def _new_secret() -> str:
    return PREFIX + secrets.token_urlsafe(32)
