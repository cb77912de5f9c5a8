"""How long returns take: median and slowest tenth, in all and by stage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import (
    CharField,
    Count,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
)
from django.db.models.functions import Greatest

from returns.metrics.sight import Period, Rows, Sight
from returns.metrics.sql import NO_DAY, Days, Percentile, on_days, together, week_of
from returns.models import Disposal, Inspection, LineCredit, Receipt
from returns.states import Status
from sales.models import Refund

SLOWEST: Final = 0.9
#: Stages in their order: (key, begins with, ends with).
STAGES: Final = (
    ("authorise", "created_at", "issued_at"),
    ("receive", "issued_at", "came_at"),
    ("decide", "came_at", "decided_at"),
    ("credit", "decided_at", "booked_at"),
    ("refund", "booked_at", "paid_at"),
)


@dataclass(frozen=True)
class Duration:
    """Days that returns took: of `count` returns the median and the slowest tenth (p90).

    None where no return is counted.
    """

    key: str
    count: int = 0
    median: float | None = None
    p90: float | None = None
    week: date | None = None


def durations(sight: Sight, period: Period) -> tuple[list[Duration], list[Duration]]:
    """Days to resolution by week, and of the whole period in all and by stage; one statement."""
    whole = period.whole_weeks()
    ended = _completed(sight, whole).annotate(week=week_of("local"))
    within = ended.filter(local__gte=period.first)
    staged = _with_moments(within)
    asked = [_spans(ended, "week", "created_at", "closed_at", F("week"))]
    asked.append(_spans(within, "all", "created_at", "closed_at"))
    asked += [_spans(staged, key, begins, ends) for key, begins, ends in STAGES]
    found = [_duration(*row) for row in together(asked)]
    weeks = {row.week: row for row in found if row.key == "week"}
    stages = {row.key: row for row in found if row.week is None}
    return (
        [weeks.get(monday) or Duration("week", week=monday) for monday in whole.weeks()],
        [stages.get(key) or Duration(key) for key in ("all", *(name for name, _, _ in STAGES))],
    )


def _completed(sight: Sight, period: Period) -> Rows:
    rows = sight.returns().filter(status=Status.COMPLETE)
    return on_days(rows, "closed_at", period, "business__time_zone")


def _spans(rows: Rows, key: str, begins: str, ends: str, week: Any = NO_DAY) -> Rows:
    """Returns that went through a stage forwards, as (key, week, count, median, p90)."""
    span = Days(F(ends) - F(begins))
    forwards = Q(taken__gte=0)
    named = rows.order_by().annotate(name=Value(key, CharField()), of=week, taken=span)
    summed = named.values("name", "of").annotate(
        n=Count("pk", filter=forwards),
        median=Percentile(F("taken"), share=0.5, filter=forwards),
        p90=Percentile(F("taken"), share=SLOWEST, filter=forwards),
    )
    return summed.values_list("name", "of", "n", "median", "p90")


def _duration(
    key: str, week: date | None, count: int, median: float | None, p90: float | None
) -> Duration:
    return Duration(key, count, _rounded(median), _rounded(p90), week)


def _rounded(days: float | None) -> float | None:
    return None if days is None else round(days, 2)


def _with_moments(rows: Rows) -> Rows:
    """Returns with the moments at which goods came, were decided, credited and paid."""
    here: dict[str, Any] = {"return_order": OuterRef("pk")}
    came = Receipt.objects.filter(**here, reverses=None, reversed_by=None).order_by("at")
    standing: dict[str, Any] = {"receipt_line__receipt__reversed_by": None}
    judged = Inspection.objects.filter(**here, **standing).order_by("-at")
    disposed = Disposal.objects.filter(**here, **standing).order_by("-at")
    booked = LineCredit.objects.filter(
        line__return_order=OuterRef("pk"), credit_line__credit_note__reversed_by=None
    ).order_by("credit_line__credit_note__created_at")
    notes = LineCredit.objects.filter(line__return_order=OuterRef(OuterRef("pk")))
    paid = Refund.objects.filter(
        credit_note__in=notes.values("credit_line__credit_note"), settled_at__isnull=False
    ).order_by("-settled_at")
    return rows.annotate(
        came_at=Subquery(came.values("at")[:1]),
        decided_at=Greatest(Subquery(judged.values("at")[:1]), Subquery(disposed.values("at")[:1])),
        booked_at=Subquery(booked.values("credit_line__credit_note__created_at")[:1]),
        paid_at=Subquery(paid.values("settled_at")[:1]),
    )
