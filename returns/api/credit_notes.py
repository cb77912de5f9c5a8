"""Credit notes and the returns that they pay for; sales, which shows them, knows no returns."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Q, QuerySet

from returns.models import LineCredit, ReturnOrder
from returns.selectors import visible_returns
from rmaproject.access.actors import Actor
from rmaproject.rest.filters import keys_of
from rmaproject.rest.shapes import id_of
from rmaproject.shared.money import plain
from sales.models import CreditLine, CreditNote

#: What a credit line is loaded with to tell what it pays for.
RELATED: Final = (
    "line_credit__line__return_order",
    "line_credit__extra_line__return_order",
    "line_credit__inspection",
)


def credit_notes_of_return(actor: Actor, value: str) -> QuerySet[Any, Any]:
    """Ids of the credit notes of a return within the caller's sight, by its id or reference.

    Notes that take one of them back are its notes too.
    """
    orders = visible_returns(actor).filter(pk__in=keys_of(ReturnOrder, value, by="reference"))
    notes = "credit_line__credit_note"
    goods = LineCredit.objects.filter(line__return_order__in=orders).values(notes)
    extra = LineCredit.objects.filter(extra_line__return_order__in=orders).values(notes)
    paid = goods.union(extra)
    counter = CreditNote.objects.filter(Q(reverses__in=goods) | Q(reverses__in=extra)).values("pk")
    return paid.union(counter)


def pays_for(actor: Actor, row: CreditLine) -> dict[str, Any] | None:
    """The line of a return that a credit line pays for; None for who may not see returns."""
    paid: LineCredit | None = getattr(row, "line_credit", None)
    owner = (paid.line or paid.extra_line) if paid else None
    if paid is None or owner is None or not actor.may("returns.view_return"):
        return None
    return {
        "return_order": owner.return_order.uuid,
        "reference": owner.return_order.reference,
        "line": id_of(paid.line),
        "extra_line": id_of(paid.extra_line),
        "inspection": id_of(paid.inspection),
        "quantity": plain(paid.quantity),
    }
