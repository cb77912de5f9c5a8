"""Goods that are not here: given up, or waived and credited all the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.forms import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from returns import services
from returns.counting import still_expected
from returns.models import ReturnLine
from returns.services import QuantityInput
from returns.web.crumbs import crumbs
from returns.web.inspection.disposing import Errors, problems_of
from returns.web.record import papers as show
from returns.web.record.loading import Dossier, opened
from returns.web.record.naming import goods_of
from returns.web.record.since import since_opened
from rmaproject.shared.errors import DomainError
from rmaproject.shared.http import status_of
from rmaproject.web.forms import posted_quantity
from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.versions import at_version, shown_version


@dataclass(frozen=True)
class _Giving:
    """Giving up on goods: released without credit, or waived and credited all the same."""

    verb: str
    heading: Any
    text: Any
    done: Any


RELEASE: Final = _Giving(
    "release",
    gettext_lazy("Give up waiting"),
    gettext_lazy(
        "For goods that were announced and never sent. They may be returned later; "
        "nothing is credited."
    ),
    gettext_lazy("Released; these goods may be announced again."),
)
WAIVE: Final = _Giving(
    "waive",
    gettext_lazy("Credit without goods"),
    gettext_lazy(
        "For goods that will not come and are credited all the same: kept by the customer, or "
        "lost on the way. It stands beside what is announced."
    ),
    gettext_lazy("Waived; the credit can be booked."),
)


@staff
def release(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Give up waiting for goods, line by line."""
    return _give(request, ident, RELEASE)


@staff
def waive(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Decide in the customer's favour about goods that will not come, line by line."""
    return _give(request, ident, WAIVE)


def _give(request: StaffRequest, ident: UUID, giving: _Giving) -> HttpResponse:
    papers = opened(request, ident, giving.verb)
    order = papers.order
    if request.method != "POST":
        return _give_page(request, papers, giving, {})
    wanted, errors = _quantities(request, papers, giving)
    if not errors and not wanted:
        errors[""] = _("Say how many, on at least one line.")
    if errors:
        return _give_page(request, papers, giving, errors, status=422)
    service = services.release_return if giving is RELEASE else services.waive_return
    reason = request.POST.get("reason", "").strip()
    try:
        at_version(
            request,
            order,
            lambda: service(order.pk, wanted, actor=request.actor, reason=reason),
        )
    except DomainError as refusal:
        return _give_page(request, papers, giving, errors, refusal=refusal)
    messages.success(request, giving.done)
    return redirect("returns:detail", ident)


def _quantities(
    request: StaffRequest, papers: Dossier, giving: _Giving
) -> tuple[list[QuantityInput], Errors]:
    wanted, errors = [], {}
    for line in _offered(papers, giving):
        key = str(line.uuid)
        try:
            quantity = posted_quantity(request.POST.get(f"quantity_{key}", ""))
        except ValidationError as error:
            errors[key] = " ".join(error.messages)
            continue
        if quantity is not None:
            wanted.append(QuantityInput(line, quantity))
    return wanted, errors


def _offered(papers: Dossier, giving: _Giving) -> list[ReturnLine]:
    lines = [line for line in papers.lines if not line.void and not line.unexpected]
    return [line for line in lines if still_expected(line)] if giving is RELEASE else lines


def _give_page(
    request: StaffRequest,
    papers: Dossier,
    giving: _Giving,
    errors: Errors,
    *,
    status: int = 200,
    refusal: DomainError | None = None,
) -> HttpResponse:
    rows = [
        {
            "key": str(line.uuid),
            **goods_of(line),
            "quantity": line.quantity,
            "open": still_expected(line),
            "value": request.POST.get(f"quantity_{line.uuid}", ""),
            "error": errors.get(str(line.uuid), ""),
        }
        for line in _offered(papers, giving)
    ]
    context = {
        "return_order": show.header(papers),
        "heading": giving.heading,
        "text": giving.text,
        "crumbs": crumbs(papers.order),
        "version": shown_version(request, papers.order, refusal),
        "since": since_opened(request, papers, refusal),
        "lines": rows,
        "lines_empty": {"icon": "return", "title": _("Nothing is expected"), "text": ""},
        "reason": request.POST.get("reason", ""),
        "problems": [errors[""]] if "" in errors else problems_of(errors, refusal),
        "cancel_url": reverse("returns:detail", args=[papers.order.uuid]),
    }
    status = status_of(refusal) if refusal else status
    return page(request, "returns/quantities.html", context, status=status)
