"""An inspection by a sheet: the grade proposes, people decide, and both are kept."""

from __future__ import annotations

from io import BytesIO
from uuid import UUID, uuid4

import pytest
from PIL import Image

from returns.models import Inspection, ReturnLine, ReturnOrder
from returns.services import (
    LineInput,
    attach_file,
    create_sheet,
    edit_sheet,
    remove_file,
)
from rmaproject.access.actors import SYSTEM
from rmaproject.shared.errors import Conflict, NotPermitted
from stock.models import PartCategory, StockItem
from stock.services import edit_part
from tests.factories import actor_with, goods, sell
from tests.returns.inspections import disposition, inspect, refused
from tests.returns.steps import D, receive, request


def photo(rma: ReturnOrder) -> UUID:
    out = BytesIO()
    Image.new("RGB", (4, 4), "red").save(out, format="PNG")
    return attach_file(rma.pk, "tent.png", out.getvalue(), actor=SYSTEM).uuid


def test_a_line_is_split_over_grades_and_each_proposes_what_becomes_of_it(sheet, line):
    one, two = {"grade": "a", "quantity": D("1")}, {"grade": "R", "quantity": D("2")}

    inspect(line, one, two)

    line.refresh_from_db()
    assert (line.received, line.accepted, line.rejected, line.disposed) == (3, 1, 2, 0)
    rows = Inspection.objects.order_by("pk").select_related("disposition")
    assert [(row.grade, row.verdict, row.share, row.disposition.code) for row in rows] == [
        ("A", "accepted", 100, "restock"),
        ("R", "rejected", 0, "send_back"),
    ]
    assert StockItem.objects.get().state == "held"


def test_a_grade_says_which_share_of_the_price_is_credited(sheet, line):
    inspect(line, {"grade": "C"})

    row = Inspection.objects.get()
    assert (row.verdict, row.share, row.proposed_share) == ("accepted", 70, 70)


def test_an_inspection_keeps_what_the_inspector_read_and_said(sheet, line):
    inspect(line, {"grade": "A", "answers": {"complete": False, "weight": "1.50"}})
    edit_sheet(sheet.pk, {"name": "Other", "questions": [], "grades": []}, actor=SYSTEM)

    kept = Inspection.objects.get().snapshot
    assert (kept["sheet"], kept["sheet_version"]) == ("Tents", 1)
    assert kept["grade"] == {"code": "A", "name": "As new", "criteria": ""}
    assert kept["answers"] == [
        {"code": "complete", "text": "Is it complete?", "answer": False},
        {"code": "weight", "text": "Weight in kg", "answer": "1.5"},
    ]


def test_the_sheet_of_the_category_goes_before_the_one_for_all(sheet, line, business):
    category = PartCategory.objects.create(code="tents", name="Tents")
    edit_part(line.part_id, {"category": category}, actor=SYSTEM)
    grades = [{"code": "X", "name": "Only", "verdict": "accepted"}]
    create_sheet({"name": "Own", "category": category, "grades": grades}, actor=SYSTEM)

    refusal = refused(lambda: inspect(line, {"grade": "A"}))
    inspect(line, {"grade": "X", "answers": {}})

    assert (refusal.code, refusal.facts) == ("unknown_grade", {"grades": ["X"]})
    assert Inspection.objects.get().sheet.name == "Own"


def test_one_sheet_is_in_use_for_one_class_of_parts(sheet):
    refusal = refused(lambda: create_sheet({"name": "Second"}, actor=SYSTEM), Conflict)

    assert refusal.code == "sheet_exists"


# what must be there


@pytest.mark.parametrize(
    ("entry", "code", "pointer", "facts"),
    [
        ({"grade": ""}, "grade_required", "/grade", {"grades": ["A", "C", "R"]}),
        ({"grade": "Z"}, "unknown_grade", "/grade", {"grades": ["A", "C", "R"]}),
        ({"answers": {}}, "answers_missing", "/answers/complete", {"missing": ["complete"]}),
        ({"answers": {"complete": "yes"}}, "invalid_answer", "/answers/complete", {}),
        ({"answers": {"complete": True, "smell": "old"}}, "invalid_answer", "/answers/smell", {}),
        ({"answers": {"complete": True, "weight": "1e9"}}, "invalid_answer", "/answers/weight", {}),
        ({"answers": {"complete": True, "x": 1}}, "unknown_answer", "/answers/x", {}),
        ({"quantity": D("4")}, "exceeds_received", "/quantity", {"open": "3"}),
        ({"quantity": D("0")}, "exceeds_received", "/quantity", {"open": "3"}),
        ({"share": D("101")}, "invalid_share", "/share", {}),
        ({"verdict": "rejected", "share": D("1")}, "invalid_share", "/share", {}),
        ({"photos": [uuid4()]}, "unknown_photo", "/photos/0", {}),
    ],
)
def test_what_does_not_fit_the_sheet_is_refused_and_changes_nothing(
    sheet, line, entry, code, pointer, facts
):
    refusal = refused(lambda: inspect(line, {"grade": "A", **entry}))

    assert (refusal.code, refusal.pointer) == (code, f"/lines/0{pointer}")
    assert refusal.facts == facts


def test_goods_that_have_not_come_cannot_be_inspected(sheet, business, bo):
    order = sell(business, bo, goods("TENT", "1", "50.00"))
    rma = request(order, LineInput(D("1"), order_line=order.lines.get()))

    refusal = refused(lambda: inspect(rma.lines.get(), {"grade": "A"}))

    assert (refusal.code, refusal.facts) == ("exceeds_received", {"open": "0"})


def test_goods_are_inspected_once(sheet, line):
    inspect(line, {"grade": "A"})

    refusal = refused(lambda: inspect(line, {"grade": "R"}))

    assert (refusal.code, refusal.facts) == ("exceeds_received", {"open": "0"})


def test_a_sheet_may_ask_for_photos_which_then_stay(sheet, line):
    edit_sheet(sheet.pk, {"photos": 2}, actor=SYSTEM)
    rma = line.return_order
    first, second = photo(rma), photo(rma)

    refusal = refused(lambda: inspect(line, {"grade": "A", "photos": [first, first]}))
    inspect(line, {"grade": "A", "photos": [first, second]})

    assert (refusal.code, refusal.facts) == ("photos_missing", {"required": 2})
    assert Inspection.objects.get().photos == [str(first), str(second)]
    stays = refused(lambda: remove_file(rma.pk, first, actor=SYSTEM))
    assert stays.code == "photo_in_use"


def test_a_text_is_no_photo_and_another_returns_photo_neither(sheet, line, business, bo):
    text = attach_file(line.return_order_id, "a.txt", b"words", actor=SYSTEM).uuid
    other = photo(request(sell(business, bo, goods("TENT", "1")), issued=False))

    for wrong in (text, other):
        refusal = refused(lambda wrong=wrong: inspect(line, {"grade": "A", "photos": [wrong]}))
        assert refusal.code == "unknown_photo"


# serial numbers


@pytest.fixture
def drills(sheet, business, bo) -> ReturnLine:
    """Two drills of one line are here, and the sheet wants their serials scanned."""
    edit_sheet(sheet.pk, {"serial_check": True}, actor=SYSTEM)
    order = sell(business, bo, goods("DRILL", "2", "80.00", serials=("D-1", "D-2")))
    rma = request(order, LineInput(D("2"), order_line=order.lines.get()))
    for serial in ("D-1", "D-2"):
        receive(rma.lines.get(), serial=serial)
    return rma.lines.get()


def test_the_scanned_unit_is_the_one_that_is_inspected(drills):
    inspect(drills, {"grade": "A", "serial": "d-2", "quantity": D("1")})

    row = Inspection.objects.get()
    assert (row.serial, row.receipt_line.stock_item.serial) == ("D-2", "D-2")


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ({}, "serial_missing"),
        ({"serial": "D-9"}, "wrong_serial"),
        ({"serial": "D-1", "quantity": D("2")}, "unit_counts_one"),
    ],
)
def test_a_wrong_or_missing_scan_is_refused(drills, entry, code):
    refusal = refused(lambda: inspect(drills, {"grade": "A", "quantity": D("1"), **entry}))

    assert refusal.code == code


# going against the grade


@pytest.mark.parametrize(
    "entry",
    [{"verdict": "rejected"}, {"share": D("50")}, {"disposition": "scrap"}],
)
def test_going_against_a_grade_needs_right_and_reason_and_both_are_kept(sheet, line, roles, entry):
    inspector, manager = actor_with("Inspector"), actor_with("Manager")
    if "disposition" in entry:
        entry = {"disposition": disposition("scrap")}
    given = {"grade": "A", **entry}

    lacking = refused(
        lambda: inspect(line, {**given, "override_reason": "So."}, actor=inspector), NotPermitted
    )
    mute = refused(lambda: inspect(line, {**given, "override_reason": " "}, actor=manager))
    inspect(line, {**given, "override_reason": "Mouldy."}, actor=manager)

    assert lacking.facts == {"permission": "returns.override_inspection"}
    assert (mute.code, mute.pointer) == ("reason_required", "/lines/0/override_reason")
    row = Inspection.objects.get()
    assert (row.proposed_verdict, row.proposed_share) == ("accepted", 100)
    assert row.proposed_disposition.code == "restock"
    assert row.override_reason == "Mouldy."
    decided = (row.verdict, row.share, row.disposition.code)
    assert decided != ("accepted", 100, "restock")


def test_an_inspector_follows_the_grade_without_more_rights(sheet, line, roles):
    inspect(line, {"grade": "C", "override_reason": "Not needed"}, actor=actor_with("Inspector"))

    assert Inspection.objects.get().override_reason == ""


def test_without_a_sheet_a_verdict_alone_is_enough(line):
    rejected = {"verdict": "rejected", "quantity": D("1"), "answers": {}}
    inspect(line, {"verdict": "accepted", "quantity": D("2"), "answers": {}}, rejected)
    rows = Inspection.objects.order_by("pk").values_list("verdict", "share", "disposition")

    assert list(rows) == [("accepted", 100, None), ("rejected", 0, None)]


def test_without_sheet_and_verdict_nothing_is_inspected(line):
    refusal = refused(lambda: inspect(line, {"answers": {}}))

    assert refusal.code == "verdict_missing"
