"""The queues that returns wait in: what each role has before it, and who sees which.

One definition for tabs, tiles, counts in the navigation and saved views, so that a figure always
opens just the rows it counted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from returns.models import ReturnLine
from returns.states import CLOSED, Status

Rows = Any  # a ReturnQuerySet

#: Open returns that nobody touched for so long are stuck.
STUCK_AFTER: Final = timedelta(days=7)
_UNDECIDED: Final = Exists(
    ReturnLine.objects.filter(
        return_order=OuterRef("pk"), received__gt=F("accepted") + F("rejected")
    )
)
_COMING: Final = Q(status__in=[Status.IN_PROGRESS, Status.ON_HOLD]) & Q(
    goods__in=["expected", "partially_received"]
)
_OVER: Final = [Status.CANCELLED, Status.REJECTED]
_OWED: Final = Q(credit_owed=True) | Q(money__in=["due", "partially_refunded"])


@dataclass(frozen=True)
class Queue:
    """One queue. `narrow` keeps its rows of those given; `now` decides what is late or stuck."""

    key: str
    label: Any  # translated when it is shown
    narrow: Callable[[Rows, datetime], Rows]
    money: bool = False  # tells of money: only for those who may see credit notes


def _late(rows: Rows, now: datetime) -> Rows:
    return rows.open().filter(target_date__lt=timezone.localdate(now))


def _stuck(rows: Rows, now: datetime) -> Rows:
    return rows.open().filter(updated_at__lt=now - STUCK_AFTER)


_ALL: Final = (
    Queue("open", gettext_lazy("All open"), lambda rows, now: rows.open()),
    Queue(
        "review",
        gettext_lazy("Needs review"),
        lambda rows, now: rows.filter(status__in=[Status.PENDING, Status.AWAITING_APPROVAL]),
    ),
    Queue("receive", gettext_lazy("Awaiting receipt"), lambda rows, now: rows.filter(_COMING)),
    Queue("inspect", gettext_lazy("Inspect"), lambda rows, now: rows.open().filter(_UNDECIDED)),
    # A return that is complete may still wait for its refund to be paid.
    Queue(
        "refund",
        gettext_lazy("Refund due"),
        lambda rows, now: rows.exclude(status__in=_OVER).filter(_OWED),
        True,
    ),
    Queue(
        "credit",
        gettext_lazy("Credit to book"),
        lambda rows, now: rows.exclude(status__in=_OVER).filter(credit_owed=True),
        True,
    ),
    Queue(
        "approval",
        gettext_lazy("Awaiting approval"),
        lambda rows, now: rows.filter(status=Status.AWAITING_APPROVAL),
    ),
    Queue("overdue", gettext_lazy("Overdue"), _late),
    Queue("stuck", gettext_lazy("Stuck"), _stuck),
    Queue("hold", gettext_lazy("On hold"), lambda rows, now: rows.filter(status=Status.ON_HOLD)),
    Queue("closed", gettext_lazy("Closed"), lambda rows, now: rows.filter(status__in=CLOSED)),
    Queue("all", gettext_lazy("All"), lambda rows, now: rows),
)
#: Every queue by its key, in the order in which they are shown.
QUEUES: Final[dict[str, Queue]] = {queue.key: queue for queue in _ALL}
