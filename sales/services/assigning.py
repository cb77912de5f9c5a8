"""Units that go to a customer without a sale: a loan, a replacement by hand, an old sale."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from customers.models import Company
from rmaproject.access.actors import Actor
from rmaproject.shared import clock
from rmaproject.shared.db import command
from rmaproject.shared.errors import Conflict, RuleViolation
from sales.models import UnitSale
from sales.services.orders import require_choosable
from stock.models import Cause, State, StockItem
from stock.services.moving import Moved, lock_units, move_unit


@command
def assign_units(
    keys: Sequence[int], customer: Company, *, actor: Actor, note: str = ""
) -> list[StockItem]:
    """Hand units to a customer; they can come back, but nothing is known that could be credited.

    Raises RuleViolation `not_serialized` for bulk stock, which nobody can hold, `not_a_customer`,
    `company_inactive`; Conflict `not_available`, `allocated`.
    """
    require_choosable(customer)
    moved = Moved(Cause.CORRECTION, clock.now(), actor, note)
    units = lock_units(list(keys))
    for unit in units.values():
        _require_free(unit)
        move_unit(unit, target=None, holder_id=customer.pk, moved=moved)
        UnitSale.objects.create(stock_item=unit, since=moved.at)
    return list(units.values())


def _require_free(unit: StockItem) -> None:
    if unit.serial is None:
        message = _("Only a unit with a serial number can be assigned to a customer.")
        raise RuleViolation(message, code="not_serialized", stock_item=str(unit.uuid))
    if unit.state != State.AVAILABLE:
        message = _("Only available units can be assigned; this is %(get_state_display)s.") % {
            "get_state_display": unit.get_state_display()
        }
        raise Conflict(message, code="not_available", stock_item=str(unit.uuid), state=unit.state)
    if unit.allocated:
        message = _("The unit is allocated to a sales order.")
        raise Conflict(message, code="allocated", stock_item=str(unit.uuid))
