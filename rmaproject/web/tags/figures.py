"""Figures as they are read: money, quantities, percents, and a bar of units."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from django import template
from django.utils.formats import get_format, number_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from rmaproject.shared.money import digits, rounded
from rmaproject.web.bars import SEGMENT_WORDS, as_decimal, line_segments, look_up, rectangles

register = template.Library()

NOTHING: Final = "–"
MINUS: Final = "−"


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
