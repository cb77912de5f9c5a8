"""Up to which amount somebody may approve and pay: limits of roles, by currency (G15)."""

from __future__ import annotations

from decimal import Decimal

from django.contrib.auth.models import Group

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
    if actor.user is None or actor.user.is_superuser:
        return None
    label, _, codename = permission.partition(".")
    given = {"permissions__content_type__app_label": label, "permissions__codename": codename}
    groups = list(actor.user.groups.filter(**given).values_list("pk", flat=True).distinct())
    rows = ApprovalLimit.objects.filter(group__in=groups, currency=currency, amount__isnull=False)
    limits = [row.amount for row in rows if row.amount is not None]
    return max(limits) if groups and len(limits) == len(groups) else None


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
