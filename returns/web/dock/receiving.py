"""At the dock: count what is in your hands; nothing is refused that can be kept and decided."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.forms import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from returns import services
from returns.counting import still_expected
from returns.models import Condition, ReturnLine
from returns.services import ArrivalInput, ReceiveInput, SurpriseInput
from returns.web.crumbs import dock_crumbs
from returns.web.dock.surprises import Surprises, read_surprises
from returns.web.forms import places
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

CONDITIONS: Final = [
    {"value": value, "label": label}
    for value, label in Condition.choices
    if value != Condition.UNKNOWN
]

Row = dict[str, Any]


@dataclass
class Counted:
    """What the form says arrived, and what is wrong with it, by the keys of lines and rows."""

    arrivals: list[tuple[str, ArrivalInput]] = field(default_factory=list)
    surprises: list[SurpriseInput] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    spare_rows: list[int] = field(default_factory=lambda: Surprises().spare_rows)
    errors: dict[str, str] = field(default_factory=dict)

    def blame(self, refusal: DomainError) -> None:
        """Put the sentence of a refusal on the line that its pointer names."""
        found = re.match(r"/lines/(\d+)/", refusal.pointer)
        if found and int(found[1]) < len(self.arrivals):
            self.errors[self.arrivals[int(found[1])][0]] = refusal.message


@staff
def receive(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Book what arrived as one receipt."""
    papers = opened(request, ident, "receive")
    if request.method != "POST":
        return _page(request, papers, Counted())
    counted = _counted(papers, request.POST)
    if counted.errors:
        return _page(request, papers, counted, status=422)
    try:
        receipt = at_version(request, papers.order, lambda: _receive(request, papers, counted))
    except DomainError as refusal:
        counted.blame(refusal)
        return _page(request, papers, counted, refusal=refusal)
    words = _("%(reference)s: receipt %(n)s is booked.")
    shown = {"reference": papers.order.reference, "n": receipt.number}
    messages.success(request, words % shown)
    return redirect("returns:detail", ident)


def _receive(request: StaffRequest, papers: Dossier, counted: Counted) -> Any:
    given = ReceiveInput(
        lines=[arrival for _key, arrival in counted.arrivals],
        unexpected=counted.surprises,
        location=_chosen(places(), request.POST.get("location", "")),
        parcel=_chosen(papers.order.parcels.filter(void=False), request.POST.get("parcel", "")),
        note=request.POST.get("note", "").strip()[:500],
    )
    return services.receive_return(papers.order.pk, given, actor=request.actor)


def _chosen(rows: Any, key: str) -> Any:
    try:
        return rows.filter(uuid=UUID(key)).first() if key else None
    except ValueError:
        return None


def _counted(papers: Dossier, data: QueryDict) -> Counted:
    counted = Counted()
    for line in _expected(papers):
        _count_line(line, data, counted)
    found = read_surprises(data)
    counted.surprises, counted.rows = found.inputs, found.rows
    counted.spare_rows = found.spare_rows
    counted.errors |= found.errors
    return counted


def _expected(papers: Dossier) -> list[ReturnLine]:
    return [line for line in papers.lines if not line.void and not line.unexpected]


def _count_line(line: ReturnLine, data: QueryDict, counted: Counted) -> None:
    key = str(line.uuid)
    serials = re.split(r"[\s,;]+", data.get(f"serial_{key}", "").strip())
    serials = [serial[:64] for serial in serials if serial]
    try:
        quantity = posted_quantity(data.get(f"quantity_{key}", ""))
    except ValidationError as error:
        counted.errors[key] = " ".join(error.messages)
        return
    if quantity is None and data.get("do") == "all":
        quantity = still_expected(line) or None
    quantity = quantity or (Decimal(len(serials)) if serials else None)
    if quantity is None:
        return
    if names_units(line) and len(serials) != quantity:
        words = _("%(n)s units need %(n)s serial numbers; %(given)s are given.")
        shown = {"n": money.plain(quantity), "given": len(serials)}
        counted.errors[key] = words % shown
        return
    seen = _condition(data.get(f"condition_{key}", ""))
    for serial, number in _units(line, serials, quantity):
        arrival = ArrivalInput(line, quantity=number, serial=serial, condition=seen)
        counted.arrivals.append((key, arrival))


def names_units(line: ReturnLine) -> bool:
    """Whether the dock must say which units of a line arrived."""
    return line.stock_item is None and line.part is not None and line.part.is_serialized


def _units(line: ReturnLine, serials: list[str], quantity: Decimal) -> list[tuple[str, Decimal]]:
    if names_units(line):
        return [(serial, Decimal(1)) for serial in serials]
    return [("", quantity)]


def _condition(value: str) -> str:
    return value if value in Condition.values else Condition.UNKNOWN


def _page(
    request: StaffRequest,
    papers: Dossier,
    counted: Counted,
    *,
    status: int = 200,
    refusal: DomainError | None = None,
) -> HttpResponse:
    order, data = papers.order, request.POST
    open_units = show.expected_units(papers.lines)
    usual = order.business.returns_location
    context = {
        "return_order": show.header(papers),
        "crumbs": dock_crumbs(order),
        "count_of": order.uuid,
        "version": shown_version(request, order, refusal),
        "since": since_opened(request, papers, refusal),
        "lines": [_line(line, data, counted) for line in _expected(papers)],
        "open_text": _("%(n)s not here yet") % {"n": money.plain(open_units)},
        "lines_empty": {"icon": "receive", "title": _("Nothing was announced"), "text": ""},
        "locations": [{"value": str(row.uuid), "label": row.code} for row in places()],
        "location": data.get("location") or (str(usual.uuid) if usual else ""),
        "parcels": [_parcel(parcel) for parcel in order.parcels.all() if not parcel.void],
        "parcel": data.get("parcel", ""),
        "note": data.get("note", ""),
        "conditions": CONDITIONS,
        "unexpected": counted.rows,
        "spare_rows": counted.spare_rows,
        "problems": _problems(counted, refusal),
        "cancel_url": reverse("returns:detail", args=[order.uuid]),
    }
    status = status_of(refusal) if refusal else status
    return page(request, "returns/receive.html", context, status=status)


def _problems(counted: Counted, refusal: DomainError | None) -> list[str]:
    if refusal is not None:
        return [refusal.message]
    return [_("Correct the marked lines and try again.")] if counted.errors else []


def _parcel(parcel: Any) -> Row:
    words = f"{parcel.carrier} {parcel.tracking_number}".strip() or f"{parcel.number}"
    return {"value": str(parcel.uuid), "label": words}


def _line(line: ReturnLine, data: QueryDict, counted: Counted) -> Row:
    key = str(line.uuid)
    return {
        "key": key,
        **goods_of(line),
        "names_units": names_units(line),
        "serials": data.get(f"serial_{key}", ""),
        "quantity": line.quantity - line.released,
        "released": money.ZERO,
        "received": line.received,
        "accepted": line.accepted,
        "rejected": line.rejected,
        "open": still_expected(line),
        "value": data.get(f"quantity_{key}", ""),
        "condition": data.get(f"condition_{key}", ""),
        "error": counted.errors.get(key, ""),
    }
