"""The account of a customer: its balance, what is open on it, and every booking."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from rmaproject.web.lists import paged
from rmaproject.web.nav import address
from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest, staff
from sales.models import Account, CreditNote, Invoice
from sales.selectors import access_account
from sales.statement import OpenItem, Posted, entries_of, open_items, posted


@staff
def account(request: StaffRequest, ident: UUID) -> HttpResponse:
    """What a customer owes a business in one currency, and how it came to it."""
    found = access_account(request.actor, ident)
    listed = paged(request, entries_of(found))
    shown = open_items(found)
    context = {
        "account": _header(found),
        "crumbs": [
            {"label": _("Customers"), "url": reverse("customers:list")},
            {"label": found.company.name, "url": address("customers:detail", found.company.uuid)},
        ],
        "sums": {
            "currency": found.currency,
            "rows": [
                {"label": _("Due invoices"), "amount": shown.due},
                {"label": _("Payments that settle nothing yet"), "amount": -shown.unapplied},
                {"label": _("Open credit"), "amount": -shown.credit},
                {"label": _("Balance"), "amount": found.balance, "kind": "total"},
            ],
        },
        "items": [_item(item) for item in shown.items],
        "entries": [_entry(row) for row in posted(found, listed.rows)],
        "page": listed.pager,
    }
    return page(request, "sales/account.html", context)


def _header(account: Account) -> dict[str, Any]:
    return {
        "customer": account.company.name,
        "business": account.business.name,
        "currency": account.currency,
        "balance": account.balance,
    }


def kind_name(kind: str) -> str:
    """What a document is called."""
    names = {
        "invoice": _("Invoice"),
        "payment": _("Payment"),
        "credit_note": _("Credit note"),
        "refund": _("Refund"),
    }
    return names[kind]


def _item(item: OpenItem) -> dict[str, Any]:
    return {
        **_document(item.kind, item.document),
        "on": item.on,
        "amount": item.amount,
        "open": item.open,
    }


def _entry(row: Posted) -> dict[str, Any]:
    return {
        **_document(row.kind, row.document),
        "on": row.entry.booked_on,
        "amount": row.amount,
        "balance": row.balance,
    }


def _document(kind: str, document: Any) -> dict[str, str]:
    return {
        "what": kind_name(kind),
        "reference": getattr(document, "reference", ""),
        "url": _url(document),
    }


def _url(document: Any) -> str:
    """The page of a document: a credit note's own, an invoice's on its order."""
    if isinstance(document, CreditNote):
        return reverse("sales:credit_note", args=[document.uuid])
    if isinstance(document, Invoice) and document.order is not None:
        return f"{reverse('sales:detail', args=[document.order.uuid])}?tab=invoices"
    return ""
