"""A board: a column for each state, a card for each record, and the moves that are verbs."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import F, QuerySet

from rmaproject.shared.transitions import Action
from rmaproject.web.signs import Sign

#: How many cards of a column are shown; the others are one click away.
MOST_CARDS: Final = 50
#: For how many days a column of ended records looks back.
DAYS_BACK: Final = 7
#: Columns are counted up to here.
MOST_COUNTED: Final = 1000
Rows = QuerySet[Any, Any]


@dataclass(frozen=True)
class Column:
    """One state on the board. `narrow` keeps its rows, `latest` shows the last ended ones first."""

    key: str
    sign: Sign
    narrow: Callable[[Rows], Rows]
    latest: bool = False


@dataclass(frozen=True)
class Move:
    """A way for a card out of its column: the verb, and why not where it is blocked."""

    target: str
    action: Action
    icon: str
    danger: bool = False

    @property
    def label(self) -> str:
        return self.action.label

    @property
    def why(self) -> str:
        return self.action.reason


def told(moves: Sequence[Move]) -> str:
    """For the script: what each column means for this card. Not listed: it cannot go there."""
    return json.dumps(
        {
            move.target: {
                "verb": move.action.verb,
                "label": move.label,
                "asks": move.action.needs_reason,
                **({"why": move.why} if not move.action.allowed else {}),
            }
            for move in moves
        },
        ensure_ascii=False,
    )


def cards_of(rows: Rows, column: Column) -> list[Any]:
    """The most urgent records of a column, of ended ones the latest; one more than is shown."""
    found = column.narrow(rows)
    order = ("-pk",) if column.latest else (F("target_date").asc(nulls_last=True), "pk")
    return list(found.order_by(*order)[: MOST_CARDS + 1])


def column_context(
    column: Column,
    rows: Rows,
    found: Sequence[Any],
    cards: Sequence[dict[str, Any]],
    *,
    limit: int | None,
    more_url: str,
) -> dict[str, Any]:
    """A column for the template; counted only where it holds more than is shown."""
    number = _counted(rows, column) if len(found) > MOST_CARDS else len(found)
    over = limit is not None and number > limit
    return {
        "key": column.key,
        "sign": column.sign,
        "label": column.sign.word,
        "cards": cards,
        "count": _said(number),
        "limit": limit,
        "over": over,
        "latest": column.latest,
        "more_url": more_url if number > len(cards) else "",
        "more": _said(number - len(cards)) if number > len(cards) else "",
    }


def _counted(rows: Rows, column: Column) -> int:
    return column.narrow(rows).order_by()[: MOST_COUNTED + 1].count()


def _said(number: int) -> str:
    return f"{MOST_COUNTED}+" if number > MOST_COUNTED else str(number)
