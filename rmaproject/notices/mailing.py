"""Mails for notices: at once, or once a day at seven in the morning of who reads them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rmaproject.access.actors import Actor
from rmaproject.access.models import User
from rmaproject.notices.models import Notice, Way
from rmaproject.notices.selectors import Told, readable
from rmaproject.shared import clock
from rmaproject.shared.db import command

log = logging.getLogger(__name__)
#: The hour of the daily mail, by the reader's clock.
MORNING: Final = 7
BATCH: Final = 200


def send_all() -> int:
    """Send what is due now; gives how many mails went out. Safe to call again at any time.

    A mail that cannot be sent is tried again the next time, and holds no other one up.
    """
    now = clock.now()
    at_once = list(_waiting(Way.MAIL).values_list("user", "pk")[:BATCH])
    readers = set(_waiting(Way.DIGEST).values_list("user", flat=True))
    return sum(_tried(user, Way.MAIL, now, pk) for user, pk in at_once) + sum(
        _tried(user, Way.DIGEST, now) for user in sorted(readers)
    )


def _tried(user_id: int, way: Way, now: datetime, pk: int | None = None) -> int:
    try:
        return _send_due(user_id, way, now, pk)
    except (SMTPException, OSError):
        log.exception("A mail with notices could not be sent.")
        return 0


@command
def _send_due(user_id: int, way: Way, now: datetime, pk: int | None) -> int:
    """One mail to one reader: of one notice, or of all that came before this morning."""
    rows = _waiting(way).select_for_update(skip_locked=True, of=("self",)).filter(user=user_id)
    found = rows.select_related("user").order_by("pk")
    if pk is not None:
        return _send(list(found.filter(pk=pk)))
    user = User.objects.get(pk=user_id)
    return _send(list(found.filter(made_at__lt=morning(user, now))[:BATCH]))


def _waiting(way: Way) -> QuerySet[Notice, Notice]:
    return Notice.objects.filter(way=way, mailed_at=None).order_by("pk")


def morning(user: User, now: datetime) -> datetime:
    """The last seven o'clock where somebody is: what came before it is due."""
    local = now.astimezone(ZoneInfo(user.time_zone or settings.TIME_ZONE))
    seven = local.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    return seven if local >= seven else seven - timedelta(days=1)


def _send(notices: Sequence[Notice]) -> int:
    """A mail with what may still be seen and was not read meanwhile; none where nothing is left."""
    if not notices:
        return 0
    user = notices[0].user
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
