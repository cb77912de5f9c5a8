"""One credit note: what it takes back at which rate, what became of it, and its use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from rmaproject.access.actors import Actor
from rmaproject.shared import money
from rmaproject.views.pages import list_page
from rmaproject.web.forms import typed_amount
from rmaproject.web.nav import address
from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.submitting import submit
from rmaproject.web.versions import at_version
from sales.models import CreditNote
from sales.selectors import BOOKS, access_credit_note
from sales.services.store_credit import apply_credit, pay_out_credit
from sales.taxes import taxes_of
from sales.web.forms import ApplyCreditForm, PayOutForm
from sales.web.listing import CREDIT_NOTES

APPLY, PAY_OUT = "sales.apply_creditnote", "sales.pay_out_creditnote"


@staff
def credit_notes(request: StaffRequest) -> HttpResponse:
    """The credit notes that the caller sees, newest first."""
    return list_page(request, CREDIT_NOTES)


@staff
def credit_note(request: StaffRequest, ident: UUID) -> HttpResponse:
    """A credit note with its lines, its tax by rate, and what became of its amount."""
    note = access_credit_note(request.actor, ident)
    context = {
        "note": _header(note, request.actor),
        "version": note.version,
        "crumbs": _crumbs(note),
        "actions": _actions(note, request.actor),
        "lines": list(note.lines.all()),
        "taxes": taxes_of(note.lines.all()),
        "used": {"currency": note.currency, "rows": _used(note)},
    }
    return page(request, "sales/credit_note.html", context)


@staff
def use(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Settle an invoice of the same account with kept credit."""
    note = access_credit_note(request.actor, ident, APPLY)
    form = ApplyCreditForm(request.POST or None, note=note)

    def act() -> CreditNote:
        invoice, amount = form.cleaned_data["invoice"], form.cleaned_data["amount"]
        return apply_credit(note.pk, invoice.pk, amount, actor=request.actor)

    words = {"heading": _("Settle an invoice with this credit"), "save_label": _("Settle")}
    return _form(request, note, form, act, {**words, "said": _("The invoice is settled.")})


@staff
def pay_out(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Let kept credit go back to the customer."""
    note = access_credit_note(request.actor, ident, PAY_OUT)
    initial = {"amount": typed_amount(note.kept, note.currency)}
    form = PayOutForm(request.POST or None, initial=initial)

    def act() -> CreditNote:
        return pay_out_credit(note.pk, form.cleaned_data["amount"], actor=request.actor)

    words = {"heading": _("Pay kept credit out"), "save_label": _("Pay out")}
    return _form(request, note, form, act, {**words, "said": _("The credit goes back.")})


def _form(
    request: StaffRequest, note: CreditNote, form: Any, act: Callable[[], Any], words: Any
) -> HttpResponse:
    outcome = submit(request, form, lambda: at_version(request, note, act))
    here = reverse("sales:credit_note", args=[note.uuid])
    if outcome.done:
        messages.success(request, words["said"])
        return redirect(here)
    kept = money.amount(note.kept, note.currency)
    text = _("%(kept)s %(currency)s are kept.") % {"kept": kept, "currency": note.currency}
    crumbs = [*_crumbs(note), {"label": note.reference, "url": here}]
    context = {"form": form, "text": text, "cancel_url": here, "version": note.version}
    shown = {**context, **words, "crumbs": crumbs}
    return page(request, "form.html", shown, status=outcome.status)


def _header(note: CreditNote, actor: Actor) -> dict[str, Any]:
    reversal = getattr(note, "reversed_by", None)
    whole = all(map(actor.may, BOOKS))
    return {
        "business": note.business.name,
        "address": note.business.address,
        "tax_number": note.business.tax_number,
        "number": note.customer.reference,
        "account_url": reverse("sales:account", args=[note.account.uuid]) if whole else "",
        "reference": note.reference,
        "customer": note.customer.name,
        "customer_url": address("customers:detail", note.customer.uuid),
        "currency": note.currency,
        "on": note.credited_on,
        "invoice": note.invoice.reference if note.invoice else "",
        "order_url": address("sales:detail", note.order.uuid) if note.order else "",
        "reverses": note.reverses.reference if note.reverses else "",
        "reversed_by": reversal.reference if reversal else "",
    }


def _crumbs(note: CreditNote) -> list[dict[str, str]]:
    customer = address("customers:detail", note.customer.uuid)
    return [
        {"label": _("Customers"), "url": reverse("customers:list")},
        {"label": note.customer.name, "url": customer},
    ]


def _actions(note: CreditNote, actor: Actor) -> list[dict[str, Any]]:
    """What may be done with kept credit; nothing once the note was taken back."""
    gone = note.reverses_id is not None or hasattr(note, "reversed_by")
    offered = (("apply", _("Settle an invoice"), APPLY), ("pay_out", _("Pay out"), PAY_OUT))
    return [
        {
            "verb": verb,
            "label": label,
            "allowed": note.kept > 0,
            "reason": "" if note.kept > 0 else _("Nothing of it is kept."),
            "link": True,
            "url": reverse(f"sales:credit_note_{verb}", args=[note.uuid]),
        }
        for verb, label, permission in offered
        if actor.may(permission) and not gone
    ]


def _used(note: CreditNote) -> list[dict[str, Any]]:
    rest = note.gross - note.applied - note.kept - note.refunded
    rows = (
        (_("Settles invoices"), note.applied),
        (_("Kept as credit"), note.kept),
        (_("Paid out"), note.refunded),
        (_("To pay out"), rest),
    )
    whole = {"label": _("Credited"), "amount": note.gross, "kind": "sum"}
    return [whole, *({"label": label, "amount": amount} for label, amount in rows if amount)]
