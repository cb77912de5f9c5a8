from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.services import save_contact
from returns.models import ReturnOrder
from returns.services import issue_return
from rmaproject.access.actors import SYSTEM
from rmaproject.audit.models import AuditEntry
from tests.compat.inventree.calling import Caller, body
from tests.factories import BusinessFactory, ask_return, goods, sell

pytestmark = pytest.mark.django_db


TIMES = ("updated_at", "creation_date", "issue_date")


def timeless(shown: dict[str, Any]) -> dict[str, Any]:
    """A body without the times that no test knows, so that the rest can be compared whole."""
    return {name: "<time>" if name in TIMES and shown[name] else shown[name] for name in shown}


def test_an_order_as_it_is_made(client: Caller, bo: Any, ada: Any) -> None:
    sent = {
        "customer": bo.pk,
        "description": "A torn tent",
        "notes": "Torn at the seam.\nTwice.",
        "customer_reference": "BO-7",
        "target_date": "2099-01-31",
        "link": "https://example.org/7",
    }

    made = body(client.post("order/ro/?format=json", sent), 201)

    assert timeless(made) == {
        "pk": made["pk"],
        "reference": "RMA-0001",
        "business": "1000",
        "customer": bo.pk,
        "customer_reference": "BO-7",
        "description": "A torn tent",
        "notes": "Torn at the seam.\nTwice.",
        "status": 10,
        "status_custom_key": None,
        "status_text": "Pending",
        "overdue": False,
        "responsible": None,
        "created_by": {
            "pk": ada.user_id,
            "username": "ada",
            "first_name": "",
            "last_name": "",
            "is_active": True,
        },
        "creation_date": "<time>",
        "start_date": None,
        "target_date": "2099-01-31",
        "issue_date": None,
        "complete_date": None,
        "updated_at": "<time>",
        "contact": None,
        "address": None,
        "link": "https://example.org/7",
        "project_code": None,
        "line_items": 0,
        "completed_lines": 0,
        "order_currency": "EUR",
        "total_price": 0.0,
    }
    assert body(client.get(f"order/ro/{made['pk']}/")) == made
    del made["notes"]
    assert body(client.get("order/ro/")) == [made]


def test_a_line_as_it_is_made(client: Caller, bo: Any, unit: Any) -> None:
    order = body(client.post("order/ro/", {"customer": bo.pk}), 201)["pk"]
    sent = {"order": order, "item": unit.pk, "quantity": 1, "notes": "torn", "reference": "L1"}

    made = body(client.post("order/ro-line/", sent), 201)

    assert {**made, "pk": 0, "sales_order_line": 0} == {
        "pk": 0,
        "line": "1",
        "order": order,
        "item": unit.pk,
        "part": unit.part_id,
        "sales_order_line": 0,
        "quantity": 1.0,
        "received": 0.0,
        "received_date": None,
        "outcome": 10,
        "price": 121.0,
        "price_currency": "EUR",
        "discount": 0.0,
        "reference": "L1",
        "notes": "torn",
        "link": "",
        "target_date": None,
        "project_code": None,
        "item_detail": {
            "pk": unit.pk,
            "part": unit.part_id,
            "serial": "T-1",
            "batch": None,
            "quantity": 1.0,
            "location": None,
            "customer": bo.pk,
            "status": 10,
            "status_text": "OK",
        },
    }
    lean = body(client.get(f"order/ro-line/{made['pk']}/?item_detail=false&part_detail=true"))
    assert "item_detail" not in lean
    assert lean["part_detail"]["IPN"] == "TENT"


def test_an_extra_line_as_it_is_made(client: Caller, bo: Any) -> None:
    order = body(client.post("order/ro/", {"customer": bo.pk}), 201)["pk"]
    sent = {"order": order, "quantity": 5, "price": "10.5", "reference": "Postage", "context": {}}

    made = body(client.post("order/ro-extra-line/", sent), 201)

    assert {**made, "pk": 0} == {
        "pk": 0,
        "line": "1",
        "order": order,
        "description": "Postage",
        "quantity": 5.0,
        "price": 10.5,
        "price_currency": "EUR",
        "discount": 0.0,
        "total_price": 52.5,
        "reference": "Postage",
        "notes": "",
        "link": "",
        "context": {},
        "target_date": None,
        "project_code": None,
    }
    assert body(client.get(f"order/ro/{order}/"))["total_price"] == 52.5


def test_the_same_order_sent_twice_is_one_order(client: Caller, bo: Any) -> None:
    sent = {"customer": bo.pk, "reference": "RMA-7"}

    first = body(client.post("order/ro/", sent), 201)
    again = body(client.post("order/ro/", sent), 201)
    other = body(client.post("order/ro/", {**sent, "description": "Another"}), 409)

    assert again == first
    assert list(other) == ["reference"]
    assert ReturnOrder.objects.count() == 1


def test_an_idempotency_key_makes_one_order_without_a_reference(client: Caller, bo: Any) -> None:
    sent = {"customer": bo.pk}

    first = client.post("order/ro/", sent, Idempotency_Key="k1")
    again = client.post("order/ro/", sent, Idempotency_Key="k1")

    assert body(again, 201) == body(first, 201)
    assert ReturnOrder.objects.count() == 1


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"customer": None}, {"customer": ["This field may not be null."]}),
        ({"customer": 10**9}, {"customer": ['Invalid pk "1000000000" - object does not exist.']}),
        ({"customer": "x"}, {"customer": ["Incorrect type. Expected pk value."]}),
        ({"reference": "X-1"}, {"reference": ["Reference must match required pattern."]}),
        ({"status": 30}, {"status": ["This field is read-only."]}),
        ({"issue_date": "2026-01-01"}, {"issue_date": ["This field is read-only."]}),
        ({"start_date": "2026-01-01"}, {"start_date": ["This field is not kept here."]}),
        ({"colour": "red"}, {"colour": ["There is no such field."]}),
        ({"link": "javascript:x"}, {"link": ["Enter a valid URL."]}),
        (
            {"responsible": 10**9},
            {"responsible": ['Invalid pk "1000000000" - object does not exist.']},
        ),
    ],
)
def test_what_an_order_cannot_be(
    client: Caller, bo: Any, sent: dict[str, Any], told: dict[str, Any]
) -> None:
    assert body(client.post("order/ro/", {"customer": bo.pk, **sent}), 400) == told
    assert not ReturnOrder.objects.exists()


def test_a_contact_is_one_of_the_customer(client: Caller, bo: Any, cy: Any) -> None:
    ours = save_contact(bo.pk, {"name": "Bo himself"}, actor=SYSTEM)
    theirs = save_contact(cy.pk, {"name": "Cy herself"}, actor=SYSTEM)

    made = body(client.post("order/ro/", {"customer": bo.pk, "contact": ours.pk}), 201)
    told = body(client.patch(f"order/ro/{made['pk']}/", {"contact": theirs.pk}), 400)

    assert made["contact"] == ours.pk
    assert told == {"contact": ["Contact does not match selected company."]}


def test_the_unit_of_another_customer_is_refused(client: Caller, cy: Any, unit: Any) -> None:
    order = body(client.post("order/ro/", {"customer": cy.pk}), 201)["pk"]

    told = body(client.post("order/ro-line/", {"order": order, "item": unit.pk}), 422)

    assert set(told) & {"non_field_errors", "item", "sales_order_line"}
    assert body(client.get("order/ro-line/")) == []


def test_goods_without_a_number_come_back_by_their_sold_line(
    client: Caller, bo: Any, pegs: Any
) -> None:
    order = body(client.post("order/ro/", {"customer": bo.pk}), 201)["pk"]
    sent = {"order": order, "sales_order_line": pegs.pk, "quantity": 3}

    made = body(client.post("order/ro-line/", sent), 201)
    more = body(client.post("order/ro-line/", {**sent}), 422)

    assert (made["item"], made["quantity"], made["price"]) == (None, 3.0, 10.0)
    assert more
    body(client.post("order/ro-line/", {"order": order}), 400)


def test_received_goods_are_not_said_but_received(client: Caller, bo: Any, unit: Any) -> None:
    order = body(client.post("order/ro/", {"customer": bo.pk}), 201)["pk"]
    line = body(client.post("order/ro-line/", {"order": order, "item": unit.pk}), 201)

    told = body(client.patch(f"order/ro-line/{line['pk']}/", {"received_date": "2026-01-01"}), 400)

    assert told == {"received_date": ["This field is read-only."]}
    body(client.patch(f"order/ro-line/{line['pk']}/", line))


@pytest.mark.parametrize("verb", ["complete", "receive", "hold", "issue", "cancel"])
def test_an_action_that_the_state_forbids_is_told(
    client: Caller, pegs: Any, business: Any, verb: str
) -> None:
    order = ask_return(pegs.order, "1")
    line = order.lines.get()
    if verb not in {"complete", "receive"}:
        body(client.post(f"order/ro/{order.pk}/cancel/"), 201)
    before = AuditEntry.objects.count()
    sent = {"items": [{"item": line.pk}], "location": business.returns_location_id}

    told = client.post(f"order/ro/{order.pk}/{verb}/", sent if verb == "receive" else {})

    expected = 400 if verb == "receive" and line.void else 409
    assert list(body(told, expected)) == ["non_field_errors"]
    assert AuditEntry.objects.count() == before


def test_an_action_on_an_unknown_order_is_404(client: Caller) -> None:
    for verb in ("issue", "hold", "cancel", "complete", "receive"):
        body(client.post(f"order/ro/123456/{verb}/"), 404)


def test_lines_are_deleted_together_or_not_at_all(client: Caller, bo: Any) -> None:
    order = body(client.post("order/ro/", {"customer": bo.pk}), 201)["pk"]
    sent = {"order": order, "description": "Postage"}
    first, second = (body(client.post("order/ro-extra-line/", sent), 201)["pk"] for _ in "ab")

    body(client.delete("order/ro-extra-line/", {"items": [first, 10**9]}), 404)
    assert len(body(client.get(f"order/ro-extra-line/?order={order}"))) == 2
    body(client.delete("order/ro-extra-line/", {"all": True}), 400)
    body(client.delete("order/ro-extra-line/", {"items": [first, second]}), 204)

    assert body(client.get("order/ro-extra-line/")) == []


def test_filters_narrow_and_orderings_sort(
    client: Caller, bo: Any, cy: Any, pegs: Any, ada: Any
) -> None:
    late = ask_return(pegs.order, "1", issued=True)
    ReturnOrder.objects.filter(pk=late.pk).update(target_date="2020-01-01")
    mine = body(client.post("order/ro/", {"customer": cy.pk, "responsible": ada.user_id * 2}), 201)[
        "pk"
    ]

    def keys(query: str) -> list[int]:
        return [row["pk"] for row in body(client.get(f"order/ro/?{query}"))]

    assert keys("ordering=reference") == [late.pk, mine]
    assert keys("") == [mine, late.pk]
    assert keys(f"customer={bo.pk}") == keys("overdue=true") == keys("status=20") == [late.pk]
    assert keys("assigned_to_me=true") == keys(f"assigned_to={ada.user_id * 2}") == [mine]
    assert keys("overdue=false&outstanding=true") == keys("status=10") == [mine]
    assert keys("target_date_before=2020-01-02") == keys("max_date=2020-01-01") == [late.pk]
    assert keys("target_date_before=2020-01-01") == keys("status=99") == []
    assert keys("search=bo+jan") == keys(f"part={pegs.part_id}") == [late.pk]
    for query in ("status=x", "customer=x", "overdue=maybe", "created_before=1"):
        assert list(body(client.get(f"order/ro/?{query}"), 400)) == [query.partition("=")[0]]


def test_a_list_costs_the_same_for_any_number_of_orders(
    client: Caller, business: Any, bo: Any
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            body(client.get("order/ro/?customer_detail=true"))
            body(client.get("order/ro-line/?part_detail=true&order_detail=true"))
        return len(queries)

    sale = sell(business, bo, goods("ROPE", "50"), reference="SO-ROPE")
    ask_return(sale, "1", issued=True)
    cost()  # the first request fills what a process keeps
    one = cost()
    for _ in range(6):
        issue_return(ask_return(sale, "1").pk, actor=SYSTEM)

    assert cost() == one


def test_the_business_is_named_where_several_are_in_sight(client: Caller, bo: Any) -> None:
    BusinessFactory(code="2000", name="Second")

    told = body(client.post("order/ro/", {"customer": bo.pk}), 400)
    made = body(client.post("order/ro/", {"customer": bo.pk, "business": "2000"}), 201)

    assert list(told) == ["business"]
    assert made["business"] == "2000"


def test_options_tell_only_what_the_caller_may_do(client: Caller, bo: Any) -> None:
    from tests.compat.inventree.test_rights import caller_with

    told = body(client.options("order/ro/"))
    seen = body(caller_with("view_return").options("order/ro/"))

    assert told["name"] == "Return Order List"
    fields = told["actions"]["POST"]
    assert fields["customer"]["type"] == "related field"
    assert fields["customer"]["required"] is True
    assert fields["status"]["read_only"] is True
    assert fields["reference"]["default"] == "RMA-0001"
    assert set(seen["actions"]) == {"GET"}


@pytest.mark.parametrize(
    "raw", [b'{"customer": 1, "customer": 2}', b"[" * 99, b"{", b"[1]", b'"x"', b"\xff"]
)
def test_a_body_that_is_no_record_is_400(client: Caller, business: Any, raw: bytes) -> None:
    answer = client.client.generic(
        "POST", "/api/order/ro/", raw, content_type="application/json", headers=client.headers
    )

    body(answer, 400)


def test_a_media_type_that_nobody_reads_is_415(client: Caller, business: Any) -> None:
    answer = client.client.generic(
        "POST", "/api/order/ro/", b"x", content_type="text/xml", headers=client.headers
    )

    assert list(body(answer, 415)) == ["detail"]


def test_a_form_makes_an_order_too(client: Caller, bo: Any) -> None:
    answer = client.client.post(
        "/api/order/ro/", {"customer": bo.pk, "description": "By form"}, headers=client.headers
    )

    assert body(answer, 201)["description"] == "By form"
