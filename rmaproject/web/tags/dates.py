"""Days and moments in the reader's time zone, and what a target date means today."""

from __future__ import annotations

import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rmaproject.web.days import written
from rmaproject.web.tags.figures import NOTHING

register = template.Library()


def in_current_zone(value: Any) -> Any:
    if isinstance(value, datetime.datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def short_date(value: Any) -> str:
    this_year = value.year == timezone.localdate().year
    return written(value, "j M" if this_year else "j M Y")


@register.filter
def day(value: Any) -> str:
    """19 Nov; the year only when it is another one."""
    if not value:
        return NOTHING
    local = in_current_zone(value)
    moment_free = local.date() if isinstance(local, datetime.datetime) else local
    return format_html('<time datetime="{}">{}</time>', moment_free.isoformat(), short_date(local))


@register.filter
def moment(value: Any) -> str:
    """19 Nov, 09:21 in the reader's time zone."""
    if not value:
        return NOTHING
    local = in_current_zone(value)
    return format_html(
        '<time datetime="{}">{}, {}</time>',
        local.isoformat(),
        short_date(local),
        date_format(local, "H:i"),
    )


@register.filter
def clock(value: Any) -> str:
    if not value:
        return ""
    local = in_current_zone(value)
    return format_html(
        '<time class="at" datetime="{}">{}</time>', local.isoformat(), date_format(local, "H:i")
    )


@register.simple_tag
def due(value: datetime.date | None, closed: bool = False, short: bool = False) -> str:
    """A target date with what it means today; a closed document is never late."""
    if not value:
        return format_html('<span class="muted">{}</span>', NOTHING)
    if closed:
        return format_html('<span class="due" data-due="done">{}</span>', day(value))
    days = (value - timezone.localdate()).days
    state, words = "", ""
    if days < 0:
        state, words = "overdue", _late(-days, short=short)
    elif days == 0:
        state, words = "today", _("Today")
    elif days == 1:
        state, words = "soon", _("Tomorrow")
    if not words:
        return format_html('<span class="due">{}</span>', day(value))
    return format_html(
        '<span class="due" data-due="{}">{} <b>{}</b></span>', state, day(value), words
    )


def _late(days: int, *, short: bool) -> str:
    """How late in words; narrow screens, and cards everywhere, show the short ones."""
    few = _("%(days)d d late") % {"days": days}
    if short:
        return few
    words = ngettext("%(days)d day late", "%(days)d days late", days) % {"days": days}
    both = '<span class="wide-only">{}</span><span class="narrow-only">{}</span>'
    return format_html(both, words, few)


@register.filter
def ago(value: Any) -> str:
    """How long ago in words while it is fresh; then the moment."""
    if not value:
        return ""
    seconds = max(0, int((timezone.now() - value).total_seconds()))
    if seconds < 60:
        return ngettext("%(n)d second ago", "%(n)d seconds ago", seconds) % {"n": seconds}
    if seconds < 3600:
        minutes = seconds // 60
        return ngettext("%(n)d minute ago", "%(n)d minutes ago", minutes) % {"n": minutes}
    return moment(value)
