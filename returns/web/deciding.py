"""What becomes of the goods that are here, and what is given up or waived of those that are not."""

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
from returns.counting import still_expected, undecided
from returns.models import Disposition, ReceiptLine, ReturnLine
from returns.services import DisposeInput, QuantityInput
from returns.web import papers as show
from returns.web.crumbs import crumbs
from returns.web.history import line_name
from returns.web.loading import Dossier, opened
from rmaproject.shared.errors import DomainError
from rmaproject.shared.http import status_of
from rmaproject.web.forms import posted_quantity
from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.versions import at_version, shown_version

EFFECTS: Final = {
    "restock": gettext_lazy("Available again where it lies"),
    "quarantine": gettext_lazy("Kept apart, not available"),
    "scrap": gettext_lazy("Leaves the stock for good"),
}

Errors = dict[str, str]


@staff
def dispose(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Give received goods their disposition; stock moves once."""
    papers = opened(request, ident, "dispose")
    if request.method != "POST":
        return _dispose_page(request, papers, {})
    wanted, errors = _decisions(request, papers)
    if errors:
        return _dispose_page(request, papers, errors, status=422)
    key = papers.order.pk
    try:
        at_version(
            request,
            papers.order,
            lambda: services.dispose_return(key, wanted, actor=request.actor),
        )
    except DomainError as refusal:
        return _dispose_page(request, papers, errors, refusal=refusal)
    messages.success(request, _("Decided; the stock has moved."))
    return redirect("returns:detail", ident)


def _decisions(request: StaffRequest, papers: Dossier) -> tuple[list[DisposeInput], Errors]:
    """An empty quantity with a disposition means all that is undecided."""
    dispositions = {str(row.uuid): row for row in Disposition.objects.filter(active=True)}
    wanted: list[DisposeInput] = []
    errors: Errors = {}
    for line in _waiting(papers):
        key = str(line.uuid)
        chosen = dispositions.get(request.POST.get(f"disposition_{key}", ""))
        try:
            quantity = posted_quantity(request.POST.get(f"quantity_{key}", ""))
        except ValidationError as error:
            errors[key] = " ".join(error.messages)
            continue
        if chosen is not None:
            wanted.append(DisposeInput(line, chosen, quantity))
        elif quantity is not None:
            errors[key] = _("Choose what becomes of it.")
    return wanted, errors


def _waiting(papers: Dossier) -> list[ReturnLine]:
    return [line for line in papers.lines if not line.void and undecided(line) > 0]


def _dispose_page(
    request: StaffRequest,
    papers: Dossier,
    errors: Errors,
    *,
    status: int = 200,
    refusal: DomainError | None = None,
) -> HttpResponse:
    last = _last_receipts(papers)
    dispositions = Disposition.objects.filter(active=True).order_by("name")
    text = _("Goods that were received and not decided appear here.")
    context = {
        "return_order": show.header(papers),
        "crumbs": crumbs(papers.order),
        "version": shown_version(request, papers.order, refusal),
        "lines": [_goods(request, line, last.get(line.pk), errors) for line in _waiting(papers)],
        "lines_empty": {"icon": "shelf", "title": _("Nothing to decide"), "text": text},
        "dispositions": [
            {"value": str(row.uuid), "label": row.name, "effect": EFFECTS[row.action]}
            for row in dispositions
        ],
        "problems": _problems(errors, refusal),
        "cancel_url": reverse("returns:detail", args=[papers.order.uuid]),
    }
    status = status_of(refusal) if refusal else status
    return page(request, "returns/dispose.html", context, status=status)


def _goods(
    request: StaffRequest, line: ReturnLine, last: ReceiptLine | None, errors: Errors
) -> dict[str, Any]:
    key = str(line.uuid)
    unit = line.stock_item or (last.stock_item if last else None)
    return {
        "key": key,
        "part": line_name(line),
        "sku": line.part.sku if line.part else "",
        "serial": unit.serial if unit else "",
        "received_at": last.receipt.at if last else None,
        "location": last.location.code if last and last.location else "",
        "condition": last.get_condition_display() if last and last.condition != "unknown" else "",
        "quantity": undecided(line),
        "unexpected": line.unexpected,
        "value": request.POST.get(f"quantity_{key}", ""),
        "disposition": request.POST.get(f"disposition_{key}", ""),
        "error": errors.get(key, ""),
    }


def _last_receipts(papers: Dossier) -> dict[int, ReceiptLine]:
    found: dict[int, ReceiptLine] = {}
    for receipt in papers.order.receipts.all():
        for row in receipt.lines.all():
            row.receipt = receipt
            found[row.line_id] = row
    return found


def _problems(errors: Errors, refusal: DomainError | None) -> list[str]:
    if refusal is not None:
        return [refusal.message]
    return [_("Correct the marked lines and try again.")] if errors else []


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
    reason = request.POST.get("reason", "").replace("\x00", "").strip()
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
            "part": line_name(line),
            "sku": line.part.sku if line.part else "",
            "serial": line.stock_item.serial if line.stock_item else "",
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
        "lines": rows,
        "lines_empty": {"icon": "return", "title": _("Nothing is expected"), "text": ""},
        "reason": request.POST.get("reason", ""),
        "problems": [errors[""]] if "" in errors else _problems(errors, refusal),
        "cancel_url": reverse("returns:detail", args=[papers.order.uuid]),
    }
    status = status_of(refusal) if refusal else status
    return page(request, "returns/quantities.html", context, status=status)
