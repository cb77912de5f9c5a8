"""A day of finance: queues, refunds, credits to book, bank files, accounts, papers."""

from __future__ import annotations

from playwright.sync_api import Page

from returns.models import ReturnOrder
from returns.queues import QUEUES
from rmaproject.shared import clock
from sales.models import Account, BankFile, CreditNote, Invoice, Payment, Refund
from tests.browser.screens import Screen


def _refund(state: str) -> str:
    row = Refund.objects.filter(state=state).order_by("pk").first()
    return f"/refunds/{row.uuid}/"


def _account() -> str:
    note = CreditNote.objects.order_by("-gross").first()
    return f"/sales/accounts/{Account.objects.get(pk=note.account_id).uuid}/"


def _note() -> str:
    return f"/sales/credit-notes/{CreditNote.objects.order_by('-gross').first().uuid}/"


def _file() -> str:
    return f"/refunds/bank-files/{BankFile.objects.order_by('pk').first().uuid}/"


def _invoice() -> str:
    return f"/sales/invoices/{Invoice.objects.filter(credited__gt=0).first().uuid}/"


def _payment() -> str:
    return f"/sales/payments/{Payment.objects.filter(refunded__gt=0).first().uuid}/"


def _credit() -> str:
    """The second of the queue, which opens with the first."""
    rows = QUEUES["credit"].narrow(ReturnOrder.objects.all(), clock.now())
    return f"/refunds/credit/{rows.order_by('-pk')[0].uuid}/"


def _books(page: Page) -> None:
    page.get_by_text("Books", exact=True).click()


def _menus(page: Page) -> None:
    for summary in page.locator("article summary").all():
        summary.click()


SCREENS = [
    Screen("refunds", "/refunds/"),
    Screen("refunds-to-pay", "/refunds/?queue=pay", role="Finance"),
    Screen("refund-approval", lambda: _refund("waiting_approval")),
    Screen("refund-done", lambda: _refund("done"), role="Finance"),
    Screen("refund-books", "/refunds/", _books),
    Screen("refund-details", lambda: _refund("waiting_details") + "details/"),
    Screen("refund-change", lambda: _refund("waiting_approval") + "change/"),
    Screen("refund-more", lambda: _refund("waiting_approval"), _menus),
    Screen("credit-queue", "/refunds/credit/", role="Finance"),
    Screen("credit-queue-one", _credit, role="Finance"),
    Screen("bank-files", "/refunds/bank-files/"),
    Screen("bank-file-new", "/refunds/bank-files/new/"),
    Screen("bank-file", _file),
    Screen("account", _account),
    Screen("account-paper", lambda: f"{_account()}?print=1", role="Finance"),
    Screen("account-days", lambda: f"{_account()}?from=2026-01-01&to=2026-12-31", role="Finance"),
    Screen("invoices", "/sales/invoices/"),
    Screen("invoice", _invoice),
    Screen("payments", "/sales/payments/"),
    Screen("payment", _payment),
    Screen("credit-note", _note),
]
