"""How the single values of a document are read; each reader refuses what it cannot mean."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.utils.translation import gettext as _

from rmaproject.shared import money

Reader = Callable[[Any], Any]
_FIGURE: Final = re.compile(r"\d{1,15}(\.\d{1,4})?")
_WORD: Final = re.compile(r"(?=.*\S)[^\x00]{1,64}", re.DOTALL)
MOST_DAYS: Final = 36_500
MOST_WORDS: Final = 1_000


class Wrong(Exception):
    """A value that cannot be meant; `code` and the text say why."""

    def __init__(self, message: str, code: str = "invalid") -> None:
        super().__init__(message)
        self.message, self.code = message, code


@dataclass(frozen=True)
class Shape:
    """The values that a rule may set, by name, and those that it must."""

    readers: dict[str, Reader]
    required: tuple[str, ...] = ()


def flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Wrong(_("Give true or false."))
    return value


def days(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_DAYS:
        raise Wrong(_("Give a number of days from 0 to %(most)s.") % {"most": MOST_DAYS})
    return value


def text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or "\x00" in value or len(value) > 500:
        raise Wrong(_("Give a text of 1 to 500 characters."))
    return value.strip()


def figure(value: Any) -> Decimal:
    """A decimal of zero or more; as text, so that nothing is lost on the way."""
    shown = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(shown, str) or not _FIGURE.fullmatch(shown):
        raise Wrong(_('Give a figure of zero or more as text, like "12.50".'))
    try:
        return Decimal(shown)
    except InvalidOperation:  # pragma: no cover - the pattern lets only figures through
        raise Wrong(_("This is no figure.")) from None


def percent(value: Any) -> Decimal:
    found = figure(value)
    if found > 100:
        raise Wrong(_("A percentage lies between 0 and 100."))
    return found


def rate(value: Any) -> Decimal:
    found = figure(value)
    if found >= 1000:
        raise Wrong(_("A VAT rate is less than 1000 percent."))
    return found


def maybe_figure(value: Any) -> Decimal | None:
    return None if value is None else figure(value)


def currency(value: Any) -> str:
    if value not in money.CURRENCIES:
        raise Wrong(_("This is no ISO 4217 currency."), "invalid_currency")
    return str(value)


def one(*choices: str) -> Reader:
    """A reader of one of these words."""

    def read(value: Any) -> str:
        if not isinstance(value, str) or value not in choices:
            message = _("Give one of %(choices)s.") % {"choices": ", ".join(choices)}
            raise Wrong(message, "invalid_choice")
        return value

    return read


def some(*choices: str) -> Reader:
    """A reader of a list of these words."""
    single = one(*choices)

    def read(value: Any) -> tuple[str, ...]:
        if not isinstance(value, list) or not value:
            raise Wrong(_("Give a list of %(choices)s.") % {"choices": ", ".join(choices)})
        return tuple(single(item) for item in value)

    return read


def words(value: Any) -> frozenset[str]:
    """One word, or a list of words any of which will do; case does not matter."""
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, list) or not 0 < len(given) <= MOST_WORDS:
        raise Wrong(_("Give a text, or a list of texts."))
    if any(not isinstance(item, str) or not _WORD.fullmatch(item) for item in given):
        raise Wrong(_("Each entry is a text of 1 to 64 characters."))
    return frozenset(item.strip().lower() for item in given)


def countries(value: Any) -> frozenset[str]:
    found = words(value)
    if any(not re.fullmatch("[a-z]{2}", item) for item in found):
        raise Wrong(_("A country is given by its two ISO 3166 letters."), "invalid_country")
    return found
