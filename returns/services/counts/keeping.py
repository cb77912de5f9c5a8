"""A count from its first scan to the moment it is closed, apart from what is in it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from returns.models import LIVE_COUNTS, Carton, Count, CountState, Parcel, ReturnOrder
from returns.services._advance import lock_for
from rmaproject.access.actors import Actor
from rmaproject.shared import clock
from rmaproject.shared.db import command
from rmaproject.shared.errors import Conflict, NotFound, RuleViolation
from stock.models import Location


def live_count(order: ReturnOrder) -> Count | None:
    """The count of a return that scans go to; None while nobody counts."""
    rows = Count.objects.filter(return_order=order, state__in=LIVE_COUNTS)
    return rows.select_related("parcel", "location", "worker", "started_by", "reopens").first()


def lock_live(return_id: int) -> Count | None:
    """The live count of a return, locked until the transaction ends."""
    rows = Count.objects.filter(return_order=return_id, state__in=LIVE_COUNTS)
    return rows.select_for_update(of=("self",)).first()


def lock_counted(return_id: int) -> Count:
    """As `lock_live`. Raises Conflict `no_count` while nobody counts."""
    count = lock_live(return_id)
    if count is None:
        raise Conflict(_("Nobody counts this return just now."), code="no_count")
    return count


@command
def open_count(
    return_id: int,
    *,
    actor: Actor,
    parcel: Parcel | None = None,
    location: Location | None = None,
) -> Count:
    """Begin to count a return, or join who does; a parked count goes on with this actor.

    Raises Conflict `illegal_transition`; NotFound for a parcel of another return.
    """
    count = lock_live(return_id) or _opened(return_id, actor)
    if parcel is not None and parcel.return_order_id != return_id:
        raise NotFound(
            _("The parcel belongs to another return."), code="not_found", pointer="/parcel"
        )
    changes: dict[str, Any] = {}
    if parcel is not None and count.parcel_id is None:
        changes["parcel"] = parcel
    if location is not None:
        changes["location"] = location
    take_up(count, actor, **changes)
    return count


def take_up(count: Count, actor: Actor, **changes: Any) -> None:
    """Let a locked count go on; from now on the actor counts if it lay parked."""
    if count.state == CountState.PARKED:
        changes |= {"state": CountState.OPEN, "worker_id": actor.user_id, "since": clock.now()}
    write(count, **changes)


def write(count: Count, **changes: Any) -> None:
    """Write these fields of a locked count."""
    for name, value in changes.items():
        setattr(count, name, value)
    if changes:
        count.save(update_fields=[name.removesuffix("_id") for name in changes])


@command
def park_count(return_id: int, *, actor: Actor) -> Count:
    """Put a count aside, with all that is in it. Raises Conflict `no_count`."""
    count = lock_counted(return_id)
    write(count, state=CountState.PARKED, worker_id=actor.user_id, since=clock.now())
    return count


@command
def resume_count(return_id: int, *, actor: Actor) -> Count:
    """Go on with a count, whoever began it. Raises Conflict `no_count`."""
    count = lock_counted(return_id)
    changes = {"state": CountState.OPEN, "worker_id": actor.user_id, "since": clock.now()}
    write(count, **changes)
    return count


@command
def cancel_count(return_id: int, *, actor: Actor, reason: str) -> Count:
    """Throw a count away; its scans stay to be read, and nothing of them is booked.

    Raises RuleViolation `reason_required`; Conflict `no_count`.
    """
    count = lock_counted(return_id)
    if not reason.strip():
        message = _("Say why the count is thrown away.")
        raise RuleViolation(message, code="reason_required", pointer="/reason")
    close(count, CountState.CANCELLED, actor, reason=reason.strip()[:500])
    return count


def close(count: Count, state: CountState, actor: Actor, **changes: Any) -> None:
    """End a locked count; no scan comes to it any more."""
    write(count, state=state, closed_by_id=actor.user_id, closed_at=clock.now(), **changes)


@command
def set_carton(return_id: int, carton: str, *, actor: Actor) -> Count:
    """Say how the parcel looked from outside; "" for not looked at.

    Raises RuleViolation `invalid_carton`; Conflict `illegal_transition`.
    """
    if carton and carton not in Carton.values:
        message = _("A carton is whole, dented or open.")
        raise RuleViolation(message, code="invalid_carton", pointer="/carton")
    count = lock_live(return_id) or _opened(return_id, actor)
    take_up(count, actor, carton=carton)
    return count


def _opened(return_id: int, actor: Actor) -> Count:
    """A new count. The return's lock lets the second of two first scans find the first's count."""
    order = lock_for(return_id, "receive")
    found = lock_live(order.pk)
    if found is not None:
        return found
    now = clock.now()
    return Count.objects.create(
        return_order=order,
        started_by_id=actor.user_id,
        started_at=now,
        worker_id=actor.user_id,
        since=now,
    )
