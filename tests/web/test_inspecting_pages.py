"""Inspection, decisions, files and sheets by plain forms."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from returns.models import Disposal, Disposition, Inspection, ReturnOrder, Sheet
from returns.services import (
    ArrivalInput,
    ReceiveInput,
    create_sheet,
    hold_return,
    receive_return,
)
from returns.setup import make_sheet
from rmaproject.access.actors import SYSTEM
from rmaproject.files.models import Attachment
from stock.models import PartCategory, StockItem
from stock.services import edit_part
from tests.factories import UserFactory, actor_with, ask_return, goods, sell
from tests.returns.steps import D, receive
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


def test_what_deciding_would_do_is_said_before_anything_moves(clerk, rma):
    edit_part(rma.lines.get().part_id, {"unit_cost": D("20"), "cost_currency": "EUR"}, actor=SYSTEM)
    line, scrap = key(rma), Disposition.objects.get(code="scrap")
    path, given = f"/returns/{rma.uuid}/dispose/", {f"disposition_{line}": str(scrap.uuid)}

    seen = text_of(clerk.post(path, {**given, "do": "look"}))
    too_many = text_of(clerk.post(path, {**given, f"quantity_{line}": "4", "do": "look"}))

    assert "3 × TENT leave the stock" in seen
    assert "It costs us 60.00 EUR" in seen
    assert "Only 3 of this line wait for a decision." in too_many
    assert Disposal.objects.count() == 0
    assert StockItem.objects.exclude(quantity=0).get().state == "held"


# the queue


def test_the_queue_offers_what_waits_and_the_next_after_saving(clerk, business, bo, rma):
    other = ask_return(
        sell(business, bo, goods("ROPE", "1", "9.00", name="Rope")), "1", issued=True
    )
    receive(other.lines.get())
    first, second = key(rma), key(other)

    page = text_of(clerk.get("/returns/inspect/"))
    at = f"/returns/{rma.uuid}/inspect/?line={first}"
    assert page.index("Tent") < page.index("Rope"), "the longest here comes first"
    assert "4 units wait" in page
    assert f'href="/returns/{other.uuid}/inspect/?line={second}">Skip' in text_of(clerk.get(at))

    given = {"version": version_on(clerk.get(at)), f"grade_{first}": "A", "do": "next"}
    rest = clerk.post(at, {**given, f"quantity_{first}": "2"})
    assert rest.url == at, "what is left of the line follows"
    done = clerk.post(rest.url, {**given, "version": version_on(clerk.get(at))})
    assert done.url == f"/returns/{other.uuid}/inspect/?line={second}"

    last = {"version": version_on(clerk.get(done.url)), "do": "expected"}
    assert clerk.post(done.url, last).url == "/returns/inspect/"
    assert "Nothing waits for inspection" in text_of(clerk.get("/returns/inspect/"))
    assert [(row.grade, row.quantity) for row in Inspection.objects.order_by("pk")] == [
        ("A", 2),
        ("A", 1),
        ("A", 1),
    ]


def test_a_code_jumps_to_its_goods_and_filters_narrow_the_queue(clerk, business, bo, rma):
    tents = PartCategory.objects.create(code="tents", name="Tents")
    part = rma.lines.get().part
    part.category = tents
    part.save()
    at = f"/returns/{rma.uuid}/inspect/?line={key(rma)}"

    assert clerk.get(f"/returns/inspect/?code={rma.reference.lower()}").url == at
    assert clerk.get("/returns/inspect/?code=tent").url == at
    missed = text_of(clerk.get("/returns/inspect/?code=nothing"))
    narrowed = text_of(clerk.get("/returns/inspect/?category=tents"))
    old = text_of(clerk.get("/returns/inspect/?age=7"))

    place = rma.receipts.get().lines.get().location.code
    here = f"{at}&location={place}"
    given = {"version": version_on(clerk.get(here)), f"grade_{key(rma)}": "A", "do": "next"}
    done = clerk.post(here, given)

    assert done.url == f"/returns/inspect/?location={place}"
    assert clerk.get(done.url).status_code == 200, "a place where nothing waits any more"
    assert "nothing names nothing that waits for inspection." in missed
    assert f"{at}&amp;category=tents" in narrowed, "the filter goes along"
    assert "Nothing waits here" in old
    assert clerk.get("/returns/inspect/?age=9").status_code == 400


def test_the_queue_costs_the_same_with_more_lines(clerk, business, bo, rma):
    one = queries_of(clerk, "/returns/inspect/")
    for number in range(3):
        order = sell(business, bo, goods(f"P{number}", "1", "9.00"))
        receive(ask_return(order, "1", issued=True).lines.get())

    assert queries_of(clerk, "/returns/inspect/") == one


def test_what_is_on_hold_or_out_of_sight_is_not_offered(clerk, client, rma, roles):
    hold_return(rma.pk, actor=SYSTEM, reason="Waiting for the customer")

    assert "Tent" not in text_of(clerk.get("/returns/inspect/"))
    client.force_login(UserFactory(username="vic", roles=["Viewer"]))
    assert client.get("/returns/inspect/").status_code == 403


def test_a_quantity_is_split_over_grades_in_one_save(clerk, rma):
    line = key(rma)

    fill(clerk, rma, "inspect", **{f"split_{line}_0": "2", f"split_{line}_3": "1"})

    rows = Inspection.objects.order_by("pk").values_list("grade", "quantity", "verdict")
    assert list(rows) == [("A", 2, "accepted"), ("R", 1, "rejected")]


def test_a_second_click_moves_nothing_twice(clerk, rma):
    line = key(rma)
    path = f"/returns/{rma.uuid}/inspect/"
    version = version_on(clerk.get(path))
    given = {"version": version, f"grade_{line}": "A", f"dispose_{line}": "on"}

    first, second = clerk.post(path, given), clerk.post(path, given)

    assert (first.status_code, second.status_code) == (302, 412)
    assert (Inspection.objects.count(), Disposal.objects.count()) == (1, 1)


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


# photos while working


def photo_of(client, rma, sent, **values):
    given = {"key": sent, "about": key(rma), "file": png(), **values}
    return client.post(f"/returns/{rma.uuid}/photos/", given)


def test_a_photo_that_is_sent_again_is_kept_once_and_the_form_goes_on(clerk, rma):
    line, sent = key(rma), "6f1f3c0a-3f53-4d5c-9a53-0d1b8a7f0001"
    opened = clerk.get(f"/returns/{rma.uuid}/inspect/")

    first, again = photo_of(clerk, rma, sent), photo_of(clerk, rma, sent)

    kept = Attachment.objects.get()
    assert first.json() == again.json()
    assert (first.status_code, kept.kind, str(kept.about)) == (201, "evidence", line)
    assert str(first.json()["before"]) == version_on(opened)
    given = {
        "version": first.json()["version"],
        f"grade_{line}": "A",
        f"photo_{line}": str(kept.uuid),
        f"caption_{kept.uuid}": "Torn seam",
    }
    assert clerk.post(f"/returns/{rma.uuid}/inspect/", given).status_code == 302
    assert Inspection.objects.get().photos == [str(kept.uuid)]
    record = text_of(clerk.get(f"/returns/{rma.uuid}/lines/{line}/"))
    assert 'data-lightbox="Torn seam"' in record


def test_a_photo_is_taken_away_until_an_inspection_rests_on_it(clerk, rma):
    line = key(rma)
    loose = photo_of(clerk, rma, "6f1f3c0a-3f53-4d5c-9a53-0d1b8a7f0002").json()
    assert loose["id"] in text_of(clerk.get(f"/returns/{rma.uuid}/inspect/")), "after a reload too"
    gone = clerk.post(loose["remove_url"])
    used = photo_of(clerk, rma, "6f1f3c0a-3f53-4d5c-9a53-0d1b8a7f0003").json()
    fill(clerk, rma, "inspect", **{f"grade_{line}": "A", f"photo_{line}": used["id"]})

    stays = clerk.post(used["remove_url"])

    assert gone.status_code == 200
    assert (stays.status_code, Attachment.objects.get(deleted_at=None).uuid.hex) == (
        422,
        used["id"].replace("-", ""),
    )
    assert photo_of(clerk, rma, "no key", file="").status_code == 422


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

    from stock.models import Part

    part = Part.objects.get()
    assert answer.status_code == 302
    assert (part.category, part.unit_cost, part.cost_currency) == (category, D("12.5"), "EUR")


def test_only_one_sheet_is_in_use_for_all_parts(admin, business):
    create_sheet({"name": "One"}, actor=SYSTEM)

    answer = save(admin, "/settings/sheets/new/", name="Two", active="on", do="save")

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
