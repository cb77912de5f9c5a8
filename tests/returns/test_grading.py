"""Answers propose a grade: the worst that one of them names, and who decided is kept."""

from __future__ import annotations

import pytest

from returns.models import Inspection, Sheet
from returns.services import create_sheet, edit_sheet
from returns.services.grading import plain_case, proposed_grade
from rmaproject.access.actors import SYSTEM
from tests.factories import ask_return, goods, sell
from tests.returns.inspections import disposition, inspect, refused
from tests.returns.steps import D, receive

QUESTIONS = [
    {
        "code": "complete",
        "text": "All parts there?",
        "kind": "yes_no",
        "required": True,
        "grades": {"yes": "A", "no": "C"},
    },
    {
        "code": "marks",
        "text": "Signs of use?",
        "kind": "choice",
        "choices": ["None", "Some"],
        "grades": {"None": "A", "Some": "B"},
    },
]


def grade(code, name, share="100", action="restock"):
    return {
        "code": code,
        "name": name,
        "verdict": "accepted",
        "share": D(share),
        "disposition": disposition(action),
    }


@pytest.fixture
def sheet(business) -> Sheet:
    grades = [grade("A", "As new"), grade("B", "Opened", "80"), grade("C", "Used", "40", "repair")]
    values = {"name": "Tools", "questions": [*QUESTIONS], "grades": grades}
    return create_sheet(values, actor=SYSTEM)


@pytest.fixture
def line(sheet, business, bo):
    rma = ask_return(sell(business, bo, goods("DRILL", "2", "100.00")), "2", issued=True)
    receive(rma.lines.get(), "2")
    return rma.lines.get()


def test_the_worst_grade_that_an_answer_names_is_proposed_and_taken(line):
    inspect(line, {"answers": {"complete": False, "marks": "Some"}})

    row = Inspection.objects.get()
    assert (row.grade, row.share, row.disposition.code) == ("C", 40, "repair")
    assert row.snapshot["proposed"] == {"grade": "C", "by": "All parts there?"}


def test_the_inspector_may_give_another_grade_and_both_are_kept(line):
    inspect(line, {"answers": {"complete": True, "marks": "Some"}, "grade": "A"})

    row = Inspection.objects.get()
    assert row.grade == "A"
    assert row.snapshot["proposed"] == {"grade": "B", "by": "Signs of use?"}


def test_answers_that_name_no_grade_propose_none(line, sheet):
    questions = [{key: row[key] for key in row if key != "grades"} for row in QUESTIONS]
    edit_sheet(sheet.pk, {"questions": questions}, actor=SYSTEM)

    refusal = refused(lambda: inspect(line, {"answers": {"complete": True}}))

    assert refusal.code == "grade_required"
    sheet.refresh_from_db()
    assert proposed_grade(sheet, {"complete": True}).grade is None
    assert plain_case(sheet) is None, "a question that must be answered expects nothing"


def test_the_plain_case_answers_what_names_the_best_grade(sheet):
    case = plain_case(sheet)

    assert (case.grade.code, case.answers) == ("A", {"complete": True, "marks": "None"})
    edit_sheet(sheet.pk, {"photos": 1}, actor=SYSTEM)
    sheet.refresh_from_db()
    assert plain_case(sheet) is None, "a photo cannot be expected"


@pytest.mark.parametrize(
    "grades", [{"yes": "Z"}, {"perhaps": "A"}], ids=["unknown grade", "unknown answer"]
)
def test_an_answer_names_a_grade_of_its_sheet(sheet, grades):
    wrong = [{**QUESTIONS[0], "grades": grades}]

    refusal = refused(lambda: edit_sheet(sheet.pk, {"questions": wrong}, actor=SYSTEM))

    assert refusal.code == "invalid_questions"


def test_grades_keep_their_id_while_they_keep_their_code(sheet):
    before = {row.code: row.uuid for row in sheet.grades.all()}

    values = {"grades": [grade("C", "Worn"), grade("A", "As new")], "questions": []}
    edit_sheet(sheet.pk, values, actor=SYSTEM)

    after = {row.code: row.uuid for row in sheet.grades.all()}
    assert after == {"C": before["C"], "A": before["A"]}
    assert [row.code for row in sheet.grades.all()] == ["C", "A"]
