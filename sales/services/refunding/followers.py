"""Who must follow when a credit note's money moves."""

from __future__ import annotations

from collections.abc import Collection

from rmaproject.access.actors import Actor
from sales.services.refunding.terms import RefundTerms


def lock_followers(note_ids: Collection[int]) -> None:
    """Lock all that follows these notes."""


def recount_followers(note_id: int, *, actor: Actor) -> None:
    """Let all that follows a note show where its money is."""


def terms_of(note_id: int) -> RefundTerms:
    """The terms of a note's refunds: all wait for approval."""
    return RefundTerms()
