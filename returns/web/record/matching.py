"""Which sale a line belongs to that came without one: offered by customer and part."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from customers.models import Company
from customers.selectors import visible_companies
from returns import services
from returns.counting import is_of_nobody_known, unmatched
from returns.models import ReturnLine
from returns.selectors import matchable
from returns.services import MatchInput
from returns.web.asking.foreseen import only_looks, what_happens
from returns.web.crumbs import crumbs
from returns.web.record import papers as show
from returns.web.record.loading import Dossier, opened
from returns.web.record.naming import goods_of
from rmaproject.access.actors import Actor
from rmaproject.shared import money
from rmaproject.shared.errors import DomainError
from rmaproject.shared.http import status_of
from rmaproject.web.days import written
from rmaproject.web.forms import LookUpField
from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.versions import at_version, shown_version
from sales.models import OrderLine

Offers = dict[int, list[OrderLine]]


class Whose:
    """The customer whose sales are offered: the return's, or the one asked for by `?customer=`."""

    def __init__(self, request: StaffRequest, *, open_to_choice: bool, own: Company) -> None:
        self.open = open_to_choice
        self.typed = request.GET.get("customer", "").strip()
        self.error = ""
        self.customer: Company | None = own
        if open_to_choice:
            self.customer = self._named(request.actor) if self.typed else None

    def _named(self, actor: Actor) -> Company | None:
        known = visible_companies(actor) if actor.may("customers.view_company") else ()
        if not known:
            return None
        try:
            found: Company | None = LookUpField(known, by=("reference", "name")).clean(self.typed)
        except ValidationError as error:
            self.error = " ".join(error.messages)
            return None
        return found

    def field(self) -> dict[str, str] | None:
        """What the page asks with; None where the customer is known."""
        return {"value": self.typed, "error": self.error} if self.open else None


@staff
def match(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Choose the sold line for each line without a sale; what is left empty stays without."""
    papers = opened(request, ident, "match")
    lines = [line for line in papers.lines if unmatched(line)]
    nobody = is_of_nobody_known(papers.order, papers.lines)
    asked = Whose(request, open_to_choice=nobody, own=papers.order.customer)
    offers = matchable(request.actor, papers.order, lines, whose=asked.customer)
    if request.method != "POST":
        return _page(request, papers, lines, offers, asked)
    wanted = [
        MatchInput(line, order_line=sold)
        for line in lines
        if (sold := _chosen(request, line, offers)) is not None
    ]

    def act() -> object:
        return services.match_return(papers.order.pk, wanted, actor=request.actor)

    if only_looks(request):
        seen = what_happens(request, papers.order, wanted, act)
        return _page(request, papers, lines, offers, asked, foreseen=seen)
    try:
        at_version(request, papers.order, act)
    except DomainError as refusal:
        return _page(request, papers, lines, offers, asked, refusal=refusal, wanted=wanted)
    messages.success(request, _("Matched."))
    return redirect("returns:detail", ident)


def _chosen(request: StaffRequest, line: ReturnLine, offers: Offers) -> OrderLine | None:
    key = request.POST.get(f"sale_{line.uuid}", "")
    return next((sold for sold in offers.get(line.pk, []) if str(sold.uuid) == key), None)


def _page(
    request: StaffRequest,
    papers: Dossier,
    lines: list[ReturnLine],
    offers: Offers,
    asked: Whose,
    *,
    refusal: DomainError | None = None,
    wanted: list[MatchInput] | None = None,
    foreseen: dict[str, Any] | None = None,
) -> HttpResponse:
    blamed = _blamed(refusal, wanted or [])
    context = {
        "return_order": show.header(papers),
        "crumbs": crumbs(papers.order),
        "version": shown_version(request, papers.order, refusal),
        "lines": [
            _row(request, line, offers.get(line.pk, []), blamed, asked.open) for line in lines
        ],
        "offered": any(offers.values()),
        "foreseen": foreseen,
        "whose": asked.field(),
        "lines_empty": {"icon": "check", "title": _("Every line has its sale"), "text": ""},
        "problems": [refusal.message] if refusal else [],
        "cancel_url": reverse("returns:detail", args=[papers.order.uuid]),
    }
    status = status_of(refusal) if refusal else 200
    return page(request, "returns/match.html", context, status=status)


def _blamed(refusal: DomainError | None, wanted: list[MatchInput]) -> dict[int, str]:
    """The sentence of a refusal by the line that its pointer names."""
    found = re.match(r"/lines/(\d+)/", refusal.pointer) if refusal else None
    if refusal is None or found is None or int(found[1]) >= len(wanted):
        return {}
    return {wanted[int(found[1])].line.pk: refusal.message}


def _row(
    request: StaffRequest,
    line: ReturnLine,
    offered: list[OrderLine],
    blamed: dict[int, str],
    named: bool,
) -> dict[str, Any]:
    key = str(line.uuid)
    return {
        "key": key,
        **goods_of(line),
        "quantity": line.quantity,
        "note": line.note,
        "options": [{"value": str(sold.uuid), "label": _sale(sold, named)} for sold in offered],
        "value": request.POST.get(f"sale_{key}", ""),
        "error": blamed.get(line.pk, ""),
    }


def _sale(sold: OrderLine, named: bool) -> str:
    words = _("%(order)s of %(day)s: %(part)s, %(left)s can come back")
    if named:
        words = _("%(customer)s, %(order)s of %(day)s: %(part)s, %(left)s can come back")
    return words % {
        "customer": sold.order.customer.name,
        "order": sold.order.reference,
        "day": written(sold.order.ordered_on, "j M Y"),
        "part": sold.part.name if sold.part else sold.name,
        "left": money.plain(sold.shipped - sold.claimed),
    }
