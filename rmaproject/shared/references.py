"""Human numbers of documents by pattern: `RMA-{ref:04d}`, `CN-{year}-{ref:05d}`."""

from __future__ import annotations

import re
import string
from datetime import date

from rmaproject.shared.errors import RuleViolation

FIELDS = {"ref", "year", "month"}
MAX_LENGTH = 64
_PRINTABLE = re.compile(r"^(?! )[^\x00-\x1f\x7f-\x9f]{1,64}(?<! )$")


def check_pattern(pattern: str) -> None:
    """Refuse a pattern that would number two documents alike or cannot be filled.

    Raises RuleViolation `invalid_pattern`.
    """
    try:
        names = {name for _, name, _, _ in string.Formatter().parse(pattern) if name is not None}
        sample = pattern.format(ref=1, year=2026, month=1)
    except (ValueError, KeyError, IndexError, AttributeError) as error:
        raise _invalid(pattern, "It cannot be filled in.") from error
    if "ref" not in names or names - FIELDS:
        raise _invalid(pattern, "It needs {ref} and may use {year} and {month} beside it.")
    if not is_reference(sample) or len(sample) > MAX_LENGTH - 12:
        raise _invalid(pattern, "It makes references that are too long or not printable.")


def _invalid(pattern: str, why: str) -> RuleViolation:
    message = f"The pattern {pattern!r} cannot number documents. {why}"
    return RuleViolation(message, code="invalid_pattern", pattern=pattern)


def render(pattern: str, *, ref: int, on: date) -> str:
    """The reference with this running number on this day."""
    return pattern.format(ref=ref, year=f"{on.year:04d}", month=f"{on.month:02d}")


def period_of(pattern: str, on: date) -> str:
    """The span in which the running number counts: a month, a year, or for ever."""
    if "{month" in pattern:
        return f"{on.year:04d}-{on.month:02d}"
    return f"{on.year:04d}" if "{year" in pattern else ""


def is_reference(text: str) -> bool:
    """Whether a text can serve as a reference: 1 to 64 printable characters."""
    return bool(_PRINTABLE.match(text))
