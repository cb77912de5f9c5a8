"""A day of finance: queues, refunds, credits to book, bank files, accounts, papers."""

from __future__ import annotations

from sales.models import Account, CreditNote, Refund
from tests.browser.screens import Screen


def _refund(state: str) -> str:
    row = Refund.objects.filter(state=state).order_by("pk").first()
    return f"/refunds/{row.uuid}/"


def _account() -> str:
    note = CreditNote.objects.order_by("-gross").first()
    return f"/sales/accounts/{Account.objects.get(pk=note.account_id).uuid}/"


def _note() -> str:
    return f"/sales/credit-notes/{CreditNote.objects.order_by('-gross').first().uuid}/"


SCREENS = [
    Screen("refunds", "/refunds/"),
    Screen("refunds-to-pay", "/refunds/?queue=pay", role="Finance"),
    Screen("refund-approval", lambda: _refund("waiting_approval")),
    Screen("refund-done", lambda: _refund("done"), role="Finance"),
    Screen("credit-queue", "/refunds/credit/", role="Finance"),
    Screen("bank-files", "/refunds/bank-files/"),
    Screen("bank-file-new", "/refunds/bank-files/new/"),
    Screen("account", _account),
    Screen("credit-note", _note),
]
