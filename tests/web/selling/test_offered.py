"""Who sees which orders, and what is offered to whom."""

from __future__ import annotations

from decimal import Decimal

from django.contrib.auth.models import Group
from django.urls import reverse
from guardian.shortcuts import assign_perm

from rmaproject.access.actors import SYSTEM
from sales.actions import actions_for
from sales.models import Invoice, OrderLine
from sales.services.orders import create_order, issue_order
from sales.services.shipping import AllocationInput, add_shipment, allocate, ship
from stock.models import StockItem
from tests.factories import actor_with, goods, sell
from tests.web.selling.steps import address, fresh, post


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
