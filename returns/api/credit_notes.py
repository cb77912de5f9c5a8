"""Credit notes by the return that they pay for; sales, which shows them, knows no returns."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from returns.models import LineCredit, ReturnOrder
from returns.selectors import visible_returns
from rmaproject.access.actors import Actor
from rmaproject.rest.filters import keys_of
from sales.models import CreditNote


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
