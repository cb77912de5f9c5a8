"""The tiles: how much waits in each queue, with a word on it; the same rows as the lists."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db.models import DateField, F, Min, Q, Sum, Value
from django.db.models.functions import Cast

from returns.metrics.sight import WEEK, Period, Rows, Sight
from returns.metrics.sql import DaysBetween, figure, on_days
from returns.models import Parcel, ReturnLine
from returns.queues import QUEUES
from returns.selectors import permission_for
from returns.states import Status

#: The seven tiles, in the order in which they stand.
TILES: Final = ("open", "overdue", "receive", "inspect", "approval", "refund", "stuck")


@dataclass(frozen=True)
class Tile:
    """How many returns wait in a queue, and one more figure about them (`extra`).

    open: opened less closed in seven days; overdue: days of the oldest; receive: parcels expected
    today; inspect: units; approval: those that wait for the person; stuck: those on hold.
    """

    key: str
    count: int
    extra: int | Decimal = 0


def shown_tiles(sight: Sight) -> list[str]:
    """The tiles that this person may see."""
    return [key for key in TILES if sight.money or not QUEUES[key].money]


def queue_figures(sight: Sight) -> list[Rows]:
    """The count of each tile's queue, by the queue's own definition."""
    rows = sight.returns()
    return [figure(QUEUES[key].narrow(rows, sight.now), key) for key in shown_tiles(sight)]


def detail_figures(sight: Sight) -> list[Rows]:
    """What stands below the figures, each from the rows that its tile counts."""
    rows = sight.returns()
    week = Period.of_days(7, sight.latest)
    closed = on_days(rows, "closed_at", week, "business__time_zone")
    queued = {key: QUEUES[key].narrow(rows, sight.now) for key in ("overdue", "receive", "inspect")}
    stuck = QUEUES["stuck"].narrow(rows, sight.now)
    parcels = Parcel.objects.filter(void=False, receipts=None, expected_on=sight.today)
    lines = ReturnLine.objects.filter(return_order__in=queued["inspect"].values("pk"))
    undecided = Sum(F("received") - F("accepted") - F("rejected"))
    return [
        figure(rows.filter(requested_on__gt=sight.latest - WEEK), "opened_in_7_days"),
        figure(closed, "closed_in_7_days"),
        figure(queued["overdue"], "oldest", _days_since(sight, Min("target_date"))),
        figure(parcels.filter(return_order__in=queued["receive"].values("pk")), "parcels"),
        figure(lines, "units", undecided),
        figure(_for_me(sight, QUEUES["approval"].narrow(rows, sight.now)), "for_me"),
        figure(stuck.filter(status=Status.ON_HOLD), "held"),
    ]


def _days_since(sight: Sight, day: Any) -> Any:
    """How many days ago a day was."""
    return DaysBetween(Cast(Value(sight.today), DateField()), day)


def _for_me(sight: Sight, rows: Rows) -> Rows:
    """Approvals that this person may give and did not ask for."""
    if not sight.actor.may(permission_for("approve")):
        return rows.none()
    mine = Q(created_by__isnull=False, created_by=sight.actor.user_id)
    return rows.exclude(mine)


def tiles_of(sight: Sight, figures: dict[str, Any]) -> list[Tile]:
    """The tiles from the figures that were asked together, by key."""
    extra = {
        "open": figures["opened_in_7_days"] - figures["closed_in_7_days"],
        "overdue": figures["oldest"],
        "receive": figures["parcels"],
        "inspect": figures["units"],
        "approval": figures["for_me"],
        "stuck": figures["held"],
    }
    return [Tile(key, int(figures[key]), extra.get(key, 0)) for key in shown_tiles(sight)]
