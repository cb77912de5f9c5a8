"""What templates need to show figures, dates, people and states in one way everywhere.

Pure presentation: no query, no rule. Values come in as Decimal, date, datetime, text, or any
object or dict with the named attributes.
"""

from __future__ import annotations

import datetime
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, FileInput, RadioSelect
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format, get_format, number_format
from django.utils.html import format_html, format_html_join, linebreaks
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rmaproject.shared.money import digits, rounded
from rmaproject.web import merging
from rmaproject.web import once as sending
from rmaproject.web.bars import SEGMENT_WORDS, as_decimal, line_segments, look_up, rectangles
from rmaproject.web.days import written
from rmaproject.web.signs import AXIS_LABELS, MESSAGE_TONES, SIGNS, TIMELINE_SIGNS

register = template.Library()

NOTHING = "–"
MINUS = "−"
#: Icons that point onward or back: they turn round where lines run from right to left.
FLIPPED = frozenset({"left", "right", "go", "back", "undo", "enter", "return"})


MOST_BAR_ACTIONS = 2

#: Somebody named in a note; text is escaped before, so this meets no markup but paragraphs.
MENTION = re.compile(r"(?<![\w@.&#;])@[\w.+-]*\w")


# ------------------------------------------------------------------ figures


@register.filter
def money(amount: Any, currency: str = "") -> str:
    """1234.5, "EUR" -> 1,234.50. The currency stands in the column head, not in the figure."""
    if amount is None or amount == "":
        return NOTHING
    shown = rounded(as_decimal(amount), currency)
    places = digits(currency)
    figure = number_format(abs(shown), decimal_pos=places, use_l10n=True, force_grouping=True)
    return f"{MINUS}{figure}" if shown < 0 else figure


register.simple_tag(money, name="money")


@register.filter
def quantity(value: Any) -> str:
    """2.50000 -> 2.5, 40.00000 -> 40."""
    if value is None or value == "":
        return NOTHING
    number = as_decimal(value)
    decimals = max(0, -int(number.normalize().as_tuple().exponent)) if number else 0
    figure = number_format(abs(number), decimal_pos=decimals, use_l10n=True, force_grouping=True)
    return f"{MINUS}{figure}" if number < 0 else figure


@register.filter
def percent(value: Any) -> str:
    """5.83 -> 5.8 %; small ones keep their second decimal: 0.04 %."""
    if value is None or value == "":
        return NOTHING
    number = as_decimal(value)
    places = 1 if abs(number) >= 1 or not number else 2
    shown = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    figure = number_format(shown, decimal_pos=places, use_l10n=True, force_grouping=True)
    return _("%(figure)s %%") % {"figure": figure}


@register.filter
def figure(cell: Any) -> str:
    """A cell of a table of figures, by its kind; what is not known is a dash."""
    value, kind = look_up(cell, "value"), look_up(cell, "kind")
    if kind == "text":
        return str(value)
    if kind == "amount":
        return money(value, look_up(cell, "currency", ""))
    return quantity(value)


@register.filter
def plain(value: Any) -> str:
    """A number as an input wants it: no grouping, no trailing zeros; else as typed."""
    if value is None or isinstance(value, str):
        return value or ""
    figure = format(as_decimal(value).normalize(), "f")
    return figure.replace(".", str(get_format("DECIMAL_SEPARATOR")))


# -------------------------------------------------------------------- dates


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
def due(value: datetime.date | None, closed: bool = False) -> str:
    """A target date with what it means today; a closed document is never late."""
    if not value:
        return format_html('<span class="muted">{}</span>', NOTHING)
    if closed:
        return format_html('<span class="due" data-due="done">{}</span>', day(value))
    days = (value - timezone.localdate()).days
    state, words = "", ""
    if days < 0:
        state, words = (
            "overdue",
            ngettext("%(days)d day late", "%(days)d days late", -days) % {"days": -days},
        )
    elif days == 0:
        state, words = "today", _("Today")
    elif days == 1:
        state, words = "soon", _("Tomorrow")
    if not words:
        return format_html('<span class="due">{}</span>', day(value))
    return format_html(
        '<span class="due" data-due="{}">{} <b>{}</b></span>', state, day(value), words
    )


# -------------------------------------------------------------------- signs


@register.simple_tag
def icon(name: str, size: str = "") -> str:
    """An icon of the sprite, decoration only: the words beside it carry the meaning."""
    css = f"icon {size}".strip() + (" flips" if name in FLIPPED else "")
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        css,
        static("icons.svg"),
        name,
    )


@register.filter
def initials(name: Any) -> str:
    """Ana Petrović -> AP."""
    words = [
        word
        for word in str(name or "").replace(".", " ").replace("_", " ").split()
        if word[0].isalnum()
    ]
    if not words:
        return NOTHING
    letters = words[0][0] if len(words) == 1 else words[0][0] + words[-1][0]
    return letters.upper()


@register.simple_tag
def avatar(name: Any, team: bool = False, named: Any = False) -> str:
    """A person is a circle, a team a square. With `named` the name stands beside it already."""
    css = "avatar team" if team else "avatar"
    if not name:
        return format_html(
            '<span class="avatar none" role="img" aria-label="{}">{}</span>', _("Nobody"), NOTHING
        )
    hue = sum(map(ord, str(name))) % 6
    if named:
        return format_html(
            '<span class="{}" data-hue="{}" aria-hidden="true">{}</span>', css, hue, initials(name)
        )
    return format_html(
        '<span class="{}" data-hue="{}" role="img" aria-label="{}" title="{}">{}</span>',
        css,
        hue,
        name,
        name,
        initials(name),
    )


@register.simple_tag
def status_badge(axis: str, value: str, text: str = "", short: bool = False) -> str:
    """One state: sign and word. `short` is for list columns, where "none" is a dash."""
    sign = SIGNS[axis].get(value)
    if sign is None:
        return format_html('<span class="st nil">{}</span>', value or NOTHING)
    if short and value == "none":
        return format_html(
            '<span class="st nil"><span aria-hidden="true">{}</span>'
            '<span class="hide">{}</span></span>',
            NOTHING,
            sign.word,
        )
    raised = short and sign.raised
    return format_html(
        '<span class="{}" data-tone="{}">{}{}</span>',
        "pill" if raised else "st",
        sign.tone,
        icon(sign.glyph, "glyph"),
        text or sign.word,
    )


@register.inclusion_tag("partials/_axes.html")
def axes(return_order: Any) -> dict[str, Any]:
    """The three axes side by side, always in the same order."""
    values = {
        "authorisation": look_up(return_order, "status"),
        "goods": look_up(return_order, "goods"),
        "money": look_up(return_order, "money"),
    }
    return {
        "axes": [
            {
                "axis": axis,
                "label": AXIS_LABELS[axis],
                "value": value,
                "detail": look_up(return_order, f"{axis}_detail", ""),
                "bar": look_up(return_order, f"{axis}_bar"),
            }
            for axis, value in values.items()
        ]
    }


@register.filter
def noted(text: Any) -> str:
    """A note as it was written, in paragraphs, with the people it names as @username marked."""
    return mark_safe(MENTION.sub(r'<b class="mention">\g<0></b>', linebreaks(str(text), True)))  # noqa: S308


@register.filter
def timeline_sign(kind: Any) -> str:
    glyph, tone = TIMELINE_SIGNS.get(str(kind or ""), ("info", ""))
    css = "glyph" if glyph.startswith(("s-", "g-", "m-")) else ""
    return format_html(
        '<span class="dot"{}>{}</span>',
        format_html(' data-tone="{}"', tone) if tone else "",
        icon(glyph, css),
    )


@register.filter
def message_tone(level_tag: str) -> str:
    return MESSAGE_TONES.get(level_tag, ("info", "info"))[0]


@register.filter
def message_icon(level_tag: str) -> str:
    return MESSAGE_TONES.get(level_tag, ("info", "info"))[1]


# --------------------------------------------------------------- quantities


@register.simple_tag
def unit_bar(line: Any, track: bool = False) -> str:
    """The units of a line as a bar; drawn as attributes, so no inline style is needed."""
    segments = line_segments(line)
    if not segments:
        return ""
    words = look_up(line, "words") or ", ".join(
        f"{quantity(count)} {SEGMENT_WORDS[kind]}" for kind, count in segments
    )
    drawn = format_html_join(
        "", '<rect class="{}" x="{}" width="{}" height="8"/>', rectangles(segments)
    )
    return format_html(
        '<svg class="{}" viewBox="0 0 100 8" preserveAspectRatio="none" role="img"'
        ' aria-label="{}">{}</svg>',
        "tally track" if track else "tally",
        words,
        drawn,
    )


# ---------------------------------------------------------- forms and verbs


@register.simple_tag
def control(field: BoundField) -> str:
    """The input of a bound field in the look; Django itself adds the aria attributes."""
    bare = isinstance(
        field.field.widget, (CheckboxInput, CheckboxSelectMultiple, RadioSelect, FileInput)
    )
    css = field.field.widget.attrs.get("class", "")
    attrs: dict[str, str | bool] = {} if bare else {"class": f"input {css}".strip()}
    return field.as_widget(attrs=attrs)


@register.simple_tag(takes_context=True)
def once(context: Any) -> str:
    """The key by which a form is known when it is sent for the second time."""
    request = context.get("request")
    if request is None:
        return ""
    key = sending.shown_key(request)
    return format_html('<input type="hidden" name="{}" value="{}">', sending.FIELD, key)


@register.simple_tag(takes_context=True)
def carried(context: Any, form: Any, version: Any = "", extras: Any = ()) -> str:
    """What the form of a record carries unseen: its key, the version it shows, what it began with.

    A form that is shown again stays based on what its reader saw first, until they were shown
    what somebody else changed meanwhile.
    """
    request = context.get("request")
    if request is None:
        return ""
    again = request.method == "POST" and not getattr(form, "meeting", None)
    shown = (again and request.POST.get("version")) or version
    if not shown:
        return once(context)
    base = (again and request.POST.get(merging.BASE)) or merging.base_of(form, extras)
    hidden = '<input type="hidden" name="{}" value="{}">'
    fields = (("version", shown), (merging.BASE, base))
    return once(context) + format_html_join("", hidden, fields)


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


@register.filter
def is_check(field: BoundField) -> bool:
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def needs_fieldset(field: BoundField) -> bool:
    return bool(field.field.widget.use_fieldset)


@register.simple_tag
def arrange(actions: Any) -> dict[str, list[Any]]:
    """Which actions stand as buttons and which in the menu; the primary one comes last.

    A primary action that is blocked keeps its place, locked; dangerous ones are one step away.
    """
    actions = list(actions or [])
    primary = [
        action for action in actions if look_up(action, "primary") and look_up(action, "allowed")
    ][:1]
    locked = [
        action
        for action in actions
        if look_up(action, "primary") and not look_up(action, "allowed")
    ]
    ready = [
        action
        for action in actions
        if action not in primary and look_up(action, "allowed") and not look_up(action, "danger")
    ][:MOST_BAR_ACTIONS]
    bar = locked + ready + primary
    return {"bar": bar, "menu": [action for action in actions if action not in bar]}
