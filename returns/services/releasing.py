"""What was announced and does not come: released without credit, or waived and credited."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from returns.counting import still_expected
from returns.locks import lines_of
from returns.models import Release, ReturnLine, ReturnOrder, Waiver
from returns.services._advance import lock_for, touched
from returns.services.approval import reask_if_raised
from returns.services.claims import explaining_claims
from returns.services.finishing import finish_when_done
from returns.services.flow import lock_ahead, proceed
from returns.services.inputs import LineInput
from returns.services.requesting import require_whole_units
from rmaproject.access.actors import Actor
from rmaproject.shared import clock, money
from rmaproject.shared.db import command
from rmaproject.shared.errors import Conflict, NotFound, RuleViolation, below
from sales.locks import lock_order_lines


@dataclass(frozen=True)
class QuantityInput:
    """So much of a line; all that is open when no quantity is named."""

    line: ReturnLine
    quantity: Decimal | None = None


@command
def release_return(
    return_id: int, wanted: list[QuantityInput] | None = None, *, actor: Actor, reason: str = ""
) -> ReturnOrder:
    """Give up waiting for goods that were never sent; they may be claimed again, without credit.

    Without `wanted`, all that is still expected. Raises RuleViolation `exceeds_expected`;
    Conflict `nothing_expected`.
    """
    order = lock_for(return_id, "release")
    lines = {line.pk: line for line in lines_of(order)}
    expected = [QuantityInput(line) for line in lines.values() if still_expected(line)]
    entries = expected if wanted is None else wanted
    if not entries:
        raise Conflict(_("Nothing is expected any more."), code="nothing_expected")
    lock_order_lines(line.order_line_id for line in lines.values() if line.order_line_id)
    for number, entry in enumerate(entries):
        with below(f"/lines/{number}"):
            _release(_own(lines, entry), entry.quantity, actor, reason)
    touched(order, "release", actor=actor, reason=reason, lines_released=len(entries))
    finish_when_done(order, actor=actor)
    return order


def waive_return(
    return_id: int, wanted: list[QuantityInput], *, actor: Actor, reason: str = ""
) -> ReturnOrder:
    """Decide in the customer's favour about goods that will not come: beside what is announced.

    Raises RuleViolation `exceeds_returnable`, `unit_counts_one`, `invalid_quantity`.
    """
    asked = [
        LineInput(quantity=entry.quantity or money.ZERO, order_line=entry.line.order_line)
        for entry in wanted
    ]
    with explaining_claims(asked):
        return _waive(return_id, wanted, actor, reason)


@command
def _waive(return_id: int, wanted: list[QuantityInput], actor: Actor, reason: str) -> ReturnOrder:
    order = lock_for(return_id, "waive")
    lines = {line.pk: line for line in lines_of(order)}
    if not wanted:
        raise RuleViolation(_("Say what is waived."), code="nothing_named", pointer="/lines")
    lock_ahead(order, [line.order_line for line in lines.values()])
    lock_order_lines(line.order_line_id for line in lines.values() if line.order_line_id)
    for number, entry in enumerate(wanted):
        with below(f"/lines/{number}"):
            _waive_line(_own(lines, entry), _positive(entry.quantity), actor, reason)
    touched(order, "waive", actor=actor, reason=reason, lines_waived=len(wanted))
    reask_if_raised(order, actor)
    proceed(order, actor=actor)
    return order


def _release(line: ReturnLine, quantity: Decimal | None, actor: Actor, reason: str) -> None:
    expected = still_expected(line)
    wanted = expected if quantity is None else quantity
    if not 0 < wanted <= expected:
        message = _("Only %(expected)s of this line are expected.") % {
            "expected": money.plain(expected)
        }
        facts = {"expected": money.plain(expected)}
        raise RuleViolation(message, code="exceeds_expected", pointer="/quantity", **facts)
    _row(Release, line, wanted, actor, reason)
    line.released += wanted
    line.save(update_fields=["released"])


def _waive_line(line: ReturnLine, quantity: Decimal, actor: Actor, reason: str) -> None:
    """A unit is waived instead of expected; a quantity is waived beside what is expected."""
    require_whole_units(line.part, quantity)
    _row(Waiver, line, quantity, actor, reason)
    line.waived += quantity
    if line.stock_item_id is not None and not line.received:
        line.quantity -= quantity
    line.save(update_fields=["waived", "quantity"])


def _row(
    model: type[Release] | type[Waiver],
    line: ReturnLine,
    quantity: Decimal,
    actor: Actor,
    reason: str,
) -> None:
    model.objects.create(
        line=line,
        quantity=quantity,
        reason=reason[:500],
        actor_id=actor.user_id,
        at=clock.now(),
    )


def _own(lines: dict[int, ReturnLine], entry: QuantityInput) -> ReturnLine:
    line = lines.get(entry.line.pk)
    if line is None or line.void:
        message = _("The line does not belong to this return.")
        raise NotFound(message, code="not_found", pointer="/line")
    return line


def _positive(quantity: Decimal | None) -> Decimal:
    if quantity is None or quantity <= 0:
        raise RuleViolation(_("Say how many."), code="invalid_quantity", pointer="/quantity")
    return quantity
