"""Sales orders looked at through this door: lists, and who may see and change what."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.changes import picture
from tests.compat.inventree.calling import Caller, body
from tests.compat.inventree.selling import order_of
from tests.factories import actor_with

pytestmark = pytest.mark.django_db


def test_lists_page_filter_sort_and_search(api, business, bo, cy, item):
    first = order_of(business, bo, item)
    second = order_of(business, cy, item)

    page = body(api.get("order/so/?limit=1&ordering=reference&customer_detail=true"))
    found = body(api.get(f"order/so/?search={second.reference}"))

    assert (page["count"], page["results"][0]["pk"]) == (2, first.pk)
    assert page["results"][0]["customer_detail"]["name"] == "Bo Jansen"
    assert [row["pk"] for row in found] == [second.pk]
    assert [row["pk"] for row in body(api.get(f"order/so/?customer={cy.pk}"))] == [second.pk]
    assert len(body(api.get("order/so/?outstanding=true"))) == 2
    assert body(api.get("order/so/?overdue=true")) == []
    assert body(api.get(f"order/so/?part={item.part_id}&assigned_to_me=true")) == []
    body(api.get("order/so/?outstanding=maybe"), 400)
    body(api.get("order/so/?nonsense=1"), 400)
    body(api.get("order/so/?status=99999999999999999999"), 400)


def test_an_open_order_is_overdue_after_its_day_and_assigned_to_who_is_responsible(
    api, ada, order, business, bo, item
):
    order_of(business, bo, item)
    owners = body(api.get("user/owner/"))
    mine = next(row["pk"] for row in owners if row["name"] == "ada")
    late = {"target_date": "2026-01-02", "responsible": mine}

    told = body(api.patch(f"order/so/{order.pk}/", late))

    assert (told["overdue"], told["responsible"]) == (True, mine)
    for query in ("overdue=true", "assigned_to_me=true", f"assigned_to={mine}"):
        assert [row["pk"] for row in body(api.get(f"order/so/?{query}"))] == [order.pk]
    body(api.post(f"order/so/{order.pk}/cancel/"), 201)
    assert body(api.get("order/so/?overdue=true")) == []
    assert len(body(api.get("order/so/?completed_after=2026-01-01"))) == 0


def test_a_list_of_orders_costs_the_same_for_any_number(api, business, bo, item):
    order_of(business, bo, item)
    body(api.get("order/so/?limit=50"))
    with CaptureQueriesContext(connection) as one:
        body(api.get("order/so/?limit=50"))
    for _ in range(5):
        order_of(business, bo, item)

    with CaptureQueriesContext(connection) as six:
        body(api.get("order/so/?limit=50"))

    assert len(six) == len(one)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "order/so/{order}/"),
        ("PATCH", "order/so/{order}/"),
        ("POST", "order/so/{order}/issue/"),
        ("POST", "order/so/{order}/allocate/"),
        ("GET", "order/so/shipment/{parcel}/"),
        ("POST", "order/so/shipment/{parcel}/ship/"),
        ("GET", "order/so-line/{line}/"),
        ("DELETE", "order/so-line/{line}/"),
    ],
)
def test_who_may_not_see_an_order_learns_nothing_of_it(roles, order, method, path):
    blind = actor_with("Manager", username="blind")
    Group.objects.get(name="Manager").permissions.remove(
        Permission.objects.get(codename="see_all_businesses")
    )
    keys = {
        "order": order.pk,
        "parcel": order.shipments.get().pk,
        "line": order.lines.get().pk,
    }
    before = picture()

    body(Caller(blind).call(method, path.format(**keys), {}), 404)

    assert picture() == before


@pytest.mark.parametrize(
    ("method", "path", "told"),
    [
        ("POST", "order/so/", {"customer": 1}),
        ("PATCH", "order/so/{order}/", {"description": "No"}),
        ("POST", "order/so/{order}/issue/", {}),
        ("POST", "order/so/{order}/hold/", {}),
        ("POST", "order/so/{order}/cancel/", {}),
        ("POST", "order/so/{order}/complete/", {}),
        ("POST", "order/so/{order}/allocate/", {}),
        ("POST", "order/so/{order}/allocate-serials/", {}),
        ("POST", "order/so/shipment/", {}),
        ("POST", "order/so/shipment/{parcel}/ship/", {}),
        ("PATCH", "order/so/shipment/{parcel}/", {}),
        ("POST", "order/so-line/", {}),
        ("DELETE", "order/so-line/{line}/", {}),
        ("POST", "order/so-extra-line/", {}),
    ],
)
def test_who_only_looks_changes_nothing(roles, order, method, path, told):
    viewer = Caller(actor_with("Viewer", username="viewer"))
    keys = {
        "order": order.pk,
        "parcel": order.shipments.get().pk,
        "line": order.lines.get().pk,
    }
    before = picture()

    refusal = body(viewer.call(method, path.format(**keys), told), 403)

    assert set(refusal) == {"detail"}
    assert picture() == before
    body(Caller().call(method, path.format(**keys), told), 401)


def test_options_tell_the_fields_of_an_order(api, business):
    told = body(api.options("order/so/"))

    fields = told["actions"]["POST"]
    assert told["name"] == "Sales Order List"
    assert fields["reference"]["default"] == "SO-0001"
    assert {"contact", "line_items", "link", "overdue", "customer", "status"} <= set(fields)
    assert fields["customer"]["required"]
