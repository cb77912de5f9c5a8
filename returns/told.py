"""What other systems are told of returns."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import QuerySet

from returns.models import ReturnOrder
from returns.states import VERBS
from returns.switch import returns_are_on
from rmaproject.access.actors import Actor
from rmaproject.events.kinds import Kind, register

#: What changes a return beside the verbs of its table.
MORE = """create record add_lines edit_line remove_line add_extra_line edit_extra_line
    remove_extra_line add_parcel edit_parcel void_parcel reverse_receipt accept refund
    edit_bank_details free_replacement ask_approval override_policy comment attach detach""".split()


EXAMPLE: Final = {
    "reference": "RMA-0012",
    "business": "1000",
    "status": "in_progress",
    "goods": "received",
    "money": "due",
}


def _seen(actor: Actor) -> QuerySet[Any, Any]:
    return ReturnOrder.objects.in_sight_of(actor.scope)


def _tell(row: ReturnOrder) -> dict[str, Any]:
    return {
        "reference": row.reference,
        "business": row.business.code,
        "status": row.status,
        "goods": row.goods,
        "money": row.money,
    }


def register_kinds() -> None:
    """Let events tell of returns."""
    verbs = dict.fromkeys([*(row.verb for row in VERBS), *MORE])
    kind = Kind(
        "return",
        "returns.view_return",
        list(verbs),
        _seen,
        _tell,
        open=returns_are_on,
        example=EXAMPLE,
    )
    register("returns.returnorder", kind)
