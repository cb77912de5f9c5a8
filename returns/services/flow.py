"""Steps that follow by themselves where the rules of a return say so.

The rules act, not the person: nobody needs the right to credit to receive. Who took the first
step stands in the trail of those that follow. A held return goes on by hand.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from returns.models import ReceiptLine, ReturnOrder
from returns.services._advance import touched
from returns.services.crediting import book_credits
from returns.services.finishing import acting_for, finish_when_done, on_behalf
from returns.states import Status
from returns.terms import all_line_terms, return_terms
from rmaproject.access.actors import Actor
from sales.models import OrderLine
from sales.services.ledger import lock_account


def acceptable(order: ReturnOrder, rows: list[ReceiptLine]) -> list[ReceiptLine]:
    """Those of the goods that just came which the rules accept without a look at them."""
    if order.status != Status.IN_PROGRESS or order.policy_id is None:
        return []
    if not return_terms(order).accept_on_receipt:
        return []
    terms = all_line_terms(order)
    return [
        row for row in rows if row.line_id in terms and not terms[row.line_id].inspection_required
    ]


def lock_ahead(order: ReturnOrder, sold: Iterable[OrderLine | None]) -> None:
    """Lock the accounts that `proceed` may book on; for callers who lock order lines themselves.

    Accounts come before order lines for everybody, else two of them wait for each other.
    """
    if order.status != Status.IN_PROGRESS or order.policy_id is None:
        return
    sales = {line.order.currency for line in sold if line is not None}
    extra = order.extra_lines.filter(void=False, credited=False).values_list("currency", flat=True)
    for currency in sorted(sales | set(extra)):
        lock_account(order.business, order.customer_id, currency)


def proceed(order: ReturnOrder, *, actor: Actor) -> None:
    """Credit what was just decided, then complete, as far as the rules of the return say so."""
    if order.status != Status.IN_PROGRESS or order.policy_id is None:
        return
    if order.credit_owed and return_terms(order).credit_on_accept:
        program = acting_for(actor)
        notes = book_credits(order, None, actor=program)
        told: dict[str, Any] = {"rule": "credit_on_accept", **on_behalf(actor)}
        uuids = [note.uuid for note in notes]
        touched(order, "credit", actor=program, credit_notes=uuids, **told)
    finish_when_done(order, actor=actor)
