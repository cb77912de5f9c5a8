"""The page of one return: state, lines, papers, history, and what can be done now."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from returns.selectors import may_announce
from returns.states import LIVE, OPEN
from returns.web.crumbs import crumbs
from returns.web.dock import arrivals as dock
from returns.web.inspection.kits import restock_kit_url
from returns.web.inspection.outbound import outbound_rows
from returns.web.money.refunds import money_words, refund_section
from returns.web.record import papers as show
from returns.web.record.banners import banner_for
from returns.web.record.beside import credit_apart, editable_facts, invoices_of, related
from returns.web.record.decided import decided_section
from returns.web.record.filed import files_section
from returns.web.record.loading import Dossier, HistoryWish, dossier
from returns.web.record.offering import buttons, preview_url
from returns.web.record.rules import rules_box
from returns.web.record.telling import history_context
from rmaproject.shared.errors import DomainError
from rmaproject.shared.http import status_of
from rmaproject.web.pages import asks_for_part, page
from rmaproject.web.staff import StaffRequest, staff


@staff
def detail(request: StaffRequest, ident: UUID) -> HttpResponse:
    """One return with everything about it."""
    return detail_page(request, ident)


def detail_page(
    request: StaffRequest, ident: UUID, refusal: DomainError | None = None
) -> HttpResponse:
    """The page as it stands now; after a refusal with its sentence on top and its status."""
    wish = HistoryWish.of(request)
    papers = dossier(request.actor, ident, wish=wish)
    if "show" in request.GET and asks_for_part(request):
        context = history_context(request, papers, wish)
        return page(request, "returns/_history.html", context, part="returns/_history.html")
    context = _context(request, papers, wish)
    if refusal is None:
        return page(request, "returns/detail.html", context)
    context["banner"] = {"tone": "bad", "title": _("Not done."), "text": refusal.message}
    return page(request, "returns/detail.html", context, status=status_of(refusal))


def _context(request: StaffRequest, papers: Dossier, wish: HistoryWish) -> dict[str, Any]:
    actor, order = request.actor, papers.order
    may_edit = actor.may("returns.edit_return") and order.status in LIVE
    edit_url = reverse("returns:edit", args=[order.uuid]) if may_edit else ""
    section, header = refund_section(order, actor), show.header(papers)
    header["money_detail"] = money_words(section["refunds"]) or header["money_detail"]
    actions, invoices = buttons(order, papers.lines, actor, section["refunds"]), invoices_of(papers)
    open_verbs = {row["verb"] for row in actions if row["allowed"]}
    return {
        "return_order": header,
        "version": order.version,
        "record": order.uuid,
        "banner": banner_for(papers, actor, section["refunds"], actions),
        "actions": actions,
        "crumbs": crumbs(),
        "lines": show.line_rows(papers, invoices, open_verbs),
        "lines_empty": {"icon": "return", "title": _("No lines yet"), "text": ""},
        "extra_lines": show.extra_rows(papers, editable=may_edit),
        "parcels": dock.parcel_rows(order, actor),
        "receipts": dock.receipt_rows(papers, actor),
        "outbound": outbound_rows(papers),
        "credit_notes": show.note_rows(papers, actor),
        "credit": credit_apart(papers, section["refunds"]),
        "why_waiting": [row for row in actions if row["verb"] == "complete" and row["reason"]],
        "facts": show.facts(papers),
        "editable": editable_facts(order, may_edit=may_edit),
        "related": related(papers, invoices, actor),
        **decided_section(papers),
        **files_section(order, actor),
        "rules": rules_box(order),
        **history_context(request, papers, wish),
        "edit_url": edit_url,
        "add_line_url": edit_url,
        "add_extra_url": reverse("returns:add_extra", args=[order.uuid]) if may_edit else "",
        **section,
        "restock_kit_url": restock_kit_url(papers, actor),
        **_urls(request, papers),
    }


def _urls(request: StaffRequest, papers: Dossier) -> dict[str, Any]:
    actor, order = request.actor, papers.order
    announces = may_announce(actor) and order.status in OPEN
    return {
        "preview_url": preview_url(order, actor),
        "slip_url": reverse("returns:slip", args=[order.uuid]),
        "labels": _labels(papers),
        "parcel_url": reverse("returns:add_parcel", args=[order.uuid]) if announces else "",
    }


def _labels(papers: Dossier) -> list[dict[str, str]]:
    """Where labels of what arrived are printed; none before something did."""
    if not any(line.received for line in papers.lines):
        return []
    pages = (("returns:item_labels", _("Item labels")), ("returns:plate_label", _("Plate label")))
    return [
        {"url": reverse(name, args=[papers.order.uuid]), "label": label} for name, label in pages
    ]
