"""The page of the inspector: what is here, the grade, the answers, the pictures."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.base import File
from django.forms import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from returns import services
from returns.counting import undecided
from returns.models import Disposition, ReturnLine, Sheet, Verdict
from returns.selectors import active_sheets, sheet_of
from returns.services import InspectInput
from returns.web import papers as show
from returns.web.crumbs import crumbs
from returns.web.disposing import Errors, goods_row, last_receipts, problems_of, text_of
from returns.web.loading import Dossier, opened
from rmaproject.files.selectors import attachments_of
from rmaproject.shared import money
from rmaproject.shared.errors import DomainError
from rmaproject.shared.http import status_of
from rmaproject.web.forms import posted_quantity
from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.versions import at_version, shown_version

Sheets = dict[int | None, Sheet]


@staff
def inspect(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Judge what is here, line by line, by the sheet for its class of parts."""
    papers = opened(request, ident, "inspect")
    if request.method != "POST":
        return _inspect_page(request, papers, {})
    wanted, errors = _findings(request, papers)
    if not errors and not wanted:
        errors[""] = _("Give a grade or a verdict for at least one line.")
    if errors:
        return _inspect_page(request, papers, errors, status=422)
    try:
        at_version(request, papers.order, lambda: _inspect(request, papers, wanted))
    except DomainError as refusal:
        return _inspect_page(request, papers, errors, refusal=refusal)
    messages.success(request, _("Inspected."))
    return redirect("returns:detail", ident)


def _inspect(request: StaffRequest, papers: Dossier, wanted: list[InspectInput]) -> None:
    """Attach the new pictures of each line, then judge; all of it or nothing."""
    with_photos = [
        replace(entry, photos=[*entry.photos, *_attached(request, papers, entry.line)])
        for entry in wanted
    ]
    services.inspect_return(papers.order.pk, with_photos, actor=request.actor)


def _attached(request: StaffRequest, papers: Dossier, line: ReturnLine) -> list[UUID]:
    files = request.FILES.getlist(f"photos_{line.uuid}")
    if files:
        request.actor.require("returns.comment_return")
    return [_attach(request, papers, line, file) for file in files if file.name]


def _attach(request: StaffRequest, papers: Dossier, line: ReturnLine, file: File[bytes]) -> UUID:
    name, content = str(file.name), file.read()
    kept = services.attach_file(
        papers.order.pk, name, content, about=line.uuid, actor=request.actor
    )
    return kept.uuid


def _findings(request: StaffRequest, papers: Dossier) -> tuple[list[InspectInput], Errors]:
    """Lines with a grade or a verdict; the others wait."""
    sheets = active_sheets()
    choices = {str(row.uuid): row for row in Disposition.objects.filter(active=True)}
    wanted: list[InspectInput] = []
    errors: Errors = {}
    for line in _waiting(papers):
        key = str(line.uuid)
        if not text_of(request, f"grade_{key}") and not text_of(request, f"verdict_{key}"):
            continue
        try:
            wanted.append(_finding(request, line, sheet_of(sheets, line), choices))
        except ValidationError as error:
            errors[key] = " ".join(error.messages)
    return wanted, errors


def _finding(
    request: StaffRequest, line: ReturnLine, sheet: Sheet | None, choices: dict[str, Disposition]
) -> InspectInput:
    key = str(line.uuid)

    def told(name: str) -> str:
        return text_of(request, f"{name}_{key}")

    return InspectInput(
        line,
        quantity=posted_quantity(told("quantity")),
        grade=told("grade"),
        answers=_answers(request, key, sheet),
        serial=told("serial"),
        verdict=told("verdict"),
        share=_share(told("share")),
        disposition=choices.get(told("disposition")),
        override_reason=told("override_reason"),
        note=told("note"),
        photos=_chosen_photos(request, key),
        dispose=bool(told("dispose")),
    )


def _answers(request: StaffRequest, key: str, sheet: Sheet | None) -> dict[str, Any]:
    """What was answered; an empty field is no answer."""
    found: dict[str, Any] = {}
    for number, question in enumerate(sheet.questions if sheet else ()):
        text = text_of(request, f"answer_{key}_{number}")
        if text:
            yes_no = question["kind"] == "yes_no"
            found[question["code"]] = (text == "yes") if yes_no else text
    return found


def _share(text: str) -> Decimal | None:
    if text in ("", "0"):
        return money.ZERO if text else None
    return posted_quantity(text)


def _chosen_photos(request: StaffRequest, key: str) -> list[UUID]:
    found = []
    for text in request.POST.getlist(f"photo_{key}"):
        try:
            found.append(UUID(text))
        except ValueError as error:
            raise ValidationError(_("This is no picture of the return.")) from error
    return found


def _waiting(papers: Dossier) -> list[ReturnLine]:
    return [line for line in papers.lines if not line.void and undecided(line) > 0]


def _inspect_page(
    request: StaffRequest,
    papers: Dossier,
    errors: Errors,
    *,
    status: int = 200,
    refusal: DomainError | None = None,
) -> HttpResponse:
    last, sheets, actor = last_receipts(papers), active_sheets(), request.actor
    pictures = [row for row in attachments_of(papers.order) if row.is_image]
    rows = [
        {
            **goods_row(line, last.get(line.pk)),
            **_asked(request, line, sheet_of(sheets, line)),
            "error": errors.get(str(line.uuid), ""),
        }
        for line in _waiting(papers)
    ]
    dispositions = Disposition.objects.filter(active=True).exclude(action="customer_keeps")
    text = _("Goods that were received and not inspected appear here.")
    context = {
        "return_order": show.header(papers),
        "crumbs": crumbs(papers.order),
        "version": shown_version(request, papers.order, refusal),
        "lines": rows,
        "lines_empty": {"icon": "inspect", "title": _("Nothing to inspect"), "text": text},
        "verdicts": [{"value": value, "label": label} for value, label in Verdict.choices],
        "dispositions": [
            {"value": str(row.uuid), "label": row.name} for row in dispositions.order_by("name")
        ],
        "pictures": [{"value": str(row.uuid), "label": row.name} for row in pictures],
        "may_override": actor.may("returns.override_inspection"),
        "may_dispose": actor.may("returns.dispose_return"),
        "may_attach": actor.may("returns.comment_return"),
        "problems": [errors[""]] if "" in errors else problems_of(errors, refusal),
        "cancel_url": reverse("returns:detail", args=[papers.order.uuid]),
    }
    status = status_of(refusal) if refusal else status
    return page(request, "returns/inspect.html", context, status=status)


def _asked(request: StaffRequest, line: ReturnLine, sheet: Sheet | None) -> dict[str, Any]:
    """The sheet for a line, with what was typed into it before."""
    key = str(line.uuid)
    names = "quantity grade serial verdict share disposition override_reason note dispose".split()
    given = {name: request.POST.get(f"{name}_{key}", "") for name in names}
    if request.method != "POST":
        given["dispose"] = "on"
    return {
        "quantity": undecided(line),
        "given": given,
        "otherwise": any(
            given[name] for name in ("verdict", "share", "disposition", "override_reason")
        ),
        "photos_given": request.POST.getlist(f"photo_{key}"),
        "sheet": sheet.name if sheet else "",
        "photos_needed": sheet.photos if sheet else 0,
        "scans": bool(sheet and sheet.serial_check) or bool(line.part and line.part.is_serialized),
        "grades": [_grade(grade) for grade in sheet.grades.all()] if sheet else [],
        "questions": [
            {**question, "name": f"answer_{key}_{number}", "value": _posted(request, key, number)}
            for number, question in enumerate(sheet.questions if sheet else ())
        ],
    }


def _posted(request: StaffRequest, key: str, number: int) -> str:
    return request.POST.get(f"answer_{key}_{number}", "")


def _grade(grade: Any) -> dict[str, Any]:
    """A grade in words: what it looks like, and what it proposes."""
    words = [grade.get_verdict_display()]
    if grade.verdict == Verdict.ACCEPTED:
        words.append(_("%(share)s %% of the price") % {"share": money.plain(grade.share)})
    if grade.disposition is not None:
        words.append(grade.disposition.name)
    return {
        "code": grade.code,
        "name": grade.name,
        "criteria": grade.criteria,
        "proposal": ", ".join(str(word) for word in words),
    }
