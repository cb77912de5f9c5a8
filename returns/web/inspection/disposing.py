"""What becomes of goods: what is here moves, what is not may stay with the customer."""

from __future__ import annotations

from decimal import Decimal
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
from returns.counting import still_expected, undisposed
from returns.models import Action, Disposition, ReceiptLine, ReturnLine, ReturnOrder
from returns.services import DisposeInput
from returns.web.asking.foreseen import only_looks, what_happens
from returns.web.crumbs import crumbs
from returns.web.record import papers as show
from returns.web.record.loading import Dossier, opened
from returns.web.record.naming import goods_of
from returns.web.record.since import since_opened
from rmaproject.shared import money
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
    "repair": gettext_lazy("Stays here, in repair"),
    "refurbish": gettext_lazy("Stays here, being refurbished"),
    "return_to_vendor": gettext_lazy("Leaves the stock to the vendor"),
    "send_back": gettext_lazy("Waits to be sent back to the customer; not credited"),
    "donate": gettext_lazy("Leaves the stock, given away"),
    "customer_keeps": gettext_lazy("Does not come and is credited; only before it is here"),
}
#: What a form posts for "as it was inspected".
INSPECTED: Final = "inspected"

Errors = dict[str, str]
Choices = dict[str, Disposition]


@staff
def dispose(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Give goods their disposition; stock moves once."""
    papers = opened(request, ident, "dispose")
    if request.method != "POST":
        return _dispose_page(request, papers, {})
    wanted, errors = _decisions(request, papers)
    key = papers.order.pk

    def act() -> ReturnOrder:
        return services.dispose_return(key, wanted, actor=request.actor)

    if only_looks(request):
        seen = what_happens(request, papers.order, [] if errors else wanted, act)
        return _dispose_page(request, papers, errors, foreseen=seen)
    if errors:
        return _dispose_page(request, papers, errors, status=422)
    try:
        at_version(request, papers.order, act)
    except DomainError as refusal:
        return _dispose_page(request, papers, errors, refusal=refusal)
    messages.success(request, _("Decided; the stock has moved."))
    return redirect("returns:detail", ident)


def _choices() -> Choices:
    rows = Disposition.objects.filter(active=True).order_by("name")
    return {str(row.uuid): row for row in rows}


def _decisions(request: StaffRequest, papers: Dossier) -> tuple[list[DisposeInput], Errors]:
    """An empty quantity with a disposition means all that waits for it."""
    choices, reason = _choices(), text_of(request, "override_reason")
    wanted: list[DisposeInput] = []
    errors: Errors = {}
    for line in _waiting(papers):
        key = str(line.uuid)
        chosen = request.POST.get(f"disposition_{key}", "")
        try:
            quantity = posted_quantity(request.POST.get(f"quantity_{key}", ""))
        except ValidationError as error:
            errors[key] = " ".join(error.messages)
            continue
        if chosen in choices or chosen == INSPECTED:
            entry = DisposeInput(line, choices.get(chosen), quantity, override_reason=reason)
            wanted.append(entry)
        elif quantity is not None:
            errors[key] = _("Choose what becomes of it.")
    return wanted, errors


def text_of(request: StaffRequest, name: str) -> str:
    """A posted text that the database can keep."""
    return request.POST.get(name, "").strip()


def _waiting(papers: Dossier) -> list[ReturnLine]:
    lines = [line for line in papers.lines if not line.void]
    return [line for line in lines if undisposed(line) > 0 or still_expected(line) > 0]


def _dispose_page(
    request: StaffRequest,
    papers: Dossier,
    errors: Errors,
    *,
    status: int = 200,
    refusal: DomainError | None = None,
    foreseen: dict[str, Any] | None = None,
) -> HttpResponse:
    last, choices = last_receipts(papers), _choices()
    decided = open_decisions(papers.order)
    rows = [
        {
            **goods_row(line, last.get(line.pk)),
            **_asked(request, line, decided.get(line.pk, {}), choices),
            "error": errors.get(str(line.uuid), ""),
        }
        for line in _waiting(papers)
    ]
    text = _("Goods that were received and not decided appear here.")
    context = {
        "return_order": show.header(papers),
        "crumbs": crumbs(papers.order),
        "version": shown_version(request, papers.order, refusal),
        "since": since_opened(request, papers, refusal),
        "lines": rows,
        "lines_empty": {"icon": "shelf", "title": _("Nothing to decide"), "text": text},
        "dispositions": [
            {"value": key, "label": row.name, "effect": EFFECTS[row.action]}
            for key, row in choices.items()
        ],
        "inspected": bool(decided),
        "override_reason": text_of(request, "override_reason"),
        "foreseen": foreseen,
        "problems": problems_of(errors, refusal),
        "cancel_url": reverse("returns:detail", args=[papers.order.uuid]),
    }
    status = status_of(refusal) if refusal else status
    return page(request, "returns/dispose.html", context, status=status)


def goods_row(line: ReturnLine, last: ReceiptLine | None) -> dict[str, Any]:
    """A line with what the dock saw of it last."""
    return {
        "key": str(line.uuid),
        **goods_of(line, last.stock_item if last else None),
        "received_at": last.receipt.at if last else None,
        "location": last.location.code if last and last.location else "",
        "condition": last.get_condition_display() if last and last.condition != "unknown" else "",
        "unexpected": line.unexpected,
    }


def _asked(
    request: StaffRequest, line: ReturnLine, decided: dict[str, Decimal], choices: Choices
) -> dict[str, Any]:
    """What may be chosen for a line, and what was: inspected goods move as they were decided."""
    key, here = str(line.uuid), undisposed(line)
    options = [
        {"value": value, "label": row.name}
        for value, row in choices.items()
        if (here > 0 and row.action != Action.CUSTOMER_KEEPS)
        or (still_expected(line) > 0 and row.action == Action.CUSTOMER_KEEPS)
    ]
    if decided:
        words = ", ".join(f"{name} {money.plain(many)}" for name, many in decided.items())
        label = _("As inspected: %(what)s") % {"what": words}
        options = [{"value": INSPECTED, "label": label}, *options]
    first = INSPECTED if decided else ""
    return {
        "quantity": here or still_expected(line),
        "here": here > 0,
        "options": options,
        "value": request.POST.get(f"quantity_{key}", ""),
        "disposition": request.POST.get(f"disposition_{key}", first),
    }


def open_decisions(order: ReturnOrder) -> dict[int, dict[str, Decimal]]:
    """What inspections decided and nobody carried out: by line, quantities by disposition."""
    moved: dict[int, Decimal] = {}
    for disposal in order.disposals.all():
        if disposal.inspection_id is not None:
            done = moved.get(disposal.inspection_id, money.ZERO)
            moved[disposal.inspection_id] = done + disposal.quantity
    found: dict[int, dict[str, Decimal]] = {}
    for row in order.inspections.all():
        left = row.quantity - moved.get(row.pk, money.ZERO)
        if row.disposition is not None and left > 0:
            names = found.setdefault(row.line_id, {})
            name = row.disposition.name
            names[name] = names.get(name, money.ZERO) + left
    return found


def last_receipts(papers: Dossier) -> dict[int, ReceiptLine]:
    """The latest receipt line of each line, by the line's key."""
    found: dict[int, ReceiptLine] = {}
    for receipt in papers.order.receipts.all():
        for row in receipt.lines.all():
            row.receipt = receipt
            found[row.line_id] = row
    return found


def problems_of(errors: Errors, refusal: DomainError | None) -> list[str]:
    """What to say above a form whose lines were refused."""
    if refusal is not None:
        return [refusal.message]
    return [_("Correct the marked lines and try again.")] if errors else []
