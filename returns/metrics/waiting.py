"""What somebody should do next: by rights and ownership, the most urgent first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db.models import (
    CharField,
    DateField,
    DecimalField,
    Exists,
    F,
    JSONField,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Cast

from returns.metrics.sight import Rows, Sight
from returns.metrics.sql import together
from returns.models import Approval, Parcel, ReturnLine, ReturnOrder
from returns.queues import QUEUES, STUCK_AFTER
from returns.selectors import permission_for
from returns.states import Status
from sales.models import Refund
from sales.refund_actions import allowed_refund_verbs
from sales.services.limits import Limits
from sales.states import RefundState

#: How many of a kind are read; more is told as "and more".
MOST: Final = 20
#: Kinds in the order in which they press, where their days are the same.
KINDS: Final = ("late", "approve", "surprise", "refund", "pay", "inspect", "receive", "hold")


@dataclass(frozen=True)
class Task:
    """One thing to do: `kind` is the verb, `due` its day, `since` when it began to wait.

    `number` is units, `amounts` money by currency; both only where the kind has them.
    """

    kind: str
    uuid: UUID
    reference: str
    customer: str
    due: date | None
    since: datetime
    number: Decimal | None = None
    amounts: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True)
class _Kind:
    """Which returns ask for a thing to be done, and the verb whose right it needs."""

    name: str
    verb: str
    narrow: Callable[[Sight, Rows], Rows]
    owned: bool = False


def waiting(sight: Sight, *, team: bool = False) -> list[Task]:
    """What waits for this person, or with `team` for everybody whose work they may see.

    A return stands once, by what presses most. Nobody is told what another person owns, unless
    they ask for the team's.
    """
    tasks = sorted(_of_returns(sight, team) + _of_refunds(sight), key=_urgency)
    first: dict[UUID, Task] = {}
    for task in tasks:
        first.setdefault(task.uuid, task)
    return list(first.values())


def _urgency(task: Task) -> tuple[Any, ...]:
    return (task.due is None, task.due or date.max, KINDS.index(task.kind), task.since)


def _approvals(sight: Sight, rows: Rows) -> Rows:
    mine = Q(created_by__isnull=False, created_by=sight.actor.user_id)
    return QUEUES["approval"].narrow(rows, sight.now).exclude(mine)


def _surprises(sight: Sight, rows: Rows) -> Rows:
    lines = ReturnLine.objects.filter(return_order=OuterRef("pk"), unexpected=True, void=False)
    undecided = lines.filter(received__gt=F("accepted") + F("rejected"))
    return rows.filter(Exists(undecided), status=Status.IN_PROGRESS)


def _arriving(sight: Sight, rows: Rows) -> Rows:
    parcels = Parcel.objects.filter(return_order=OuterRef("pk"), void=False, receipts=None)
    here = Exists(parcels.filter(expected_on__lte=sight.today))
    return QUEUES["receive"].narrow(rows, sight.now).filter(here)


def _held(sight: Sight, rows: Rows) -> Rows:
    return rows.filter(status=Status.ON_HOLD, updated_at__lt=sight.now - STUCK_AFTER)


def _queue(key: str) -> Callable[[Sight, Rows], Rows]:
    return lambda sight, rows: QUEUES[key].narrow(rows, sight.now)


_KINDS: Final = (
    _Kind("late", "", _queue("overdue"), owned=True),
    _Kind("approve", "approve", _approvals),
    _Kind("surprise", "dispose", _surprises),
    _Kind("inspect", "inspect", _queue("inspect")),
    _Kind("receive", "receive", _arriving),
    _Kind("hold", "resume", _held, owned=True),
)


def _of_returns(sight: Sight, team: bool) -> list[Task]:
    offered = [kind for kind in _KINDS if _may(sight, kind)]
    rows = sight.returns()
    asked = [
        _columns(sight, kind, kind.narrow(sight, rows if team else _mine(sight, kind, rows)))
        for kind in offered
    ]
    return [_task(*row) for row in together(asked)]


def _may(sight: Sight, kind: _Kind) -> bool:
    return not kind.verb or sight.actor.may(permission_for(kind.verb))


def _mine(sight: Sight, kind: _Kind, rows: Rows) -> Rows:
    """What the person or one of their teams owns; of work for anybody also what nobody owns."""
    user = sight.actor.user
    if user is None:
        return rows
    own = Q(responsible_user=user.pk) | Q(responsible_group__in=user.groups.values("pk"))
    if not kind.owned:
        own |= Q(responsible_user=None, responsible_group=None)
    return rows.filter(own)


def _columns(sight: Sight, kind: _Kind, rows: Rows) -> Rows:
    number = Cast(Value(None), DecimalField(max_digits=15, decimal_places=5))
    amounts = Cast(Value(None), JSONField())
    parts: dict[str, Any] = {"number": number, "amounts": amounts}
    if kind.name == "inspect":
        parts["number"] = _undecided()
    if kind.name == "approve" and sight.money:
        asked = Approval.objects.filter(return_order=OuterRef("pk")).order_by("-pk")
        parts["amounts"] = Subquery(asked.values("amounts")[:1])
    named = rows.annotate(kind=Value(kind.name, CharField()), **parts)
    columns = ("kind", "uuid", "reference", "customer__name", "target_date", "updated_at")
    urgent = named.order_by(F("target_date").asc(nulls_last=True), "pk")
    return urgent.values_list(*columns, "number", "amounts")[:MOST]


def _undecided() -> Any:
    lines = ReturnLine.objects.filter(return_order=OuterRef("pk")).order_by()
    left = Sum(F("received") - F("accepted") - F("rejected"))
    return Subquery(lines.values("return_order").annotate(left=left).values("left"))


def _task(
    kind: str,
    uuid: UUID,
    reference: str,
    customer: str,
    due: date | None,
    since: datetime,
    number: Decimal | None,
    amounts: dict[str, str] | None,
) -> Task:
    told = tuple((code, Decimal(text)) for code, text in sorted((amounts or {}).items()))
    return Task(kind, uuid, reference, customer, due, since, number, told)


def _of_refunds(sight: Sight) -> list[Task]:
    """Refunds that this person may approve or pay now, within their limits and by four eyes."""
    wanted = {
        "approve": (RefundState.WAITING_APPROVAL, "sales.approve_refund", "refund"),
        "pay": (RefundState.READY, "sales.pay_refund", "pay"),
    }
    states = [state for state, right, _ in wanted.values() if sight.actor.may(right)]
    if not states or not sight.refunds:
        return []
    limits = Limits(sight.actor)
    rows = sight.refund_rows().filter(state__in=states).select_related("customer")
    found = rows.annotate(promised=_promised()).order_by("state", "pk")[: 2 * MOST]
    return [
        _refund_task(row, kind)
        for row in found
        for verb, (state, _, kind) in wanted.items()
        if row.state == state and verb in allowed_refund_verbs(row, sight.actor, limits)
    ]


def _promised() -> Any:
    """Until when the customer was promised the money."""
    of_note = {"lines__credits__credit_line__credit_note": OuterRef("credit_note")}
    returns = ReturnOrder.objects.filter(**of_note).order_by("refund_by")
    return Subquery(returns.values("refund_by")[:1], output_field=DateField())


def _refund_task(row: Any, kind: str) -> Task:
    amounts = ((row.currency, row.amount),)
    refund: Refund = row
    return Task(
        kind,
        refund.uuid,
        refund.reference,
        refund.customer.name,
        row.promised,
        refund.updated_at,
        amounts=amounts,
    )
