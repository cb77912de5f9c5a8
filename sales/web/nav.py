"""Where the navigation leads to sales."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from rmaproject.web.nav import NavEntry

#: What is asked of money: read from sales orders too, but the work of finance.
BOOKS = frozenset(
    f"sales:{page}"
    for page in (
        "account",
        "invoices",
        "invoice_page",
        "payments",
        "payment_page",
        "credit_notes",
        "credit_note",
        "credit_note_apply",
        "credit_note_pay_out",
    )
)

ENTRIES = [
    NavEntry(_("Sales orders"), "sales:list", "order", "records", "sales.view_order", 30),
    NavEntry(_("Refunds"), "refunds:list", "bank", "work", "sales.view_refund", 40, also=BOOKS),
]
