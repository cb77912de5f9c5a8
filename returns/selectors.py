"""What may be read of returns, by whom; each function is a bounded number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from customers.models import Company
from customers.selectors import visible_companies
from returns.models import (
    Action,
    CalendarFeed,
    Disposition,
    PolicyStatus,
    PolicyVersion,
    ReturnLine,
    ReturnOrder,
    Sheet,
)
from returns.states import VERBS
from returns.switch import require_returns_on
from rmaproject.access.actors import Actor
from rmaproject.access.selectors import access
from rmaproject.shared.errors import RuleViolation
from rmaproject.shared.transitions import find_verb
from sales.models import OrderLine, SalesOrder, UnitSale
from sales.selectors import visible_businesses

VIEW = "returns.view_return"

#: How many sold lines a customer's lines without a sale are offered.
OFFERED = 200


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


def visible_feeds(actor: Actor) -> QuerySet[CalendarFeed, CalendarFeed]:
    """The calendar feeds of the actor and of the actor's teams; of everybody to who manages users.

    Whoever sees a feed may change and revoke it. One that was revoked is gone.
    """
    rows = CalendarFeed.objects.filter(revoked_at=None)
    if actor.may("access.manage_users"):
        return rows
    if actor.user is None:
        return rows.none()
    return rows.filter(Q(user=actor.user) | Q(group__in=actor.user.groups.all()))


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


def matchable(
    actor: Actor,
    order: ReturnOrder,
    lines: Sequence[ReturnLine],
    *,
    whose: Company | None,
) -> dict[int, list[OrderLine]]:
    """The sold lines that lines without a sale may belong to, newest first, by the line's key.

    Those of the return's business and of one customer, of which something can still come back:
    of the same part, and for a unit only the sales that it was in. Without a customer those of
    all customers, for lines whose part is known.
    """
    sales = SalesOrder.objects.visible_to(actor.scope).filter(business=order.business_id)
    rows = OrderLine.objects.filter(kind="goods", shipped__gt=F("claimed"))
    if whose is not None:
        rows = rows.filter(order__in=sales.filter(customer=whose))
    else:
        parts = {line.part_id for line in lines if line.part_id}
        rows = rows.filter(order__in=sales, part__in=parts)
        lines = [line for line in lines if line.part_id]
    rows = rows.select_related("order__customer", "part")
    newest = list(rows.order_by("-order_id", "number")[:OFFERED])
    units = [line.stock_item_id for line in lines if line.stock_item_id]
    of_units = UnitSale.objects.filter(stock_item__in=units)
    sold = set(of_units.values_list("stock_item", "order_line"))
    return {
        line.pk: [
            row
            for row in newest
            if line.part_id in (None, row.part_id)
            and (line.stock_item_id is None or (line.stock_item_id, row.pk) in sold)
        ]
        for line in lines
    }


def disposition_for(action: str) -> Disposition:
    """The disposition in use for an action. Raises RuleViolation `no_disposition`."""
    found = Disposition.objects.filter(action=action, active=True).order_by("pk").first()
    if found is None:
        label = Action(action).label
        message = _("No active disposition stands for “%(label)s”; add one in the settings.") % {
            "label": label
        }
        raise RuleViolation(message, code="no_disposition", action=str(action))
    return found


def active_sheets() -> dict[int | None, Sheet]:
    """The inspection sheets in use with their grades, by the key of their category."""
    rows = Sheet.objects.filter(active=True).prefetch_related("grades__disposition")
    return {sheet.category_id: sheet for sheet in rows}


def sheet_of(sheets: dict[int | None, Sheet], line: ReturnLine) -> Sheet | None:
    """The sheet for a line: that of its part's category, else the one for all parts."""
    category = line.part.category_id if line.part else None
    return sheets.get(category) or sheets.get(None)


def choosable_customers(actor: Actor) -> QuerySet[Company, Company]:
    """The customers whose goods this actor may take back; out of use only against the rules."""
    rows = visible_companies(actor).filter(is_customer=True)
    return rows if actor.may("returns.override_policy") else rows.filter(active=True)


def customers_named(actor: Actor, text: str) -> QuerySet[Company, Company]:
    """The customers that a text may mean: by number, name, e-mail, or one of their orders."""
    everybody = Company.objects.order_by()
    orders = SalesOrder.objects.visible_to(actor.scope).order_by()
    numbers = Q(reference__icontains=text) | Q(customer_reference__icontains=text)
    keys = everybody.filter(reference__icontains=text).values("pk")
    hits = keys.union(
        everybody.filter(name__icontains=text).values("pk"),
        everybody.filter(email__icontains=text).values("pk"),
        everybody.filter(contacts__email__icontains=text).values("pk"),
        orders.filter(numbers).values("customer"),
    )
    return choosable_customers(actor).filter(pk__in=hits).order_by("name", "pk")
