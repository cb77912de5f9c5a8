"""Icons, people, states and notes: what is seen before it is read."""

from __future__ import annotations

import re
from typing import Any, Final

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, linebreaks
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from rmaproject.web.bars import look_up
from rmaproject.web.signs import AXIS_LABELS, MESSAGE_TONES, SIGNS, TIMELINE_SIGNS
from rmaproject.web.tags.figures import NOTHING

register = template.Library()

#: Icons that point onward or back: they turn round where lines run from right to left.
FLIPPED: Final = frozenset({"left", "right", "go", "back", "undo", "enter", "return"})
#: Somebody named in a note; text is escaped before, so this meets no markup but paragraphs.
MENTION: Final = re.compile(r"(?<![\w@.&#;])@[\w.+-]*\w")


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
