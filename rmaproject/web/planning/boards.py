"""A board: a column for each state, a card for each record, and the moves that are verbs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.urls import reverse

from rmaproject.shared import clock
from rmaproject.shared.transitions import Action
from rmaproject.web.lists import link
from rmaproject.web.pages import page
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
class Board:
    """A column for each of the statuses, in this order; the last looks back on what ended lately.

    `ended_at` is the field that says when it ended; `listed` is what the list must be asked for,
    beside the status, to show all rows of a column.
    """

    key: str
    signs: Mapping[str, Sign]
    statuses: Sequence[str]
    ended_at: str
    listed: Mapping[str, str] = field(default_factory=dict)

    def columns(self) -> list[Column]:
        *standing, ended = self.statuses
        since = clock.now() - timedelta(days=DAYS_BACK)
        lately = _narrowing({"status": ended, f"{self.ended_at}__gte": since})
        return [
            *(Column(key, self.signs[key], _narrowing({"status": key})) for key in standing),
            Column(ended, self.signs[ended], lately, latest=True),
        ]


def _narrowing(wanted: dict[str, Any]) -> Callable[[Rows], Rows]:
    return lambda rows: rows.filter(**wanted)


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


def board_page(
    request: StaffRequest,
    board: Board,
    rows: Rows,
    prepared: Callable[[Sequence[Any]], Callable[[Any], Card]],
    words: dict[str, Any],
    *,
    limits: dict[str, int],
) -> HttpResponse:
    """The board of these rows, whatever their number in a fixed number of queries.

    `prepared` reads once what all cards need and gives what makes each; `words` is what stands
    around them: heading, sub, region, filters, switch, new_url, new_label.
    """
    mine = request.GET.get("responsible") == US
    context = {
        "columns": _filled(board, rows, prepared, words["switch"], limits),
        "mine_url": link(request, responsible="" if mine else US),
        "mine": mine,
        "limits_url": _limits_url(request, board.key),
        "here": request.get_full_path(),
        **words,
    }
    return page(request, "planner/board.html", context, part="planner/_board.html")


def _filled(
    board: Board,
    rows: Rows,
    prepared: Callable[[Sequence[Any]], Callable[[Any], Card]],
    switch: Switch,
    limits: dict[str, int],
) -> list[dict[str, Any]]:
    columns = board.columns()
    found = {column.key: _cards_of(rows, column) for column in columns}
    card_of = prepared([row for some in found.values() for row in some[:MOST_CARDS]])
    return [
        _context(
            column,
            rows,
            found[column.key],
            [card_of(row) for row in found[column.key][:MOST_CARDS]],
            limit=limits.get(column.key),
            more_url=_list_url(switch, **board.listed, status=column.key),
        )
        for column in columns
    ]


def _list_url(switch: Switch, **query: str) -> str:
    """The list, first of the switch, with the filters of the board and these."""
    table = switch[0]["url"]
    return f"{table}{'&' if '?' in table else '?'}{urlencode(query)}"


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
