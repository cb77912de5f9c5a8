"""Up to which amount somebody may approve and pay: limits of roles, by currency (G15)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, TextField
from django.db.models.functions import Cast, JSONObject
from django.utils.translation import gettext

from rmaproject.access.actors import Actor
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
    message = gettext("%(amount)s %(currency)s is above your limit of %(limit)s %(currency)s.") % {
        "amount": money.amount(amount, currency),
        "currency": currency,
        "limit": money.amount(limit, currency),
    }
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
    """Somebody's limits, all read at once however often they are asked for."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor

    def of(self, permission: str, currency: str) -> Decimal | None:
        """The highest amount by this permission in a currency; None for any."""
        user = self.actor.user
        if user is None or user.is_superuser:
            return None
        label, _, codename = permission.partition(".")
        right = {"label": label, "codename": codename}
        own = [role.limits.get(currency) for role in self._roles if right in role.rights]
        bounded = [limit for limit in own if limit is not None]
        return max(bounded) if own and len(bounded) == len(own) else None

    @cached_property
    def _roles(self) -> list[_Role]:
        """The actor's roles with what they may decide on, and up to which amounts."""
        rights = Permission.objects.filter(group=OuterRef("pk"))
        named = rights.values(
            right=JSONObject(label="content_type__app_label", codename="codename")
        )
        limits = ApprovalLimit.objects.filter(group=OuterRef("pk"), amount__isnull=False)
        amounts = limits.values(
            limit=JSONObject(currency="currency", amount=Cast("amount", TextField()))
        )
        user: Any = self.actor.user
        rows = user.groups.annotate(rights=ArraySubquery(named), limits=ArraySubquery(amounts))
        return [
            _Role(
                row.rights,
                {limit["currency"]: Decimal(limit["amount"]) for limit in row.limits},
            )
            for row in rows
        ]


@dataclass(frozen=True)
class _Role:
    """What a role may do, and its limits by currency."""

    rights: list[dict[str, str]]
    limits: dict[str, Decimal]


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
        message = gettext("%(currency)s is no ISO 4217 currency.") % {"currency": currency}
        raise RuleViolation(message, code="invalid_currency", pointer="/currency")
    if amount is not None and (amount < 0 or money.rounded(amount, currency) != amount):
        message = gettext("%(amount)s is no limit in %(currency)s.") % {
            "amount": money.plain(amount),
            "currency": currency,
        }
        raise RuleViolation(message, code="invalid_amount", pointer="/amount")
