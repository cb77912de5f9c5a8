"""Human numbers of documents by pattern: `RMA-{ref:04d}`, `CN-{year}-{ref:05d}`."""

from __future__ import annotations

import re
import string
from datetime import date

from django.utils.translation import gettext

from rmaproject.shared.errors import RuleViolation

FIELDS = {"ref", "year", "month"}
MAX_LENGTH = 64
_PRINTABLE = re.compile(r"(?! )[^\x00-\x1f\x7f-\x9f]{1,64}(?<! )")
#: How the running number may be laid out: bare, or padded to a width. All else may repeat itself.
_WIDTH = re.compile(r"(0?[1-9]\d?)?d?")


def check_pattern(pattern: str) -> None:
    """Refuse a pattern that would number two documents alike or cannot be filled.

    Raises RuleViolation `invalid_pattern`.
    """
    try:
        fields = [field[1:] for field in string.Formatter().parse(pattern) if field[1] is not None]
    except ValueError as error:
        raise _invalid(pattern, gettext("It cannot be filled in.")) from error
    names = {name for name, _, _ in fields}
    if "ref" not in names or names - FIELDS or (names >= {"month"} and "year" not in names):
        raise _invalid(
            pattern, gettext("It needs {ref} and may use {year}, and {month} beside {year}.")
        )
    if not all(_plain(name or "", layout or "", kind) for name, layout, kind in fields):
        raise _invalid(pattern, gettext("Only {ref} has a layout, like {ref:04d}."))
    sample = render(pattern, ref=1, on=date(2026, 1, 1))
    if not is_reference(sample) or len(sample) > MAX_LENGTH - 12:
        raise _invalid(pattern, gettext("It makes references that are too long or not printable."))


def _plain(name: str, layout: str, conversion: str | None) -> bool:
    if conversion is not None:
        return False
    return bool(_WIDTH.fullmatch(layout)) if name == "ref" else not layout


def _invalid(pattern: str, why: str) -> RuleViolation:
    message = gettext("The pattern %(pattern)r cannot number documents. %(why)s") % {
        "pattern": pattern,
        "why": why,
    }
    return RuleViolation(message, code="invalid_pattern", pattern=pattern)


def render(pattern: str, *, ref: int, on: date) -> str:
    """The reference with this running number on this day."""
    return pattern.format(ref=ref, year=f"{on.year:04d}", month=f"{on.month:02d}")


def period_of(pattern: str, on: date) -> str:
    """The span in which the running number counts: a month, a year, or for ever."""
    if "{month}" in pattern:
        return f"{on.year:04d}-{on.month:02d}"
    return f"{on.year:04d}" if "{year}" in pattern else ""


def is_reference(text: str) -> bool:
    """Whether a text can serve as a reference: 1 to 64 printable characters."""
    return bool(_PRINTABLE.fullmatch(text)) and text.isprintable()
