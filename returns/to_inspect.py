"""What waits for an inspector: received goods without a verdict, the longest here first."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.db.models import DateTimeField, F, OuterRef, Q, Subquery, Sum
from django.utils import timezone

from returns.models import Inspection, ReceiptLine, ReturnLine
from returns.selectors import permission_for, visible_returns
from returns.states import VERBS
from rmaproject.access.actors import Actor
from rmaproject.shared import money
from rmaproject.shared.transitions import find_verb
from stock.gtin import with_number
from stock.models import Part

Lines = Any  # a queryset of return lines, with what waiting_of() tells of them

#: Where inspecting is legal; goods of returns on hold wait, and are not offered.
_OPEN_TO: Final = find_verb(VERBS, "inspect").sources


def waiting_lines(actor: Actor) -> Lines:
    """The lines in sight with goods to inspect, each with `since`, `lies_at` and `condition`.

    Raises NotPermitted to who may not inspect, `returns_disabled` while returns are off.
    """
    returns = visible_returns(actor).filter(status__in=_OPEN_TO)
    actor.require(permission_for("inspect"))
    return waiting_of(ReturnLine.objects.filter(return_order__in=returns))


def waiting_of(lines: Lines) -> Lines:
    """Those of these lines with goods to inspect, the longest here first."""
    came = ReceiptLine.objects.filter(
        line=OuterRef("pk"), receipt__reverses=None, receipt__reversed_by=None
    )
    first, last = came.order_by("pk"), came.order_by("-pk")
    at = DateTimeField()
    return (
        lines.filter(void=False, received__gt=F("accepted") + F("rejected"))
        .annotate(
            since=Subquery(first.values("receipt__at")[:1], output_field=at),
            lies_at=Subquery(last.values("location__code")[:1]),
            condition=Subquery(last.values("condition")[:1]),
        )
        .order_by("since", "pk")
    )


def shown(rows: Lines) -> Lines:
    """These lines with what a list of them shows."""
    return rows.select_related(
        "part__category", "stock_item", "reason", "return_order__customer", "return_order__business"
    )


def following(rows: Lines, line: ReturnLine, since: datetime | None) -> ReturnLine | None:
    """The line that comes after this one; the first where it was the last. None: only this one."""
    others = rows.exclude(pk=line.pk)
    if since is not None:
        later = others.filter(Q(since__gt=since) | Q(since=since, pk__gt=line.pk))
        found: ReturnLine | None = later.first() or others.first()
        return found
    first: ReturnLine | None = others.first()
    return first


def named(rows: Lines, code: str) -> list[ReturnLine]:
    """The lines that a scanned or typed code names.

    By the serial of their unit, the return's or the customer's reference, a parcel's tracking
    number, the part's SKU or its GTIN.
    """
    text = code.strip()
    if not text:
        return []
    ways = (
        Q(stock_item__serial__iexact=text) | Q(receipt_lines__stock_item__serial__iexact=text),
        Q(return_order__reference__iexact=text),
        Q(return_order__parcels__tracking_number__iexact=text),
        Q(return_order__customer_reference__iexact=text),
        Q(part__sku__iexact=text),
        Q(part__in=with_number(Part.objects.all(), [text]).values("pk")),
    )
    for way in ways:
        found = list(rows.filter(pk__in=ReturnLine.objects.filter(way).values("pk"))[:50])
        if found:
            return found
    return []


def done_today(actor: Actor) -> str:
    """How many units the actor inspected since midnight, as plain digits."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    rows = Inspection.objects.filter(actor=actor.user_id, at__gte=midnight)
    return money.plain(rows.aggregate(units=Sum("quantity"))["units"] or money.ZERO)


def units_waiting(rows: Lines) -> str:
    """How many units wait in these lines, as plain digits."""
    left = rows.order_by().aggregate(units=Sum(F("received") - F("accepted") - F("rejected")))
    return money.plain(left["units"] or money.ZERO)
