"""Goods are inspected by a plain form."""

from __future__ import annotations

from returns.models import Disposition, Inspection, Sheet
from tests.factories import UserFactory
from tests.web.browser import fill, text_of
from tests.web.inspecting.steps import key


def test_the_grade_decides_and_the_page_shows_what_was_found(clerk, rma):
    page = text_of(clerk.get(f"/returns/{rma.uuid}/inspect/"))
    assert "C Damaged" in page
    assert "70 % of the price" in page
    line = key(rma)

    given = {f"grade_{line}": "C", f"quantity_{line}": "2", f"note_{line}": "Torn seam"}
    answer = fill(clerk, rma, "inspect", **given)

    assert answer.status_code == 302
    row = Inspection.objects.get()
    assert (row.grade, row.quantity, row.share, row.disposition.code) == ("C", 2, 70, "refurbish")
    shown = text_of(clerk.get(f"/returns/{rma.uuid}/"))
    assert "Torn seam" in shown
    assert "inspected goods" in shown


def test_a_refused_inspection_keeps_what_was_typed(clerk, rma):
    line = key(rma)
    given = {f"grade_{line}": "B", f"quantity_{line}": "7", f"note_{line}": "Half open"}

    answer = fill(clerk, rma, "inspect", **given)
    nothing = fill(clerk, rma, "inspect")
    odd = fill(clerk, rma, "inspect", **{f"grade_{line}": "B", f"quantity_{line}": "many"})

    assert answer.status_code == 422
    assert "Only 3 of this line are here and not inspected." in text_of(answer)
    assert ">Half open</textarea>" in text_of(answer)
    assert 'value="B" checked' in text_of(answer)
    assert (nothing.status_code, odd.status_code) == (422, 422)
    assert "Give a grade or a verdict" in text_of(nothing)
    assert Inspection.objects.count() == 0


def test_answers_are_asked_for_and_kept(clerk, rma, admin):
    Sheet.objects.update(
        questions=[
            {"code": "a", "text": "Complete?", "kind": "yes_no", "required": True},
            {"code": "b", "text": "Smell", "kind": "choice", "choices": ["new", "bad"]},
        ]
    )
    line = key(rma)

    missing = fill(clerk, rma, "inspect", **{f"grade_{line}": "A"})
    given = {f"grade_{line}": "A", f"answer_{line}_0": "no", f"answer_{line}_1": "bad"}
    fill(clerk, rma, "inspect", **given)

    assert "These questions are not answered: a." in text_of(missing)
    answers = {row["code"]: row["answer"] for row in Inspection.objects.get().snapshot["answers"]}
    assert answers == {"a": False, "b": "bad"}
    assert "Complete? no; Smell bad" in text_of(clerk.get(f"/returns/{rma.uuid}/"))


def test_an_inspector_is_not_offered_to_go_against_the_grade(client, rma, roles):
    client.force_login(UserFactory(username="ian", roles=["Inspector"]))

    page = text_of(client.get(f"/returns/{rma.uuid}/inspect/"))

    assert "Why against the grade" not in page
    assert "New photos" in page


def test_a_quantity_is_split_over_grades_in_one_save(clerk, rma):
    line = key(rma)

    fill(clerk, rma, "inspect", **{f"split_{line}_0": "2", f"split_{line}_3": "1"})

    rows = Inspection.objects.order_by("pk").values_list("grade", "quantity", "verdict")
    assert list(rows) == [("A", 2, "accepted"), ("R", 1, "rejected")]


def test_looking_ahead_says_what_the_answers_propose_and_writes_nothing(clerk, rma):
    question = {"code": "a", "text": "Complete?", "kind": "yes_no", "grades": {"no": "C"}}
    Sheet.objects.update(questions=[question])
    line = key(rma)

    answer = clerk.post(
        f"/returns/{rma.uuid}/inspect/look/?line={line}", {f"answer_{line}_0": "no"}
    )

    page = text_of(answer)
    assert "The answers propose C, because of “Complete?” No" in page
    assert "Refurbish" in page
    assert "105.00 EUR" in page, "70 % of three at 50"
    assert Inspection.objects.count() == 0


def test_the_record_of_a_line_tells_who_found_what_and_what_became_of_it(clerk, rma):
    line = key(rma)
    scrap = Disposition.objects.get(code="scrap")
    given = {f"grade_{line}": "C", f"quantity_{line}": "1", f"disposition_{line}": str(scrap.uuid)}
    fill(clerk, rma, "inspect", **given, **{f"override_reason_{line}": "Mouldy"})

    page = text_of(clerk.get(f"/returns/{rma.uuid}/lines/{line}/"))

    assert "1 inspected by ada" in page
    assert "Against the grade, which proposed Refurbish: Mouldy" in page
    assert "To be moved: Scrap" in page
    assert f"/returns/{rma.uuid}/inspect/?line={line}" in page, "two more wait"
    assert clerk.get(f"/returns/{rma.uuid}/lines/{rma.uuid}/").status_code == 404
