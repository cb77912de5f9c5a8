"""Query parameters of lists: each known one is read strictly, so that none is ignored in silence.

A filter takes the rows and the parameter's text, and raises ValueError with a sentence for a text
that it cannot read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from django.db.models import Q, QuerySet

Rows = QuerySet[Any, Any]
Filter = Callable[[Rows, str], Rows]

YES: Final = frozenset({"true", "1", "yes", "on"})
NO: Final = frozenset({"false", "0", "no", "off"})
_KEY: Final = re.compile("[0-9]{1,18}")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def flag(text: str) -> bool:
    """A yes or no. Raises ValueError."""
    if text.lower() in YES | NO:
        return text.lower() in YES
    message = "Give true or false."
    raise ValueError(message)


def key(text: str) -> int:
    """A primary key. Raises ValueError."""
    if not _KEY.fullmatch(text):
        message = "A valid integer is required."
        raise ValueError(message)
    return int(text)


def day(text: str) -> date:
    """A date. Raises ValueError."""
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    message = "Enter a valid date."
    raise ValueError(message)


def by_key(column: str) -> Filter:
    """Rows whose column points to this key."""
    return lambda rows, text: rows.filter(**{column: key(text)})


def by_text(column: str) -> Filter:
    """Rows whose column is this text, ignoring case."""
    return lambda rows, text: rows.filter(**{f"{column}__iexact": text.replace("\x00", "")})


def by_day(column: str, comparison: str) -> Filter:
    """Rows whose column lies before (`lt`) or after (`gt`) a day, that day excluded."""
    return lambda rows, text: rows.filter(**{f"{column}__{comparison}": day(text)})


def by_flag(condition: Q | Callable[[], Q]) -> Filter:
    """Rows for which the condition holds, or does not."""

    def narrow(rows: Rows, text: str) -> Rows:
        asked = condition() if callable(condition) else condition
        return rows.filter(asked) if flag(text) else rows.exclude(asked)

    return narrow


def by_code(conditions: Mapping[int, Q]) -> Filter:
    """Rows whose state has this code of theirs."""

    def narrow(rows: Rows, text: str) -> Rows:
        asked = conditions.get(key(text))
        return rows.filter(asked) if asked is not None else rows.none()

    return narrow
