"""What any step of a return would do, found out by doing it and taking it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from returns.counting import costs_of
from returns.locks import lock_return
from returns.models import Disposal, ExtraLine, ReturnOrder
from returns.services.editing import extra_gross
from returns.services.foreseen import Before, Run, told
from returns.services.going_on import fresh
from returns.services.previewing import taken_back
from rmaproject.shared.db import command


@command
def foresee(return_id: int, act: Callable[[], object]) -> dict[str, Any]:
    """All that `act` would do to a return: stock, credit, what leaves, charges, costs, its state.

    Nothing of it stays. Raises whatever `act` raises.
    """
    with taken_back():
        order = lock_return(return_id)
        before, charges, moved = Before.of(order), _keys(ExtraLine, order), _keys(Disposal, order)
        act()
        now = fresh(order)
        return {
            **told(now, before, Run()),
            "charges": [
                {"name": row.name, "gross": extra_gross(row), "currency": row.currency}
                for row in ExtraLine.objects.filter(return_order=now).exclude(pk__in=charges)
            ],
            "costs": costs_of(Disposal.objects.filter(return_order=now).exclude(pk__in=moved)),
            "status": now.status if now.status != order.status else "",
        }


def _keys(model: type[ExtraLine] | type[Disposal], order: ReturnOrder) -> list[int]:
    rows = model._default_manager.filter(return_order=order)
    return list(rows.values_list("pk", flat=True))
