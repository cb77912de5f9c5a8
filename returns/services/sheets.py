"""Inspection sheets and their grades, and what an inspection by them has to bring along."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from returns.models import Grade, ReturnOrder, Sheet
from returns.services.grading import Proposal, wrong_grades
from rmaproject.access.actors import Actor
from rmaproject.audit import trail
from rmaproject.files.selectors import attachments_of
from rmaproject.shared import money
from rmaproject.shared.db import command
from rmaproject.shared.errors import RuleViolation
from stock.models import Part

KINDS: Final = ("yes_no", "choice", "number", "text")
MOST_QUESTIONS: Final = 50
SHEET_FIELDS: Final = {"name", "category", "questions", "serial_check", "photos", "active"}


@command
def create_sheet(values: dict[str, Any], *, actor: Actor) -> Sheet:
    """Add an inspection sheet with its grades.

    Raises Conflict `sheet_exists`, `code_exists`; RuleViolation `invalid_questions`,
    `invalid_share`.
    """
    grades = values.pop("grades", [])
    sheet = Sheet(**_checked(values, grades))
    trail.create(sheet, actor=actor, name=sheet.name, grades=[row["code"] for row in grades])
    _write_grades(sheet, grades)
    return sheet


@command
def edit_sheet(sheet_id: int, values: dict[str, Any], *, actor: Actor) -> Sheet:
    """Change a sheet; given grades replace all it has. Inspections keep what they read.

    Raises as `create_sheet`.
    """
    sheet = Sheet.objects.select_for_update(of=("self",)).get(pk=sheet_id)
    grades = values.pop("grades", None)
    trail.require_editable(values, SHEET_FIELDS)
    kept = [{"code": row.code} for row in sheet.grades.all()] if grades is None else grades
    _checked({"questions": sheet.questions, **values}, kept)
    facts = trail.changed_fields(sheet, values, private=set())
    if grades is not None:
        facts["grades"] = [row["code"] for row in grades]
    if facts:
        trail.change(sheet, "edit", actor=actor, fields=values, **facts)
    if grades is not None:
        _write_grades(sheet, grades)
    return sheet


def _write_grades(sheet: Sheet, grades: Sequence[dict[str, Any]]) -> None:
    """Write all grades anew; one that keeps its code, or is named by `uuid`, keeps its id."""
    ids = {row.code.lower(): row.uuid for row in sheet.grades.all()}
    sheet.grades.all().delete()
    for position, values in enumerate(grades, start=1):
        ident = values.get("uuid")
        ident = ident if ident in ids.values() else ids.get(str(values["code"]).lower())
        named = {"uuid": ident} if ident else {}
        given = {name: value for name, value in values.items() if name != "uuid"}
        Grade(sheet=sheet, position=position, **given, **named).save(force_insert=True)


def _checked(values: dict[str, Any], grades: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The values of a sheet, its questions one of the known kinds and each code once."""
    questions = values.get("questions", [])
    known = [str(row["code"]).lower() for row in grades]
    codes = [str(question.get("code", "")).lower() for question in questions]
    if len(questions) > MOST_QUESTIONS:
        message = _("A sheet has at most %(most_questions)s questions.") % {
            "most_questions": MOST_QUESTIONS
        }
        raise RuleViolation(message, code="invalid_questions", pointer="/questions")
    for number, question in enumerate(questions):
        wrong = _wrong_with(question, codes) or wrong_grades(question, known)
        if wrong:
            pointer = f"/questions/{number}"
            raise RuleViolation(wrong, code="invalid_questions", pointer=pointer)
    return values


def _wrong_with(question: dict[str, Any], codes: list[str]) -> str:
    code, text = str(question.get("code", "")).strip(), str(question.get("text", "")).strip()
    if not code or not text:
        return _("A question has a code and a text.")
    if codes.count(code.lower()) > 1:
        return _("The code %(code)s is used twice.") % {"code": code}
    if question.get("kind") not in KINDS:
        return _("A question asks for one of %(kinds)s.") % {"kinds": ", ".join(KINDS)}
    choices = question.get("choices", [])
    if (question["kind"] == "choice") != bool(choices):
        return _("A question with choices names them, and no other does.")
    return ""


def sheet_for(part: Part | None) -> Sheet | None:
    """The active sheet of the part's category, else the one for all parts, else none."""
    category = part.category_id if part is not None else None
    rows = Sheet.objects.filter(active=True)
    own = rows.filter(category=category).first() if category is not None else None
    return own or rows.filter(category=None).first()


def checked_answers(sheet: Sheet | None, given: dict[str, Any]) -> dict[str, Any]:
    """The answers to a sheet's questions, in their order.

    Raises RuleViolation `answers_missing` with all that are, `unknown_answer`, `invalid_answer`.
    """
    questions = list(sheet.questions) if sheet else []
    known = {question["code"] for question in questions}
    for code in given:
        if code not in known:
            message = _("The sheet does not ask %(code)s.") % {"code": code}
            raise RuleViolation(message, code="unknown_answer", pointer=f"/answers/{code}")
    missing = [
        question["code"]
        for question in questions
        if question.get("required") and _empty(given.get(question["code"]))
    ]
    if missing:
        message = _("These questions are not answered: %(missing)s.") % {
            "missing": ", ".join(missing)
        }
        pointer = f"/answers/{missing[0]}"
        raise RuleViolation(message, code="answers_missing", pointer=pointer, missing=missing)
    return {
        question["code"]: _answer(question, given[question["code"]])
        for question in questions
        if not _empty(given.get(question["code"]))
    }


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _answer(question: dict[str, Any], value: Any) -> Any:
    kind, fits = question["kind"], isinstance(value, str)
    if kind == "yes_no":
        fits = isinstance(value, bool)
    elif kind == "choice":
        fits = value in question["choices"]
    elif kind == "number":
        value, fits = _number(value)
    if not fits:
        message = _("This is no answer to “%(text)s”.") % {"text": question["text"]}
        pointer = f"/answers/{question['code']}"
        raise RuleViolation(message, code="invalid_answer", pointer=pointer)
    return value[:2000] if isinstance(value, str) else value


def _number(value: Any) -> tuple[str, bool]:
    """A number as plain digits, and whether it is one."""
    text = str(value).strip()
    whole = text.removeprefix("-").replace(".", "", 1)
    fits = not isinstance(value, bool) and whole.isascii() and whole.isdigit() and len(text) <= 30
    return money.plain(Decimal(text)) if fits else text, fits


def checked_photos(order: ReturnOrder, sheet: Sheet | None, given: Sequence[UUID]) -> list[str]:
    """The pictures of the return that an inspection names; as many as the sheet asks for.

    Raises RuleViolation `unknown_photo`, `photos_missing` with the figure.
    """
    there = {row.uuid for row in attachments_of(order) if row.is_image}
    for number, photo in enumerate(given):
        if photo not in there:
            message = _("This is no picture of the return; attach it first.")
            raise RuleViolation(message, code="unknown_photo", pointer=f"/photos/{number}")
    needed = sheet.photos if sheet else 0
    if len(set(given)) < needed:
        message = _("The sheet asks for %(needed)s photos; %(given)s are named.") % {
            "needed": needed,
            "given": len(set(given)),
        }
        raise RuleViolation(message, code="photos_missing", pointer="/photos", required=needed)
    return [str(photo) for photo in dict.fromkeys(given)]


def snapshot_of(
    sheet: Sheet | None, grade: Grade | None, answers: dict[str, Any], told: Proposal
) -> dict[str, Any]:
    """What the inspector read and said, as it was; later changes of the sheet leave it alone.

    Where answers proposed a grade, it stands there with the question that decided it.
    """
    if sheet is None:
        return {}
    asked = [
        {"code": row["code"], "text": row["text"], "answer": answers[row["code"]]}
        for row in sheet.questions
        if row["code"] in answers
    ]
    kept: dict[str, Any] = {
        "sheet": sheet.name,
        "sheet_version": sheet.version,
        "answers": asked,
    }
    if grade is not None:
        kept["grade"] = {"code": grade.code, "name": grade.name, "criteria": grade.criteria}
    if told.grade is not None:
        kept["proposed"] = {"grade": told.grade.code, "by": told.decided_by}
    return kept
