"""Inspection, decisions, files and sheets by plain forms."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from returns.models import Disposal, Disposition, Inspection, ReturnOrder, Sheet
from returns.services import ArrivalInput, ReceiveInput, create_sheet, receive_return
from returns.setup import make_sheet
from rmaproject.access.actors import SYSTEM
from rmaproject.files.models import Attachment
from stock.models import PartCategory, StockItem
from stock.services import edit_part
from tests.factories import UserFactory, actor_with, ask_return, goods, sell
from tests.returns.steps import D
from tests.web.browser import fill, queries_of, text_of, version_on


@pytest.fixture
def rma(business, bo) -> ReturnOrder:
    """Three tents are here and nobody looked at them; there is a sheet for all parts."""
    make_sheet()
    order = sell(business, bo, goods("TENT", "3", "50.00", name="Tent"))
    made = ask_return(order, "3", issued=True)
    arrived = [ArrivalInput(made.lines.get(), D("3"))]
    receive_return(made.pk, ReceiveInput(lines=arrived), actor=SYSTEM)
    return made


@pytest.fixture
def admin(client, roles):
    user = actor_with("Administrator", username="root").user
    client.force_login(user)
    return client


def key(rma: ReturnOrder) -> str:
    return str(rma.lines.get().uuid)


def png() -> BytesIO:
    out = BytesIO()
    Image.new("RGB", (4, 4), "red").save(out, format="PNG")
    file = BytesIO(out.getvalue())
    file.name = "tent.png"
    return file


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


def test_inspected_goods_are_offered_to_move_as_they_were_decided(clerk, rma):
    line = key(rma)
    fill(clerk, rma, "inspect", **{f"grade_{line}": "R"})

    page = text_of(clerk.get(f"/returns/{rma.uuid}/dispose/"))
    assert '<option value="inspected" selected>As inspected: Send back to the customer 3' in page
    fill(clerk, rma, "dispose", **{f"disposition_{line}": "inspected"})

    assert Disposal.objects.get().action == "send_back"
    assert StockItem.objects.exclude(quantity=0).get().state == "to_send_back"


def test_goods_move_at_once_where_the_box_is_ticked(clerk, rma):
    line = key(rma)

    fill(clerk, rma, "inspect", **{f"grade_{line}": "A", f"dispose_{line}": "on"})

    assert StockItem.objects.exclude(quantity=0).get().state == "available"


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


def test_photos_of_the_form_hang_on_the_line_and_back_the_inspection(clerk, rma):
    Sheet.objects.update(photos=1)
    line = key(rma)

    missing = fill(clerk, rma, "inspect", **{f"grade_{line}": "A"})
    done = fill(clerk, rma, "inspect", **{f"grade_{line}": "A", f"photos_{line}": png()})

    assert "The sheet asks for 1 photos; 0 are named." in text_of(missing)
    assert done.status_code == 302
    photo = Attachment.objects.get()
    assert Inspection.objects.get().photos == [str(photo.uuid)]
    assert str(photo.about) == line


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


def test_the_customer_may_keep_what_is_not_here(clerk, business, bo):
    rma = ask_return(sell(business, bo, goods("TENT", "2", "50.00")), "2", issued=True)
    keeps = Disposition.objects.get(code="customer_keeps")
    line = key(rma)

    page = text_of(clerk.get(f"/returns/{rma.uuid}/dispose/"))
    fill(clerk, rma, "dispose", **{f"disposition_{line}": str(keeps.uuid)})

    assert "Not here yet" in page
    assert "Back to stock</option>" not in page
    assert rma.lines.get().waived == 2


def test_the_page_of_a_return_costs_the_same_with_more_decisions(clerk, rma):
    line = key(rma)
    given = {f"grade_{line}": "A", f"quantity_{line}": "1", f"dispose_{line}": "on"}
    fill(clerk, rma, "inspect", **given)
    path = f"/returns/{rma.uuid}/"
    one = queries_of(clerk, path)
    fill(clerk, rma, "inspect", **given)
    two = queries_of(clerk, path)
    fill(clerk, rma, "inspect", **{**given, f"grade_{line}": "R"})

    assert two == one
    assert queries_of(clerk, path) == one - 1, "whether a sheet asks to look is no question now"


# files


def test_a_file_is_attached_opened_and_taken_away(clerk, rma):
    path = f"/returns/{rma.uuid}/"
    clerk.post(f"{path}files/", {"file": png()})
    kept = Attachment.objects.get()

    page = text_of(clerk.get(path))
    content = clerk.get(f"{path}files/{kept.uuid}/")
    assert f'href="{path}files/{kept.uuid}/"' in page
    assert content.content.startswith(b"\x89PNG")
    assert content.headers["Content-Security-Policy"].startswith("sandbox;")

    assert clerk.post(f"{path}files/{kept.uuid}/remove/").status_code == 302
    assert clerk.get(f"{path}files/{kept.uuid}/").status_code == 404
    assert "took a file away" in text_of(clerk.get(path))


def test_what_cannot_be_attached_is_said_on_the_page(clerk, rma):
    file = BytesIO(b"MZ\x00\x01")
    file.name = "virus.png"

    answer = clerk.post(f"/returns/{rma.uuid}/files/", {"file": file})
    nothing = clerk.post(f"/returns/{rma.uuid}/files/")

    assert (answer.status_code, nothing.status_code) == (422, 422)
    assert "Only JPEG, PNG and WebP pictures" in text_of(answer)
    assert Attachment.objects.count() == 0


# settings


def save(client: Any, path: str, **values: Any) -> Any:
    opened = client.get(path)
    version = {} if path.endswith("/new/") else {"version": version_on(opened)}
    return client.post(path, {**version, **values})


def test_a_sheet_is_written_line_by_line(admin, business):
    values = {
        "name": "Tents",
        "questions": "Is it complete? * | yes_no\nSmell | choice | new, bad\nWords",
        "grades": "A | As new | accepted || restock | No trace\nR | No | rejected",
        "photos": "2",
        "active": "on",
    }

    assert save(admin, "/settings/sheets/new/", **values).status_code == 302

    sheet = Sheet.objects.get()
    assert [(row["code"], row["kind"], row["required"]) for row in sheet.questions] == [
        ("is_it_complete", "yes_no", True),
        ("smell", "choice", False),
        ("words", "text", False),
    ]
    grades = [(row.code, row.verdict, row.share, row.criteria) for row in sheet.grades.all()]
    assert grades == [("A", "accepted", 100, "No trace"), ("R", "rejected", 0, "")]
    assert "A As new, R No" in text_of(admin.get("/settings/sheets/"))


def test_a_sheet_shown_and_saved_again_stays_as_it_is(admin, business):
    make_sheet()
    sheet = Sheet.objects.get()
    sheet.questions = [
        {"code": "x1", "text": "Smell", "kind": "choice", "required": True, "choices": ["a", "b"]}
    ]
    sheet.save()
    columns = ("code", "name", "verdict", "share", "disposition", "criteria")
    before = list(sheet.grades.values(*columns))
    path = f"/settings/sheets/{sheet.uuid}/"
    form = admin.get(path).context["form"]
    typed = {name: form[name].value() for name in ("name", "questions", "grades", "photos")}

    assert save(admin, path, **typed, active="on").status_code == 302

    sheet.refresh_from_db()
    after = list(sheet.grades.values("code", "name", "verdict", "share", "disposition", "criteria"))
    assert after == before
    assert sheet.questions[0]["code"] == "x1"
    assert sheet.questions[0]["choices"] == ["a", "b"]


@pytest.mark.parametrize(
    "values",
    [
        {"questions": "What? | colour"},
        {"questions": "Which? | choice"},
        {"grades": "A | As new"},
        {"grades": "A | As new | perhaps"},
        {"grades": "A | As new | accepted | much"},
        {"grades": "A | As new | accepted | 100 | burn"},
        {"grades": "R | No | rejected | 5"},
        {"grades": "A | One | accepted\na | Two | accepted"},
        {"grades": " | One | accepted"},
    ],
)
def test_a_sheet_that_cannot_be_is_shown_again(admin, business, values):
    answer = save(admin, "/settings/sheets/new/", name="Tents", active="on", **values)

    assert answer.status_code in (409, 422)
    assert Sheet.objects.count() == 0


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

    from stock.models import Part

    part = Part.objects.get()
    assert answer.status_code == 302
    assert (part.category, part.unit_cost, part.cost_currency) == (category, D("12.5"), "EUR")


def test_only_one_sheet_is_in_use_for_all_parts(admin, business):
    create_sheet({"name": "One"}, actor=SYSTEM)

    answer = save(admin, "/settings/sheets/new/", name="Two", active="on")

    assert answer.status_code == 409
    assert "Another active sheet is for this class of parts." in text_of(answer)


def test_the_cost_book_lists_what_was_written_off(clerk, rma):
    edit_part(rma.lines.get().part_id, {"unit_cost": D("20"), "cost_currency": "EUR"}, actor=SYSTEM)
    scrap = Disposition.objects.get(code="scrap")
    fill(clerk, rma, "dispose", **{f"disposition_{key(rma)}": str(scrap.uuid)})

    page = text_of(clerk.get("/returns/costs/?action=scrap"))
    none = text_of(clerk.get("/returns/costs/?action=donate"))

    assert rma.reference in page
    assert "60.00 EUR" in page
    assert rma.reference not in none
