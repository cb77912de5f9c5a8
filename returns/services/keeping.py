"""Goods that the customer keeps: expected no more, and decided in the customer's favour."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from returns.counting import still_expected
from returns.models import Disposal, Disposition, ReturnLine, ReturnOrder, Waiver
from returns.services.effects import charged_fee, costs
from rmaproject.access.actors import Actor
from rmaproject.shared import clock, money
from rmaproject.shared.errors import Conflict, RuleViolation


def leave_with_customer(
    order: ReturnOrder,
    line: ReturnLine,
    disposition: Disposition,
    quantity: Decimal | None,
    *,
    actor: Actor,
) -> Disposal:
    """Turn an expected quantity of a locked return into a waived one; no stock moves.

    Raises NotPermitted without the right to credit without goods; RuleViolation `goods_are_here`
    when they came, `exceeds_expected` with the figure; Conflict `nothing_undecided`.
    """
    actor.require("returns.credit_without_goods")
    expected = still_expected(line)
    wanted = expected if quantity is None else quantity
    _require_expected(line, expected, wanted)
    now = clock.now()
    Waiver.objects.create(
        line=line, quantity=wanted, reason=disposition.name, actor_id=actor.user_id, at=now
    )
    line.quantity -= wanted
    line.waived += wanted
    line.save(update_fields=["quantity", "waived"])
    return Disposal.objects.create(
        return_order=order,
        line=line,
        disposition=disposition,
        action=disposition.action,
        quantity=wanted,
        fee_line=charged_fee(order, line, wanted, disposition),
        actor_id=actor.user_id,
        at=now,
        **costs(line, wanted, disposition),
    )


def _require_expected(line: ReturnLine, expected: Decimal, wanted: Decimal) -> None:
    if not expected and line.received:
        message = _("The goods are here; the customer can only keep what has not come.")
        facts = {"received": money.plain(line.received)}
        raise RuleViolation(message, code="goods_are_here", pointer="/disposition", **facts)
    if not expected:
        message = _("Nothing of this line is expected any more.")
        raise Conflict(message, code="nothing_undecided", line=str(line.uuid))
    if not 0 < wanted <= expected:
        message = _("Only %(expected)s of this line are expected.") % {
            "expected": money.plain(expected)
        }
        facts = {"expected": money.plain(expected)}
        raise RuleViolation(message, code="exceeds_expected", pointer="/quantity", **facts)
