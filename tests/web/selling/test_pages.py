"""The staff pages of sales orders: from the first line to the last invoice."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from rmaproject.access.actors import SYSTEM
from sales.models import Invoice, OrderLine, Payment, SalesOrder
from sales.services.orders import add_lines, issue_order
from stock.models import StockItem
from tests.factories import CompanyFactory, PartFactory, goods, sell
from tests.web.selling.steps import address, fresh, new_line, new_order, post, queries


def test_an_order_goes_from_the_first_line_to_complete_by_pages_alone(
    clerk, business, bo, tent, pegs, shelf
):
    lines = {
        "form-TOTAL_FORMS": "3",
        **new_line(0, part="TENT", gross_unit_price="74,80"),
        **new_line(1, part="pegs", quantity="2", gross_unit_price="5"),
        **new_line(2, kind="discount", name="Set", gross_unit_price="-2"),
    }
    made = clerk.post(reverse("sales:create"), new_order(business, **lines))
    order = SalesOrder.objects.get(reference="SO-9")
    assert made.url == address("detail", order)

    post(clerk, address("issue", order), order)
    post(clerk, address("add_shipment", order), order, carrier="PostNL")
    shipment = order.shipments.get()
    tents, bulk = OrderLine.objects.filter(order=order, kind="goods").order_by("number")
    peg_stock = StockItem.objects.get(part=pegs)
    chosen = {
        "shipment": str(shipment.uuid),
        f"serials-{tents.pk}": "t-2\n",
        f"take-{bulk.pk}-{peg_stock.pk}": "2",
    }
    post(clerk, address("allocate", order), order, **chosen)
    left = {"shipped_on": "2026-03-02", "carrier": "PostNL", "tracking_number": "3SABC"}
    post(clerk, address("ship", order, shipment.uuid), order, **left)
    post(clerk, address("invoice", order), order, invoiced_on="2026-03-02")
    page = clerk.get(address("payment", order)).content.decode()
    seen = re.search(r'name="seen" value="(\d+)"', page).group(1)
    paid = {"amount": "82.80", "paid_on": "2026-03-03", "method": "card", "seen": seen}
    post(clerk, address("payment", order), order, **paid)
    post(clerk, address("complete", order), order)

    assert fresh(order).status == "complete"
    unit = StockItem.objects.get(part=tent, serial="T-2")
    assert (unit.state, unit.holder_id) == ("sold", bo.pk)
    assert StockItem.objects.get(part=pegs).quantity == 8
    invoice = Invoice.objects.get(order=order)
    assert (invoice.gross, invoice.settled) == (Decimal("82.80"), Decimal("82.80"))
    done = clerk.get(address("detail", order), {"tab": "completed"}).content.decode()
    assert "3SABC" in done
    assert "T-2" in done


@pytest.mark.parametrize(
    ("tab", "shown"),
    [
        ("lines", "Pegs"),
        ("allocation", "0 allocated, 0 shipped, 4 open"),
        ("pending", "No pending shipments"),
        ("completed", "Nothing has left yet"),
        ("invoices", "Nothing was invoiced yet"),
        ("history", "added lines"),
    ],
)
def test_each_tab_of_an_order_shows_its_part(clerk, order, tab, shown):
    page = clerk.get(address("detail", order), {"tab": tab})

    assert page.status_code == 200
    assert shown in page.content.decode()


def test_the_tab_of_returns_leads_to_the_returns_of_the_customer(clerk, order, bo):
    page = clerk.get(address("detail", order)).content.decode()

    assert f'href="/returns/?customer={bo.uuid}"' in page


def test_a_customer_who_is_inactive_is_not_offered_and_refused_with_the_input_kept(
    clerk, business, bo
):
    CompanyFactory(reference="GONE", name="Gone Ltd", active=False)

    offered = clerk.get(reverse("sales:create")).content.decode()
    refused = clerk.post(
        reverse("sales:create"), new_order(business, customer="GONE", note="Ring first")
    )

    assert "Bo Jansen" in offered
    assert "Gone Ltd" not in offered
    assert refused.status_code == 422
    assert "GONE is not active." in refused.content.decode()
    assert "Ring first" in refused.content.decode()
    assert not SalesOrder.objects.exists()


def test_a_part_that_is_not_for_sale_is_not_offered_and_refused(clerk, order):
    PartFactory(sku="SPARE", name="Spare pole", is_salable=False)
    url = address("add_line", order)
    line = {"kind": "goods", "part": "SPARE", "quantity": "1", "gross_unit_price": "1"}

    offered = clerk.get(url).content.decode()
    refused = post(clerk, url, order, vat_percent="0", vat_type="NORMAL", **line)

    assert "PEGS" in offered
    assert "SPARE" not in offered
    assert refused.status_code == 422
    assert "SPARE is not for sale." in refused.content.decode()
    assert order.lines.count() == 1


def test_a_step_that_the_status_does_not_allow_is_a_conflict(clerk, order):
    refused = post(clerk, address("complete", order), order)

    assert refused.status_code == 409
    assert "Cannot complete while the status is pending." in refused.content.decode()
    assert fresh(order).status == "pending"


def test_a_page_that_is_out_of_date_changes_nothing(clerk, order):
    seen = order.version
    issue_order(order.pk, actor=SYSTEM)

    refused = clerk.post(address("hold", order), {"version": seen})

    assert refused.status_code == 412
    assert fresh(order).status == "in_progress"


def test_a_post_without_a_version_is_refused(clerk, order):
    refused = clerk.post(address("issue", order))

    assert refused.status_code == 428
    assert fresh(order).status == "pending"


def test_a_payment_sent_twice_is_booked_once(clerk, business, bo):
    order = sell(business, bo, goods("PEGS", "2", "5.00"), paid=False)
    values = {"version": order.version, "seen": "0", "amount": "10.00", "paid_on": "2026-03-03"}

    first = clerk.post(address("payment", order), values)
    second = clerk.post(address("payment", order), values)

    assert first.status_code == 302
    assert second.status_code == 412
    assert Payment.objects.count() == 1


def test_goods_that_have_not_left_hold_up_completing(clerk, order):
    issue_order(order.pk, actor=SYSTEM)

    page = clerk.get(address("detail", order)).content.decode()

    assert "4 of the goods have not left." in page


def test_the_header_of_an_order_can_be_changed(clerk, order, ada):
    values = {"target_date": "2026-04-01", "responsible": f"user:{ada.user.pk}", "note": "Soon"}

    post(clerk, address("edit", order), order, **values)

    changed = fresh(order)
    assert str(changed.target_date) == "2026-04-01"
    assert changed.responsible_user == ada.user


def test_a_line_can_be_changed_and_taken_out(clerk, order):
    line = order.lines.get()
    values = {"quantity": "3", "gross_unit_price": "2", "vat_percent": "9", "vat_type": "REDUCED"}

    post(clerk, address("edit_line", order, line.uuid), order, name="Pegs, used", **values)
    line.refresh_from_db()
    assert (line.quantity, line.gross_unit_price, line.vat_type) == (3, 2, "REDUCED")

    post(clerk, address("remove_line", order, line.uuid), order)
    assert not order.lines.exists()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "so-1"}, True),
        ({"q": "bo jan"}, True),
        ({"q": "nobody"}, False),
        ({"status": "pending"}, True),
        ({"status": "complete"}, False),
        ({"due_from": "2026-03-01", "due_to": "2026-03-31"}, False),
    ],
)
def test_the_list_is_narrowed_by_its_filters(clerk, order, query, found):
    page = clerk.get(reverse("sales:list"), query).content.decode()

    assert (f'href="{address("detail", order)}"' in page) is found


def test_the_list_shows_totals_as_an_invoice_would_round_them(clerk, order, pegs):
    line = {"part": pegs, "quantity": Decimal(3), "gross_unit_price": Decimal("0.335")}
    add_lines(order.pk, [line], actor=SYSTEM)

    page = clerk.get(reverse("sales:list")).content.decode()

    assert "11.01" in page


def test_lists_and_pages_cost_the_same_with_many_rows(clerk, business, bo, pegs, tent):
    first = sell(business, bo, goods("PEGS", "1"), goods("TENT", serials=("N-0",)))
    listed = reverse("sales:list")
    tabs = ["lines", "allocation", "pending", "completed", "invoices", "history"]
    few = queries(clerk, listed)
    few_tabs = [queries(clerk, f"{address('detail', first)}?tab={tab}") for tab in tabs]

    for n in range(1, 12):
        sell(business, bo, goods("PEGS", "1"), goods("TENT", serials=(f"N-{n}",)))
    lines = [goods("PEGS", "1") for _ in range(11)]
    many = sell(business, bo, *lines, goods("TENT", "2", serials=("M-1", "M-2")))

    assert queries(clerk, listed) == few
    assert [queries(clerk, f"{address('detail', many)}?tab={tab}") for tab in tabs] == few_tabs
