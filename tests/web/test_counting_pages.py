"""The dock's pages: finding a return by any code, counting it, finishing, labels."""

from __future__ import annotations

import re

import pytest

from returns.models import Count, CountScan, LabelPrint, Receipt, ReturnOrder
from returns.services import add_parcel
from returns.services.counts import live_count, park_count, scan_code
from rmaproject.access.actors import SYSTEM
from tests.factories import LocationFactory, actor_with, ask_return, goods, sell
from tests.web.browser import queries_of, text_of


@pytest.fixture
def rma(tents):
    return ask_return(tents, "2", issued=True)


def scan(client, rma, code, **headers):
    return client.post(f"/returns/{rma.uuid}/count/", {"code": code}, headers=headers)


def at_door(client, code):
    return client.post("/returns/receive/scan/", {"code": code})


@pytest.mark.parametrize("code", ["rma-0001", "3SABC", "SALE-1", "po-77", "TENT"])
def test_at_the_door_any_number_opens_the_count(clerk, rma, code):
    add_parcel(rma.pk, {"tracking_number": "3SABC"}, actor=SYSTEM)
    ReturnOrder.objects.filter(pk=rma.pk).update(customer_reference="PO-77")

    assert at_door(clerk, code).url == f"/returns/{rma.uuid}/count/"

    count = live_count(rma)
    assert count.started_by.username == "ada"
    assert (count.parcel is not None) == (code == "3SABC")


def test_a_unit_at_the_door_opens_the_return_that_waits_for_it(clerk, business, bo):
    sold = sell(business, bo, goods("DRILL", "1", "80.00", serials=("S1",)))
    rma = ask_return(sold, issued=True)

    assert at_door(clerk, "s1").url == f"/returns/{rma.uuid}/count/"


def test_a_code_of_several_returns_offers_them_by_number(clerk, tents):
    first, second = ask_return(tents, issued=True), ask_return(tents, issued=True)

    chooser = text_of(clerk.get(at_door(clerk, "TENT").url))

    assert "2 returns fit" in chooser
    assert chooser.index(second.reference) < chooser.index(first.reference)
    assert 'data-pick="2"' in chooser
    assert not Count.objects.exists()


def test_a_code_of_no_return_leads_to_the_unknown_parcel(clerk, business):
    page = text_of(clerk.get(at_door(clerk, "1Z999").url))

    assert "No return is known for this" in page
    assert "/returns/unknown/?code=1Z999" in page


def test_a_return_that_may_not_be_seen_is_not_found_at_the_door(client, rma):
    stranger = actor_with("Returns clerk", username="cy")
    client.force_login(stranger.user)

    answer = at_door(client, rma.reference)

    assert answer.status_code in (302, 403)
    assert not Count.objects.exists()


def test_each_enter_is_a_scan_and_the_page_comes_back(clerk, rma):
    answer = scan(clerk, rma, "TENT")

    assert answer.url == f"/returns/{rma.uuid}/count/"
    page = text_of(clerk.get(answer.url))
    assert "Counted" in page
    assert "1</b> of 2" in page
    assert "ada, since" in page


def test_a_script_gets_the_part_that_changes_alone(clerk, rma):
    page = text_of(scan(clerk, rma, "nonsense", **{"HX-Request": "true"}))

    assert 'data-verdict="unknown"' in page
    assert "What is it?" in page
    assert "<html" not in page


def test_a_quantity_code_is_answered_with_what_the_next_scan_counts(clerk, rma):
    shown = text_of(scan(clerk, rma, "QTY 11", **{"HX-Request": "true"}))

    assert "The next scan counts 11" in shown


def test_a_finish_code_leads_a_script_to_the_page_that_asks(clerk, rma):
    answer = scan(clerk, rma, "FINISH", **{"HX-Request": "true"})

    assert answer.headers["HX-Redirect"] == f"/returns/{rma.uuid}/count/finish/"


def test_finishing_lists_what_is_missing_and_books_one_receipt(clerk, rma):
    scan(clerk, rma, "TENT")
    page = text_of(clerk.get(f"/returns/{rma.uuid}/count/finish/"))
    assert "1 missing" in page

    told = {"short_ok": "yes", "note": "wet"}
    answer = clerk.post(f"/returns/{rma.uuid}/count/finish/", told, follow=True)

    assert text_of(answer).lower().count("receipt 1 is booked") == 1
    assert "Print item labels" in text_of(answer)
    assert Receipt.objects.get().note == "wet"


def test_an_empty_count_says_so_when_it_is_finished(clerk, rma):
    scan(clerk, rma, "nonsense")

    answer = clerk.post(f"/returns/{rma.uuid}/count/finish/", {"short_ok": "yes"})

    assert answer.status_code == 422
    assert "Say what arrived." in text_of(answer)


def test_an_unknown_code_is_named_on_a_page_of_its_own(clerk, rma):
    scan(clerk, rma, "77120")
    row = CountScan.objects.get()
    address = f"/returns/{rma.uuid}/count/{row.uuid}/name/"
    assert "77120" in text_of(clerk.get(address))

    clerk.post(address, {"description": "A hat", "quantity": "2"})

    assert "A hat" in text_of(clerk.get(f"/returns/{rma.uuid}/count/"))
    assert clerk.get(address).status_code == 404


def test_steps_are_number_fields_without_scripts(clerk, rma):
    line = rma.lines.get()
    step = f"/returns/{rma.uuid}/count/step/"

    clerk.post(step, {"of": str(line.uuid), "counted": "2"})
    assert "2</b> of 2" in text_of(clerk.get(f"/returns/{rma.uuid}/count/"))

    refused = clerk.post(step, {"of": str(line.uuid), "counted": "3"})
    assert refused.status_code == 422
    assert "Only 2 of this line are expected" in text_of(refused)
    assert clerk.post(step, {"of": "nonsense", "counted": "3"}).status_code == 404


def test_a_parked_count_is_offered_at_the_door_and_taken_up_by_another(client, clerk, rma):
    scan_code(rma.pk, "TENT", actor=SYSTEM)
    park_count(rma.pk, actor=SYSTEM)
    assert "Go on" in text_of(clerk.get("/returns/receive/"))

    clerk.post(f"/returns/{rma.uuid}/count/resume/")

    assert live_count(rma).worker.username == "ada"
    assert live_count(rma).state == "open"


def test_a_count_is_thrown_away_with_a_reason_alone(clerk, rma):
    scan(clerk, rma, "TENT")
    address = f"/returns/{rma.uuid}/count/cancel/"

    assert clerk.post(address, {"reason": ""}).status_code == 422
    clerk.post(address, {"reason": "wrong parcel"})

    assert Count.objects.get().reason == "wrong parcel"


def test_a_receipt_is_reopened_from_the_page_that_tells_of_it(clerk, rma):
    scan(clerk, rma, "TENT")
    clerk.post(f"/returns/{rma.uuid}/count/finish/", {"short_ok": "yes"})
    page = text_of(clerk.get(f"/returns/{rma.uuid}/count/"))
    reopen = re.search(r'action="([^"]+/reopen/)"', page)[1]

    clerk.post(reopen, {"reason": "one more was in it"})

    page = text_of(clerk.get(f"/returns/{rma.uuid}/count/"))
    assert "Reopened" in page
    assert "1</b> of 2" in page


def test_the_carton_and_a_photo_are_kept(clerk, rma, tmp_path):
    from io import BytesIO

    from PIL import Image

    clerk.post(f"/returns/{rma.uuid}/count/carton/", {"carton": "dented"})
    assert live_count(rma).carton == "dented"

    picture = BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    picture.seek(0)
    picture.name = "parcel.png"
    answer = clerk.post(f"/returns/{rma.uuid}/count/photo/", {"file": picture}, follow=True)
    assert "The picture is kept" in text_of(answer)


def test_the_count_costs_the_same_queries_whatever_is_in_it(clerk, rma):
    address = f"/returns/{rma.uuid}/count/"
    scan_code(rma.pk, "TENT", actor=SYSTEM)
    few = queries_of(clerk, address)
    for number in range(30):
        scan_code(rma.pk, f"CODE-{number}", actor=SYSTEM)

    assert queries_of(clerk, address) == few


def test_texts_of_strangers_are_shown_and_never_run(clerk, rma):
    scan(clerk, rma, "<script>alert(1)</script>")

    page = text_of(clerk.get(f"/returns/{rma.uuid}/count/"))

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_return_of_the_shipment_is_made_by_order_or_serial(clerk, business, bo):
    sell(business, bo, goods("DRILL", "2", "80.00", serials=("S1", "S2")), reference="SALE-9")
    told = {"do": "shipment", "shipment": "SALE-9", "tracking_number": "3SXYZ"}

    answer = clerk.post("/returns/unknown/", told)

    rma = ReturnOrder.objects.get()
    assert answer.url == f"/returns/{rma.uuid}/count/"
    assert rma.lines.get().quantity == 2
    assert live_count(rma).parcel.tracking_number == "3SXYZ"


def test_a_return_of_one_unit_is_made_by_its_serial(clerk, business, bo):
    sell(business, bo, goods("DRILL", "2", "80.00", serials=("S1", "S2")), reference="SALE-9")

    clerk.post("/returns/unknown/", {"do": "shipment", "shipment": "s2"})

    assert ReturnOrder.objects.get().lines.get().stock_item.serial == "S2"


def test_a_shipment_that_nobody_knows_is_said_so(clerk, business):
    answer = clerk.post("/returns/unknown/", {"do": "shipment", "shipment": "NONE"})

    assert answer.status_code == 422
    assert "No sales order and no sold unit has this number." in text_of(answer)


def test_a_blind_return_is_counted_at_once(clerk, business, bo):
    told = {
        "do": "count",
        "business": str(business.uuid),
        "customer": "BO",
        "tracking_number": "3SXYZ",
    }

    answer = clerk.post("/returns/unknown/", told)

    rma = ReturnOrder.objects.get()
    assert answer.url == f"/returns/{rma.uuid}/count/"
    assert live_count(rma).parcel.tracking_number == "3SXYZ"


def test_there_is_a_label_for_each_unit_and_a_reprint_is_told(clerk, rma):
    LocationFactory(code="W-04")
    for code in ("W-04", "TENT", "TENT"):
        scan(clerk, rma, code)
    clerk.post(f"/returns/{rma.uuid}/count/finish/", {"short_ok": "yes"})
    receipt = Receipt.objects.get()
    address = f"/returns/{rma.uuid}/labels/items/?receipt={receipt.uuid}"
    page = text_of(clerk.get(address))
    assert page.count('class="label-item"') == 2
    assert "W-04" in page

    told = {"kind": "item", "receipt": str(receipt.uuid), "copies": "2"}
    clerk.post(f"/returns/{rma.uuid}/labels/printed/", told)

    row = LabelPrint.objects.get()
    assert (row.actor.username, row.copies, row.receipt) == ("ada", 2, receipt)
    assert "Print again" in text_of(clerk.get(address))
    assert "by ada" in text_of(clerk.get(address))


def test_labels_of_another_return_are_not_found(clerk, rma):
    labels = f"/returns/{rma.uuid}/labels/items/"

    assert clerk.get(labels, {"receipt": str(rma.uuid)}).status_code == 404
    assert clerk.get(labels, {"receipt": "x"}).status_code == 404
    assert "Nothing was received yet" in text_of(clerk.get(labels))
    answer = clerk.post(f"/returns/{rma.uuid}/labels/printed/", {"kind": "poster"})
    assert answer.status_code == 404


def test_the_plate_label_and_the_command_codes_can_be_scanned(clerk, rma):
    plate = text_of(clerk.get(f"/returns/{rma.uuid}/labels/plate/"))
    sheet = text_of(clerk.get("/returns/receive/commands/"))

    assert f"Barcode of {rma.reference}" in plate
    assert "Barcode of QTY 10" in sheet
    assert "Barcode of FINISH" in sheet
