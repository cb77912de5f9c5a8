"""Up to which amount somebody may approve and pay: limits of roles, by currency (G15)."""

from __future__ import annotations

from decimal import Decimal

from django.contrib.auth.models import Group

from rmaproject.access.actors import Actor
from rmaproject.access.models import User
from rmaproject.audit import trail
from rmaproject.shared import money
from rmaproject.shared.db import command
from rmaproject.shared.errors import NotPermitted, RuleViolation
from sales.models import ApprovalLimit


def require_within_limit(actor: Actor, permission: str, amount: Decimal, currency: str) -> None:
    """Refuse an amount above every limit of the roles that give the actor this permission.

    A role without a limit in the currency is free. Raises NotPermitted `above_limit`.
    """
    limit = limit_of(actor, permission, currency)
    if limit is None or amount <= limit:
        return
    message = (
        f"{money.amount(amount, currency)} {currency} is above your limit of"
        f" {money.amount(limit, currency)} {currency}."
    )
    raise NotPermitted(
        message,
        code="above_limit",
        amount=money.amount(amount, currency),
        limit=money.amount(limit, currency),
        currency=currency,
    )


def limit_of(actor: Actor, permission: str, currency: str) -> Decimal | None:
    """The highest amount that the actor may decide on by this permission; None for any."""
    return Limits(actor).of(permission, currency)


class Limits:
    """Somebody's limits, each permission read once however often it is asked for."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self._known: dict[str, tuple[set[int], dict[tuple[int, str], Decimal]]] = {}

    def of(self, permission: str, currency: str) -> Decimal | None:
        """The highest amount by this permission in a currency; None for any."""
        user = self.actor.user
        if user is None or user.is_superuser:
            return None
        groups, limits = self._roles(user, permission)
        own = [limits.get((group, currency)) for group in groups]
        bounded = [limit for limit in own if limit is not None]
        return max(bounded) if own and len(bounded) == len(own) else None

    def _roles(
        self, user: User, permission: str
    ) -> tuple[set[int], dict[tuple[int, str], Decimal]]:
        """The roles that give the permission, and their limits by role and currency."""
        if permission not in self._known:
            label, _, codename = permission.partition(".")
            own = {
                "permissions__content_type__app_label": label,
                "permissions__codename": codename,
            }
            groups = set(user.groups.filter(**own).values_list("pk", flat=True))
            rows = ApprovalLimit.objects.filter(group__in=groups)
            limits = {
                (row.group_id, row.currency): row.amount for row in rows if row.amount is not None
            }
            self._known[permission] = groups, limits
        return self._known[permission]


@command
def set_limit(
    group: Group, currency: str, amount: Decimal | None, *, actor: Actor
) -> ApprovalLimit:
    """Limit what a role may approve and pay in a currency; None lifts the limit.

    Raises RuleViolation `invalid_currency`, `invalid_amount`.
    """
    _require_amount(currency, amount)
    rows = ApprovalLimit.objects.select_for_update()
    limit = rows.filter(group=group, currency=currency).first()
    if limit is None:
        limit = ApprovalLimit(group=group, currency=currency, amount=amount)
        trail.create(limit, actor=actor, group=group.name, currency=currency, amount=amount)
        return limit
    facts = trail.changed_fields(limit, {"amount": amount}, private=set())
    if facts:
        trail.change(limit, "edit", actor=actor, fields={"amount": amount}, **facts)
    return limit


def _require_amount(currency: str, amount: Decimal | None) -> None:
    if currency not in money.CURRENCIES:
        message = f"{currency} is no ISO 4217 currency."
        raise RuleViolation(message, code="invalid_currency", pointer="/currency")
    if amount is not None and (amount < 0 or money.rounded(amount, currency) != amount):
        message = f"{money.plain(amount)} is no limit in {currency}."
        raise RuleViolation(message, code="invalid_amount", pointer="/amount")
