"""An outcome is a wish before the goods are here, and decides about them once they are."""

from __future__ import annotations

from returns.compat.inventree.codes import GOODS_GO, WISHES
from returns.counting import undisposed
from returns.models import ReturnLine
from returns.selectors import disposition_for, permission_for
from returns.services import DisposeInput, dispose_return, edit_line
from rmaproject.access.actors import Actor
from rmaproject.shared.errors import Conflict


def decide(line: ReturnLine, code: int, *, actor: Actor) -> None:
    """Write an outcome down, and decide the received quantity that waits for a decision.

    Raises Conflict `outcome_decided` where the goods were decided otherwise and cannot follow,
    and as `edit_line` and `dispose_return`; NotPermitted for who may not decide about goods.
    """
    decided = line.accepted + line.rejected
    if code == 10 and decided:
        message = "The goods of this line are decided; that cannot be pending again."
        raise Conflict(message, code="outcome_decided", pointer="/outcome")
    if code in (20, 60) and line.disposed and line.accepted and not line.rejected:
        message = "The goods of this line were accepted and went elsewhere."
        raise Conflict(message, code="outcome_decided", pointer="/outcome")
    if line.outcome != WISHES[code]:
        edit_line(line, {"outcome": WISHES[code]}, actor=actor)
    if code != 10 and undisposed(line) > 0:
        actor.require(permission_for("dispose"))
        entry = DisposeInput(line, disposition_for(GOODS_GO[code]))
        dispose_return(line.return_order_id, [entry], actor=actor)
