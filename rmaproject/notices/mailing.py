"""Mails for notices: at once, or once a day at seven in the morning of who reads them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import send_mail
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rmaproject.access.actors import Actor
from rmaproject.access.models import User
from rmaproject.notices.models import Notice, Way
from rmaproject.notices.selectors import Told, readable
from rmaproject.shared import clock
from rmaproject.shared.db import command

#: The hour of the daily mail, by the reader's clock.
MORNING: Final = 7
BATCH: Final = 200


def send_all() -> int:
    """Send what is due now; gives how many mails went out. Safe to call again at any time."""
    return _send_at_once() + _send_digests(clock.now())


@command
def _send_at_once() -> int:
    """One mail for each notice that wants one; a mail that cannot be sent is tried again."""
    rows = _waiting(Way.MAIL)
    return sum(_send(row.user, [row]) for row in rows)


@command
def _send_digests(now: datetime) -> int:
    """One mail for each reader with all that came before this morning."""
    waiting: dict[User, list[Notice]] = {}
    for row in _waiting(Way.DIGEST):
        if row.made_at < morning(row.user, now):
            waiting.setdefault(row.user, []).append(row)
    return sum(_send(user, rows) for user, rows in waiting.items())


def morning(user: User, now: datetime) -> datetime:
    """The last seven o'clock where somebody is: what came before it is due."""
    local = now.astimezone(ZoneInfo(user.time_zone or settings.TIME_ZONE))
    seven = local.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    return seven if local >= seven else seven - timedelta(days=1)


def _waiting(way: Way) -> list[Notice]:
    rows = Notice.objects.select_for_update(skip_locked=True, of=("self",))
    found = rows.filter(way=way, mailed_at=None).select_related("user").order_by("pk")
    return list(found[:BATCH])


def _send(user: User, notices: Sequence[Notice]) -> int:
    """A mail with what may still be seen and was not read meanwhile; none where nothing is left."""
    Notice.objects.filter(pk__in=[row.pk for row in notices]).update(mailed_at=clock.now())
    told = readable(Actor(user), [row for row in notices if row.read_at is None])
    if not told or not user.email or not user.is_active:
        return 0
    with translation.override(user.language or settings.LANGUAGE_CODE):
        subject, text = _written(told)
    send_mail(subject, text, None, [user.email])
    return 1


def _written(told: Sequence[Told]) -> tuple[str, str]:
    lines = [f"{row.text}\n{settings.PUBLIC_URL}{row.url}" for row in told]
    words = ngettext("%(n)d notice", "%(n)d notices", len(told)) % {"n": len(told)}
    subject = told[0].text if len(told) == 1 else words
    hint = _("Which notices are sent by mail is chosen here:")
    return subject, "\n\n".join([*lines, f"{hint}\n{settings.PUBLIC_URL}/notices/choices/"]) + "\n"
