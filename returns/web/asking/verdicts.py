"""Whether a sold line can come back, in a word and a reason, before anybody asks for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from returns.eligibility import Check
from returns.purchases import Purchase
from rmaproject.web.days import written

Row = dict[str, Any]

#: What is short enough to stand in a table; anything else is told by the rule's own sentence.
WORDS: Final = {
    "final_sale": gettext_lazy("The sale was final"),
    "policy_missing_date": gettext_lazy("Nobody knows when it was sold"),
}


def verdict(row: Purchase, may_override: bool) -> Row:
    """The words and the tone for a line: can it come back, until when, or why not.

    A refusal by the rules is told, not enforced: another reason or outcome may be allowed, and
    the service decides when the return is saved.
    """
    if row.left <= 0:
        return {
            "tone": "calm",
            "icon": "lock",
            "verdict": _("No"),
            "why": _("Nothing left: on its way back or here."),
        }
    if row.answer is None:
        return {"tone": "ok", "icon": "check", "verdict": _("Yes"), "why": ""}
    if row.answer.allowed:
        until = [_window(check) for check in row.answer.checks if check.aspect == "window"]
        return {"tone": "ok", "icon": "check", "verdict": _("Yes"), "why": " ".join(until)}
    refused = next(check for check in row.answer.checks if not check.allowed)
    return {
        "tone": "wait" if may_override else "bad",
        "icon": "alert" if may_override else "x",
        "verdict": _("With a reason") if may_override else _("No"),
        "why": _in_words(refused),
    }


def _in_words(check: Check) -> str:
    teller: Callable[[Check], str] | None = TELLERS.get(check.code)
    if teller is not None:
        return teller(check)
    return str(WORDS.get(check.code, check.message))


def _window(check: Check) -> str:
    return _("Until %(day)s") % {"day": _day(check.facts["last_day"])}


def _late(check: Check) -> str:
    return _("Only until %(day)s") % {"day": _day(check.facts["last_day"])}


def _day(text: str) -> str:
    return written(date.fromisoformat(text), "j M Y")


TELLERS: Final[dict[str, Callable[[Check], str]]] = {
    "within_window": _window,
    "outside_window": _late,
}
