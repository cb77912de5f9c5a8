"""Verbs as rows of a table: where each is legal, where it leads, who may do it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from rmaproject.shared.errors import Conflict
from rmaproject.shared.words import within


@dataclass(frozen=True)
class Transition:
    """One verb: its statuses before, its status after (None: unchanged), and its right."""

    verb: str
    label: str
    sources: tuple[str, ...]
    target: str | None
    permission: str
    needs_reason: bool = False

    @property
    def words(self) -> str:
        """The label in the reader's language: as a deed, where a state has the same name."""
        return pgettext("verb", self.label)


@dataclass(frozen=True)
class Action:
    """A verb as offered to somebody: allowed, or blocked with the reason in words."""

    verb: str
    label: str
    allowed: bool
    reason: str
    needs_reason: bool


def legal_verbs(table: Sequence[Transition], status: str) -> list[str]:
    """The verbs that are legal in this status, in the table's order."""
    return [row.verb for row in table if status in row.sources]


def find_verb(table: Sequence[Transition], verb: str) -> Transition:
    """The row of a verb. Raises KeyError for a verb that the table does not know."""
    for row in table:
        if row.verb == verb:
            return row
    raise KeyError(verb)


def require_legal(
    table: Sequence[Transition], verb: str, status: str, *, code: str = "illegal_transition"
) -> Transition:
    """The row of a verb that is legal in this status.

    Raises Conflict with the code, the status and the verbs that are legal.
    """
    row = find_verb(table, verb)
    if status in row.sources:
        return row
    # English names the verb by its code; other languages by its label.
    state = status.replace("_", " ")
    shown = within(_(state.capitalize()))
    doing = verb.replace("_", " ") if shown == state else row.words
    raise Conflict(
        _("Cannot %(value)s while the status is %(shown)s.") % {"value": doing, "shown": shown},
        code=code,
        status=status,
        legal_verbs=legal_verbs(table, status),
    )
