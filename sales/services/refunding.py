"""Refunds of credit notes: none are made yet, so none can stand in the way of a reversal."""

from __future__ import annotations

from rmaproject.access.actors import Actor
from sales.models import CreditNote


def cancel_refunds(note: CreditNote, *, actor: Actor) -> None:
    """Cancel the refunds of a note that were not sent. Raises Conflict `refund_out`."""
