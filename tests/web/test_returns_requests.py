"""Asking to send goods back, and changing what was asked, by plain forms."""

from __future__ import annotations

import re
from decimal import Decimal

from returns.models import Reason, ReturnOrder
from returns.services import (
    LineInput,
    request_return,
)
from returns.services.codes import edit_reason
from rmaproject.access.actors import SYSTEM, Actor
from stock.models import StockItem
from tests.factories import (
    CompanyFactory,
    LocationFactory,
    PartFactory,
    ask_return,
    goods,
    sell,
)
from tests.web.browser import fill, text_of


def test_the_form_shows_what_the_customer_can_return(clerk, business, bo, tents):
    ask_return(tents, "1")

    shown = text_of(clerk.get(f"/returns/new/?customer={bo.uuid}&business={business.uuid}"))

    assert "SALE-1" in shown
    assert 'value="BO"' in shown
    assert 'data-most="1"' in shown


def test_a_tick_without_a_quantity_means_all_that_is_left(clerk, business, bo, tents):
    line = tents.lines.get()

    clerk.post("/returns/new/", {"customer": "BO", "business": business.uuid, "line": line.uuid})

    assert ReturnOrder.objects.get().lines.get().quantity == 2


def test_more_than_was_sold_is_refused_with_the_figures_and_keeps_the_input(
    clerk, business, bo, tents
):
    line = tents.lines.get()
    asked = {"customer": "BO", "business": business.uuid, "note": "Zipper is broken"}

    answer = clerk.post("/returns/new/", {**asked, f"quantity_{line.uuid}": "3"})

    assert answer.status_code == 422
    assert "Only 2 can be returned, not 3." in text_of(answer)
    assert 'value="3"' in text_of(answer)
    assert "Zipper is broken" in text_of(answer)
    assert not ReturnOrder.objects.exists()


def test_nonsense_in_a_quantity_is_marked_on_its_line_and_never_an_error_page(
    clerk, business, bo, tents
):
    line = tents.lines.get()
    for typed in ("many", "-1", "0", "1e99", "NaN", "1.1234567", "\x00"):
        asked = {"customer": "BO", "business": business.uuid, f"quantity_{line.uuid}": typed}

        answer = clerk.post("/returns/new/", asked)

        assert answer.status_code == 422, typed
        assert not ReturnOrder.objects.exists()


def test_a_part_without_a_known_sale_can_be_asked_back(clerk, business, bo):
    PartFactory(sku="STOVE", name="Stove")
    asked = {"customer": "BO", "business": business.uuid, "blind_1_part": "stove"}

    clerk.post("/returns/new/", {**asked, "quantity_blind_1": "2"})

    line = ReturnOrder.objects.get().lines.get()
    assert (line.part.sku, line.quantity, line.order_line) == ("STOVE", 2, None)


def test_an_ambiguous_customer_name_is_answered_with_the_candidates(clerk, business, bo):
    CompanyFactory(reference="BO2", name="Bo Jansen")

    answer = clerk.post("/returns/new/", {"customer": "Jans", "business": business.uuid})

    assert answer.status_code == 422
    assert "BO Bo Jansen, BO2 Bo Jansen" in text_of(answer)


def test_units_that_the_customer_holds_are_ticked_by_serial(clerk, business, bo):
    sell(business, bo, goods("DRILL", "1", serials=("D-1",)))
    form = text_of(clerk.get(f"/returns/new/?customer={bo.uuid}"))
    unit = re.search(r'name="unit" value="([^"]+)"', form)[1]

    clerk.post("/returns/new/", {"customer": "BO", "business": business.uuid, "unit": unit})

    line = ReturnOrder.objects.get().lines.get()
    assert (line.stock_item.serial, line.quantity) == ("D-1", 1)


def test_editing_changes_header_and_lines_together(clerk, business, bo, tents):
    order = ask_return(tents)
    line = order.lines.get()
    PartFactory(sku="STOVE", name="Stove")

    fill(
        clerk,
        order,
        "edit",
        **{
            "target_date": "2026-12-24",
            f"quantity_{line.uuid}": "2",
            "blind_1_part": "STOVE",
            "quantity_blind_1": "1",
        },
    )

    order.refresh_from_db()
    quantities = list(order.lines.order_by("number").values_list("quantity", flat=True))
    assert str(order.target_date) == "2026-12-24"
    assert quantities == [2, 1]


def test_an_edit_that_asks_for_too_much_changes_nothing_and_says_how_much_is_left(clerk, tents):
    order = ask_return(tents)
    line = order.lines.get()

    answer = fill(
        clerk, order, "edit", **{"target_date": "2026-12-24", f"quantity_{line.uuid}": "5"}
    )

    assert answer.status_code == 422
    assert "Only 1 more can be returned." in text_of(answer)
    order.refresh_from_db()
    line.refresh_from_db()
    assert (order.target_date, line.quantity, order.version) == (None, 1, 1)


def test_a_line_is_taken_out_and_its_claim_is_free_again(clerk, tents):
    order = ask_return(tents)
    line = order.lines.get()

    fill(clerk, order, "edit", **{f"remove_{line.uuid}": "on"})

    line.refresh_from_db()
    assert line.void
    assert tents.lines.get().claimed == 0


def test_an_extra_line_is_added_changed_and_taken_out(clerk, tents):
    order = ask_return(tents)
    values = {"name": "Restocking fee", "kind": "fee", "quantity": "1", "vat_type": "NORMAL"}
    values |= {"gross_unit_price": "-5", "vat_percent": "21"}

    fill(clerk, order, "extra", **values)
    line = order.extra_lines.get()
    changed = fill(clerk, order, f"extra/{line.uuid}", **{**values, "gross_unit_price": "-7,50"})
    line.refresh_from_db()
    price = line.gross_unit_price
    fill(clerk, order, f"extra/{line.uuid}", remove="on")

    assert changed.status_code == 302
    assert price == Decimal("-7.5")
    line.refresh_from_db()
    assert line.void


def test_a_line_of_the_request_names_its_own_reason(clerk, business, bo, tents):
    line, reason = tents.lines.get(), Reason.objects.get(code="defective")
    asked = {"customer": "BO", "business": business.uuid, f"quantity_{line.uuid}": "1"}

    clerk.post("/returns/new/", {**asked, f"reason_{line.uuid}": reason.uuid})

    assert ReturnOrder.objects.get().lines.get().reason == reason


def test_a_unit_that_was_announced_meanwhile_is_told_and_not_left_out(clerk, business, bo):
    sell(business, bo, goods("DRILL", "1", serials=("D-1",)))
    form = text_of(clerk.get(f"/returns/new/?customer={bo.uuid}"))
    unit = re.search(r'name="unit" value="([^"]+)"', form)[1]
    item = StockItem.objects.get(serial="D-1")
    request_return(business=business, customer=bo, actor=SYSTEM, lines=[LineInput(stock_item=item)])

    answer = clerk.post(
        "/returns/new/", {"customer": "BO", "business": business.uuid, "unit": unit}
    )

    assert answer.status_code == 422
    assert "Something that was chosen cannot come back" in text_of(answer)
    assert ReturnOrder.objects.count() == 1


def test_lines_of_another_customer_are_not_left_out_silently(clerk, business, cy, tents):
    key = f"quantity_{tents.lines.get().uuid}"

    answer = clerk.post("/returns/new/", {"customer": "CY", "business": business.uuid, key: "1"})

    assert answer.status_code == 422
    assert "Something that was chosen cannot come back" in text_of(answer)
    assert not ReturnOrder.objects.exists()


def test_editing_keeps_a_reason_that_is_offered_no_more(clerk, business, bo, tents):
    reason = Reason.objects.get(code="defective")
    line = LineInput(Decimal(1), order_line=tents.lines.get(), reason=reason)
    order = request_return(business=business, customer=bo, actor=SYSTEM, lines=[line])
    edit_reason(reason.pk, {"active": False}, actor=SYSTEM)
    form = text_of(clerk.get(f"/returns/{order.uuid}/edit/"))
    key = order.lines.get().uuid
    select = form.split(f'name="reason_{key}"')[1].split("</select>")[0]

    assert f'<option value="{reason.uuid}" selected>' in select


def test_where_goods_go_and_what_was_promised_are_changed_and_shown(clerk, tents):
    order = ask_return(tents)
    place = LocationFactory(code="REPAIRS")

    fill(clerk, order, "edit", location=place.uuid, refund_by="2026-12-24")

    order.refresh_from_db()
    assert (order.location, str(order.refund_by)) == (place, "2026-12-24")
    shown = text_of(clerk.get(f"/returns/{order.uuid}/"))
    assert shown.count("Goods go to") == 2
    assert shown.count("REPAIRS") == 2
    assert str(place.uuid) not in shown
    form = text_of(clerk.get(f"/returns/{order.uuid}/edit/"))
    assert f'<option value="{place.uuid}" selected>REPAIRS</option>' in form


def test_the_timeline_names_the_system_that_a_return_came_through(clerk, business, bo, tents):
    line = LineInput(Decimal(1), order_line=tents.lines.get())
    zoho = Actor(SYSTEM.user, door="zoho")
    order = request_return(business=business, customer=bo, actor=zoho, lines=[line])

    assert "through Zoho" in text_of(clerk.get(f"/returns/{order.uuid}/"))
