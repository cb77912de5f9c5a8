"""Whom refunds tell of what: who can pay a refund that has failed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.urls import reverse

from rmaproject.access.actors import Actor
from rmaproject.access.selectors import people_who_may
from rmaproject.events.models import Event
from rmaproject.notices.models import NoticeKind
from rmaproject.notices.registry import HEARERS, RECORDS, Draft, Shown
from sales.models import Refund
from sales.refund_selectors import visible_refunds
from sales.states import RefundState

KIND = "refund"


def shown_refunds(actor: Actor, idents: Iterable[UUID]) -> Mapping[UUID, Shown]:
    """Refunds as notices name them, those that the actor may see now."""
    rows = visible_refunds(actor).filter(uuid__in=list(idents)).values_list("uuid", "reference")
    return {
        ident: Shown(reference, reverse("refunds:detail", args=[ident]))
        for ident, reference in rows
    }


def hear(event: Event) -> list[Draft]:
    """Tell who can pay a refund that it has failed, also by the gateway."""
    if event.data.get("status") != RefundState.FAILED:
        return []
    key = f"refund_failed:{event.aggregate_id}:{event.version}"
    failed = Refund.objects.filter(uuid=event.aggregate_id, state=RefundState.FAILED)
    if not failed.exists():
        return []
    return [
        Draft(user.pk, NoticeKind.REFUND_FAILED, KIND, event.aggregate_id, key)
        for user in people_who_may("sales.pay_refund")
        if user.has_perm("sales.view_refund") and shown_refunds(Actor(user), [event.aggregate_id])
    ]


def register() -> None:
    """Let notices know of refunds."""
    RECORDS[KIND] = shown_refunds
    HEARERS[KIND] = hear
