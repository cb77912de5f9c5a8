"""All lines of a return said anew, as systems do that send a document as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from returns.models import ReturnLine, ReturnOrder
from returns.services._advance import lock_for
from returns.services.editing import edit_line, remove_line
from returns.services.inputs import LineInput
from returns.services.releasing import QuantityInput, waive_return
from returns.services.requesting import add_lines
from rmaproject.access.actors import Actor
from rmaproject.shared import money
from rmaproject.shared.db import command
from rmaproject.shared.errors import Conflict, DomainError, below

WAIVE = "returns.credit_without_goods"


@dataclass(frozen=True)
class LineWish:
    """How a line shall be: one that is there, or without `line` a new one.

    Of a line that is there `given` says quantity, waived and, unless None, location.
    """

    given: LineInput
    line: ReturnLine | None = None


@command
def rewrite_lines(return_id: int, wishes: Sequence[LineWish], *, actor: Actor) -> ReturnOrder:
    """Make the lines of an open return be these; those left out are taken out.

    Lines that nobody announced stay. What is already as wished is not touched. A line that shall
    only be waived from now on is taken out for a new one.
    Raises as `edit_line`, `remove_line`, `add_lines` and `waive_return`; Conflict `waived_stays`
    for waiving less than before; NotPermitted for waiving more without the right.
    """
    order = lock_for(return_id, "edit")
    rows = order.lines.filter(void=False, unexpected=False).order_by("number")
    wanted = {wish.line.pk: (place, wish) for place, wish in enumerate(wishes) if wish.line}
    fresh = [(place, wish.given) for place, wish in enumerate(wishes) if wish.line is None]
    changes: list[tuple[Decimal, int, ReturnLine, LineInput]] = []
    for line in rows:
        if line.pk not in wanted:
            remove_line(line, actor=actor)
            continue
        place, wish = wanted[line.pk]
        if _only_waived(line, wish.given):
            with below(f"/lines/{place}"):
                remove_line(line, actor=actor)
            fresh.append((place, _anew(line, wish.given)))
        else:
            changes.append((wish.given.quantity - line.quantity, place, line, wish.given))
    # What frees a sold line comes before what takes hold of it.
    for _, place, line, given in sorted(changes, key=lambda change: change[:2]):
        with below(f"/lines/{place}"):
            _change(line, given, actor)
    _add(return_id, fresh, actor)
    return ReturnOrder.objects.get(pk=return_id)


def _only_waived(line: ReturnLine, given: LineInput) -> bool:
    """A line without quantity and without waiver is none, so there is no way between the two."""
    bulk = line.stock_item_id is None
    return bulk and bool(line.quantity and given.waived) and not (line.waived or given.quantity)


def _anew(line: ReturnLine, given: LineInput) -> LineInput:
    return LineInput(
        waived=given.waived,
        order_line=line.order_line,
        kit_line=line.kit_line,
        part=line.part,
        reason=line.reason,
        note=line.note,
        outcome=line.outcome,
        location=given.location or line.location,
    )


def _change(line: ReturnLine, given: LineInput, actor: Actor) -> None:
    raised = given.waived - line.waived
    if raised < 0:
        message = gettext("%(waived)s of this line were waived, which stays.") % {
            "waived": money.plain(line.waived)
        }
        facts = {"waived": money.plain(line.waived)}
        raise Conflict(message, code="waived_stays", pointer="/waived", **facts)
    values: dict[str, Any] = {}
    # Waiving a unit takes it out of what is expected by itself.
    if given.quantity != line.quantity and not (raised and line.stock_item_id):
        values["quantity"] = given.quantity
    if given.location is not None and given.location.pk != line.location_id:
        values["location"] = given.location
    if values:
        edit_line(line, values, actor=actor)
    if raised:
        actor.require(WAIVE)
        waive_return(line.return_order_id, [QuantityInput(line, raised)], actor=actor)


def _add(return_id: int, fresh: list[tuple[int, LineInput]], actor: Actor) -> None:
    """Add the new lines at once; a refusal points to the wish that it is about."""
    if not fresh:
        return
    places = [place for place, _ in fresh]
    try:
        add_lines(return_id, [given for _, given in fresh], actor=actor)
    except DomainError as refusal:
        refusal.pointer = _placed(refusal.pointer, places)
        raise


def _placed(pointer: str, places: list[int]) -> str:
    """A pointer into the added lines as one into all wishes; one added line is not numbered."""
    if not pointer:
        return ""
    if len(places) == 1:
        return f"/lines/{places[0]}{pointer}"
    _, _, number, *rest = pointer.split("/")
    return "/".join(["/lines", str(places[int(number)]), *rest])
