"""The slip in the parcel, and that scanning it leads to the return."""

from __future__ import annotations

from returns.models import ReturnOrder
from returns.services import add_parcel
from returns.web.slips import BAR_HEIGHT, QUIET, bars, square
from rmaproject.access.actors import SYSTEM
from tests.factories import ask_return
from tests.returns.steps import by_number, receive
from tests.web.browser import text_of


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
