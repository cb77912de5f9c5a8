"""Replacing, sending back and charging by plain forms; the page of the return shows what left."""

from __future__ import annotations

import pytest

from returns.models import Outbound, ReturnOrder
from returns.services import add_extra_line, edit_line
from rmaproject.access.actors import SYSTEM
from sales.models import Invoice, SalesOrder
from tests.factories import ask_return, goods, sell
from tests.returns.outcomes import replace, ship_all
from tests.returns.steps import D, decided, receive
from tests.web.browser import fill, queries_of, text_of, version_on


@pytest.fixture
def accepted(tents):
    return decided(tents)


def test_goods_are_replaced_by_a_sales_order_that_both_pages_show(clerk, accepted):
    key = accepted.lines.get().uuid

    answer = fill(clerk, accepted, "replace", **{f"quantity_{key}": "1"})

    assert answer.status_code == 302
    made = SalesOrder.objects.get(return_order=accepted.uuid)
    page = text_of(clerk.get(f"/returns/{accepted.uuid}/"))
    assert made.reference in page
    assert "Not shipped yet" in page
    assert "1 replaced" in page
    assert f"/returns/{accepted.uuid}/" in text_of(clerk.get(f"/sales/{made.uuid}/"))


def test_a_refused_replacement_keeps_what_was_typed(clerk, tents):
    order = ask_return(tents, issued=True)
    key = order.lines.get().uuid

    answer = fill(clerk, order, "replace", **{f"quantity_{key}": "1"})

    assert answer.status_code == 422
    assert "Only 0 of this line wait for a replacement." in text_of(answer)
    assert 'value="1"' in text_of(answer)
    again = fill(clerk, order, "replace", **{f"quantity_{key}": "1", "in_advance": "on"})
    assert again.status_code == 302


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"quantity": "many"}, "Enter a number."),
        ({"quantity": "1", "part": "no such part"}, "There is no such record."),
        ({"quantity": "1", "difference": "a lot"}, "Enter a number."),
        ({}, "Choose at least one line."),
    ],
)
def test_a_form_that_cannot_be_read_says_where(clerk, accepted, typed, words):
    key = accepted.lines.get().uuid
    values = {f"{name}_{key}": value for name, value in typed.items()}

    answer = fill(clerk, accepted, "replace", **values)

    assert answer.status_code == 422
    assert words in text_of(answer)
    assert Outbound.objects.count() == 0


def test_goods_go_back_with_their_parcel(clerk, tents):
    order = ask_return(tents, issued=True)
    receive(order.lines.get())
    key = order.lines.get().uuid
    values = {f"quantity_{key}": "1", "carrier": "DHL", "tracking_number": "JD01"}

    answer = fill(clerk, order, "send-back", **values)

    assert answer.status_code == 302
    page = text_of(clerk.get(f"/returns/{order.uuid}/"))
    assert "JD01" in page
    assert "1 sent back" in page


def test_a_parcel_that_cannot_have_left_is_refused(clerk, tents):
    order = ask_return(tents, issued=True)
    receive(order.lines.get())
    values = {f"quantity_{order.lines.get().uuid}": "1", "shipped_on": "yesterday"}

    answer = fill(clerk, order, "send-back", **values)

    assert answer.status_code == 422
    assert "Correct the fields of the shipment" in text_of(answer)


def test_a_repaired_unit_of_several_is_named_and_ticked(clerk, business, bo):
    sale = sell(business, bo, goods("DRILL", "2", serials=("D-1", "D-2")))
    order = ask_return(sale, "2", issued=True)
    line = order.lines.get()
    edit_line(line, {"outcome": "repair"}, actor=SYSTEM)
    for serial in ("D-1", "D-2"):
        receive(line, serial=serial)
    key = line.uuid
    values = {f"quantity_{key}": "1", f"serial_{key}": "D-2", f"repaired_{key}": "on"}

    assert fill(clerk, order, "send-back", **values).status_code == 302

    row = Outbound.objects.get()
    assert (row.stock_item.serial, row.repair) == ("D-2", True)


def test_a_replacement_without_its_goods_is_charged(clerk, tents):
    order = ask_return(tents, issued=True)
    line = order.lines.get()
    ship_all(replace(line, in_advance=True))

    early = fill(clerk, order, "charge", **{f"line_{line.uuid}": "on"})
    done = fill(
        clerk,
        order,
        "charge",
        **{f"line_{line.uuid}": "on", f"price_{line.uuid}": "45.00", "reason": "Late."},
    )

    assert early.status_code == 422
    assert done.status_code == 302
    assert Invoice.objects.get(order__return_order=order.uuid).gross == D("45.00")
    assert ReturnOrder.objects.get(pk=order.pk).status == "complete"
    assert "Counts no more" in text_of(clerk.get(f"/returns/{order.uuid}/"))


def test_a_charge_without_credit_is_ticked_and_invoiced(clerk, tents):
    order = ask_return(tents, issued=True)
    values = {"kind": "fee", "name": "Postage", "gross_unit_price": D("-7.00")}
    extra = add_extra_line(order.pk, values, actor=SYSTEM)

    assert fill(clerk, order, "charge", **{f"extra_{extra.uuid}": "on"}).status_code == 302

    assert Invoice.objects.get(order=None).gross == D("7.00")


def test_the_outcome_is_chosen_when_a_return_is_asked_for_and_changed_later(clerk, tents):
    sold = tents.lines.get()
    chosen = {
        "customer": "BO",
        "business": str(tents.business.uuid),
        "responsible": "",
        "line": str(sold.uuid),
        f"quantity_{sold.uuid}": "1",
        f"outcome_{sold.uuid}": "replacement",
        "do": "save",
    }
    assert clerk.post("/returns/new/", chosen).status_code == 302
    order = ReturnOrder.objects.get()
    line = order.lines.get()
    assert line.outcome == "replacement"
    form = clerk.get(f"/returns/{order.uuid}/edit/")
    assert '<option value="replacement" selected>' in text_of(form)
    given = {"version": version_on(form), "responsible": "", f"outcome_{line.uuid}": "repair"}

    assert clerk.post(f"/returns/{order.uuid}/edit/", given).status_code == 302

    line.refresh_from_db()
    assert line.outcome == "repair"
    assert "Repair" in text_of(clerk.get(f"/returns/{order.uuid}/"))


def test_the_page_asks_no_more_for_more_that_left(clerk, business, bo):
    order = ask_return(sell(business, bo, goods("TENT", "3", "50.00")), "3", issued=True)
    line = order.lines.get()
    replace(line, in_advance=True)
    one = queries_of(clerk, f"/returns/{order.uuid}/")
    replace(line, in_advance=True)
    replace(line, in_advance=True)

    assert queries_of(clerk, f"/returns/{order.uuid}/") == one
