"""Changes of an open return: header, lines, extra lines, parcels; each form is one transaction."""

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
from returns.custom import by_line, fields_of
from returns.models import CustomValue, Reason, ReturnLine, ReturnOrder, Target
from returns.web.asking.choosing import choice_context, reasons_by_key
from returns.web.asking.picking import Choice, Picked, blind_lines
from returns.web.crumbs import crumbs
from returns.web.forms import EditReturnForm, active_reasons, outcomes, posted_outcome
from returns.web.record import custom
from returns.web.record.loading import Dossier, opened
from returns.web.record.naming import line_name
from returns.web.record.rules import problems_of
from rmaproject.shared import money
from rmaproject.shared.errors import DomainError
from rmaproject.shared.http import status_of
from rmaproject.web.forms import posted_quantity
from rmaproject.web.merging import Extra, meet
from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.versions import at_version, shown_version

Change = Callable[[], object]


@staff
def edit(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Change the facts and lines of a return; everything on the form, or nothing."""
    papers = opened(request, ident, "edit")
    if request.method != "POST":
        return _page(request, papers, _header(request, papers.order), Picked(), request.GET)
    form = _header(request, papers.order, request.POST)
    reasons = reasons_by_key()
    errors: dict[str, str] = {}
    changes = _line_changes(request, papers, reasons, errors)
    picked = _choice(request, papers, request.POST).picked(_keys(papers))
    blind_lines(request.actor, request.POST, reasons, picked)
    picked.errors |= errors
    if request.POST.get("go") or request.POST.get("do") == "pick":
        return _page(request, papers, form, picked, request.POST)
    if not form.is_valid() or picked.problems:
        return _page(request, papers, form, picked, request.POST, status=422)
    try:
        at_version(request, papers.order, lambda: _apply(request, papers, form, changes, picked))
    except DomainError as refusal:
        met = meet(request, form, refusal, _line_values(papers))
        picked.blame(refusal)
        _blame_existing(papers, picked, refusal)
        data = met.data if met else request.POST
        return _page(request, papers, form, picked, data, refusal=refusal)
    messages.success(request, _("Saved."))
    return redirect("returns:detail", ident)


def _choice(request: StaffRequest, papers: Dossier, data: QueryDict) -> Choice:
    return Choice(request.actor, papers.order.customer, papers.order.business, data)


def _keys(papers: Dossier) -> list[str]:
    return [str(line.uuid) for line in papers.lines]


def _header(
    request: StaffRequest, order: ReturnOrder, data: QueryDict | None = None
) -> EditReturnForm:
    owner = f"u{order.responsible_user_id}" if order.responsible_user_id else ""
    if order.responsible_group_id:
        owner = f"g{order.responsible_group_id}"
    initial = {
        "customer_reference": order.customer_reference,
        "target_date": order.target_date,
        "responsible": owner,
        "reason": order.reason,
        "note": order.note,
        "refund_by": order.refund_by,
        "location": order.location.uuid if order.location else None,
    }
    held = custom.held_by(values_of(order).filter(line=None))
    return EditReturnForm(data, initial=initial, actor=request.actor, custom=held)


def values_of(order: ReturnOrder) -> Any:
    """What was written into the custom fields of a return and its lines."""
    return CustomValue.objects.filter(return_order=order).select_related("field")


def _apply(
    request: StaffRequest,
    papers: Dossier,
    form: EditReturnForm,
    changes: list[Change],
    picked: Picked,
) -> None:
    services.edit_return(papers.order.pk, form.values(), actor=request.actor)
    for change in changes:
        change()
    if picked.inputs:
        services.add_lines(
            papers.order.pk, picked.inputs, actor=request.actor, override_reason=form.override()
        )


def _line_changes(
    request: StaffRequest, papers: Dossier, reasons: dict[str, Reason], errors: dict[str, str]
) -> list[Change]:
    """What the form says about the lines that are there, as calls in their order."""
    found: list[Change] = []
    fields = fields_of(Target.LINE)
    held = by_line(values_of(papers.order)) if fields else {}
    why = request.POST.get("override_reason", "")
    for line in _open_lines(papers):
        key = str(line.uuid)
        if request.POST.get(f"remove_{key}"):
            found.append(_removal(line, request))
            continue
        try:
            values = _changed(line, key, request.POST, reasons)
            written = custom.held_by(held.get(line.pk, ()))
            told = custom.changed(fields, request.POST, key, written)
            values |= {"custom": told} if told else {}
        except ValidationError as error:
            errors[key] = " ".join(error.messages)
            continue
        if values:
            found.append(_change(line, values, request, why))
    return found


def _changed(
    line: ReturnLine, key: str, data: QueryDict, reasons: dict[str, Reason]
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    quantity = posted_quantity(data.get(f"quantity_{key}", ""))
    if quantity is not None and quantity != line.quantity:
        values["quantity"] = quantity
    if f"reason_{key}" in data:
        chosen = data.get(f"reason_{key}", "")
        reason = reasons.get(chosen)
        if reason != line.reason and (reason is not None or not chosen):
            values["reason"] = reason
    outcome = posted_outcome(data, key, line.outcome)
    return values if outcome == line.outcome else {**values, "outcome": outcome}


def _removal(line: ReturnLine, request: StaffRequest) -> Change:
    return lambda: services.remove_line(line, actor=request.actor)


def _change(line: ReturnLine, values: dict[str, Any], request: StaffRequest, why: str) -> Change:
    return lambda: services.edit_line(line, values, actor=request.actor, override_reason=why)


def _open_lines(papers: Dossier) -> list[ReturnLine]:
    return [line for line in papers.lines if not line.void and not line.unexpected]


def _blame_existing(papers: Dossier, picked: Picked, refusal: DomainError) -> None:
    """A figure about a sold line belongs to the line of this return that was raised."""
    told = {figure["order_line"]: figure for figure in refusal.facts.get("lines", [])}
    added = {key for key, _line in picked.lines}
    for line in _open_lines(papers):
        sold = str(line.order_line.uuid) if line.order_line else ""
        figure = told.get(sold)
        if figure is not None and sold not in added:
            picked.errors.pop(sold, None)
            more = Decimal(figure["returnable"])
            words = _("Only %(more)s more can be returned.") % {"more": money.plain(more)}
            picked.errors[str(line.uuid)] = words


def _page(
    request: StaffRequest,
    papers: Dossier,
    form: EditReturnForm,
    picked: Picked,
    data: QueryDict,
    *,
    status: int = 200,
    refusal: DomainError | None = None,
) -> HttpResponse:
    order = papers.order
    context = {
        "editing": True,
        "reference": order.reference,
        "form": form,
        "crumbs": crumbs(order),
        "version": shown_version(request, order, refusal),
        "problems": [] if hasattr(form, "meeting") else _problems(picked, refusal),
        "problem_count": len(picked.errors),
        "line_values": _line_values(papers),
        "cancel_url": reverse("returns:detail", args=[order.uuid]),
        "reasons": active_reasons(line.reason for line in papers.lines),
        "outcomes": outcomes(),
        "existing": _existing_lines(papers, data, picked.errors),
        "blind": blind_lines(request.actor, data, {}, Picked()),
        "next_steps": [{"text": _("What was received, released or credited stays.")}],
        **choice_context(_choice(request, papers, data), picked),
    }
    status = status_of(refusal) if refusal else status
    return page(request, "returns/form.html", context, status=status, part="returns/_choice.html")


def _line_values(papers: Dossier) -> list[Extra]:
    """What the inputs of the lines say when nobody has touched them."""
    lines = _open_lines(papers)
    reasons = _labels(active_reasons(line.reason for line in lines))
    results = _labels(outcomes())
    found = []
    for line in lines:
        key, part = str(line.uuid), {"part": line_name(line)}
        own = str(line.reason.uuid) if line.reason else ""
        quantity = money.plain(line.quantity)
        found += [
            Extra(f"quantity_{key}", _("%(part)s: quantity") % part, quantity),
            Extra(f"reason_{key}", _("%(part)s: reason") % part, own, reasons),
            Extra(f"outcome_{key}", _("%(part)s: outcome") % part, line.outcome, results),
        ]
    return found


def _labels(options: list[dict[str, str]]) -> dict[str, str]:
    return {option["value"]: str(option["label"]) for option in options}


def _problems(picked: Picked, refusal: DomainError | None) -> list[str]:
    """The refusal's own sentence, unless the lines say it with their own figures."""
    if refusal is None:
        return picked.problems
    if picked.errors:
        return [_("Correct the marked lines and try again.")]
    return problems_of(refusal)


def _existing_lines(
    papers: Dossier, data: QueryDict, errors: dict[str, str]
) -> list[dict[str, Any]]:
    fields = fields_of(Target.LINE)
    held = by_line(values_of(papers.order)) if fields else {}
    rows = []
    for line in _open_lines(papers):
        written = custom.held_by(held.get(line.pk, ()))
        inputs = custom.line_inputs(fields, data, str(line.uuid), written)
        rows.append({**_existing(line, data, errors), "fields": inputs})
    return rows


def _existing(line: ReturnLine, data: QueryDict, errors: dict[str, str]) -> dict[str, Any]:
    key = str(line.uuid)
    own = str(line.reason.uuid) if line.reason else ""
    return {
        "key": key,
        "part": line_name(line),
        "sku": line.part.sku if line.part else "",
        "quantity": data.get(f"quantity_{key}", line.quantity),
        "minimum": line.received + line.released,
        "reason": data.get(f"reason_{key}", own),
        "outcome": posted_outcome(data, key, line.outcome),
        "error": errors.get(key, ""),
    }
