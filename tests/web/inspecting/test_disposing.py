"""Goods move as it was decided, once, and what that costs is listed."""

from __future__ import annotations

from returns.models import Disposal, Disposition, Inspection
from rmaproject.access.actors import SYSTEM
from stock.models import StockItem
from stock.services import edit_part
from tests.factories import ask_return, goods, sell
from tests.returns.steps import D, receive
from tests.web.browser import fill, queries_of, text_of, version_on
from tests.web.inspecting.steps import key


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


def test_the_customer_may_keep_what_is_not_here(clerk, business, bo):
    rma = ask_return(sell(business, bo, goods("TENT", "2", "50.00")), "2", issued=True)
    keeps = Disposition.objects.get(code="customer_keeps")
    line = key(rma)

    page = text_of(clerk.get(f"/returns/{rma.uuid}/dispose/"))
    fill(clerk, rma, "dispose", **{f"disposition_{line}": str(keeps.uuid)})

    assert "Not here yet" in page
    assert "Back to stock</option>" not in page
    assert rma.lines.get().waived == 2


def test_the_unit_that_came_for_a_quantity_is_named_by_its_serial(clerk, business, bo):
    sale = sell(business, bo, goods("DRILL", "2", "80.00", serials=("D-1", "D-2")))
    rma = ask_return(sale, "2", issued=True)
    receive(rma.lines.get(), serial="D-2")

    page = text_of(clerk.get(f"/returns/{rma.uuid}/dispose/"))

    assert rma.lines.get().stock_item is None
    assert '<span class="code">D-2</span>' in page
    assert "D-1" not in page


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


def test_a_second_click_moves_nothing_twice(clerk, rma):
    line = key(rma)
    path = f"/returns/{rma.uuid}/inspect/"
    version = version_on(clerk.get(path))
    given = {"version": version, f"grade_{line}": "A", f"dispose_{line}": "on"}

    first, second = clerk.post(path, given), clerk.post(path, given)

    assert (first.status_code, second.status_code) == (302, 412)
    assert (Inspection.objects.count(), Disposal.objects.count()) == (1, 1)


def test_the_cost_book_lists_what_was_written_off(clerk, rma):
    edit_part(rma.lines.get().part_id, {"unit_cost": D("20"), "cost_currency": "EUR"}, actor=SYSTEM)
    scrap = Disposition.objects.get(code="scrap")
    fill(clerk, rma, "dispose", **{f"disposition_{key(rma)}": str(scrap.uuid)})

    page = text_of(clerk.get("/returns/costs/?action=scrap"))
    none = text_of(clerk.get("/returns/costs/?action=donate"))

    assert rma.reference in page
    assert "60.00 EUR" in page
    assert rma.reference not in none
