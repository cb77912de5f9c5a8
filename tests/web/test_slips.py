"""The slip in the parcel, and that scanning it leads to the return."""

from __future__ import annotations

from returns.models import LabelPrint, ReturnOrder
from returns.services import add_parcel
from returns.web.dock.slips import BAR_HEIGHT, QUIET, bars, square
from rmaproject.access.actors import SYSTEM
from tests.factories import ask_return, goods, sell
from tests.returns.steps import by_number, receive
from tests.web.browser import queries_of, text_of


def test_the_slip_names_what_is_still_expected(clerk, tents):
    order = ask_return(tents, "2", issued=True)

    slip = text_of(clerk.get(f"/returns/{order.uuid}/slip/"))

    assert "RMA-0001" in slip
    assert "Tent" in slip
    assert "SALE-1" in slip

    receive(by_number(order)[0], "2")
    assert "Nothing is expected" in text_of(clerk.get(f"/returns/{order.uuid}/slip/"))


def test_the_bars_are_those_of_code_128(clerk):
    # Start B, "A" (value 33), checksum (104 + 33) mod 103 = 34, stop: patterns of ISO/IEC 15417.
    modules = "11010010000" + "10100011000" + "10001011000" + "1100011101011"
    places = [place for place, module in enumerate(modules) if module == "1"]
    path = "".join(f"M{QUIET + place} 0h1v{BAR_HEIGHT}h-1z" for place in places)

    assert bars("A") == {"path": path, "width": len(modules) + 2 * QUIET, "height": BAR_HEIGHT}


def test_a_reference_beyond_ascii_has_the_square_code_alone(clerk, tents):
    order = ask_return(tents)
    ReturnOrder.objects.filter(pk=order.pk).update(reference="Rücksendung-1")

    slip = text_of(clerk.get(f"/returns/{order.uuid}/slip/"))

    assert bars("Rücksendung-1") is None
    assert "<svg" in square("Rücksendung-1")
    assert "QR code of Rücksendung-1" in slip
    assert "Barcode of" not in slip


def test_codes_carry_no_style_that_the_policy_refuses():
    assert "style" not in square("RMA-0001")


def test_a_scanned_tracking_number_opens_its_return(clerk, tents):
    order = ask_return(tents, issued=True)
    add_parcel(order.pk, {"tracking_number": "3SABC123"}, actor=SYSTEM)

    assert clerk.get("/search/", {"q": "3sabc123"}).url == f"/returns/{order.uuid}/"


def test_a_customers_own_number_opens_its_return(clerk, tents):
    order = ask_return(tents)
    ReturnOrder.objects.filter(pk=order.pk).update(customer_reference="PO-7")

    assert clerk.get("/search/", {"q": "po-7"}).url == f"/returns/{order.uuid}/"


def test_chosen_returns_are_printed_together_and_each_print_is_noted(clerk, tents):
    first, second = (ask_return(tents, issued=True) for _ in range(2))
    other = ask_return(sell(tents.business, tents.customer, goods("BAG")), issued=True)
    picks = [str(first.uuid), str(second.uuid)]

    asked = clerk.post("/returns/slips/", {"pick": picks})
    page = text_of(clerk.get(asked.url))
    noted = clerk.post("/returns/slips/printed/", {"pick": picks}, headers={"HX-Request": "true"})

    assert page.count("return-slip") == 2
    assert first.reference in page
    assert other.reference not in page
    assert noted.status_code == 204
    assert [row.return_order for row in LabelPrint.objects.order_by("pk")] == [first, second]


def test_slips_of_all_that_match_and_of_none(clerk, tents):
    order = ask_return(tents, issued=True)

    whole = clerk.post("/returns/slips/", {"all": "1"})
    none = clerk.post("/returns/slips/", {"pick": "x"})

    assert whole.url == f"/returns/slips/?pick={order.uuid}"
    assert none.url == "/returns/"


def test_slips_of_more_returns_need_no_more_queries(clerk, tents):
    first, second = (ask_return(tents, issued=True) for _ in range(2))
    one = f"/returns/slips/?pick={first.uuid}"

    alone = queries_of(clerk, one)
    together = queries_of(clerk, f"{one}&pick={second.uuid}")

    assert alone == together


def test_a_return_and_its_line_lead_to_their_labels(clerk, tents):
    order = ask_return(tents, "2", issued=True)
    line = by_number(order)[0]
    before = text_of(clerk.get(f"/returns/{order.uuid}/"))
    receive(line, "1")
    other = by_number(order)[0]

    page = text_of(clerk.get(f"/returns/{order.uuid}/"))
    record = text_of(clerk.get(f"/returns/{order.uuid}/lines/{other.uuid}/"))
    labels = f"/returns/{order.uuid}/labels/items/?line={line.number}"

    assert "Plate label" not in before
    assert f"/returns/{order.uuid}/labels/plate/" in page
    assert labels in record
    assert text_of(clerk.get(labels)).count('class="label-item"') == 1
    none = f"/returns/{order.uuid}/labels/items/?line=9"
    assert "Nothing was received yet" in text_of(clerk.get(none))
