"""How long returns take: median and slowest tenth, in all and by stage."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import (
    OuterRef,
    Subquery,
)
from django.db.models.functions import Greatest

from returns.metrics.sight import Period, Rows, Sight
from returns.metrics.sql import on_days, week_of
from returns.models import Disposal, Inspection, LineCredit, Receipt
from returns.states import Status
from sales.models import Refund

SLOWEST: Final = 0.9
#: Stages in their order: (key, begins with, ends with).
STAGES: Final = (
    ("all", "created_at", "closed_at"),
    ("authorise", "created_at", "issued_at"),
    ("receive", "issued_at", "came_at"),
    ("decide", "came_at", "decided_at"),
    ("credit", "decided_at", "booked_at"),
    ("refund", "booked_at", "paid_at"),
)
MOMENTS: Final = (
    "created_at",
    "issued_at",
    "came_at",
    "decided_at",
    "booked_at",
    "paid_at",
    "closed_at",
)
DAY: Final = timedelta(days=1)


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
    """Days to resolution by week, and of the whole period in all and by stage; one statement.

    The moments of a return are read once: the database would look for them in every figure.
    """
    whole = period.whole_weeks()
    ended = _completed(sight, whole).annotate(week=week_of("local"))
    weeks: dict[date, list[float]] = {monday: [] for monday in whole.weeks()}
    taken: dict[str, list[float]] = {key: [] for key, _, _ in STAGES}
    for row in _with_moments(ended).order_by().values(*MOMENTS, "week", "local").iterator():
        _add(weeks[row["week"]], row["created_at"], row["closed_at"])
        if row["local"] >= period.first:
            for key, begins, ends in STAGES:
                _add(taken[key], row[begins], row[ends])
    return (
        [replace(_of_spans("week", spans), week=monday) for monday, spans in weeks.items()],
        [_of_spans(key, spans) for key, spans in taken.items()],
    )


def _add(spans: list[float], begins: datetime | None, ends: datetime | None) -> None:
    """Count a stage that the return went through, forwards."""
    span = _days(begins, ends)
    if span is not None and span >= 0:
        spans.append(span)


def _days(begins: datetime | None, ends: datetime | None) -> float | None:
    return None if begins is None or ends is None else (ends - begins) / DAY


def _of_spans(key: str, spans: list[float]) -> Duration:
    if not spans:
        return Duration(key)
    spans = sorted(spans)
    half, most = _rounded(_share(spans, 0.5)), _rounded(_share(spans, SLOWEST))
    return Duration(key, len(spans), half, most)


def _share(spans: list[float], share: float) -> float:
    """The span below which this share lies, between two by line, as percentile_cont has it."""
    place = share * (len(spans) - 1)
    below = int(place)
    above = min(below + 1, len(spans) - 1)
    return spans[below] + (spans[above] - spans[below]) * (place - below)


def _completed(sight: Sight, period: Period) -> Rows:
    rows = sight.returns().filter(status=Status.COMPLETE)
    return on_days(rows, "closed_at", period, "business__time_zone")


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
