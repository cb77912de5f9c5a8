"""What leaves for the customer: replacing goods, sending them back, charging what never came."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from returns import services
from returns.counting import (
    chargeable,
    sendable,
    unanswered,
    unanswered_in_advance,
    undecided,
    undisposed,
)
from returns.models import ExtraLine, Outcome, ReturnLine
from returns.services import ChargeInput, Charges, ReplaceInput, SendBackInput
from returns.services.editing import extra_gross
from returns.web.asking.foreseen import only_looks, what_happens
from returns.web.crumbs import crumbs
from returns.web.forms import ConsignmentForm
from returns.web.record import papers as show
from returns.web.record.loading import Dossier, opened
from returns.web.record.naming import goods_of, line_name
from returns.web.record.since import since_opened
from rmaproject.shared import money
from rmaproject.shared.errors import DomainError
from rmaproject.shared.http import status_of
from rmaproject.web.forms import AmountField, LookUpField, posted_quantity
from rmaproject.web.nav import address
from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.versions import at_version, shown_version
from stock.models import Part

Errors = dict[str, str]
Row = dict[str, Any]


def outbound_rows(papers: Dossier) -> list[Row]:
    """What left or will leave because of the return, for its page."""
    lines = {line.pk: line for line in papers.lines}
    found = []
    for row in papers.order.outbound.all():
        sold = row.order_line
        found.append(
            {
                "kind": row.get_kind_display(),
                "repaired": row.repair,
                "part": line_name(lines[row.line_id]),
                "serial": row.stock_item.serial if row.stock_item else "",
                "quantity": row.quantity,
                "ended": sum((end.quantity for end in row.ends.all()), Decimal(0)),
                "order": sold.order.reference if sold else "",
                "order_url": address("sales:detail", sold.order.uuid) if sold else "",
                "left": bool(sold and sold.shipped) or sold is None,
                "on": row.shipped_on,
                "carrier": row.carrier,
                "tracking": row.tracking_number,
            }
        )
    return found


@staff
def replace(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Choose what replaces which units; a sales order is made of it."""
    papers = opened(request, ident, "replace")
    wanted, errors = _each(request, _replaceable(papers), _replacement)
    early = bool(request.POST.get("in_advance"))

    def act() -> object:
        return services.replace_return(
            papers.order.pk, wanted, in_advance=early, actor=request.actor
        )

    rows = [_replace_row(line, request.POST, errors) for line in _replaceable(papers)]
    context = {"lines": rows, "in_advance": early}
    done = _("A sales order was made for the replacement.")
    return _form(request, papers, "replace", context, (wanted, errors, act, done))


@staff
def send_back(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Choose what goes back to the customer, and how."""
    papers = opened(request, ident, "send_back")
    form = ConsignmentForm(request.POST if request.method == "POST" else None)
    wanted, errors = _each(request, _sendable(papers), _going_back)
    if request.method == "POST" and not form.is_valid():
        errors[""] = _("Correct the fields of the shipment and try again.")

    def act() -> object:
        told = form.consignment()
        return services.send_back_return(papers.order.pk, wanted, told, actor=request.actor)

    rows = [_send_row(line, request.POST, errors) for line in _sendable(papers)]
    done = _("On its way to the customer.")
    context = {"lines": rows, "form": form}
    return _form(request, papers, "send_back", context, (wanted, errors, act, done))


@staff
def charge(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Choose which replacements and charges are invoiced."""
    papers = opened(request, ident, "charge")
    lines = [line for line in papers.lines if chargeable(line) > 0]
    wanted, errors = _each(request, lines, _charged)
    extra = [line for line in _open_charges(papers) if f"extra_{line.uuid}" in request.POST]
    reason = request.POST.get("reason", "").strip()

    def act() -> object:
        charges = Charges(wanted, extra)
        return services.charge_return(papers.order.pk, charges, actor=request.actor, reason=reason)

    context = {
        "lines": [_charge_row(line, request.POST, errors) for line in lines],
        "extra_lines": [_extra_row(line, request.POST) for line in _open_charges(papers)],
        "reason": reason,
    }
    done = _("Invoiced.")
    return _form(request, papers, "charge", context, ([*wanted, *extra], errors, act, done))


def _form(
    request: StaffRequest,
    papers: Dossier,
    name: str,
    context: Row,
    posted: tuple[list[Any], Errors, Callable[[], object], str],
) -> HttpResponse:
    """Show the form; by POST act on it, or show it again with what is wrong."""
    wanted, errors, act, done = posted
    refusal: DomainError | None = None
    if only_looks(request):
        context["foreseen"] = what_happens(request, papers.order, [] if errors else wanted, act)
    elif request.method == "POST":
        if not errors and not wanted:
            errors[""] = _("Choose at least one line.")
        if not errors:
            try:
                at_version(request, papers.order, act)
            except DomainError as error:
                refusal = error
            else:
                messages.success(request, done)
                return redirect("returns:detail", papers.order.uuid)
    context |= {
        "return_order": show.header(papers),
        "crumbs": crumbs(papers.order),
        "version": shown_version(request, papers.order, refusal),
        "since": since_opened(request, papers, refusal),
        "problems": _problems(errors, refusal),
        "cancel_url": reverse("returns:detail", args=[papers.order.uuid]),
        "lines_empty": {"icon": "return", "title": _("Nothing to choose from"), "text": ""},
    }
    status = status_of(refusal) if refusal else 422 if errors and not only_looks(request) else 200
    return page(request, f"returns/{name}.html", context, status=status)


def _problems(errors: Errors, refusal: DomainError | None) -> list[str]:
    if refusal is not None:
        return [refusal.message]
    if "" in errors:
        return [errors[""]]
    return [_("Correct the marked lines and try again.")] if errors else []


def _each(
    request: StaffRequest, lines: list[ReturnLine], read: Callable[[ReturnLine, QueryDict], Any]
) -> tuple[list[Any], Errors]:
    """What was asked for, line by line, and what is wrong with some of them."""
    wanted: list[Any] = []
    errors: Errors = {}
    if request.method != "POST":
        return wanted, errors
    for line in lines:
        try:
            found = read(line, request.POST)
        except ValidationError as error:
            errors[str(line.uuid)] = " ".join(error.messages)
            continue
        if found is not None:
            wanted.append(found)
    return wanted, errors


def _replacement(line: ReturnLine, data: QueryDict) -> ReplaceInput | None:
    quantity = posted_quantity(data.get(f"quantity_{line.uuid}", ""))
    if quantity is None:
        return None
    typed = data.get(f"part_{line.uuid}", "").strip()
    parts = Part.objects.filter(active=True, is_salable=True)
    part = LookUpField(parts, by=("sku", "name")).clean(typed) if typed else None
    difference = _price(data.get(f"difference_{line.uuid}", "")) or Decimal(0)
    return ReplaceInput(line, quantity, part, difference)


def _going_back(line: ReturnLine, data: QueryDict) -> SendBackInput | None:
    quantity = posted_quantity(data.get(f"quantity_{line.uuid}", ""))
    if quantity is None:
        return None
    serial = data.get(f"serial_{line.uuid}", "").strip()
    return SendBackInput(line, quantity, f"repaired_{line.uuid}" in data, serial)


def _charged(line: ReturnLine, data: QueryDict) -> ChargeInput | None:
    if f"line_{line.uuid}" not in data:
        return None
    return ChargeInput(line, _price(data.get(f"price_{line.uuid}", "")))


def _price(text: str) -> Decimal | None:
    field = AmountField(required=False, max_digits=19, decimal_places=6)
    found: Decimal | None = field.clean(text.strip())
    return found


def _replaceable(papers: Dossier) -> list[ReturnLine]:
    return [line for line in papers.lines if unanswered_in_advance(line) > 0]


def _sendable(papers: Dossier) -> list[ReturnLine]:
    return [line for line in papers.lines if sendable(line) > 0]


def _open_charges(papers: Dossier) -> list[ExtraLine]:
    rows = papers.order.extra_lines.all()
    return [line for line in rows if not (line.void or line.credited) and extra_gross(line) < 0]


def _row(line: ReturnLine, data: QueryDict, errors: Errors) -> Row:
    key = str(line.uuid)
    return {
        "key": key,
        **goods_of(line),
        "outcome": line.get_outcome_display(),
        "value": data.get(f"quantity_{key}", ""),
        "error": errors.get(key, ""),
    }


def _replace_row(line: ReturnLine, data: QueryDict, errors: Errors) -> Row:
    ready = unanswered(line)
    row = _row(line, data, errors)
    if not data and line.outcome == Outcome.REPLACEMENT and ready:
        row["value"] = money.plain(ready)
    return {
        **row,
        "ready": ready,
        "early": unanswered_in_advance(line) - ready,
        "other_part": data.get(f"part_{line.uuid}", ""),
        "difference": data.get(f"difference_{line.uuid}", ""),
    }


def _send_row(line: ReturnLine, data: QueryDict, errors: Errors) -> Row:
    several = line.part is not None and line.part.is_serialized and line.stock_item is None
    row = _row(line, data, errors)
    decided = not data and undisposed(line) == 0
    if decided and not several:
        row["value"] = money.plain(sendable(line))
    return {
        **row,
        "here": sendable(line),
        "undecided": undecided(line),
        "for_repair": line.outcome == Outcome.REPAIR,
        "repaired": f"repaired_{line.uuid}" in data
        or (decided and line.outcome == Outcome.REPAIR and line.accepted > 0),
        "asks_serial": several,
        "typed_serial": data.get(f"serial_{line.uuid}", ""),
    }


def _charge_row(line: ReturnLine, data: QueryDict, errors: Errors) -> Row:
    sold = line.order_line
    return {
        **_row(line, data, errors),
        "due": chargeable(line),
        "checked": f"line_{line.uuid}" in data,
        "price": data.get(f"price_{line.uuid}", ""),
        "usual": sold.gross_unit_price if sold else None,
        "currency": sold.order.currency if sold else "",
    }


def _extra_row(line: ExtraLine, data: QueryDict) -> Row:
    return {
        "key": str(line.uuid),
        "name": line.name,
        "amount": -extra_gross(line),
        "currency": line.currency,
        "checked": f"extra_{line.uuid}" in data,
    }
