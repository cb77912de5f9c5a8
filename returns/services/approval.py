"""Who lets a return go on: asked again when what was approved has changed."""

from __future__ import annotations

from returns.models import ReturnOrder
from rmaproject.access.actors import Actor


def reask(order: ReturnOrder, actor: Actor) -> None:
    """Payout details of a locked return changed: without rules nobody has to approve them."""
