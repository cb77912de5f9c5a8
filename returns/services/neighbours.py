"""Returns of the same sale: what one credits, or what is invoiced, decides what others are owed.

Units of an order line are credited on its invoice lines, whichever return comes first. So when
they become more or fewer, every other return of that order line must show what it is owed now.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import F, Q

from returns.models import ReturnLine, ReturnOrder
from returns.services._advance import recounted
from rmaproject.access.actors import Actor
from rmaproject.shared.db import after_commit, command


def recount_neighbours(
    order_lines: Collection[int], *, actor: Actor, own: ReturnOrder | None = None
) -> None:
    """Let returns of these order lines show what they are owed; `own` is recounted by its caller.

    Called with the account's lock held, which comes after those of returns; so nobody is waited
    for here. A return that somebody holds just now is recounted after the commit.
    """
    claims = ReturnLine.objects.filter(order_line__in=set(order_lines))
    rows = ReturnOrder.objects.filter(pk__in=claims.values("return_order"))
    rows = rows.exclude(pk=own.pk) if own else rows
    keys = set(rows.values_list("pk", flat=True))
    if not keys:
        return
    free = rows.order_by("pk").select_for_update(of=("self",), skip_locked=True)
    found = {order.pk: order for order in free}
    for key in _concerned(found):
        recounted(found[key], "recount", actor=actor)
    for key in sorted(keys - set(found)):
        after_commit(recount_return, key, actor=actor)


def order_lines_of(notes: Collection[int]) -> set[int]:
    """The order lines whose units these credit notes cover."""
    lines = ReturnLine.objects.filter(credits__credit_line__credit_note__in=notes)
    return set(lines.exclude(order_line=None).values_list("order_line", flat=True))


@command
def recount_return(return_id: int, *, actor: Actor) -> None:
    """Let a return show what happened around it, once whoever holds it is done."""
    rows = ReturnOrder.objects.select_for_update(of=("self",))
    recounted(rows.get(pk=return_id), "recount", actor=actor)


def _concerned(keys: Collection[int]) -> list[int]:
    """Of locked returns those that show a credit as owed, or have units that may be owed one."""
    waiting = ReturnLine.objects.filter(
        return_order__in=keys,
        accepted__gt=F("credited") + F("replaced") + F("repaired") - F("waived"),
    )
    rows = ReturnOrder.objects.filter(pk__in=keys).filter(
        Q(credit_owed=True) | Q(pk__in=waiting.values("return_order"))
    )
    return list(rows.order_by("pk").values_list("pk", flat=True))
