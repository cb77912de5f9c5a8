"""The sheet for one line as its page shows it: questions, grades, pictures, what comes of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from returns.models import Disposition, Grade, ReturnLine, ReturnOrder, Sheet, Verdict
from returns.services.grading import Proposal, answer_key, plain_case, proposed_grade
from returns.web.inspection.disposing import EFFECTS, text_of
from returns.web.inspection.reading import answers_of
from rmaproject.files.models import Attachment
from rmaproject.files.selectors import attachments_of, samples_of
from rmaproject.shared import money
from rmaproject.web.staff import StaffRequest

#: The icon of each fixed action.
ICONS: Final = {
    "restock": "shelf",
    "quarantine": "quarantine",
    "scrap": "trash",
    "repair": "wrench",
    "refurbish": "wrench",
    "return_to_vendor": "truck",
    "send_back": "back",
    "donate": "people",
    "customer_keeps": "user",
}
_TYPED: Final = "quantity grade serial verdict share disposition override_reason note".split()


def line_sheet(
    request: StaffRequest, line: ReturnLine, sheet: Sheet | None, units: Decimal
) -> dict[str, Any]:
    """The sheet for so many units of a line, with what was typed into it before."""
    key = str(line.uuid)
    given = {name: request.POST.get(f"{name}_{key}", "") for name in _TYPED}
    again = request.method == "POST"
    case = plain_case(sheet)
    return {
        "quantity": units,
        "several": units > 1,
        "given": given,
        "dispose": not again or bool(request.POST.get(f"dispose_{key}")),
        "otherwise": any(given[name] for name in ("verdict", "share", "override_reason")),
        "sheet": sheet.name if sheet else "",
        "sheet_version": sheet.version if sheet else "",
        "photos_needed": sheet.photos if sheet else 0,
        "scans": bool(sheet and sheet.serial_check) or bool(line.part and line.part.is_serialized),
        "grades": _grades(request, key, sheet),
        "questions": _questions(request, key, sheet),
        "expected": _expected(case.grade) if case else "",
        **result(request, line, sheet, units),
    }


def _expected(grade: Grade) -> str:
    to = grade.disposition.name if grade.disposition else ""
    return _("%(grade)s, %(to)s") % {"grade": grade.code, "to": to}


def _questions(request: StaffRequest, key: str, sheet: Sheet | None) -> list[dict[str, Any]]:
    return [
        {
            **question,
            "name": f"answer_{key}_{number}",
            "value": request.POST.get(f"answer_{key}_{number}", ""),
            "options": _options(question),
        }
        for number, question in enumerate(sheet.questions if sheet else ())
    ]


def _options(question: dict[str, Any]) -> list[dict[str, str]]:
    if question["kind"] == "yes_no":
        return [{"value": "yes", "label": _("Yes")}, {"value": "no", "label": _("No")}]
    return [{"value": text, "label": text} for text in question.get("choices", ())]


def _grades(request: StaffRequest, key: str, sheet: Sheet | None) -> list[dict[str, Any]]:
    if sheet is None:
        return []
    samples = samples_of(sheet)
    rows = []
    for number, grade in enumerate(sheet.grades.all()):
        split = f"split_{key}_{number}"
        rows.append(
            {
                **grade_words(grade),
                "disposition": str(grade.disposition.uuid) if grade.disposition else "",
                "share": money.plain(grade.share),
                "split_name": split,
                "split": request.POST.get(split, ""),
                "samples": [sample_url(sheet, row) for row in samples.get(grade.uuid, ())],
            }
        )
    return rows


def sample_url(sheet: Sheet, row: Attachment) -> str:
    """Where a sample photo of a grade is."""
    return reverse("returns:sample", args=[sheet.uuid, row.uuid])


def grade_words(grade: Grade) -> dict[str, Any]:
    """A grade in words: what it looks like, and what it proposes."""
    words = []
    if grade.disposition is not None:
        words.append(grade.disposition.name)
    if grade.verdict == Verdict.ACCEPTED:
        words.append(_("%(share)s %% of the price") % {"share": money.plain(grade.share)})
    else:
        words.append(str(grade.get_verdict_display()))
    return {
        "code": grade.code,
        "name": grade.name,
        "criteria": grade.criteria,
        "rejects": grade.verdict == Verdict.REJECTED,
        "proposal": ", ".join(words),
    }


def result(
    request: StaffRequest, line: ReturnLine, sheet: Sheet | None, units: Decimal
) -> dict[str, Any]:
    """What the answers propose, and what would come of the line as it is filled in now."""
    key = str(line.uuid)
    told = proposed_grade(sheet, answers_of(request, key, sheet))
    grades = {row.code: row for row in sheet.grades.all()} if sheet else {}
    grade = grades.get(text_of(request, f"grade_{key}")) or told.grade
    chosen = _disposition(text_of(request, f"disposition_{key}"))
    goes_to = chosen or (grade.disposition if grade else None)
    share = _share(text_of(request, f"share_{key}"), grade)
    return {
        "proposed": told.grade.code if told.grade else "",
        "proposal": _proposal(told),
        "goes_to": goes_to.name if goes_to else "",
        "effect": EFFECTS[goes_to.action] if goes_to else "",
        "credit": _credit(line, share, units),
    }


def _disposition(text: str) -> Disposition | None:
    found: dict[str, Disposition] = {str(row.uuid): row for row in _active()} if text else {}
    return found.get(text)


def _active() -> Any:
    return Disposition.objects.filter(active=True).exclude(action="customer_keeps")


def disposition_choices() -> list[dict[str, Any]]:
    """What may become of goods that are here."""
    return [
        {"value": str(row.uuid), "label": row.name, "icon": ICONS[row.action]}
        for row in _active().order_by("pk")
    ]


def _proposal(told: Proposal) -> str:
    if told.grade is None:
        return ""
    answer = {"yes": _("Yes"), "no": _("No")}.get(told.answer, told.answer)
    words = _("The answers propose %(grade)s, because of “%(question)s” %(answer)s")
    return words % {"grade": told.grade.code, "question": told.decided_by, "answer": answer}


def _share(text: str, grade: Grade | None) -> Decimal | None:
    typed = text.replace(",", ".")
    if typed.replace(".", "", 1).isdecimal() and len(typed) < 10:
        return min(Decimal(typed), Decimal(100))
    return grade.share if grade else None


def _credit(line: ReturnLine, share: Decimal | None, units: Decimal) -> dict[str, Any] | None:
    """The price of these units, and the part of it that the share leaves."""
    sold = line.order_line
    if sold is None or not sold.gross_unit_price or share is None:
        return None
    whole = sold.gross_unit_price * units
    return {"amount": whole * share / 100, "whole": whole, "currency": sold.order.currency}


def pictures(request: StaffRequest, order: ReturnOrder, line: ReturnLine) -> dict[str, Any]:
    """The photos of a line that no inspection has yet, and the other pictures of the return."""
    key = str(line.uuid)
    used = {photo for row in order.inspections.all() for photo in row.photos}
    rows = [row for row in attachments_of(order) if row.is_image]
    chosen = set(request.POST.getlist(f"photo_{key}"))
    again = request.method == "POST"
    taken: list[dict[str, Any]] = []
    others: list[dict[str, Any]] = []
    for row in rows:
        own = row.kind == "evidence" and row.about == line.uuid and str(row.uuid) not in used
        shown = photo_row(order, row)
        shown["checked"] = str(row.uuid) in chosen if again else own
        (taken if own else others).append(shown)
    return {"taken": taken, "pictures": others}


def photo_row(order: ReturnOrder, row: Attachment) -> dict[str, Any]:
    """One picture of a return, and how it is taken away again."""
    return {
        "id": str(row.uuid),
        "name": row.name,
        "caption": row.comment,
        "url": reverse("returns:file", args=[order.uuid, row.uuid]),
        "remove_url": reverse("returns:remove_photo", args=[order.uuid, row.uuid]),
    }


def shown_answer(answer: Any) -> str:
    """An answer as it was given, in words."""
    key = answer_key(answer)
    words = {"yes": _("Yes"), "no": _("No")}
    return words[key] if isinstance(answer, bool) else key
