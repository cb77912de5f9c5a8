"""Invoices and payments: their lists, and one of each with what became of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from rmaproject.access.actors import Actor
from rmaproject.access.selectors import access
from rmaproject.views.pages import list_page
from rmaproject.web.nav import address
from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest, staff
from sales.models import Account, CreditNote, Invoice, Payment, RefundPart, Settlement
from sales.selectors import BOOKS
from sales.taxes import taxes_of
from sales.web.book_listing import INVOICES, PAYMENTS
from sales.web.refund_queue import bank_links

Row = dict[str, Any]


def book_links(actor: Actor) -> list[Row]:
    """The ways to the lists of what was booked, as far as somebody may see them."""
    places = (
        ("sales.view_refund", "refunds:files", _("Bank files"), "bank"),
        ("sales.view_creditnote", "sales:credit_notes", _("Credit notes"), "refund"),
        ("sales.view_invoice", "sales:invoices", _("Invoices"), "order"),
        ("sales.view_payment", "sales:payments", _("Payments"), "enter"),
    )
    return [
        {"url": reverse(name), "label": label, "icon": icon}
        for right, name, label, icon in places
        if actor.may(right)
    ]


def finance_head(actor: Actor) -> dict[str, Any]:
    """What the pages of finance offer at the top: the next bank file, and the ways to the books."""
    return {"links": bank_links(actor), "books": book_links(actor)}


@staff
def invoices(request: StaffRequest) -> HttpResponse:
    """The invoices that the caller sees, newest first."""
    return list_page(request, INVOICES)


@staff
def payments(request: StaffRequest) -> HttpResponse:
    """The payments that the caller sees, newest first."""
    return list_page(request, PAYMENTS)


@staff
def invoice(request: StaffRequest, ident: UUID) -> HttpResponse:
    """An invoice with its lines, its tax by rate, what settled it and what was credited on it."""
    actor = request.actor
    rows: Any = Invoice.objects.visible_to(actor.scope)
    seen = Prefetch("credit_notes", CreditNote.objects.order_by("pk"))
    found: Invoice = access(
        rows.with_lines().select_related("account").prefetch_related(seen),
        ident,
        actor=actor,
        permissions=("sales.view_invoice",),
    )
    context = {
        "doc": _header(found, found.account, actor),
        "crumbs": _crumbs(_("Invoices"), "sales:invoices"),
        "lines": list(found.lines.all()),
        "taxes": taxes_of(found.lines.all()),
        "sums": {"currency": found.currency, "rows": _owed(found)},
        "settled": _settled(found, actor),
        "notes": _notes(found, actor),
    }
    return page(request, "sales/invoice.html", context)


def _header(row: Invoice | Payment, account: Account, actor: Actor) -> Row:
    whole = all(map(actor.may, BOOKS))
    return {
        "currency": row.currency,
        "customer": row.customer.name,
        "number": row.customer.reference,
        "customer_url": address("customers:detail", row.customer.uuid),
        "account_url": reverse("sales:account", args=[account.uuid]) if whole else "",
        "business": row.business.name,
        "address": row.business.address,
        "tax_number": row.business.tax_number,
        **(_of_invoice(row) if isinstance(row, Invoice) else _of_payment(row)),
    }


def _of_invoice(row: Invoice) -> Row:
    order = row.order
    return {
        "reference": row.reference,
        "on": row.invoiced_on,
        "order": order.reference if order else "",
        "order_url": reverse("sales:detail", args=[order.uuid]) if order else "",
    }


def _of_payment(row: Payment) -> Row:
    by = row.method or row.gateway or _("Payment")
    return {
        "reference": row.gateway_reference or _("Payment"),
        "on": row.paid_on,
        "by": by,
        "gateway": row.gateway,
        "amount": row.amount,
    }


def _crumbs(label: str, name: str) -> list[dict[str, str]]:
    return [{"label": label, "url": reverse(name)}]


def _owed(found: Invoice) -> list[Row]:
    return [
        {"label": _("Charged"), "amount": found.gross, "kind": "sum"},
        {"label": _("Settled"), "amount": -found.settled},
        {"label": _("Open"), "amount": found.gross - found.settled, "kind": "total"},
    ]


def _settled(found: Invoice, actor: Actor) -> list[Row]:
    """What payments and credit notes settled, as far as somebody may see these."""
    rows = Settlement.objects.filter(invoice=found).select_related("payment", "credit_note")
    shown = []
    for row in rows.order_by("pk"):
        if row.payment is not None and actor.may("sales.view_payment"):
            paid = row.payment
            told = paid.gateway_reference or paid.method or _("Payment")
            url = reverse("sales:payment_page", args=[paid.uuid])
            shown.append(_use(_("Payment"), told, url, paid.paid_on, row.amount))
        elif row.credit_note is not None and actor.may("sales.view_creditnote"):
            note = row.credit_note
            url = reverse("sales:credit_note", args=[note.uuid])
            shown.append(_use(_("Credit note"), note.reference, url, note.credited_on, row.amount))
    return shown


def _use(what: str, reference: str, url: str, on: Any, amount: Any) -> Row:
    return {"what": what, "reference": reference, "url": url, "on": on, "amount": amount}


def _notes(found: Invoice, actor: Actor) -> list[Row]:
    if not actor.may("sales.view_creditnote"):
        return []
    return [
        _use(
            _("Credit note"),
            note.reference,
            reverse("sales:credit_note", args=[note.uuid]),
            note.credited_on,
            note.gross,
        )
        for note in found.credit_notes.all()
    ]


@staff
def payment(request: StaffRequest, ident: UUID) -> HttpResponse:
    """A payment with the invoices that it settled and the refunds that gave it back."""
    actor = request.actor
    rows: Any = Payment.objects.visible_to(actor.scope)
    found: Payment = access(
        rows.with_settlements().select_related("account"),
        ident,
        actor=actor,
        permissions=("sales.view_payment",),
    )
    context = {
        "doc": _header(found, found.account, actor),
        "crumbs": _crumbs(_("Payments"), "sales:payments"),
        "sums": {"currency": found.currency, "rows": _spent(found)},
        "settled": _invoices_of(found, actor),
        "refunds": _refunds_of(found, actor),
    }
    return page(request, "sales/payment.html", context)


def _spent(found: Payment) -> list[Row]:
    rows = (
        (_("Settles invoices"), -found.applied),
        (_("Settles nothing yet"), found.applied - found.amount),
    )
    back = ((_("Went back"), found.refunded), (_("Promised to refunds"), found.refunding))
    whole = {"label": _("Came in"), "amount": found.amount, "kind": "sum"}
    used = [{"label": label, "amount": amount} for label, amount in rows if amount]
    return [whole, *used, *({"label": label, "amount": amount} for label, amount in back if amount)]


def _invoices_of(found: Payment, actor: Actor) -> list[Row]:
    may = actor.may("sales.view_invoice")
    return [
        _use(
            _("Invoice"),
            row.invoice.reference,
            reverse("sales:invoice_page", args=[row.invoice.uuid]) if may else "",
            row.invoice.invoiced_on,
            row.amount,
        )
        for row in found.settlements.all()
    ]


def _refunds_of(found: Payment, actor: Actor) -> list[Row]:
    if not actor.may("sales.view_refund"):
        return []
    parts = RefundPart.objects.filter(payment=found).select_related("refund").order_by("pk")
    return [
        {
            **_use(
                _("Refund"),
                part.refund.reference,
                reverse("refunds:detail", args=[part.refund.uuid]),
                part.refund.created_at,
                part.amount,
            ),
            "state": part.refund.state,
        }
        for part in parts
    ]
