"""What replacing, sending back and charging share: their lines, and how replacements end."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db.models import F, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from returns.models import Outbound, OutboundEnd, OutboundKind, ReturnLine, ReturnOrder
from returns.services.requesting import require_whole_units
from rmaproject.access.actors import Actor
from rmaproject.shared import money
from rmaproject.shared.errors import NotFound, RuleViolation
from sales.models import InvoiceLine


def own_line(lines: dict[int, ReturnLine], given: ReturnLine) -> ReturnLine:
    """The line as it stands under the lock. Raises NotFound for one of another return."""
    line = lines.get(given.pk)
    if line is None or line.void:
        message = _("The line does not belong to this return.")
        raise NotFound(message, code="not_found", pointer="/line")
    return line


def require_some(line: ReturnLine, quantity: Decimal) -> None:
    """Refuse nothing, less than nothing, and half a unit. Raises RuleViolation."""
    if quantity <= 0:
        message = _("A quantity is more than nothing.")
        raise RuleViolation(message, code="invalid_quantity", pointer="/quantity")
    require_whole_units(line.part, quantity)


def replacements(order: ReturnOrder) -> QuerySet[Outbound, Outbound]:
    """Replacements of a return that count, oldest first, each with what is `left` of it."""
    ended = Coalesce(Sum("ends__quantity"), money.ZERO)
    rows = Outbound.objects.filter(return_order=order, kind=OutboundKind.REPLACEMENT)
    counting = rows.annotate(left=F("quantity") - ended).filter(left__gt=0)
    return counting.select_related("line", "order_line__order", "order_line__part").order_by("pk")


def end(
    row: Outbound,
    quantity: Decimal,
    *,
    actor: Actor,
    at: datetime,
    invoice_line: InvoiceLine | None = None,
) -> None:
    """Let so much of a replacement of a locked return count no more."""
    OutboundEnd.objects.create(
        outbound=row,
        quantity=quantity,
        invoice_line=invoice_line,
        actor_id=actor.user_id,
        at=at,
    )
    ReturnLine.objects.filter(pk=row.line_id).update(replaced=F("replaced") - quantity)
