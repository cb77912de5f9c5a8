"""The credit of a return: shown by the code that books it, then booked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from returns import services
from returns.models import ReturnOrder
from returns.selectors import access_return
from returns.services.previewing import NotePreview, as_foreseen, preview_return, shown
from returns.web.asking.previews import preview_context
from returns.web.crumbs import crumbs
from returns.web.record import papers as show
from returns.web.record.detail import detail_page
from returns.web.record.loading import Dossier, dossier
from rmaproject.shared import money
from rmaproject.shared.errors import DomainError
from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.versions import at_version
from sales.models import CreditLine, CreditNote


@staff
def credit(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Show what would be credited; by POST book it, as long as the return is as it was shown."""
    order = access_return(request.actor, ident, for_action="credit")
    try:
        if request.method != "POST":
            return _page(request, dossier(request.actor, ident))
        notes = at_version(request, order, lambda: book_shown(request, order))
    except DomainError as refusal:
        return detail_page(request, ident, refusal)
    numbers = ", ".join(note.reference for note in notes)
    messages.success(request, _("Booked as %(numbers)s.") % {"numbers": numbers})
    return redirect("returns:detail", ident)


def book_shown(request: StaffRequest, order: ReturnOrder) -> list[CreditNote]:
    """Book what the page showed; a page without its token books what is owed now."""

    def act() -> list[CreditNote]:
        return services.credit_return(order.pk, actor=request.actor)

    token = request.POST.get("preview", "")
    return as_foreseen(token, order.pk, "credit", act, actor=request.actor) if token else act()


def _page(request: StaffRequest, papers: Dossier) -> HttpResponse:
    seen = preview_return(papers.order.pk, "credit", actor=request.actor)
    if seen.refusal is not None:
        raise seen.refusal
    context = {
        "return_order": show.header(papers),
        "crumbs": crumbs(papers.order),
        "version": papers.order.version,
        "notes": [note_row(preview) for preview in seen.notes],
        "preview": preview_context(shown(seen)),
        "cancel_url": reverse("returns:detail", args=[papers.order.uuid]),
    }
    return page(request, "returns/credit.html", context)


def note_row(preview: NotePreview) -> dict[str, Any]:
    """A note as it would be booked."""
    note = preview.note
    return {
        "currency": note.currency,
        "invoice": note.invoice.reference if note.invoice else "",
        "lines": [_line(line) for line in preview.lines],
        "gross": note.gross,
        "used": {"currency": note.currency, "rows": show.used_rows([note])},
    }


def _line(line: CreditLine) -> dict[str, Any]:
    return {
        "part": line.name or (line.part.name if line.part else line.get_kind_display()),
        "sku": line.part.sku if line.part else "",
        "detail": "" if line.kind == "goods" else line.get_kind_display(),
        "quantity": line.quantity,
        "unit_price": line.gross / line.quantity if line.quantity else money.ZERO,
        "vat": line.vat_percent,
        "net": line.net,
        "tax": line.tax,
        "gross": line.gross,
    }
