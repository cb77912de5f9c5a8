"""Numbers of trade items: checked, one part each, found however they are written."""

from __future__ import annotations

import pytest

from returns.api.filters import find_returns
from returns.finding import search_returns
from returns.models import ReturnLine, ReturnOrder
from returns.purchases import Purchases
from returns.services.listing import match_list
from returns.to_inspect import named
from rmaproject.access.actors import SYSTEM
from rmaproject.shared.errors import Conflict, RuleViolation
from stock.gtin import check_digit, is_gtin, with_number
from stock.models import Part
from stock.services import edit_part
from tests.api.caller import Caller
from tests.factories import PartFactory, ask_return, goods, sell
from tests.web.browser import text_of, version_on

EAN, UPC, SHORT = "4006381333931", "036000291452", "96385074"


@pytest.mark.parametrize("number", [EAN, UPC, SHORT, "00000096385074", "14006381333938"])
def test_a_number_is_right_by_its_length_and_its_last_digit(number):
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)

    assert is_gtin(number)
    assert not is_gtin(wrong)
    assert check_digit(number[:-1]) == int(number[-1])


@pytest.mark.parametrize("text", ["", "4006381333932", "400638133393", "96385074x", "٩٦٣٨٥٠٧٤"])
def test_what_is_no_number_is_refused_at_its_field(db, text):
    part = PartFactory(sku="TENT")
    if not text:
        assert edit_part(part.pk, {"gtin": ""}, actor=SYSTEM).gtin == ""
        return

    with pytest.raises(RuleViolation) as refusal:
        edit_part(part.pk, {"gtin": text}, actor=SYSTEM)

    assert (refusal.value.code, refusal.value.pointer) == ("invalid_gtin", "/gtin")


def test_two_parts_never_have_one_number_in_whatever_length(db):
    PartFactory(sku="TENT", gtin="4006381-333931")
    PartFactory(sku="BAG")
    PartFactory(sku="MAP")

    with pytest.raises(Conflict) as refusal:
        PartFactory(sku="PEG", gtin=f"0{EAN}")

    assert refusal.value.code == "gtin_exists"
    assert [part.sku for part in with_number(Part.objects.all(), [f"0{EAN}"])] == ["TENT"]
    assert not with_number(Part.objects.all(), ["BAG", ""])


def test_the_page_of_a_part_takes_shows_and_finds_it(client, ada, db):
    client.force_login(ada.user)
    part = PartFactory(sku="TENT")
    path = f"/stock/parts/{part.uuid}/edit/"
    form = {"version": version_on(client.get(path)), "sku": "TENT", "name": part.name}
    form |= {"unit": "pcs", "kind": "simple", "active": "on", "is_salable": "on"}

    wrong = client.post(path, {**form, "gtin": "123"})
    saved = client.post(path, {**form, "gtin": EAN})

    assert (wrong.status_code, saved.status_code) == (422, 302)
    assert "This is no GTIN" in text_of(wrong)
    assert EAN in text_of(client.get(f"/stock/parts/{part.uuid}/"))
    assert client.get("/stock/parts/", {"q": f"0{EAN}", "find": "1"}).url.endswith(f"{part.uuid}/")
    assert "TENT" in text_of(client.get("/search/", {"q": EAN}))


def test_other_systems_write_read_and_filter_it(ada, db):
    api = Caller(ada.user)
    PartFactory(sku="BAG")

    made = api.post("/parts/", {"sku": "TENT", "name": "Tent", "gtin": EAN})
    wrong = api.post("/parts/", {"sku": "PEG", "name": "Peg", "gtin": "1"})
    found = api.get(f"/parts/?gtin=0{EAN}").json()["results"]

    assert (made.status_code, made.json()["gtin"]) == (201, EAN)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid_gtin")
    assert [row["sku"] for row in found] == ["TENT"]


def test_its_barcode_is_counted_at_the_dock(client, ada, business, bo):
    client.force_login(ada.user)
    rma = ask_return(sell(business, bo, goods("TENT", "2", "50.00")), "2", issued=True)
    edit_part(rma.lines.get().part_id, {"gtin": EAN}, actor=SYSTEM)

    client.post(f"/returns/{rma.uuid}/count/", {"code": f"0{EAN}"})
    client.post(f"/returns/{rma.uuid}/count/", {"code": f"(01)0{EAN}"})

    assert rma.counts.get().scans.filter(verdict="good").count() == 2


def test_returns_are_found_and_asked_for_by_the_number_on_the_box(client, ada, business, bo):
    client.force_login(ada.user)
    rma = ask_return(sell(business, bo, goods("TENT", "3", "50.00")))
    sell(business, bo, goods("BAG", "2", "5.00"), goods("DRILL", serials=("D-1",)))
    for sku, number in (("TENT", EAN), ("DRILL", SHORT)):
        edit_part(Part.objects.get(sku=sku).pk, {"gtin": number}, actor=SYSTEM)
    every = ReturnOrder.objects.all()

    bought = Purchases(ada, bo, business).page(f"0{EAN}").rows
    listed = match_list(f"0{EAN};2\n{SHORT};d-1", actor=SYSTEM, customer=bo)

    assert list(search_returns(every, f"0{EAN}", ada)) == [rma]
    assert list(find_returns(every, EAN)) == [rma]
    assert [line.return_order for line in named(ReturnLine.objects.all(), EAN)] == [rma]
    assert [row.line.part.sku for row in bought] == ["TENT"]
    assert [row.code for row in listed.rows] == ["", ""]
    assert [line.order_line.part.sku for line in listed.lines] == ["TENT", "DRILL"]
    assert list(search_returns(every, SHORT, ada)) == []
