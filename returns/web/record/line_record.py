"""The record of one line: what came, what was found on it by whom, and what became of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from returns.counting import still_expected, undecided, undisposed
from returns.models import Disposal, Inspection, LineCredit, Receipt, ReturnLine
from returns.web.crumbs import crumbs
from returns.web.inspection.disposing import EFFECTS
from returns.web.inspection.rows import shown_answer
from returns.web.record import papers as show
from returns.web.record.history import person
from returns.web.record.loading import Dossier, dossier
from returns.web.record.naming import goods_of
from rmaproject.files.models import Attachment
from rmaproject.files.selectors import attachments_of
from rmaproject.shared import money
from rmaproject.shared.errors import NotFound
from rmaproject.web.nav import address
from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest, staff


@staff
def line(request: StaffRequest, ident: UUID, line_ident: UUID) -> HttpResponse:
    """All that is known of one line of a return, newest verdict first."""
    papers = dossier(request.actor, ident)
    found = next((row for row in papers.lines if row.uuid == line_ident), None)
    if found is None:
        raise NotFound(_("The return has no such line."), code="not_found")
    return page(request, "returns/line.html", _context(request, papers, found))


def _context(request: StaffRequest, papers: Dossier, line: ReturnLine) -> dict[str, Any]:
    order = papers.order
    photos = {str(row.uuid): row for row in attachments_of(order) if row.is_image}
    disposals = [row for row in order.disposals.all() if row.line_id == line.pk]
    told = list(_told(line))
    used = {photo for row in told for photo in row.photos}
    loose = [row for key, row in photos.items() if row.about == line.uuid and key not in used]
    return {
        "return_order": show.header(papers),
        "crumbs": crumbs(order),
        "line": _line(line),
        "inspections": [
            {
                **_inspection(papers, row, photos, disposals),
                **_standing(row, _again_url(request, papers, row, disposals)),
            }
            for row in told
        ],
        "other_disposals": [
            _disposal(row) for row in disposals if row.inspection_id not in _keys(told)
        ],
        "loose": [_photo(papers, row) for row in loose],
        "arrivals": _arrivals(papers, line),
        "facts": _facts(line),
        "empty": _empty(),
        **_ways(request, papers, line),
    }


def _told(line: ReturnLine) -> Any:
    """Every verdict on the line, newest first, also those that count no more."""
    rows = Inspection.told.filter(line=line).select_related(
        "disposition",
        "proposed_disposition",
        "actor",
        "replaced_by__actor",
        "receipt_line__receipt",
    )
    paid = LineCredit.objects.filter(inspection=OuterRef("pk"), credit_line__live=True)
    return rows.annotate(undone=Exists(_taken_back()), paid=Exists(paid)).order_by("-pk")


def _taken_back() -> Any:
    return Receipt.objects.filter(reverses=OuterRef("receipt_line__receipt"))


def _standing(row: Inspection, again_url: str) -> dict[str, Any]:
    """Whether a verdict counts; what was judged again says by whom."""
    later = getattr(row, "replaced_by", None)
    undone = bool(getattr(row, "undone", False))
    return {
        "replaced_at": later.at if later else None,
        "replaced_who": (person(later.actor) or _("The program")) if later else "",
        "undone": undone,
        "again_url": "" if later or undone else again_url,
    }


def _again_url(
    request: StaffRequest, papers: Dossier, row: Inspection, disposals: list[Disposal]
) -> str:
    """Where to look again; "" where what was decided is carried out, or it may not be."""
    open_to = papers.order.status == "in_progress" and request.actor.may("returns.inspect_return")
    carried = any(moved.inspection_id == row.pk for moved in disposals)
    if not open_to or carried or getattr(row, "paid", False):
        return ""
    place = reverse("returns:inspect", args=[papers.order.uuid])
    return f"{place}?again={row.uuid}"


def _keys(rows: list[Inspection]) -> set[int | None]:
    return {row.pk for row in rows}


def _line(line: ReturnLine) -> dict[str, Any]:
    unit = line.stock_item
    return {
        **goods_of(line),
        "life_url": address("stock:item", unit.uuid) if unit else "",
        "unexpected": line.unexpected,
        "quantity": line.quantity,
        "released": line.released,
        "received": line.received,
        "accepted": line.accepted,
        "rejected": line.rejected,
    }


def _inspection(
    papers: Dossier, row: Inspection, photos: dict[str, Attachment], disposals: list[Disposal]
) -> dict[str, Any]:
    snapshot = row.snapshot
    grade, proposed = snapshot.get("grade", {}), snapshot.get("proposed", {})
    return {
        "id": str(row.uuid),
        "at": row.at,
        "who": person(row.actor) or _("The program"),
        "quantity": row.quantity,
        "grade": row.grade,
        "grade_name": grade.get("name", ""),
        "criteria": grade.get("criteria", ""),
        "verdict": row.get_verdict_display(),
        "tone": "ok" if row.verdict == "accepted" else "bad",
        "share": row.share if row.verdict == "accepted" else None,
        "sheet": snapshot.get("sheet", ""),
        "sheet_version": snapshot.get("sheet_version", ""),
        "answers": [
            {"text": told["text"], "answer": shown_answer(told["answer"])}
            for told in snapshot.get("answers", [])
        ],
        "proposed": proposed if proposed and proposed.get("grade") != row.grade else None,
        "override": row.override_reason,
        "against": _against(row),
        "disposition": row.disposition.name if row.disposition else "",
        "serial": row.serial,
        "note": row.note,
        "photos": [_photo(papers, photos[key]) for key in row.photos if key in photos],
        "disposals": [_disposal(moved) for moved in disposals if moved.inspection_id == row.pk],
    }


def _against(row: Inspection) -> str:
    """What the grade had proposed, where it was decided otherwise."""
    if not row.override_reason:
        return ""
    words = []
    if row.proposed_disposition is not None and row.proposed_disposition != row.disposition:
        words.append(row.proposed_disposition.name)
    if row.proposed_share is not None and row.proposed_share != row.share:
        words.append(_("%(share)s %% of the price") % {"share": money.plain(row.proposed_share)})
    return ", ".join(words)


def _disposal(row: Disposal) -> dict[str, Any]:
    return {
        "at": row.at,
        "what": row.disposition.name,
        "effect": EFFECTS[row.action],
        "quantity": row.quantity,
        "override": row.override_reason,
        "write_off": row.write_off or None,
        "cost_currency": row.cost_currency,
        "handling": row.handling or None,
        "handling_currency": row.handling_currency,
        "fee": -row.fee_line.gross_unit_price * row.quantity if row.fee_line else None,
        "fee_currency": row.fee_line.currency if row.fee_line else "",
    }


def _photo(papers: Dossier, row: Attachment) -> dict[str, str]:
    return {
        "id": str(row.uuid),
        "url": reverse("returns:file", args=[papers.order.uuid, row.uuid]),
        "caption": row.comment or row.name,
    }


def _arrivals(papers: Dossier, line: ReturnLine) -> list[dict[str, Any]]:
    return [
        {
            "at": receipt.at,
            "who": person(receipt.actor),
            "quantity": row.quantity,
            "place": row.location.code if row.location else _("No stock moved"),
            "condition": row.get_condition_display(),
            "note": row.note,
            "undone": receipt.reverses_id is not None or hasattr(receipt, "reversed_by"),
        }
        for receipt in papers.order.receipts.all()
        for row in receipt.lines.all()
        if row.line_id == line.pk
    ]


def _facts(line: ReturnLine) -> list[dict[str, Any]]:
    figures = (
        (_("Announced"), line.quantity),
        (_("Received"), line.received),
        (_("Accepted"), line.accepted),
        (_("Rejected"), line.rejected),
        (_("To inspect"), undecided(line)),
        (_("To decide"), undisposed(line)),
        (_("Credited"), line.credited),
    )
    rows: list[dict[str, Any]] = [
        {"label": label, "value": money.plain(units)} for label, units in figures if units
    ]
    if line.reason:
        rows.append({"label": _("Reason"), "value": line.reason.name})
    if line.note:
        rows.append({"label": _("Customer says"), "value": line.note})
    return rows


def _ways(request: StaffRequest, papers: Dossier, line: ReturnLine) -> dict[str, str]:
    actor, order = request.actor, papers.order
    open_to = order.status == "in_progress" and not line.void
    inspects = open_to and undecided(line) > 0 and actor.may("returns.inspect_return")
    decides = open_to and undisposed(line) > 0 and actor.may("returns.dispose_return")
    place = reverse("returns:inspect", args=[order.uuid])
    labels = reverse("returns:item_labels", args=[order.uuid])
    return {
        "labels_url": f"{labels}?line={line.number}" if line.received else "",
        "slip_url": reverse("returns:slip", args=[order.uuid]) if still_expected(line) else "",
        "inspect_url": f"{place}?line={line.uuid}" if inspects else "",
        "dispose_url": reverse("returns:dispose", args=[order.uuid]) if decides else "",
    }


def _empty() -> dict[str, str]:
    text = _("What an inspector finds on these goods appears here.")
    return {"icon": "inspect", "title": _("Nobody looked at it yet"), "text": text}
