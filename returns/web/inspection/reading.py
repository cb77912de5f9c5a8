"""What was posted about a line, as the service takes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.forms import ValidationError
from django.utils.translation import gettext as _

from returns.models import Disposition, ReturnLine, Sheet
from returns.selectors import active_sheets, sheet_of
from returns.services import InspectInput
from returns.services.grading import plain_case
from returns.web.inspection.disposing import Errors, text_of
from rmaproject.shared import money
from rmaproject.web.forms import posted_quantity
from rmaproject.web.staff import StaffRequest


@dataclass
class Findings:
    """What was found, line by line, and what could not be read."""

    wanted: list[InspectInput] = field(default_factory=list)
    errors: Errors = field(default_factory=dict)


def findings(request: StaffRequest, lines: Iterable[ReturnLine]) -> Findings:
    """Lines with a grade, a verdict or a split; the others wait."""
    sheets, found = active_sheets(), Findings()
    choices = {str(row.uuid): row for row in Disposition.objects.filter(active=True)}
    for line in lines:
        sheet = sheet_of(sheets, line)
        try:
            found.wanted += _entries(request, line, sheet, choices)
        except ValidationError as error:
            found.errors[str(line.uuid)] = " ".join(error.messages)
    if not found.errors and not found.wanted:
        found.errors[""] = _("Give a grade or a verdict for at least one line.")
    return found


def as_expected(request: StaffRequest, line: ReturnLine) -> InspectInput | None:
    """The finding that all of a line is as expected; None where the sheet has no plain case."""
    case = plain_case(sheet_of(active_sheets(), line))
    if case is None:
        return None
    move = request.actor.may("returns.dispose_return")
    return InspectInput(line, grade=case.grade.code, answers=case.answers, dispose=move)


def _entries(
    request: StaffRequest, line: ReturnLine, sheet: Sheet | None, choices: dict[str, Disposition]
) -> list[InspectInput]:
    key = str(line.uuid)
    parts = _split(request, key, sheet)
    if parts:
        return [
            _finding(request, line, sheet, choices, grade=grade, quantity=quantity)
            for grade, quantity in parts
        ]
    answers = any(text for text in answers_of(request, key, sheet).values())
    told = text_of(request, f"grade_{key}") or text_of(request, f"verdict_{key}") or answers
    return [_finding(request, line, sheet, choices)] if told else []


def _split(request: StaffRequest, key: str, sheet: Sheet | None) -> list[tuple[str, Decimal]]:
    grades = list(sheet.grades.all()) if sheet else []
    posted = (
        (grade.code, posted_quantity(text_of(request, f"split_{key}_{number}")))
        for number, grade in enumerate(grades)
    )
    return [(code, quantity) for code, quantity in posted if quantity is not None]


def _finding(
    request: StaffRequest,
    line: ReturnLine,
    sheet: Sheet | None,
    choices: dict[str, Disposition],
    **given: Any,
) -> InspectInput:
    key = str(line.uuid)

    def told(name: str) -> str:
        return text_of(request, f"{name}_{key}")

    values = {
        "quantity": posted_quantity(told("quantity")) if not given else None,
        "grade": told("grade"),
        "answers": answers_of(request, key, sheet),
        "serial": told("serial"),
        "verdict": told("verdict"),
        "share": _share(told("share")),
        "disposition": choices.get(told("disposition")),
        "override_reason": told("override_reason"),
        "note": told("note"),
        "photos": _chosen_photos(request, key),
        "dispose": bool(told("dispose")),
    }
    if given:
        values |= {"verdict": "", "share": None, "disposition": None, "override_reason": ""}
    return InspectInput(line, **{**values, **given})


def answers_of(request: StaffRequest, key: str, sheet: Sheet | None) -> dict[str, Any]:
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
