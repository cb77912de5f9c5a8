"""Whom returns tell of what: who becomes responsible, who can approve, whose return is overdue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from returns.models import Comment, ReturnOrder
from returns.queues import QUEUES
from returns.selectors import permission_for, visible_returns
from returns.states import Status
from rmaproject.access.actors import Actor
from rmaproject.access.selectors import people_who_may
from rmaproject.audit.models import AuditEntry
from rmaproject.events.models import Event
from rmaproject.notices.models import NoticeKind
from rmaproject.notices.registry import HEARERS, RECORDS, SWEEPS, Draft, Shown
from rmaproject.notices.services import mentioned, notify

KIND = "return"
RESPONSIBLE = {"responsible_user", "responsible_group"}
BEGINNINGS = {"create", "record"}
MOST_OVERDUE = 2000


def shown_returns(actor: Actor, idents: Iterable[UUID]) -> Mapping[UUID, Shown]:
    """Returns as notices name them, those that the actor may see now."""
    rows = visible_returns(actor).filter(uuid__in=list(idents)).values_list("uuid", "reference")
    return {
        ident: Shown(reference, reverse("returns:detail", args=[ident]))
        for ident, reference in rows
    }


def tell_mentioned(order: ReturnOrder, comment: Comment, actor: Actor) -> None:
    """Tell everybody whom a note names, but not who wrote it; the notice leads to the note."""
    who = actor.user.get_full_name() or actor.user.get_username() if actor.user else ""
    data = {"who": who, "anchor": f"#note-{comment.uuid}"}
    key = f"mention:{comment.uuid}"
    notify(
        Draft(user.pk, NoticeKind.MENTION, KIND, order.uuid, key, data)
        for user in mentioned(comment.text)
        if user.pk != actor.user_id
    )


def hear(event: Event) -> list[Draft]:
    """Whom an event of a return tells: its new responsible people, and who can approve it."""
    rows = AuditEntry.objects.filter(aggregate_id=event.aggregate_id, n=event.version)
    entry = rows.only("verb", "facts", "actor_id").first()
    order = ReturnOrder.objects.filter(uuid=event.aggregate_id, discarded_at=None).first()
    if entry is None or order is None:
        return []
    return [*_assigned(order, entry, event), *_to_approve(order, entry, event)]


def _assigned(order: ReturnOrder, entry: AuditEntry, event: Event) -> Iterator[Draft]:
    changed = set(entry.facts.get("changed", ()))
    if not (RESPONSIBLE & changed or entry.verb in BEGINNINGS):
        return
    key = f"assigned:{order.uuid}:{event.version}"
    for user_id in responsible_people(order) - {entry.actor_id}:
        yield Draft(user_id, NoticeKind.ASSIGNED, KIND, order.uuid, key)


def _to_approve(order: ReturnOrder, entry: AuditEntry, event: Event) -> Iterator[Draft]:
    asked = entry.facts.get("to") == Status.AWAITING_APPROVAL
    if not asked or order.status != Status.AWAITING_APPROVAL:
        return
    key = f"approval:{order.uuid}:{event.version}"
    for user in people_who_may(permission_for("approve")):
        if user.pk != entry.actor_id and shown_returns(Actor(user), [order.uuid]):
            yield Draft(user.pk, NoticeKind.APPROVAL, KIND, order.uuid, key)


def responsible_people(order: ReturnOrder) -> set[int]:
    """The keys of who is responsible: a person, or everybody of a team."""
    if order.responsible_user_id is not None:
        return {order.responsible_user_id}
    if order.responsible_group is None:
        return set()
    members: Any = order.responsible_group.user_set
    return set(members.filter(is_active=True).values_list("pk", flat=True))


def overdue(now: datetime) -> Iterator[Draft]:
    """Each overdue return once for each target date, to who is responsible."""
    rows = QUEUES["overdue"].narrow(ReturnOrder.objects.filter(discarded_at=None), now)
    owned = rows.exclude(responsible_user=None, responsible_group=None)
    for order in owned.select_related("responsible_group").order_by("-target_date")[:MOST_OVERDUE]:
        key = f"overdue:{order.uuid}:{order.target_date}"
        for user_id in responsible_people(order):
            yield Draft(user_id, NoticeKind.OVERDUE, KIND, order.uuid, key)


def register() -> None:
    """Let notices know of returns."""
    RECORDS[KIND] = shown_returns
    HEARERS[KIND] = hear
    SWEEPS.append(overdue)
