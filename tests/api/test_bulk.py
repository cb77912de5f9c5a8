"""Many at once: each item by the way of its own call, all together or each for itself."""

from __future__ import annotations

from typing import Any

import pytest

from returns.models import ReturnOrder
from rmaproject.access.models import IdempotencyRecord
from rmaproject.audit.models import AuditEntry
from tests.api.caller import Caller, pointers, problem
from tests.changes import picture
from tests.factories import CompanyFactory, actor_with, ask_return, goods, sell

pytestmark = pytest.mark.django_db

HOLD = {"reason": "stock-taking"}


@pytest.fixture
def three(business: Any, bo: Any) -> list[ReturnOrder]:
    """Three pending returns."""
    return [ask_return(sell(business, bo, goods(f"S-{n}", "2", "10.00"))) for n in range(3)]


def bulk(api: Caller, verb: str, items: list[Any], **more: Any) -> Any:
    body = {"verb": verb, "items": items, **more}
    return api.post("/returns/bulk/", body, Idempotency_Key="night-1")


def at(order: ReturnOrder, **values: Any) -> dict[str, Any]:
    return {"id": str(order.uuid), "version": order.version, **values}


def statuses() -> list[str]:
    return list(ReturnOrder.objects.order_by("pk").values_list("status", flat=True))


def test_a_verb_is_done_to_each_and_each_has_its_own_trail(
    api: Caller, three: list[ReturnOrder], ada: Any
) -> None:
    answer = bulk(api, "hold", [at(order, **HOLD) for order in three])

    assert answer.status_code == 200
    assert answer.json()["results"] == [
        {"index": n, "status": 200, "id": str(order.uuid), "version": 2, "problem": None}
        for n, order in enumerate(three)
    ]
    assert statuses() == ["on_hold"] * 3
    for order in three:
        entry = AuditEntry.objects.get(aggregate_id=order.uuid, n=2)
        assert (entry.verb, entry.actor_id, entry.door) == ("hold", ada.user.pk, "api")
        assert entry.request_id == answer["X-Request-ID"]


def test_one_refusal_undoes_all_and_points_to_its_item(
    api: Caller, three: list[ReturnOrder]
) -> None:
    stale = {**at(three[2], **HOLD), "version": 9}
    before = picture()

    refused = problem(bulk(api, "hold", [at(three[0], **HOLD), at(three[1], **HOLD), stale]), 412)

    assert (refused["code"], pointers(refused)) == (
        "stale_version",
        {"/items/2": "stale_version"},
    )
    assert picture() == before
    assert not IdempotencyRecord.objects.exists()


@pytest.mark.parametrize(
    ("item", "status", "pointer", "code"),
    [
        ({"version": 1, **HOLD}, 400, "/items/0/id", "required"),
        ({"id": "x", "version": 1, **HOLD}, 404, "/items/0", "not_found"),
        ({"version": None, **HOLD}, 428, "/items/0", "version_required"),
        ({"version": "1", **HOLD}, 428, "/items/0", "version_required"),
        ({"version": True, **HOLD}, 428, "/items/0", "version_required"),
        ({"version": 1}, 400, "/items/0/reason", "required"),
        ({"version": 1, "colour": "red", **HOLD}, 400, "/items/0/colour", "unknown_field"),
    ],
)
def test_an_item_is_read_as_strictly_as_a_call_of_its_own(
    api: Caller, three: list[ReturnOrder], item: Any, status: int, pointer: str, code: str
) -> None:
    if "id" not in item and pointer != "/items/0/id":
        item = {"id": str(three[0].uuid), **item}

    refused = problem(bulk(api, "hold", [item]), status)

    assert pointers(refused) == {pointer: code}
    assert statuses() == ["pending"] * 3


def test_items_can_stand_each_for_itself(api: Caller, three: list[ReturnOrder]) -> None:
    items = [at(three[0], **HOLD), at(three[1]), at(three[2], **HOLD)]

    results = bulk(api, "hold", items, atomic=False).json()["results"]

    assert [row["status"] for row in results] == [200, 400, 200]
    assert results[1]["id"] == str(three[1].uuid)
    assert results[1]["problem"]["errors"][0]["pointer"] == "/reason"
    assert results[1]["problem"]["code"] == "invalid"
    assert statuses() == ["on_hold", "pending", "on_hold"]


def test_many_are_created_and_claim_no_more_than_was_sold(
    api: Caller, business: Any, bo: Any
) -> None:
    sold = sell(business, bo, goods("TENT", "3", "50.00")).lines.get()
    new = {
        "business": "1000",
        "customer": "BO",
        "lines": [{"order_line": str(sold.uuid), "quantity": "2"}],
    }

    refused = problem(bulk(api, "create", [new, new]), 422)
    assert refused["code"] == "exceeds_returnable"
    assert not ReturnOrder.objects.exists()

    each = bulk(api, "create", [new, new], atomic=False).json()["results"]
    assert [row["status"] for row in each] == [201, 422]
    assert each[0]["id"] == str(ReturnOrder.objects.get().uuid)


def test_a_repeat_of_all_does_nothing_twice(api: Caller, three: list[ReturnOrder]) -> None:
    items = [at(order, **HOLD) for order in three]
    first = bulk(api, "hold", items)
    before = picture()

    again = bulk(api, "hold", items)

    assert (again.status_code, again.content) == (200, first.content)
    assert again["Idempotency-Replayed"] == "true"
    assert picture() == before


def test_without_a_key_nothing_is_done(api: Caller, three: list[ReturnOrder]) -> None:
    body = {"verb": "hold", "items": [at(order, **HOLD) for order in three]}

    refused = problem(api.post("/returns/bulk/", body), 400)

    assert refused["code"] == "idempotency_key_required"
    assert statuses() == ["pending"] * 3


@pytest.mark.parametrize("verb", ["delete", "edit", "destroy", "list", "__init__", "bulk", ""])
def test_only_verbs_are_done_to_many(api: Caller, three: list[ReturnOrder], verb: str) -> None:
    refused = problem(bulk(api, verb, [at(three[0])]), 400)

    assert list(pointers(refused)) == ["/verb"]
    assert statuses() == ["pending"] * 3


def test_five_hundred_are_the_most(api: Caller, three: list[ReturnOrder]) -> None:
    refused = problem(bulk(api, "hold", [at(three[0], **HOLD)] * 501), 400)

    assert pointers(refused) == {"/items": "max_length"}


def test_each_item_needs_the_right_that_its_own_call_needs(
    three: list[ReturnOrder], roles: None
) -> None:
    viewer = Caller(actor_with("Viewer"))
    before = picture()

    refused = problem(bulk(viewer, "hold", [at(three[0], **HOLD)]), 403)
    nobody = bulk(Caller(), "hold", [at(three[0], **HOLD)])

    assert refused["code"] == "not_permitted"
    assert nobody.status_code == 401
    assert picture() == before


def test_sales_orders_take_many_too(api: Caller) -> None:
    CompanyFactory(reference="NEW")

    refused = problem(
        api.post("/sales-orders/bulk/", {"verb": "create", "items": [{}]}, Idempotency_Key="k"), 400
    )

    assert "/items/0/business" in pointers(refused)
