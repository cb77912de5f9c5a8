"""What may be read of returns, by whom; each function is a bounded number of queries."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from returns.models import PolicyStatus, PolicyVersion, ReturnLine, ReturnOrder
from returns.states import VERBS
from returns.switch import require_returns_on
from rmaproject.access.actors import Actor
from rmaproject.access.selectors import access
from rmaproject.shared.transitions import find_verb
from sales.selectors import visible_businesses
from stock.models import StockItem

VIEW = "returns.view_return"


def visible_returns(actor: Actor) -> QuerySet[ReturnOrder, ReturnOrder]:
    """The returns this actor may see. Raises NotPermitted, `returns_disabled` while off."""
    require_returns_on()
    actor.require(VIEW)
    return ReturnOrder.objects.visible_to(actor.scope)


def access_return(actor: Actor, ident: UUID | str, *, for_action: str = "view") -> ReturnOrder:
    """A return for something the actor may do with it, a verb of the table or a permission.

    Raises NotFound for one that may not be seen; NotPermitted; `returns_disabled` while off.
    """
    require_returns_on()
    rows = ReturnOrder.objects.visible_to(actor.scope).with_parties()
    return access(rows, ident, actor=actor, permissions=(VIEW, permission_for(for_action)))


def visible_policies(actor: Actor) -> QuerySet[PolicyVersion, PolicyVersion]:
    """The rules of the businesses this actor sees, for who sees returns or keeps settings."""
    if not actor.may("access.manage_settings"):
        actor.require(VIEW)
    rows = PolicyVersion.objects.exclude(status=PolicyStatus.DISCARDED)
    return rows.filter(business__in=visible_businesses(actor))


def permission_for(action: str) -> str:
    """The permission behind a verb; `view`, `comment`, `create` and `record` are no verbs."""
    if any(row.verb == action for row in VERBS):
        return find_verb(VERBS, action).permission
    return f"returns.{action}_return"


def may_announce(actor: Actor) -> bool:
    """Whether the actor may announce parcels: who edits returns may, and who receives them."""
    return any(actor.may(permission_for(verb)) for verb in ("edit", "receive"))


def require_announcing(actor: Actor) -> None:
    """Refuse who may not announce parcels. Raises NotPermitted `not_permitted`."""
    if not may_announce(actor):
        actor.require(permission_for("edit"))


def returnable_units(actor: Actor, customer_id: int) -> QuerySet[StockItem, StockItem]:
    """The serialized units that this customer holds and nobody has announced for return."""
    open_lines = ReturnLine.objects.filter(
        received=0, released=0, waived=0, void=False, unexpected=False, stock_item__isnull=False
    )
    held = StockItem.objects.held_by(customer_id).with_details()
    return held.exclude(pk__in=open_lines.values("stock_item"))
