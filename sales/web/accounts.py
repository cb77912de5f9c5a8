"""The account of a customer: its balance, what is open on it, and every booking."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from rmaproject.access.actors import Actor
from rmaproject.shared import clock, money
from rmaproject.web.csv_files import csv_lines
from rmaproject.web.lists import Asked, Filters, Sort, link, paged
from rmaproject.web.nav import address
from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest, staff
from sales.models import Account, CreditNote, Invoice, Payment, Refund
from sales.selectors import access_account
from sales.statement import (
    OpenItem,
    Posted,
    balance_before,
    between,
    entries_of,
    open_items,
    posted,
)
from sales.web.credit_notes import APPLY, PAY_OUT

#: Newest first, by the day that a booking counts for.
BY_DAY: Final = Sort("-day", "booked_on")
#: So many bookings stand on one paper.
MOST_PRINTED: Final = 1000


@staff
def account(request: StaffRequest, ident: UUID) -> HttpResponse:
    """What a customer owes a business in one currency, and how it came to it."""
    found = access_account(request.actor, ident)
    filters = Filters(request)
    since, until = filters.day("from", _("From")), filters.day("to", _("Until"))
    rows = between(entries_of(found), since, until)
    printed = request.GET.get("print") == "1"
    listed = paged(request, rows, sort=BY_DAY, size=MOST_PRINTED if printed else 50)
    shown = open_items(found)
    statement = reverse("sales:account_csv", args=[found.uuid])
    context = {
        "account": _header(found),
        "crumbs": _crumbs(found),
        "sums": {"currency": found.currency, "rows": _sums(found, shown)},
        "items": [_item(item, request.actor) for item in shown.items],
        "entries": [_entry(row) for row in posted(found, listed.rows, by_day=True)],
        "page": listed.pager,
        "filters": filters.context(),
        "bounds": _bounds(found, since, until),
        "csv_url": link(Asked(request.GET, statement)),
        "print_url": link(request, print="1"),
        "back_url": link(request, print=""),
        "today": clock.today(found.business),
    }
    return page(request, "sales/statement.html" if printed else "sales/account.html", context)


@staff
def statement_file(request: StaffRequest, ident: UUID) -> HttpResponse:
    """The bookings of an account as a table to save, the oldest first."""
    found = access_account(request.actor, ident)
    filters = Filters(request)
    since, until = filters.day("from", _("From")), filters.day("to", _("Until"))
    rows = between(entries_of(found), since, until).order_by("booked_on", "pk")
    lines = csv_lines(
        [_("Date"), _("Document"), _("Number"), _("Amount"), _("Balance"), _("Currency")],
        _cells(found, posted(found, list(rows), by_day=True)),
    )
    answer = HttpResponse("".join(lines), content_type="text/csv; charset=utf-8")
    name = f"{slugify(found.company.name) or 'account'}-{found.currency}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _cells(found: Account, rows: list[Posted]) -> Iterator[list[str]]:
    for row in rows:
        told = _document(row.kind, row.document)
        yield [
            row.entry.booked_on.isoformat(),
            told["what"],
            told["reference"],
            money.amount(row.amount, found.currency),
            money.amount(row.balance, found.currency),
            found.currency,
        ]


def _header(account: Account) -> dict[str, Any]:
    return {
        "customer": account.company.name,
        "customer_url": address("customers:detail", account.company.uuid),
        "number": account.company.reference,
        "business": account.business.name,
        "address": account.business.address,
        "tax_number": account.business.tax_number,
        "currency": account.currency,
        "balance": account.balance,
        "kept": _kept(account),
    }


def _kept(account: Account) -> Any:
    rows = account.credit_notes.filter(reverses=None, reversed_by=None, kept__gt=0)
    return sum((row.kept for row in rows), money.ZERO)


def _crumbs(found: Account) -> list[dict[str, str]]:
    return [
        {"label": _("Customers"), "url": reverse("customers:list")},
        {"label": found.company.name, "url": address("customers:detail", found.company.uuid)},
    ]


def _sums(found: Account, shown: Any) -> list[dict[str, Any]]:
    return [
        {"label": _("Due invoices"), "amount": shown.due},
        {"label": _("Payments that settle nothing yet"), "amount": -shown.unapplied},
        {"label": _("Open credit"), "amount": -shown.credit},
        {"label": _("Balance"), "amount": found.balance, "kind": "total"},
    ]


def _bounds(found: Account, since: date | None, until: date | None) -> dict[str, Any]:
    """What the account stood at before and after the chosen days."""
    told: dict[str, Any] = {"since": since, "until": until}
    if since:
        told["before"] = balance_before(found, since)
    if until:
        told["after"] = balance_before(found, until + timedelta(days=1))
    return told


def kind_name(kind: str) -> str:
    """What a document is called."""
    names = {
        "invoice": _("Invoice"),
        "payment": _("Payment"),
        "credit_note": _("Credit note"),
        "refund": _("Refund"),
    }
    return names[kind]


def _item(item: OpenItem, actor: Actor) -> dict[str, Any]:
    return {
        **_document(item.kind, item.document),
        "on": item.on,
        "amount": item.amount,
        "open": item.open,
        "steps": _steps(item.document, actor),
    }


def _steps(document: Any, actor: Actor) -> list[dict[str, str]]:
    """What may be done with kept credit, on the spot."""
    if not isinstance(document, CreditNote) or not document.kept:
        return []
    offered = (("apply", _("Settle an invoice"), APPLY), ("pay_out", _("Pay out"), PAY_OUT))
    return [
        {"label": label, "url": reverse(f"sales:credit_note_{verb}", args=[document.uuid])}
        for verb, label, right in offered
        if actor.may(right)
    ]


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
        "reference": reference_of(document),
        "url": document_url(document),
    }


def reference_of(document: Any) -> str:
    """By what a document is known; a payment by the gateway's reference, else by its way."""
    if isinstance(document, Payment):
        return document.gateway_reference or document.method or _("without a reference")
    return str(document.reference)


#: The pages of documents by their model.
PAGES: Final[dict[type, str]] = {
    CreditNote: "sales:credit_note",
    Invoice: "sales:invoice_page",
    Payment: "sales:payment_page",
    Refund: "refunds:detail",
}


def document_url(document: Any) -> str:
    """The page of a document."""
    return reverse(PAGES[type(document)], args=[document.uuid])
