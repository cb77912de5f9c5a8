"""Numbers of trade items (GTIN): digits of which the last one checks the others.

The lengths and the check digit are those of the GS1 General Specifications, section 7.9.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from django.db.models import Value
from django.db.models.functions import LPad
from django.utils.translation import gettext as _

from rmaproject.shared.errors import RuleViolation

#: As they are printed; all are the same number with zeros in front.
LENGTHS: Final = (8, 12, 13, 14)
LONGEST: Final = 14


def is_gtin(text: str) -> bool:
    """Whether a text is such a number, with the right check digit."""
    if not (text.isascii() and text.isdigit() and len(text) in LENGTHS):
        return False
    return check_digit(text[:-1]) == int(text[-1])


def check_digit(digits: str) -> int:
    """What a number ends with: three times every second digit from the right, to full tens."""
    weighted = (int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(digits[::-1]))
    return -sum(weighted) % 10


def with_gtin_checked(values: dict[str, Any]) -> dict[str, Any]:
    """Values of a part, a number among them without blanks and hyphens.

    Raises RuleViolation `invalid_gtin`.
    """
    if "gtin" not in values:
        return values
    text = re.sub(r"[\s-]", "", values["gtin"])
    if text and not is_gtin(text):
        message = _("This is no GTIN: 8, 12, 13 or 14 digits, the last of which checks the others.")
        raise RuleViolation(message, code="invalid_gtin", pointer="/gtin")
    return {**values, "gtin": text}


def with_number(parts: Any, texts: Iterable[str]) -> Any:
    """Those of the parts that have one of these numbers, in whatever length it is written."""
    numbers = {text.zfill(LONGEST) for text in texts if is_gtin(text)}
    if not numbers:
        return parts.none()
    padded = parts.alias(padded=LPad("gtin", LONGEST, Value("0"))).exclude(gtin="")
    return padded.filter(padded__in=numbers)
