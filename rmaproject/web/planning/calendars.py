"""A calendar of target dates: a month, a week, a list or a day, in a fixed number of queries."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import Case, Count, QuerySet, When, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from rmaproject.shared.errors import Malformed
from rmaproject.web.days import written
from rmaproject.web.lists import counted, link
from rmaproject.web.pages import page
from rmaproject.web.planning.spans import (
    DAY,
    EARLIEST,
    LATEST,
    LIST,
    MONTH,
    WEEK,
    Span,
    span_of,
    stepped,
    week_begins,
    week_number,
)
from rmaproject.web.signs import Sign
from rmaproject.web.staff import StaffRequest

KINDS: Final = (
    (MONTH, gettext_lazy("Month")),
    (WEEK, gettext_lazy("Week")),
    (LIST, gettext_lazy("List")),
)
#: How many of a day are shown at once; the rest is one click away.
MOST_A_DAY: Final = {MONTH: 4, WEEK: 25, LIST: 25, DAY: 200}
_NUMBERED: Final = re.compile(r"^\D+[-/ ](\d{3,}\S*)$")
Rows = QuerySet[Any, Any]


@dataclass(frozen=True)
class Entry:
    """One record on its day. `state` is late, ask, done or nothing; `sign` says the same."""

    uuid: UUID
    version: int
    day: date
    reference: str
    customer: str
    sign: Sign
    state: str
    url: str
    move_url: str
    movable: bool

    @property
    def short(self) -> str:
        """The reference without the letters that all of them begin with."""
        found = _NUMBERED.match(self.reference)
        return found[1] if found else self.reference

    @property
    def tone(self) -> str:
        return "bad" if self.state == "late" else str(self.sign.tone)

    @property
    def word(self) -> str:
        """How it stands, for those who see no colour: late before anything else."""
        return f"{_('Overdue')}, {self.sign.word}" if self.state == "late" else str(self.sign.word)


def asked_span(request: HttpRequest) -> Span:
    """The days that the address asks for, else this month. Raises Malformed `invalid_filter`."""
    kind = request.GET.get("show", "") or MONTH
    if kind not in MOST_A_DAY:
        raise _unknown()
    return span_of(kind, _day_of(request), week_begins(request.headers.get("Accept-Language", "")))


def calendar_page(
    request: StaffRequest,
    rows: Rows,
    closed: tuple[str, ...],
    entry_of: Callable[[Any], Entry],
    words: dict[str, Any],
) -> HttpResponse:
    """The calendar of these rows, in two queries whatever their number.

    `words` is what stands around it: heading, caption, filters, switch, subscribe_url.
    """
    context = {**_context(request, rows, closed, entry_of), **words}
    return page(request, "planner/calendar.html", context, part="planner/_calendar.html")


def _context(
    request: HttpRequest,
    rows: Rows,
    closed: tuple[str, ...],
    entry_of: Callable[[Any], Entry],
) -> dict[str, Any]:
    span, today = asked_span(request), timezone.localdate()
    dated = rows.filter(target_date__range=(span.first, span.last))
    shown = _by_day(dated, closed, MOST_A_DAY[span.kind])
    days = [_day(request, span, day, today, shown.get(day, []), entry_of) for day in span.days]
    return {
        "span": span,
        "days": days,
        "weeks": _weeks(span, days),
        "filled": [row for row in days if row["entries"]],
        "heads": [date_format(day, "D") for day in span.days[:7]],
        "kinds": _kinds(request, span),
        "previous": _step(request, span, -1),
        "next": _step(request, span, 1),
        "today_url": link(request, on="", show="" if span.kind == MONTH else span.kind),
        "count": counted(_within(dated, span)),
        "done": request.GET.get("done", ""),
        "here": request.get_full_path(),
    }


def _within(dated: Rows, span: Span) -> Rows:
    if span.kind in (MONTH, LIST):
        return dated.filter(target_date__year=span.on.year, target_date__month=span.on.month)
    return dated


def _by_day(dated: Rows, closed: tuple[str, ...], most: int) -> dict[date, list[Any]]:
    """The first rows of each day, open ones first; each knows how many its day has."""
    ended = Case(When(status__in=closed, then=1), default=0)
    rows = dated.annotate(
        place=Window(RowNumber(), partition_by="target_date", order_by=[ended, "pk"]),
        of_day=Window(Count("*"), partition_by="target_date"),
    )
    found: dict[date, list[Any]] = {}
    for row in rows.filter(place__lte=most).order_by("target_date", "place"):
        found.setdefault(row.target_date, []).append(row)
    return found


def _day(
    request: HttpRequest,
    span: Span,
    day: date,
    today: date,
    rows: list[Any],
    entry_of: Callable[[Any], Entry],
) -> dict[str, Any]:
    left = rows[0].of_day - len(rows) if rows else 0
    words = ngettext("%(left)d more", "%(left)d more", left) % {"left": left}
    return {
        "day": day,
        "name": written(day, "l, j F Y"),
        "weekday": date_format(day, "D"),
        "short": written(day, "j M") if _begins(span, day) else str(day.day),
        "outside": not span.holds(day),
        "weekend": day.weekday() >= 5,
        "today": day == today,
        "entries": [entry_of(row) for row in rows],
        "more": words if left else "",
        "url": link(request, show=DAY, on=day.isoformat()),
    }


def _begins(span: Span, day: date) -> bool:
    """Whether a day begins a month within the span, so that its number alone would mislead."""
    return span.kind == WEEK or (day.day == 1 and not span.holds(day))


def _weeks(span: Span, days: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if span.kind not in (MONTH, WEEK):
        return []
    rows: Iterable[list[dict[str, Any]]] = (days[n : n + 7] for n in range(0, len(days), 7))
    return [{"number": week_number(row[0]["day"]), "days": row} for row in rows]


def _kinds(request: HttpRequest, span: Span) -> list[dict[str, Any]]:
    return [
        {
            "label": words,
            "url": link(request, show="" if kind == MONTH else kind, on=span.on.isoformat()),
            "current": kind == span.kind,
        }
        for kind, words in KINDS
    ]


def _step(request: HttpRequest, span: Span, by: int) -> dict[str, str] | None:
    aim = stepped(span, by)
    if aim is None:
        return None
    return {
        "url": link(request, on=aim.isoformat()),
        "label": span_of(span.kind, aim, span.first.weekday()).title,
    }


def _day_of(request: HttpRequest) -> date:
    text = request.GET.get("on", "")
    if not text:
        return timezone.localdate()
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise _unknown() from error
    if not EARLIEST <= day <= LATEST:
        raise _unknown()
    return day


def _unknown() -> Malformed:
    message = _("This address names no days that a calendar shows. Open the calendar again.")
    return Malformed(message, code="invalid_filter")
