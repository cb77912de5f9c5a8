"""The staff pages of sales orders: from the first line to the last invoice, and what is refused."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from guardian.shortcuts import assign_perm

from rmaproject.access.actors import SYSTEM
from sales.actions import actions_for
from sales.models import Allocation, Invoice, OrderLine, Payment, SalesOrder
from sales.services.orders import add_lines, create_order, issue_order
from sales.services.shipping import AllocationInput, add_shipment, allocate, ship
from stock.models import StockItem
from stock.services import book_in
from tests.factories import CompanyFactory, LocationFactory, PartFactory, actor_with, goods, sell


@pytest.fixture
def clerk(client, ada):
    client.force_login(ada.user)
    return client


@pytest.fixture
def shelf(db):
    return LocationFactory(code="A-01")


@pytest.fixture
def tent(shelf):
    part = PartFactory(sku="TENT", name="Tent", is_serialized=True)
    book_in(part, shelf, serials=["T-1", "T-2"], actor=SYSTEM)
    return part


@pytest.fixture
def pegs(shelf):
    part = PartFactory(sku="PEGS", name="Pegs")
    book_in(part, shelf, quantity=Decimal(10), actor=SYSTEM)
    return part


@pytest.fixture
def order(business, bo, pegs):
    made = create_order(business=business, customer=bo, actor=SYSTEM, reference="SO-1")
    line = {"part": pegs, "quantity": Decimal(4), "gross_unit_price": Decimal("2.50")}
    add_lines(made.pk, [line], actor=SYSTEM)
    return fresh(made)


def fresh(order):
    return SalesOrder.objects.get(pk=order.pk)


def address(name, order, *more):
    return reverse(f"sales:{name}", args=[order.uuid, *more])


def post(client, url, order, **values):
    return client.post(url, {"version": fresh(order).version, **values})


def new_order(business, **values):
    return {
        "business": str(business.uuid),
        "customer": "BO",
        "reference": "SO-9",
        "form-TOTAL_FORMS": "0",
        "form-INITIAL_FORMS": "0",
        **values,
    }


def new_line(n, **values):
    given = {
        "kind": "goods",
        "quantity": "1",
        "gross_unit_price": "10",
        "vat_percent": "21",
        "vat_type": "NORMAL",
        **values,
    }
    return {f"form-{n}-{name}": value for name, value in given.items()}


def queries(client, url):
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        answer = client.get(url)
    assert answer.status_code == 200
    return len(seen)


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


def test_more_than_was_ordered_cannot_be_allocated(clerk, order, pegs):
    issue_order(order.pk, actor=SYSTEM)
    shipment = add_shipment(order.pk, actor=SYSTEM)
    line, item = order.lines.get(), StockItem.objects.get(part=pegs)
    chosen = {"shipment": str(shipment.uuid), f"take-{line.pk}-{item.pk}": "5"}

    refused = post(clerk, address("allocate", order), order, **chosen)

    assert refused.status_code == 422
    assert "Only 4 of this line are still to be allocated." in refused.content.decode()
    assert f'name="take-{line.pk}-{item.pk}" value="5"' in refused.content.decode()
    assert not Allocation.objects.exists()


def test_stock_without_a_shipment_to_go_into_says_where_to_start(clerk, order):
    page = clerk.get(address("allocate", order)).content.decode()
    add_shipment(order.pk, actor=SYSTEM)
    later = clerk.get(address("allocate", order)).content.decode()

    assert "None yet: start a new shipment" in page
    assert "None yet" not in later


def test_stock_that_is_promised_to_another_order_is_not_offered(clerk, order, business, bo, pegs):
    other = create_order(business=business, customer=bo, actor=SYSTEM)
    line = {"part": pegs, "quantity": Decimal(10), "gross_unit_price": Decimal(1)}
    add_lines(other.pk, [line], actor=SYSTEM)
    parcel = add_shipment(other.pk, actor=SYSTEM)
    item = StockItem.objects.get(part=pegs)
    wanted = [AllocationInput(other.lines.get().pk, item.pk, Decimal(10))]
    allocate(other.pk, parcel.pk, wanted, actor=SYSTEM)

    page = clerk.get(address("allocate", order)).content.decode()

    assert "Nothing of this part is available." in page


def test_an_unknown_serial_number_is_named_and_nothing_is_allocated(clerk, order, tent):
    line = {"part": tent, "quantity": Decimal(1), "gross_unit_price": Decimal(1)}
    add_lines(order.pk, [line], actor=SYSTEM)
    shipment = add_shipment(order.pk, actor=SYSTEM)
    key = order.lines.get(part=tent).pk

    refused = post(
        clerk,
        address("allocate", order),
        order,
        shipment=str(shipment.uuid),
        **{f"serials-{key}": "T-1\nT-404"},
    )

    assert refused.status_code == 422
    assert "No unit of TENT has the number T-404." in refused.content.decode()
    assert not Allocation.objects.exists()


def test_an_allocation_that_is_taken_out_frees_its_stock(clerk, order, pegs):
    shipment = add_shipment(order.pk, actor=SYSTEM)
    item = StockItem.objects.get(part=pegs)
    wanted = [AllocationInput(order.lines.get().pk, item.pk, Decimal(3))]
    allocate(order.pk, shipment.pk, wanted, actor=SYSTEM)
    entry = Allocation.objects.get()

    post(clerk, address("deallocate", order, entry.uuid), order)

    item.refresh_from_db()
    assert item.allocated == 0
    assert not Allocation.objects.exists()


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


def test_an_order_out_of_sight_is_not_there(client, order, cy, roles):
    group = Group.objects.get(name="Viewer")
    group.permissions.remove(group.permissions.get(codename="see_all_businesses"))
    viewer = actor_with("Viewer", username="vi").user
    assign_perm("customers.view_company", viewer, cy)
    client.force_login(viewer)

    listed = client.get(reverse("sales:list"))
    answer = client.get(address("detail", order))

    assert listed.status_code == 200
    assert "SO-1" not in listed.content.decode()
    assert answer.status_code == 404


def test_a_viewer_sees_no_button_and_cannot_post(client, order, roles):
    client.force_login(actor_with("Viewer", username="vi").user)

    page = client.get(address("detail", order)).content.decode()
    refused = post(client, address("issue", order), order)

    assert f'action="{address("issue", order)}"' not in page
    assert "You lack the right" not in page
    assert refused.status_code == 403
    assert fresh(order).status == "pending"


def test_a_half_shipped_order_is_offered_for_closing_to_those_who_may(client, order, pegs, roles):
    issue_order(order.pk, actor=SYSTEM)
    parcel = add_shipment(order.pk, actor=SYSTEM)
    line, stock = order.lines.get(), StockItem.objects.get(part=pegs)
    allocate(order.pk, parcel.pk, [AllocationInput(line.pk, stock.pk, Decimal(1))], actor=SYSTEM)
    ship(order.pk, parcel.pk, actor=SYSTEM)

    offered = {}
    for role in ("Viewer", "Manager"):
        client.force_login(actor_with(role, username=role.lower()).user)
        actions = client.get(address("detail", order)).context["actions"]
        offered[role] = "complete-incomplete" in [row["verb"] for row in actions]

    assert offered == {"Viewer": False, "Manager": True}


def test_a_viewer_sees_no_invoices_of_an_order(client, business, bo, roles):
    order = sell(business, bo, goods("PEGS", "2", "5.00"))
    client.force_login(actor_with("Viewer", username="vi").user)

    page = client.get(address("detail", order), {"tab": "invoices"}).content.decode()

    assert "You lack the right to see invoices." in page
    assert Invoice.objects.get(order=order).reference not in page


def test_a_payment_sent_twice_is_booked_once(clerk, business, bo):
    order = sell(business, bo, goods("PEGS", "2", "5.00"), paid=False)
    values = {"version": order.version, "seen": "0", "amount": "10.00", "paid_on": "2026-03-03"}

    first = clerk.post(address("payment", order), values)
    second = clerk.post(address("payment", order), values)

    assert first.status_code == 302
    assert second.status_code == 412
    assert Payment.objects.count() == 1


def test_an_order_of_which_goods_left_offers_no_cancelling(business, bo, ada, tent, shelf):
    order = create_order(business=business, customer=bo, actor=SYSTEM)
    line = {"part": tent, "quantity": Decimal(1), "gross_unit_price": Decimal(1), "shipped": 1}
    lines = [OrderLine(order=order, number=1, **line)]
    order.status = "in_progress"

    offered = {action.verb: action for action in actions_for(order, lines, ada)}

    assert not offered["cancel"].allowed
    assert offered["cancel"].reason == "Goods of this order have left; take them back by a return."
    assert offered["complete"].allowed
    assert "issue" not in offered


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


def test_choosing_stock_costs_the_same_for_many_lines(clerk, order, pegs, shelf):
    few = queries(clerk, address("allocate", order))

    for n in range(11):
        part = PartFactory(sku=f"P-{n}")
        book_in(part, shelf, quantity=Decimal(5), actor=SYSTEM)
        line = {"part": part, "quantity": Decimal(1), "gross_unit_price": Decimal(1)}
        add_lines(order.pk, [line], actor=SYSTEM)

    assert queries(clerk, address("allocate", order)) == few
