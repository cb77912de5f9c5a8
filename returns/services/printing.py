"""What was printed of a return, so that a second label of the same goods can be told."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from returns.models import LabelKind, LabelPrint, Receipt, ReturnOrder
from rmaproject.access.actors import Actor
from rmaproject.shared import clock
from rmaproject.shared.db import command
from rmaproject.shared.errors import NotFound


@command
def log_print(
    order: ReturnOrder,
    kind: LabelKind,
    *,
    actor: Actor,
    receipt: Receipt | None = None,
    copies: int = 1,
) -> LabelPrint:
    """Write down that labels are printed, by whom and when; every reprint is a row of its own.

    Raises NotFound for a receipt of another return.
    """
    if receipt is not None and receipt.return_order_id != order.pk:
        raise NotFound(_("The receipt belongs to another return."), code="not_found")
    return LabelPrint.objects.create(
        return_order=order,
        kind=kind,
        receipt=receipt,
        copies=copies,
        actor_id=actor.user_id,
        at=clock.now(),
    )


@command
def log_slips(orders: QuerySet[ReturnOrder], *, actor: Actor) -> None:
    """Write down that the slips of several returns are printed together, the oldest first."""
    now = clock.now()
    LabelPrint.objects.bulk_create(
        LabelPrint(return_order=order, kind=LabelKind.SLIP, actor_id=actor.user_id, at=now)
        for order in orders.order_by("pk")
    )
