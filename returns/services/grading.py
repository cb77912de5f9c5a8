"""From answers to a grade: each answer may name one, and the worst that is named is proposed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from returns.models import Grade, Sheet, Verdict

#: The kinds of questions whose answers can name a grade.
GRADING_KINDS = ("yes_no", "choice")


@dataclass(frozen=True)
class Proposal:
    """The grade that answers propose, and the text of the question that decided it."""

    grade: Grade | None = None
    decided_by: str = ""
    answer: str = ""


@dataclass(frozen=True)
class PlainCase:
    """What an inspector says when all is as expected: the best grade and its answers."""

    grade: Grade
    answers: dict[str, Any] = field(default_factory=dict)


def answer_key(answer: Any) -> str:
    """An answer as a question's `grades` name it: "yes", "no", or the words of a choice."""
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    return str(answer)


def proposed_grade(sheet: Sheet | None, answers: dict[str, Any]) -> Proposal:
    """The worst grade that any answer names; grades stand in the sheet from best to worst.

    Of several answers that name it, the first question decided. Nothing where no answer names one.
    """
    found, place = Proposal(), -1
    ranks = _ranks(sheet)
    for question in sheet.questions if sheet else ():
        key = answer_key(answers.get(question["code"], ""))
        rank, grade = ranks.get(_named(question, key), (-1, None))
        if grade is not None and rank > place:
            found, place = Proposal(grade, question["text"], key), rank
    return found


def plain_case(sheet: Sheet | None) -> PlainCase | None:
    """How all is as expected; None where a question, a photo or a serial must be looked at.

    The expected answer of a question is the one that names the best grade; a question that must
    be answered and names none has no expected answer.
    """
    grades = list(sheet.grades.all()) if sheet else []
    if sheet is None or not grades or sheet.photos or sheet.serial_check:
        return None
    best = grades[0]
    if best.verdict != Verdict.ACCEPTED or best.disposition is None:
        return None
    answers: dict[str, Any] = {}
    for question in sheet.questions:
        key = _expected(question, best)
        if key is not None:
            answers[question["code"]] = (key == "yes") if question["kind"] == "yes_no" else key
        elif question.get("required"):
            return None
    return PlainCase(best, answers)


def _expected(question: dict[str, Any], best: Grade) -> str | None:
    keys = ("yes", "no") if question["kind"] == "yes_no" else question.get("choices", ())
    named = (key for key in keys if _named(question, key) == best.code.lower())
    return next(named, None)


def _named(question: dict[str, Any], key: str) -> str:
    return str(question.get("grades", {}).get(key, "")).lower()


def _ranks(sheet: Sheet | None) -> dict[str, tuple[int, Grade]]:
    grades = sheet.grades.all() if sheet else ()
    return {grade.code.lower(): (rank, grade) for rank, grade in enumerate(grades)}


def wrong_grades(question: dict[str, Any], codes: list[str]) -> str:
    """What is wrong with the grades that a question's answers name; "" where nothing is."""
    named = question.get("grades") or {}
    if named and question.get("kind") not in GRADING_KINDS:
        return _("Only yes or no and choices can name grades.")
    keys = ("yes", "no") if question.get("kind") == "yes_no" else question.get("choices", ())
    for key, code in named.items():
        if key not in keys:
            named = {"key": key, "question": question["text"]}
            return _("%(key)s is no answer to “%(question)s”.") % named
        if code and str(code).lower() not in codes:
            return _("“%(question)s” names the grade %(code)s, which the sheet does not have.") % {
                "question": question["text"],
                "code": code,
            }
    return ""
