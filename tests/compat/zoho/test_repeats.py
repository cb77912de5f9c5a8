"""The same request sent twice makes one return: by its own number, or by an Idempotency-Key."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from returns.models import Receipt, ReturnOrder
from returns.services import delete_return
from rmaproject.access.actors import SYSTEM
from tests.compat.calling import body_of, nothing_changed
from tests.compat.zoho.client import Zoho, encoded, item, order_of


def test_the_same_number_and_content_give_the_first_return(zoho, ada, sale):
    body = item(sale, "TENT", 2)
    first = zoho.create(sale, body, salesreturn_number="RMA-1", reason="x")

    with nothing_changed():
        again = zoho.create(sale, {**body, "quantity": 2.0}, salesreturn_number="rma-1", reason="x")
        other = Zoho(ada, encoding="form").create(
            sale, body, salesreturn_number="RMA-1", reason="x"
        )

    ids = {answer["salesreturn"]["salesreturn_id"] for answer in (first, again, other)}
    assert len(ids) == 1


def test_the_same_number_with_other_content_is_refused(zoho, sale):
    zoho.create(sale, item(sale, "TENT", 1), salesreturn_number="RMA-1")

    with nothing_changed():
        answer = zoho.create(sale, item(sale, "TENT", 2), salesreturn_number="RMA-1", status=409)

    assert (answer["code"], answer["error"]) == (900005, "reference_exists")


def test_the_number_of_a_deleted_return_stays_taken(zoho, sale):
    made = zoho.create(sale, item(sale, "TENT", 1), salesreturn_number="RMA-1")
    delete_return(order_of(made).pk, actor=SYSTEM)

    with nothing_changed():
        zoho.create(sale, item(sale, "TENT", 1), salesreturn_number="RMA-1", status=409)


def test_a_key_repeats_every_operation(zoho, sale):
    def twice(method: str, path: str, body: Any, key: str, **query: str) -> Any:
        first = zoho.ask(method, path, body, Idempotency_Key=key, **query)
        with nothing_changed():
            again = zoho.ask(method, path, body, Idempotency_Key=key, **query)
        assert again.status_code == first.status_code < 300
        assert body_of(again, again.status_code) == body_of(first, first.status_code)
        assert again.headers["Idempotency-Replayed"] == "true"
        return first.json()

    order = str(sale.uuid)
    create = {"line_items": [item(sale, "TENT", 2)]}
    made = twice("POST", "/salesreturns", create, "one", salesorder_id=order)["salesreturn"]
    ident, line = made["salesreturn_id"], made["line_items"][0]
    twice("PUT", f"/salesreturns/{ident}", {"line_items": [{**line, "quantity": 1}]}, "two")
    came = {"line_items": [{"line_item_id": line["line_item_id"], "quantity": 1}]}
    got = twice("POST", "/salesreturnreceives", came, "three", salesreturn_id=ident)
    twice("DELETE", f"/salesreturnreceives/{got['salesreturn']['receive_id']}", None, "four")
    twice("DELETE", f"/salesreturns/{ident}", None, "five")
    assert (ReturnOrder.objects.count(), Receipt.objects.count()) == (1, 2)


def test_a_key_holds_for_the_content_whatever_its_encoding(zoho, sale):
    body = {"line_items": [item(sale, "TENT", 1)]}
    path = f"/inventory/v1/salesreturns?organization_id=1000&salesorder_id={sale.uuid}"
    answers = []
    for encoding in ("json", "form", "multipart"):
        kind, raw = encoded(body, encoding)
        answers.append(body_of(zoho.raw("POST", path, raw, kind, Idempotency_Key="k"), 201))

    assert answers[0] == answers[1] == answers[2]
    other = {"line_items": [item(sale, "TENT", 2)]}
    with nothing_changed():
        refused = zoho.ask(
            "POST", "/salesreturns", other, salesorder_id=str(sale.uuid), Idempotency_Key="k"
        )
    assert body_of(refused, 422)["error"] == "idempotency_key_reused"


def test_without_a_key_the_caps_alone_protect(zoho, sale):
    for _ in range(3):
        zoho.create(sale, item(sale, "TENT", 1))

    with nothing_changed():
        zoho.create(sale, item(sale, "TENT", 1), status=422)


def test_a_page_costs_the_same_whatever_its_length(zoho, sale):
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            zoho.list()
        return len(queries)

    zoho.create(sale, item(sale, "TENT", 1))
    one = cost()
    for _ in range(3):
        zoho.create(sale, item(sale, "PEG", 1))

    assert cost() == one
    assert one <= 22


def test_pages_follow_each_other_newest_first(zoho, sale):
    made = [zoho.create(sale, item(sale, "PEG", 1))["salesreturn"] for _ in range(3)]
    names = [row["salesreturn_number"] for row in reversed(made)]

    first = zoho.list(page="1", per_page="2")
    second = zoho.list(page="2", per_page="2")
    beyond = zoho.list(page="900000", per_page="999")

    shown = [row["salesreturn_number"] for row in first["salesreturns"] + second["salesreturns"]]
    assert shown == names
    assert first["page_context"] == {"page": 1, "per_page": 2, "has_more_page": True}
    assert second["page_context"] == {"page": 2, "per_page": 2, "has_more_page": False}
    assert beyond["salesreturns"] == []
    assert beyond["page_context"]["per_page"] == 200
