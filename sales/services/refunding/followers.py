"""Who must follow when money of a sale moves; apps above sales put themselves here."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, Protocol

from rmaproject.access.actors import Actor
from sales.services.refunding.terms import RefundTerms


class Follower(Protocol):
    """Something above sales whose columns show how far the money of a credit note has come."""

    def lock(self, note_ids: Collection[int]) -> None:
        """Lock what follows these notes, in key order; called before any lock of sales."""

    def terms(self, note_id: int) -> RefundTerms | None:
        """What the rules ask of refunds of this note, where this follower knows."""

    def recount(self, note_id: int, *, actor: Actor) -> None:
        """Compute the columns anew; called under the lock, after the money moved."""

    def invoiced(self, order_lines: Collection[int], *, actor: Actor) -> None:
        """More of these order lines was invoiced; called with the account's lock held.

        Whoever follows must not wait for a lock here: its own come before the account's.
        """


FOLLOWERS: Final[list[Follower]] = []


def lock_followers(note_ids: Collection[int]) -> None:
    """Lock all that follows these notes."""
    for follower in FOLLOWERS:
        follower.lock(note_ids)


def recount_followers(note_id: int, *, actor: Actor) -> None:
    """Let all that follows a note show where its money is."""
    for follower in FOLLOWERS:
        follower.recount(note_id, actor=actor)


def tell_invoiced(order_lines: Collection[int], *, actor: Actor) -> None:
    """Let all that follows these order lines show that they were invoiced."""
    for follower in FOLLOWERS:
        follower.invoiced(order_lines, actor=actor)


def terms_of(note_id: int) -> RefundTerms:
    """The terms of a note's refunds; without a follower that knows, all wait for approval."""
    for follower in FOLLOWERS:
        known = follower.terms(note_id)
        if known is not None:
            return known
    return RefundTerms()
