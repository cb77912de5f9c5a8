"""Sheets are written in the settings, and so is what a disposition costs."""

from __future__ import annotations

import pytest

from returns.models import Disposition, Sheet
from returns.services import create_sheet
from returns.setup import make_sheet
from rmaproject.access.actors import SYSTEM
from rmaproject.files.models import Attachment
from stock.models import Part, PartCategory
from tests.returns.steps import D
from tests.web.browser import text_of
from tests.web.inspecting.steps import key, png, save


def rows_of(answer):
    """What the editor would post as it stands: the fields of its form, read from the page."""
    form, draft = answer.context["form"], answer.context["draft"]
    names = ("name", "category", "photos", "serial_check", "active")
    head = {name: form[name].value() for name in names if form[name].value()}
    return {**head, **row_fields(draft)}


def row_fields(draft):
    fields = {}
    for n, row in enumerate(draft.questions):
        names = ("code", "text", "kind", "help", "yes", "no")
        fields |= {f"q{n}_{name}": row[name] for name in names}
        fields |= {f"q{n}_required": "on"} if row["required"] else {}
        for m, choice in enumerate(row["choices"]):
            fields |= {f"q{n}_c{m}": choice["text"], f"q{n}_g{m}": choice["grade"]}
    for n, row in enumerate(draft.grades):
        fields |= {f"g{n}_{name}": value for name, value in row.items() if name != "error"}
    return fields


QUESTION = {"q0_text": "Is it complete?", "q0_kind": "yes_no", "q0_yes": "A", "q0_no": "R"}

GRADES = {
    "g0_code": "A",
    "g0_name": "As new",
    "g0_verdict": "accepted",
    "g0_criteria": "No trace",
    "g1_code": "R",
    "g1_name": "No",
    "g1_verdict": "rejected",
}


def test_a_sheet_is_written_in_rows(admin, business):
    choices = {"q1_text": "Smell", "q1_kind": "choice", "q1_c0": "new", "q1_c1": "bad"}
    values = {**QUESTION, "q0_required": "on", **choices, "q1_g1": "R", **GRADES}

    answer = save(
        admin, "/settings/sheets/new/", name="Tents", photos="2", active="on", do="save", **values
    )

    sheet = Sheet.objects.get()
    assert answer.url == f"/settings/sheets/{sheet.uuid}/"
    complete, smell = sheet.questions
    assert (complete["code"], complete["required"]) == ("is_it_complete", True)
    assert complete["grades"] == {"yes": "A", "no": "R"}
    assert (smell["choices"], smell["grades"]) == (["new", "bad"], {"bad": "R"})
    grades = [(row.code, row.verdict, row.share, row.criteria) for row in sheet.grades.all()]
    assert grades == [("A", "accepted", 100, "No trace"), ("R", "rejected", 0, "")]
    assert "A As new, R No" in text_of(admin.get("/settings/sheets/"))


def test_a_sheet_shown_and_saved_again_stays_as_it_is(admin, business):
    make_sheet()
    sheet = Sheet.objects.get()
    choice = {"code": "x1", "text": "Smell", "kind": "choice", "required": True}
    sheet.questions = [{**choice, "choices": ["a", "b"], "grades": {"b": "C"}}]
    sheet.save()
    columns = ("uuid", "code", "name", "verdict", "share", "disposition", "criteria")
    before = list(sheet.grades.values(*columns)), sheet.questions
    path = f"/settings/sheets/{sheet.uuid}/"

    assert save(admin, path, **rows_of(admin.get(path)), do="save").status_code == 302

    sheet.refresh_from_db()
    assert (list(sheet.grades.values(*columns)), sheet.questions) == before


def test_buttons_of_the_editor_arrange_rows_and_keep_nothing(admin, business):
    make_sheet()
    sheet = Sheet.objects.get()
    path = f"/settings/sheets/{sheet.uuid}/"

    def codes_after(wish):
        values = rows_of(admin.get(path))
        answer = admin.post(path, {**values, "version": "1", "do": wish})
        return [row["code"] for row in answer.context["draft"].grades]

    assert codes_after("up-grade-1") == ["B", "A", "C", "R"]
    assert codes_after("down-grade-3") == ["A", "B", "C", "R"], "the last one stays last"
    assert codes_after("drop-grade-0") == ["B", "C", "R"]
    assert codes_after("add-grade") == ["A", "B", "C", "R", ""]
    assert codes_after("burn-grade-7") == ["A", "B", "C", "R"]
    sheet.refresh_from_db()
    assert sheet.version == 1


def test_the_editor_shows_the_sheet_as_an_inspector_will_see_it(admin, business):
    page = text_of(
        admin.post("/settings/sheets/new/", {"do": "look", "name": "Tents", **QUESTION, **GRADES})
    )

    preview = page[page.index('id="preview"') :]
    assert "Is it complete?" in preview
    assert "No trace" in preview
    assert Sheet.objects.count() == 0


@pytest.mark.parametrize(
    "values",
    [
        {"q0_text": "Which?", "q0_kind": "choice"},
        {"q0_text": "Fine?", "q0_kind": "yes_no", "q0_yes": "Z"},
        {"g0_code": "A", "g0_name": "", "g0_verdict": "accepted"},
        {"g0_code": "A", "g0_name": "As new", "g0_verdict": "accepted", "g0_share": "much"},
        {"g0_code": "A", "g0_name": "As new", "g0_verdict": "accepted", "g0_share": "101"},
        {"g0_code": "R", "g0_name": "No", "g0_verdict": "rejected", "g0_share": "5"},
        {**GRADES, "g1_code": "a"},
        {"name": ""},
    ],
)
def test_a_sheet_that_cannot_be_is_shown_again(admin, business, values):
    given = {"name": "Tents", "active": "on", "do": "save", **values}

    answer = save(admin, "/settings/sheets/new/", **given)

    assert answer.status_code in (409, 422)
    assert Sheet.objects.count() == 0


def test_sample_photos_show_what_a_grade_looks_like(admin, client, rma):
    sheet, line = Sheet.objects.get(), key(rma)
    path = f"/settings/sheets/{sheet.uuid}/samples/"
    worst = sheet.grades.get(code="C")

    admin.post(path, {"grade": str(worst.uuid), "file": png()})

    sample = Attachment.objects.get()
    address = f"/returns/sheets/{sheet.uuid}/samples/{sample.uuid}/"
    assert (sample.kind, sample.about) == ("sample", worst.uuid)
    assert address in text_of(admin.get(f"/returns/{rma.uuid}/inspect/?line={line}"))
    assert admin.get(address).content.startswith(b"\x89PNG")
    admin.post(f"{path}{sample.uuid}/remove/")
    assert admin.get(address).status_code == 404


def test_a_category_and_what_a_disposition_costs_are_kept_in_the_settings(admin, business):
    save(admin, "/settings/categories/new/", code="tents", name="Tents", active="on")
    scrap = Disposition.objects.get(code="scrap")
    path = f"/settings/dispositions/{scrap.uuid}/"
    values = {"code": "scrap", "name": "Scrap", "action": "scrap", "active": "on"}
    fee = {"value_percent": "0", "fee": "2,50", "fee_vat_percent": "21"}

    without = save(admin, path, **values, **fee)
    done = save(admin, path, **values, **fee, currency="EUR")

    assert PartCategory.objects.get().name == "Tents"
    assert "A handling cost and a fee are in a currency." in text_of(without)
    assert done.status_code == 302
    scrap.refresh_from_db()
    assert (scrap.fee, scrap.handling_cost, scrap.currency) == (D("2.5"), 0, "EUR")


def test_a_part_has_its_category_and_its_cost(admin, business):
    category = PartCategory.objects.create(code="tents", name="Tents")
    values = {
        "sku": "T-1",
        "name": "Tent",
        "unit": "pcs",
        "kind": "simple",
        "category": str(category.uuid),
        "unit_cost": "12.50",
        "cost_currency": "EUR",
    }

    answer = admin.post("/stock/parts/new/", values)

    part = Part.objects.get()
    assert answer.status_code == 302
    assert (part.category, part.unit_cost, part.cost_currency) == (category, D("12.5"), "EUR")


def test_only_one_sheet_is_in_use_for_all_parts(admin, business):
    create_sheet({"name": "One"}, actor=SYSTEM)

    answer = save(admin, "/settings/sheets/new/", name="Two", active="on", do="save")

    assert answer.status_code == 409
    assert "Another active sheet is for this class of parts." in text_of(answer)
