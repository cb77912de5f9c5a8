"""The page on which one return is counted, and everything that is done on it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from returns.models import Count, CountState, ReturnOrder
from returns.selectors import access_return
from returns.services import attach_file
from returns.services import counts as service
from returns.services.counts import Command, live_count, tally_of
from returns.states import VERBS
from returns.web.crumbs import dock_crumbs
from returns.web.dock.count_rows import short_lines, state_of
from returns.web.record.history import person
from rmaproject.shared.errors import DomainError, NotFound, RuleViolation
from rmaproject.shared.http import status_of
from rmaproject.shared.transitions import require_legal
from rmaproject.web.forms import posted_quantity
from rmaproject.web.pages import asks_for_part, page
from rmaproject.web.staff import StaffRequest, staff

PART = "returns/_count.html"


@staff
def count(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Count a return; each posted code is one scan, the first one opens the count."""
    order = access_return(request.actor, ident, for_action="receive")
    if request.method != "POST":
        require_legal(VERBS, "receive", order.status)
        return _page(request, order)
    return _act(request, order, lambda: _scan(request, order))


def _scan(request: StaffRequest, order: ReturnOrder) -> HttpResponse | None:
    told = request.POST
    done = service.scan_code(
        order.pk,
        told.get("code", ""),
        key=told.get("key", "")[:64],
        quantity=_quantity(told.get("quantity", "")),
        actor=request.actor,
    )
    if done.command is Command.FINISH:
        return _go(request, reverse("returns:finish_count", args=[order.uuid]))
    if done.command is Command.PARK:
        return _park(request, order)
    return None


@staff
@require_POST
def undo(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Take the last scan back."""
    order = access_return(request.actor, ident, for_action="receive")
    key = request.POST.get("key", "")
    return _act(request, order, lambda: service.undo_scan(order.pk, key=key, actor=request.actor))


@staff
@require_POST
def choose(request: StaffRequest, ident: UUID, scan: UUID) -> HttpResponse:
    """Say which of several things a code meant."""
    order = access_return(request.actor, ident, for_action="receive")
    meaning, key = request.POST.get("meaning", ""), request.POST.get("key", "")

    def act() -> None:
        service.choose_meaning(order.pk, scan, meaning, key=key, actor=request.actor)

    return _act(request, order, act)


@staff
@require_POST
def step(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Set by hand how much of a line, or of unexpected goods, is in the count."""
    order = access_return(request.actor, ident, for_action="receive")

    def act() -> None:
        counted = _quantity(request.POST.get("counted", "")) or Decimal(0)
        key = _uuid(request.POST.get("of", ""))
        line = order.lines.filter(uuid=key).select_related("part", "stock_item").first()
        if line is not None:
            service.step_line(order.pk, line, counted, actor=request.actor)
        else:
            service.step_unexpected(order.pk, key, counted, actor=request.actor)

    return _act(request, order, act)


@staff
@require_POST
def carton(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Say how the carton looks."""
    order = access_return(request.actor, ident, for_action="receive")
    value = request.POST.get("carton", "")
    return _act(request, order, lambda: service.set_carton(order.pk, value, actor=request.actor))


@staff
@require_POST
def photo(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Keep a picture of the parcel with the return."""
    order = access_return(request.actor, ident, for_action="receive")
    file = request.FILES.get("file")

    def act() -> None:
        if file is None:
            raise RuleViolation(_("Choose a picture."), code="empty_file", pointer="/file")
        words = _("Parcel at receipt")
        attach_file(order.pk, str(file.name), file.read(), comment=words, actor=request.actor)
        messages.success(request, _("The picture is kept with the return."))

    return _act(request, order, act)


@staff
@require_POST
def park(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Put the count aside for anybody to go on with."""
    order = access_return(request.actor, ident, for_action="receive")
    return _act(request, order, lambda: _park(request, order))


def _park(request: StaffRequest, order: ReturnOrder) -> HttpResponse:
    service.park_count(order.pk, actor=request.actor)
    words = _("The count of %(reference)s is parked; anybody can go on with it.")
    messages.success(request, words % {"reference": order.reference})
    return _go(request, reverse("returns:to_receive"))


@staff
@require_POST
def resume(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Go on with a count that was parked, or that somebody else began."""
    order = access_return(request.actor, ident, for_action="receive")
    return _act(request, order, lambda: service.resume_count(order.pk, actor=request.actor))


@staff
@require_POST
def cancel(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Throw the count away; nothing of it is booked."""
    order = access_return(request.actor, ident, for_action="receive")
    reason = request.POST.get("reason", "")

    def act() -> HttpResponse:
        service.cancel_count(order.pk, reason=reason, actor=request.actor)
        messages.success(request, _("The count is thrown away. Nothing was booked."))
        return _go(request, reverse("returns:detail", args=[order.uuid]))

    return _act(request, order, act)


@staff
def name(request: StaffRequest, ident: UUID, scan: UUID) -> HttpResponse:
    """Say what a code is that nobody knows."""
    order = access_return(request.actor, ident, for_action="receive")
    refusal = None
    if request.method == "POST":
        try:
            _name(request, order, scan)
            return redirect("returns:count", ident)
        except DomainError as error:
            refusal = error
    asked = _waiting(order, scan)
    context = {
        "return_order": order,
        "scan": asked,
        "crumbs": dock_crumbs(order),
        "problems": [refusal.message] if refusal else [],
        "given": request.POST,
        "cancel_url": reverse("returns:count", args=[order.uuid]),
    }
    status = status_of(refusal) if refusal else 200
    return page(request, "returns/count_name.html", context, status=status)


def _name(request: StaffRequest, order: ReturnOrder, scan: UUID) -> None:
    told = request.POST
    service.name_unknown(
        order.pk,
        scan,
        code=told.get("code", ""),
        description=told.get("description", "")[:200],
        quantity=_quantity(told.get("quantity", "")) or Decimal(1),
        actor=request.actor,
    )


def _waiting(order: ReturnOrder, scan: UUID) -> Any:
    """The scan that waits to be named. Raises NotFound."""
    for row in tally_of(order, live_count(order)).live:
        if row.uuid == scan:
            return row
    raise NotFound(_("This scan waits for no answer any more."), code="not_found")


@staff
def finish(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Show what is short and what is surplus, then book the count as one receipt."""
    order = access_return(request.actor, ident, for_action="receive")
    refusal = None
    if request.method == "POST":
        try:
            service.finish_count(
                order.pk,
                short_ok=request.POST.get("short_ok") == "yes",
                note=request.POST.get("note", ""),
                actor=request.actor,
            )
        except DomainError as error:
            refusal = error
        else:
            # The page of the count says itself which receipt was booked.
            return redirect("returns:count", ident)
    return _finish_page(request, order, refusal)


def _finish_page(
    request: StaffRequest, order: ReturnOrder, refusal: DomainError | None
) -> HttpResponse:
    live = live_count(order)
    tally = tally_of(order, live)
    shown = state_of(order, live, tally)
    counted = [line for line in shown["lines"] if line["counted"]]
    context = {
        **shown,
        "crumbs": dock_crumbs(order),
        "counted": counted,
        "short": short_lines(tally),
        "note": request.POST.get("note", ""),
        "problems": [refusal.message] if refusal else [],
        "cancel_url": reverse("returns:count", args=[order.uuid]),
    }
    status = status_of(refusal) if refusal else 200
    return page(request, "returns/count_finish.html", context, status=status)


@staff
@require_POST
def reopen(request: StaffRequest, ident: UUID, receipt_ident: UUID) -> HttpResponse:
    """Take a receipt back and go on counting its goods."""
    order = access_return(request.actor, ident, for_action="receive")
    request.actor.require("returns.reverse_receipt")
    receipt = service.receipt_to_recount(order, receipt_ident)
    reason = request.POST.get("reason", "")

    def act() -> None:
        service.reopen_count(receipt.pk, reason=reason, actor=request.actor)
        words = _("Receipt %(n)s is taken back; its goods are in the count again.")
        messages.success(request, words % {"n": receipt.number})

    return _act(request, order, act)


def _act(request: StaffRequest, order: ReturnOrder, act: Callable[[], Any]) -> HttpResponse:
    """Do it and show the count as it then stands: to a script the part of it, else the page."""
    try:
        went = act()
    except DomainError as refusal:
        return _page(request, order, refusal)
    if isinstance(went, HttpResponse):
        return went
    if asks_for_part(request):
        return _page(request, order)
    return redirect("returns:count", order.uuid)


def _page(
    request: StaffRequest, order: ReturnOrder, refusal: DomainError | None = None
) -> HttpResponse:
    live = live_count(order)
    context = {
        **state_of(order, live, tally_of(order, live)),
        "crumbs": dock_crumbs(order),
        "problem": refusal.message if refusal else "",
        "finished": None if live else _finished(request, order),
    }
    status = status_of(refusal) if refusal else 200
    return page(request, "returns/count.html", context, part=PART, status=status)


def _finished(request: StaffRequest, order: ReturnOrder) -> dict[str, Any] | None:
    """The count that was finished last, with what may still be done about it."""
    rows = Count.objects.filter(
        return_order=order, state=CountState.FINISHED, receipt__reversed_by=None
    )
    last = rows.select_related("receipt", "closed_by").order_by("-pk").first()
    if last is None or last.receipt is None:
        return None
    may_reopen = request.actor.may("returns.reverse_receipt")
    keys = [order.uuid, last.receipt.uuid]
    labels = reverse("returns:item_labels", args=[order.uuid])
    return {
        "number": last.receipt.number,
        "who": person(last.closed_by),
        "at": last.closed_at,
        "labels_url": f"{labels}?receipt={last.receipt.uuid}",
        "plate_url": reverse("returns:plate_label", args=[order.uuid]),
        "detail_url": reverse("returns:detail", args=[order.uuid]),
        "reopen_url": reverse("returns:reopen_receipt", args=keys) if may_reopen else "",
    }


def _go(request: StaffRequest, url: str) -> HttpResponse:
    """Lead on to another page, a script too."""
    if not asks_for_part(request):
        return redirect(url)
    return HttpResponse(status=204, headers={"HX-Redirect": url})


def _quantity(text: str) -> Decimal | None:
    try:
        return posted_quantity(text)
    except ValidationError as error:
        words = " ".join(error.messages)
        raise RuleViolation(words, code="invalid_quantity", pointer="/quantity") from error


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound(_("There are no such goods in the count."), code="not_found") from error
