"""The queues that refunds wait in: one definition for tabs, the record's neighbours and counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy

from sales.states import ON_THEIR_WAY, RefundState

S = RefundState
Rows = Any  # a RefundQuerySet


@dataclass(frozen=True)
class RefundQueue:
    """One queue: the states whose refunds wait in it; None for all of them."""

    key: str
    label: Any  # translated when it is shown
    states: tuple[str, ...] | None

    def narrow(self, rows: Rows) -> Rows:
        """Those of the refunds that wait here."""
        return rows if self.states is None else rows.filter(state__in=self.states)


_ALL: Final = (
    RefundQueue("open", gettext_lazy("All open"), ON_THEIR_WAY),
    RefundQueue("account", gettext_lazy("Account missing"), (S.WAITING_DETAILS,)),
    RefundQueue("approve", gettext_lazy("To approve"), (S.WAITING_APPROVAL,)),
    RefundQueue("pay", gettext_lazy("To pay"), (S.READY,)),
    RefundQueue("clear", gettext_lazy("Sent, to clear"), (S.SENT, S.UNKNOWN)),
    RefundQueue("failed", gettext_lazy("Failed"), (S.FAILED,)),
    RefundQueue("done", gettext_lazy("Done"), (S.DONE,)),
    RefundQueue("all", gettext_lazy("All"), None),
)
#: Every queue by its key, in the order in which they are shown.
QUEUES: Final[dict[str, RefundQueue]] = {queue.key: queue for queue in _ALL}
#: The queues of one step each, by the state that waits for it.
_BY_STATE: Final = {
    state: queue for queue in _ALL[1:] if queue.states is not None for state in queue.states
}


def queue_of(state: str) -> RefundQueue:
    """Where a refund of this state waits; all of them for one that was given up."""
    return _BY_STATE.get(state, QUEUES["all"])


def around(rows: Rows, key: int, *, before: int, after: int) -> list[Any]:
    """The records beside one in a queue, the oldest first, with itself; two queries."""
    earlier = list(rows.filter(pk__lt=key).order_by("-pk")[:before])
    return [*reversed(earlier), *rows.filter(pk__gte=key).order_by("pk")[: after + 1]]


def next_in(rows: Rows, key: int) -> Any:
    """The record that follows in a queue; after the last one the first, None in an empty one."""
    others = rows.exclude(pk=key).order_by("pk")
    return others.filter(pk__gt=key).first() or others.first()
