"""Up to which amount somebody may approve."""

from __future__ import annotations

from decimal import Decimal

from rmaproject.access.actors import Actor


def require_within_limit(actor: Actor, permission: str, amount: Decimal, currency: str) -> None:
    """Refuse who lacks the right; nobody has a limit yet. Raises NotPermitted."""
    actor.require(permission)
