"""The form for a new return: customers found by anything, purchases searched, lists pasted."""

from __future__ import annotations

import re

from returns.models import Outcome, ReturnOrder
from tests.factories import CompanyFactory, actor_with, goods, sell
from tests.returns.ruling import publish, rule
from tests.web.browser import queries_of, text_of


def opened(clerk, bo, **more):
    return text_of(clerk.get("/returns/new/", {"customer": bo.uuid, **more}))


def test_a_customer_is_found_while_typing_by_mail_and_by_order(clerk, business, bo, tents):
    CompanyFactory(reference="C-7", name="Mona Mail", email="mona@example.org")

    by_mail = text_of(clerk.get("/returns/new/customers/?customer=mona@"))
    by_order = text_of(clerk.get("/returns/new/customers/?customer=sale-1"))

    assert re.findall(r'value="([^"]+)"', by_mail) == ["C-7"]
    assert re.findall(r'value="([^"]+)"', by_order) == ["BO"]


def test_a_customer_that_was_pressed_brings_the_business_that_sold_to_them(
    clerk, business, bo, tents
):
    answer = clerk.post("/returns/new/", {"customer": "x", "pick_customer": "BO", "business": ""})

    assert answer.status_code == 200
    assert "SALE-1" in text_of(answer)


def test_everything_a_customer_bought_is_reached_by_paging(clerk, business, bo):
    for number in range(30):
        sell(business, bo, goods(f"SKU-{number}", "1"), reference=f"ORDER-{number:02}")

    first = opened(clerk, bo)
    older = re.search(r'name="go" value="(after:[^"]+)"', first)[1]
    asked = {"customer": "BO", "business": business.uuid, "go": older}
    second = text_of(clerk.post("/returns/new/", asked))

    assert ("ORDER-29" in first, "ORDER-04" in first) == (True, False)
    assert ("ORDER-29" in second, "ORDER-04" in second) == (False, True)
    newer = re.search(r'name="go" value="(before:[^"]+)"', second)[1]
    assert "ORDER-29" in text_of(clerk.post("/returns/new/", {**asked, "go": newer}))


def test_what_was_ticked_stays_while_something_else_is_searched(clerk, business, bo, tents):
    sell(business, bo, goods("ROPE", "4", "5.00", name="Rope"), reference="SALE-2")
    tent, asked = tents.lines.get(), {"customer": "BO", "business": business.uuid}

    answer = clerk.post(
        "/returns/new/", {**asked, f"quantity_{tent.uuid}": "1", "find": "rope", "do": "pick"}
    )

    assert "SALE-2" in text_of(answer)
    assert f'value="{tent.uuid}"' in text_of(answer)
    assert "Rope" not in opened(clerk, bo, find="tent")


def test_a_serial_is_found_among_all_units_and_stands_below_its_line(clerk, business, bo):
    sell(business, bo, goods("DRILL", "3", serials=("D-1", "D-2", "D-3")))

    shown = opened(clerk, bo, find="d-2")

    assert "D-2" in shown
    assert "D-1" not in shown


def test_reason_and_outcome_are_said_once_for_all_lines(clerk, business, bo, tents):
    line = tents.lines.get()
    asked = {"customer": "BO", "business": business.uuid, "outcome": "replacement"}

    clerk.post("/returns/new/", {**asked, "line": line.uuid, f"outcome_{line.uuid}": ""})

    assert ReturnOrder.objects.get().lines.get().outcome == Outcome.REPLACEMENT


def test_lines_say_before_saving_until_when_they_may_come_back(clerk, business, bo):
    publish(business, rule("window", {"from": "shipment", "days": 10}))
    sell(business, bo, goods("TENT", "1"))

    shown = opened(clerk, bo)

    assert "Only until 12 Mar 2026" in shown
    assert "With a reason" in shown


def test_a_pasted_list_ticks_lines_and_keeps_what_it_did_not_understand(clerk, business, bo, tents):
    answer = text_of(clerk.post("/returns/new/", {"do": "paste", "paste": "SALE-1\nWHO;3"}))

    line = tents.lines.get()
    assert "1 row is ticked below." in answer
    assert "Nothing is known under this number." in answer
    assert re.search(r"<textarea[^>]*>\s*WHO;3</textarea>", answer)
    assert re.search(rf'name="quantity_{line.uuid}" value="2"', answer)


def test_an_unknown_parcel_leads_here_with_what_is_written_on_it(clerk, business, bo, tents):
    asked = {
        "from": "unknown",
        "customer": "BO",
        "business": business.uuid,
        "carrier": "DHL",
        "tracking_number": "0034",
        "unexpected_1_code": "TENT",
        "unexpected_1_quantity": "1",
    }

    shown = text_of(clerk.post("/returns/new/", asked))

    assert 'value="0034"' in shown
    assert re.search(rf'name="quantity_{tents.lines.get().uuid}" value="1"', shown)
    line = tents.lines.get()
    clerk.post("/returns/new/", {**asked, "from": "", "line": line.uuid, "do": "issue"})
    assert ReturnOrder.objects.get().parcels.get().tracking_number == "0034"


def test_a_tracking_number_told_before_the_return_is_issued_is_kept(clerk, business, bo, tents):
    line = tents.lines.get()
    asked = {"customer": "BO", "business": business.uuid, "line": line.uuid}

    clerk.post("/returns/new/", {**asked, "carrier": "DHL", "tracking_number": "0034"})
    order = ReturnOrder.objects.get()

    assert order.status == "pending"
    assert order.parcels.get().tracking_number == "0034"
    assert f"/returns/{order.uuid}/parcels/" in text_of(clerk.get(f"/returns/{order.uuid}/"))
    assert clerk.get("/search/", {"q": "0034"}).url == f"/returns/{order.uuid}/"


def test_the_money_is_shown_at_the_side_while_choosing(clerk, business, bo, tents):
    line = tents.lines.get()
    asked = {"customer": "BO", "business": business.uuid, f"quantity_{line.uuid}": "1"}

    part = text_of(clerk.post("/returns/new/", {**asked, "do": "preview"}, HTTP_HX_REQUEST="true"))

    assert "<html" not in part
    assert "50.00" in part
    assert "41.32" in part
    assert "Once issued, the customer may send the goods." in part
    assert 'name="preview"' not in part


def test_the_form_needs_no_more_queries_for_more_purchases(clerk, business, bo, tents):
    few = queries_of(clerk, f"/returns/new/?customer={bo.uuid}")
    for number in range(8):
        sell(business, bo, goods(f"SKU-{number}", "1"), goods(f"PART-{number}", "2"))

    assert queries_of(clerk, f"/returns/new/?customer={bo.uuid}") == few


def test_nobody_without_the_right_finds_customers_here(client, business, bo):
    client.force_login(actor_with("Inspector").user)

    assert client.get("/returns/new/customers/?customer=Bo").status_code == 403


def test_a_sales_order_leads_to_a_return_of_it(clerk, business, bo, tents):
    shown = text_of(clerk.get(f"/sales/{tents.uuid}/"))
    url = re.search(r'href="(/returns/new/[^"]+)"', shown)[1].replace("&amp;", "&")

    assert "SALE-1" in text_of(clerk.get(url))
