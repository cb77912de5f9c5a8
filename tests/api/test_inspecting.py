"""Inspections, dispositions with their costs, sheets and files over REST."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from returns.api.decisions import DisposalOfReturnOutput
from returns.api.outputs import ReturnOutput
from returns.api.sheets import SheetOutput
from returns.models import Disposal, ReturnOrder
from rmaproject.access.actors import SYSTEM
from rmaproject.audit.models import AuditEntry
from stock.services import edit_part
from tests.api.caller import ROOT, Caller, codes, problem
from tests.api.test_shapes import cost, mismatches
from tests.changes import picture
from tests.factories import BusinessFactory, actor_with, ask_return, goods, sell

SHEET = {
    "name": "Tents",
    "questions": [{"code": "complete", "text": "Complete?", "kind": "yes_no", "required": True}],
    "grades": [
        {"code": "A", "name": "As new", "verdict": "accepted", "disposition": "restock"},
        {"code": "C", "name": "Damaged", "verdict": "accepted", "share": "70"},
        {"code": "R", "name": "Refused", "verdict": "rejected", "disposition": "send_back"},
    ],
}


@pytest.fixture
def admin(roles):
    return Caller(actor_with("Administrator").user)


@pytest.fixture
def rma(business, bo) -> ReturnOrder:
    return ask_return(sell(business, bo, goods("TENT", "3", "50.00")), "3", issued=True)


@pytest.fixture
def sheet(admin, business) -> Any:
    return admin.post("/inspection-sheets/", SHEET).json()


def received(api: Caller, rma: ReturnOrder, quantity: str = "3") -> str:
    line = str(rma.lines.get().uuid)
    answer = api.verb(rma, "receive", {"lines": [{"line": line, "quantity": quantity}]})
    assert answer.status_code == 200, answer.content
    return line


def entry(line: str, **values: Any) -> dict[str, Any]:
    return {"lines": [{"line": line, "answers": {"complete": True}, **values}]}


def image() -> bytes:
    out = BytesIO()
    Image.new("RGB", (4, 4), "red").save(out, format="PNG")
    return out.getvalue()


def upload(api: Caller, rma: ReturnOrder, name: str, content: bytes, **headers: str) -> Any:
    file = BytesIO(content)
    file.name = name
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    path = f"{ROOT}/returns/{rma.uuid}/attachments/"
    return api.client.post(path, {"file": file}, headers={**api.headers, **named})


def test_goods_are_inspected_by_grade_and_moved_at_once(api, rma, sheet):
    line = received(api, rma)
    body = entry(line, grade="A", quantity="2", dispose=True)
    body["lines"] += entry(line, grade="C", quantity="1", note="Torn.")["lines"]

    shown = api.verb(rma, "inspect", body).json()

    assert mismatches(shown, ReturnOutput(), "return") == []
    (line_shown,) = shown["lines"]
    told = {name: line_shown[name] for name in ("accepted", "rejected", "disposed")}
    assert told == {"accepted": "3", "rejected": "0", "disposed": "2"}
    first, second = shown["inspections"]
    assert (first["grade"], first["share"], first["disposition"]["reference"]) == (
        "A",
        "100",
        "restock",
    )
    assert (second["share"], second["note"], second["disposition"]) == ("70", "Torn.", None)
    assert [row["inspection"] for row in shown["disposals"]] == [first["id"]]
    assert "dispose" in shown["allowed_actions"]
    assert "inspect" not in shown["allowed_actions"]


def test_units_are_judged_again_and_the_later_verdict_counts(api, rma, sheet):
    line = received(api, rma)
    (first,) = api.verb(rma, "inspect", entry(line, grade="A")).json()["inspections"]

    shown = api.verb(rma, "inspect", entry(line, grade="R", replaces=first["id"])).json()
    gone = api.verb(rma, "inspect", entry(line, grade="A", replaces=first["id"]))

    (later,) = shown["inspections"]
    assert (later["grade"], later["replaces"], shown["lines"][0]["rejected"]) == (
        "R",
        first["id"],
        "3",
    )
    assert gone.status_code == 404, "only what stands can be judged again"


def test_what_does_not_fit_names_its_place_and_changes_nothing(api, rma, sheet):
    line = received(api, rma)
    before = picture()

    missing = api.verb(rma, "inspect", entry(line, grade="A", answers={}))
    too_many = api.verb(rma, "inspect", entry(line, grade="A", quantity="4"))
    unknown = api.verb(rma, "inspect", entry(line, grade="Z"))

    assert codes(missing) == {"/lines/0/answers/complete": "answers_missing"}
    assert problem(too_many, 422)["facts"] == {"open": "3"}
    assert problem(unknown, 422)["facts"] == {"grades": ["A", "C", "R"]}
    assert picture() == before


def test_going_against_the_grade_is_for_who_may(rma, sheet, api, roles):
    line = received(api, rma)
    inspector = Caller(actor_with("Inspector").user)
    body = entry(line, grade="A", verdict="rejected", override_reason="Mouldy.")

    refused = inspector.verb(rma, "inspect", body)
    done = api.verb(rma, "inspect", body)

    assert problem(refused, 403)["code"] == "not_permitted"
    (row,) = done.json()["inspections"]
    assert (row["verdict"], row["proposed_verdict"]) == ("rejected", "accepted")
    assert (row["share"], row["override_reason"]) == ("0", "Mouldy.")


def test_goods_that_were_inspected_move_without_naming_a_disposition(api, rma, sheet):
    line = received(api, rma)
    api.verb(rma, "inspect", entry(line, grade="R"))

    shown = api.verb(rma, "dispose", {"lines": [{"line": line}]}).json()
    again = api.verb(rma, "dispose", {"lines": [{"line": line}]})

    assert [row["action"] for row in shown["disposals"]] == ["send_back"]
    assert problem(again, 409)["code"] == "nothing_undecided"


def test_the_cost_book_is_listed_filtered_and_summed(api, admin, rma, roles):
    line = received(api, rma)
    part = rma.lines.get().part
    edit_part(part.pk, {"unit_cost": 20, "cost_currency": "EUR"}, actor=SYSTEM)
    scrap = admin.get("/dispositions/?code=scrap").json()["results"][0]
    handling = {"handling_cost": "1.25", "currency": "USD"}
    changed = admin.patch(f"/dispositions/{scrap['id']}/", handling, If_Match='"1"')
    assert (changed.json()["handling_cost"], changed.json()["value_percent"]) == ("1.25", "0")
    one = [{"line": line, "disposition": "restock", "quantity": "1"}]
    two = [{"line": line, "disposition": "scrap", "quantity": "2"}]
    api.verb(rma, "dispose", {"lines": one + two})

    rows = api.get("/disposals/").json()["results"]
    sums = api.get(f"/disposals/costs/?return_order={rma.reference}&action=scrap").json()

    assert [row["action"] for row in rows] == ["scrap", "restock"]
    assert (rows[0]["write_off"], rows[0]["handling"], rows[0]["sku"]) == ("40.00", "2.50", "TENT")
    assert mismatches(rows[0], DisposalOfReturnOutput(), "disposal") == []
    assert api.get(f"/disposals/{rows[0]['id']}/").json() == rows[0]
    assert [row["id"] for row in api.get("/disposals/?part=tent").json()["results"]] == [
        row["id"] for row in rows
    ]
    assert sums["results"] == [
        {"currency": "EUR", "write_off": "40.00", "handling": "0.00", "total": "40.00"},
        {"currency": "USD", "write_off": "0.00", "handling": "2.50", "total": "2.50"},
    ]
    assert problem(api.get("/disposals/costs/?limit=1"), 400)


def test_who_does_not_see_a_return_sees_no_cost_of_it(api, rma, business):
    received(api, rma)
    api.verb(rma, "dispose", {"lines": [{"line": 1, "disposition": "scrap"}]})
    key = Disposal.objects.get().uuid
    stranger = actor_with()
    assert stranger.user is not None
    from django.contrib.auth.models import Permission

    stranger.user.user_permissions.add(Permission.objects.get(codename="view_return"))
    caller = Caller(stranger.user)

    assert caller.get("/disposals/").json()["results"] == []
    assert caller.get("/disposals/costs/").json() == {"results": []}
    assert problem(caller.get(f"/disposals/{key}/"), 404)


def test_lists_with_decisions_cost_the_same_for_one_and_for_many(api, rma, sheet, business, bo):
    received(api, rma)
    body = [{"line": 1, "grade": "C", "quantity": "1", "answers": {"complete": True}}]
    one_inspected = api.verb(rma, "inspect", {"lines": body})
    assert one_inspected.status_code == 200
    api.verb(rma, "dispose", {"lines": [{"line": 1, "disposition": "scrap", "quantity": "1"}]})
    paths = ("/returns/", "/disposals/", "/inspection-sheets/", f"/returns/{rma.uuid}/")
    one = {path: cost(lambda path=path: api.get(path)) for path in paths}
    body[0]["grade"] = "R"
    api.verb(rma, "inspect", {"lines": body})
    for _ in range(2):
        restock = {"line": 1, "disposition": "restock", "quantity": "1", "override_reason": "So."}
        assert api.verb(rma, "dispose", {"lines": [restock]}).status_code == 200

    assert {path: cost(lambda path=path: api.get(path)) for path in paths} == one
    assert len(api.get("/disposals/").json()["results"]) == 3


# sheets


def test_a_sheet_is_made_read_and_changed_with_its_grades(admin, sheet, api):
    path = f"/inspection-sheets/{sheet['id']}/"
    assert mismatches(sheet, SheetOutput(), "sheet") == []
    assert [(row["code"], row["share"]) for row in sheet["grades"]] == [
        ("A", "100"),
        ("C", "70"),
        ("R", "0"),
    ]

    grades = [{"code": "B", "name": "Fine", "verdict": "accepted"}]
    changed = admin.patch(path, {"grades": grades, "photos": 1}, If_Match='"1"').json()

    assert ([row["code"] for row in changed["grades"]], changed["version"]) == (["B"], 2)
    assert api.get(path).json() == changed
    assert problem(admin.patch(path, {"photos": 2}, If_Match='"1"'), 412)
    assert problem(api.patch(path, {"photos": 2}, If_Match='"2"'), 403)
    verbs = AuditEntry.objects.filter(aggregate_id=sheet["id"]).values_list("verb", flat=True)
    assert list(verbs) == ["create", "edit"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({**SHEET, "grades": [*SHEET["grades"], SHEET["grades"][0]]}, 409, "code_exists"),
        ({"name": "Two"}, 409, "sheet_exists"),
        ({"name": "X", "questions": [{"code": "a", "text": "b", "kind": "x"}]}, 400, "invalid"),
        ({"name": "X", "photos": 21}, 400, "invalid"),
    ],
)
def test_a_sheet_that_cannot_be_is_refused(admin, sheet, body, status, code):
    if code == "code_exists":
        admin.patch(f"/inspection-sheets/{sheet['id']}/", {"active": False}, If_Match='"1"')
    before = picture()

    assert problem(admin.post("/inspection-sheets/", body), status)["code"] == code
    assert picture() == before


def test_a_part_has_a_category_and_a_cost(admin, api, business):
    made = admin.post("/part-categories/", {"code": "tents", "name": "Tents"})
    body = {"sku": "T-1", "name": "T", "category": "tents", "unit_cost": "3.5"}

    refused = api.post("/parts/", body)
    part = api.post("/parts/", {**body, "cost_currency": "EUR"}).json()

    assert problem(refused, 422)["code"] == "invalid_cost"
    assert (part["category"]["reference"], part["unit_cost"]) == ("tents", "3.5")
    found = api.get("/parts/?category=tents").json()["results"]
    assert [row["sku"] for row in found] == ["T-1"]
    path = f"/part-categories/{made.json()['id']}/"
    assert admin.patch(path, {"active": False}, If_Match='"1"').json()["active"] is False
    assert codes(api.post("/parts/", {**body, "sku": "T-2"})) == {"/category": "not_found"}


# files


def test_a_file_is_sent_listed_fetched_and_taken_away(api, rma):
    made = upload(api, rma, "tent.png", image())
    shown = made.json()
    path = f"/returns/{rma.uuid}/attachments/"

    assert (made.status_code, shown["content_type"], shown["name"]) == (
        201,
        "image/png",
        "tent.png",
    )
    assert api.get(path).json()["results"] == [shown]
    content = api.get(shown["content"])
    assert content.content.startswith(b"\x89PNG")
    assert content.headers["Content-Type"] == "image/png"
    assert content.headers["Content-Disposition"] == 'inline; filename="tent.png"'
    assert content.headers["X-Content-Type-Options"] == "nosniff"
    assert content.headers["Content-Security-Policy"].startswith("sandbox;")
    assert api.delete(f"{path}{shown['id']}/").status_code == 204
    assert api.get(path).json()["results"] == []
    assert problem(api.get(shown["content"]), 404)


def test_what_is_no_picture_is_downloaded(api, rma):
    shown = upload(api, rma, "letter.html", b"<script>alert(1)</script>").json()

    content = api.get(shown["content"])

    assert content.headers["Content-Type"] == "text/plain"
    assert content.headers["Content-Disposition"] == 'attachment; filename="letter.html"'


def test_a_file_is_kept_once_however_often_its_request_is_repeated(api, rma):
    first = upload(api, rma, "a.txt", b"words", Idempotency_Key="k-1")
    again = upload(api, rma, "a.txt", b"words", Idempotency_Key="k-1")
    other = upload(api, rma, "a.txt", b"other words", Idempotency_Key="k-1")

    assert again.json() == first.json()
    assert problem(other, 422)["code"] == "idempotency_key_reused"
    assert len(api.get(f"/returns/{rma.uuid}/attachments/").json()["results"]) == 1


@pytest.mark.parametrize(
    ("content", "code"), [(b"", "empty_file"), (b"MZ\x00", "unknown_file_type")]
)
def test_a_file_that_cannot_be_kept_is_refused(api, rma, content, code):
    before = picture()

    assert codes(upload(api, rma, "a", content)) == {"/file": code}
    assert picture() == before


def test_a_body_that_is_too_large_is_refused_unread(api, rma, settings):
    settings.MAX_FILE_BYTES = 10

    refusal = problem(upload(api, rma, "a", b"x" * 70_000), 422)

    assert refusal["code"] == "file_too_large"


def test_files_are_seen_by_who_sees_the_return_and_sent_by_who_writes_notes(api, rma, roles):
    shown = upload(api, rma, "a.txt", b"words").json()
    viewer = Caller(actor_with("Viewer").user)
    other = ask_return(sell(BusinessFactory(), rma.customer, goods("PEG")))

    assert viewer.get(shown["content"]).status_code == 200
    assert problem(upload(viewer, rma, "b.txt", b"words"), 403)
    assert problem(viewer.delete(f"/returns/{rma.uuid}/attachments/{shown['id']}/"), 403)
    assert problem(api.get(f"/returns/{other.uuid}/attachments/{shown['id']}/content/"), 404)
    assert problem(Caller(actor_with().user).get(shown["content"]), 403)
