"""How many records the columns of a board should hold at most."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from rmaproject.access.actors import Actor
from rmaproject.audit import trail
from rmaproject.shared.db import command
from rmaproject.shared.errors import NotFound, RuleViolation
from sales.board_limits import BOARDS
from sales.models import Business, ColumnLimit


@command
def set_column_limits(
    board: str, limits: Mapping[str, int | None], *, business: Business | None, actor: Actor
) -> list[ColumnLimit]:
    """Give columns of a board a limit, of one business or of all together; None lifts it.

    A column above its limit is marked; nothing is refused for it. Raises NotFound for a board or
    column that does not exist, RuleViolation `invalid_limit` below one.
    """
    known = dict(BOARDS[board]()) if board in BOARDS else {}
    if set(limits) - set(known):
        raise NotFound(_("There is no such column."), code="not_found")
    return [_set(board, name, most, business, actor) for name, most in limits.items()]


def _set(
    board: str, status: str, most: int | None, business: Business | None, actor: Actor
) -> ColumnLimit:
    if most is not None and most < 1:
        message = _("A column holds at least one record.")
        raise RuleViolation(message, code="invalid_limit", pointer=f"/{status}")
    rows = ColumnLimit.objects.select_for_update(of=("self",))
    limit = rows.filter(board=board, status=status, business=business).first()
    if limit is None:
        limit = ColumnLimit(board=board, status=status, business=business, most=most)
        if most is not None:
            trail.create(limit, actor=actor, board=board, column=status, most=most)
        return limit
    if facts := trail.changed_fields(limit, {"most": most}, private=set()):
        trail.change(limit, "edit", actor=actor, fields={"most": most}, **facts)
    return limit
