from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.utils.translation import gettext as _

from rmaproject.shared.db import command
from rmaproject.shared.errors import NotFound
from sales.models import Account, CreditNote, Refund
from sales.services.refunding.followers import lock_followers

T = TypeVar("T")


def lock_refund(refund_id: int) -> Refund:
    """The refund with its note and parties, locked after what follows it and its account.

    Raises NotFound.
    """
    found = Refund.objects.filter(pk=refund_id).values_list("credit_note", "account").first()
    if found is None:
        raise NotFound(_("There is no such refund."), code="not_found")
    note_id, account_id = found
    lock_followers([note_id])
    Account.objects.select_for_update().get(pk=account_id)
    rows = Refund.objects.select_related("business", "customer", "credit_note", "bank_details")
    return rows.select_for_update(of=("self",)).get(pk=refund_id)


def lock_note(note_id: int) -> CreditNote:
    """The credit note, locked after what follows it and its account. Raises NotFound."""
    account_id = CreditNote.objects.filter(pk=note_id).values_list("account", flat=True).first()
    if account_id is None:
        raise NotFound(_("There is no such credit note."), code="not_found")
    lock_followers([note_id])
    Account.objects.select_for_update().get(pk=account_id)
    rows = CreditNote.objects.select_related("business", "customer", "account")
    return rows.select_for_update(of=("self",)).get(pk=note_id)


@command
def holding_note(note_id: int, action: Callable[[], T]) -> T:
    """Run something under the note's locks, taken in their order before any other."""
    lock_note(note_id)
    return action()


@command
def holding(refund_id: int, action: Callable[[], T]) -> T:
    """Run something under the refund's locks, taken in their order before any other."""
    lock_refund(refund_id)
    return action()
