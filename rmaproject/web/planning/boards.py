"""A board: a column for each state, a card for each record, and the moves that are verbs."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import F, QuerySet
from django.urls import reverse

from rmaproject.shared import clock
from rmaproject.shared.transitions import Action
from rmaproject.web.lists import link
from rmaproject.web.planning.owning import US
from rmaproject.web.signs import Sign
from rmaproject.web.staff import StaffRequest

#: How many cards of a column are shown; the others are one click away.
MOST_CARDS: Final = 50
#: For how many days a column of ended records looks back.
DAYS_BACK: Final = 7
#: Columns are counted up to here.
MOST_COUNTED: Final = 1000
Rows = QuerySet[Any, Any]
Card = dict[str, Any]
Switch = list[dict[str, Any]]


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


def column_of(status: str, sign: Sign, ended_at: str = "") -> Column:
    """The column of a status; with `ended_at` only what ended then, in the days looked back at."""
    if not ended_at:
        return Column(status, sign, lambda rows: rows.filter(status=status))
    since = clock.now() - timedelta(days=DAYS_BACK)
    late = {"status": status, f"{ended_at}__gte": since}
    return Column(status, sign, lambda rows: rows.filter(**late), latest=True)


def board_context(request: StaffRequest, board: str, switch: Switch) -> dict[str, Any]:
    """What stands around the columns: the switch to other looks, whose records, the limits."""
    mine = request.GET.get("responsible") == US
    return {
        "mine_url": link(request, responsible="" if mine else US),
        "mine": mine,
        "switch": switch,
        "limits_url": _limits_url(request, board),
        "here": request.get_full_path(),
    }


def list_url(switch: Switch, **query: str) -> str:
    """The list, first of the switch, with the filters of the board and these."""
    table = switch[0]["url"]
    return f"{table}{'&' if '?' in table else '?'}{urlencode(query)}"


def filled(
    columns: Sequence[Column],
    rows: Rows,
    prepared: Callable[[Sequence[Any]], Callable[[Any], Card]],
    *,
    limits: dict[str, int],
    more_url: Callable[[str], str],
) -> list[dict[str, Any]]:
    """The columns with their cards.

    `prepared` reads once what all cards need and gives what makes each; `more_url` leads from a
    column's key to all of its rows.
    """
    found = {column.key: _cards_of(rows, column) for column in columns}
    card_of = prepared([row for some in found.values() for row in some[:MOST_CARDS]])
    return [
        _context(
            column,
            rows,
            found[column.key],
            [card_of(row) for row in found[column.key][:MOST_CARDS]],
            limit=limits.get(column.key),
            more_url=more_url(column.key),
        )
        for column in columns
    ]


def _limits_url(request: StaffRequest, board: str) -> str:
    if not request.actor.may("access.manage_settings"):
        return ""
    query = {"business": request.GET.get("business", ""), "next": request.get_full_path()}
    return f"{reverse('settings-board', args=[board])}?{urlencode(query)}"


def _cards_of(rows: Rows, column: Column) -> list[Any]:
    """The most urgent records of a column, of ended ones the latest; one more than is shown."""
    found = column.narrow(rows)
    order = ("-pk",) if column.latest else (F("target_date").asc(nulls_last=True), "pk")
    return list(found.order_by(*order)[: MOST_CARDS + 1])


def _context(
    column: Column,
    rows: Rows,
    found: Sequence[Any],
    cards: Sequence[Card],
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
