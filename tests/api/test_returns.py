"""Returns over REST: how they are asked for, changed and deleted, and what is refused."""

from __future__ import annotations

import pytest

from returns.models import ReturnOrder
from tests.api.caller import Caller, pointers, problem
from tests.api.returning import asked, unchanged
from tests.factories import actor_with, ask_return


def test_a_return_is_created_by_codes_and_shows_what_it_holds(api, business, bo, sale):
    line = sale.lines.get()

    response = api.post(
        "/returns/",
        asked(
            business,
            bo,
            {"order_line": str(line.uuid), "quantity": "2", "reason": "defective"},
            reference="RMA-X",
            target_date="2026-04-01",
            customer_reference="PO 7",
            responsible_user="ada",
        ),
    )

    body = response.json()
    assert response.status_code == 201, body
    assert response.headers["ETag"] == '"1"'
    assert response.headers["Location"].endswith(f"/api/v1/returns/{body['id']}/")
    assert (body["reference"], body["status"], body["goods"]) == ("RMA-X", "pending", "expected")
    assert body["customer"] == {"id": str(bo.uuid), "reference": "BO", "name": "Bo Jansen"}
    assert body["responsible_user"] == body["created_by"] == "ada"
    shown = body["lines"][0]
    assert (shown["order_line"], shown["sku"], shown["quantity"], shown["open"]) == (
        str(line.uuid),
        "TENT",
        "2",
        "2",
    )
    assert shown["reason"]["reference"] == "defective"
    assert "issue" in body["allowed_actions"]
    assert "receive" not in body["allowed_actions"]
    assert api.get(f"/returns/{body['id']}").json() == body


def test_a_line_may_name_an_invoice_line(api, business, bo, sale):
    invoiced = sale.invoices.get().lines.get()

    line = {"invoice_line": str(invoiced.uuid), "quantity": "1"}
    body = api.post("/returns/", asked(business, bo, line)).json()

    assert body["lines"][0]["invoice_line"] == str(invoiced.uuid)
    assert body["lines"][0]["order_line"] == str(sale.lines.get().uuid)


@pytest.mark.parametrize("by", ["uuid", "serial"])
def test_a_line_may_name_a_unit_by_id_or_serial_without_a_quantity(api, business, bo, unit, by):
    line = {"stock_item": str(getattr(unit, by)).lower()}
    body = api.post("/returns/", asked(business, bo, line)).json()

    assert body["lines"][0]["serial"] == "D-1"
    assert body["lines"][0]["quantity"] == "1"


def test_a_line_may_name_a_part_that_no_sale_is_known_of(api, business, bo, sale):
    line = {"part": "tent", "quantity": 1.5}
    body = api.post("/returns/", asked(business, bo, line)).json()

    assert body["lines"][0]["order_line"] is None
    assert body["lines"][0]["quantity"] == "1.5"


def test_two_sources_none_or_no_quantity_are_malformed_line_by_line(api, business, bo, sale):
    line = str(sale.lines.get().uuid)
    before = unchanged()

    response = api.post(
        "/returns/",
        asked(
            business,
            bo,
            {"order_line": line, "part": "TENT", "quantity": "1"},
            {"quantity": "1"},
            {"order_line": line},
            {"order_line": line, "quantity": "many"},
        ),
    )

    assert pointers(problem(response, 400)) == {
        "/lines/0": "one_of",
        "/lines/1": "one_of",
        "/lines/2/quantity": "required",
        "/lines/3/quantity": "invalid",
    }
    assert unchanged() == before


def test_unknown_fields_are_refused_where_they_stand(api, business, bo):
    body = asked(business, bo, {"part": "X", "quantity": "1", "qty": 1}, colour="red")

    assert pointers(problem(api.post("/returns/", body), 400)) == {"/colour": "unknown_field"}
    del body["colour"]
    assert pointers(problem(api.post("/returns/", body), 400)) == {"/lines/0/qty": "unknown_field"}


@pytest.mark.parametrize(
    ("field", "value", "pointer"),
    [
        ("business", "9999", "/business"),
        ("customer", "NOBODY", "/customer"),
        ("reason", "no such reason", "/reason"),
        ("responsible_user", "nobody", "/responsible_user"),
        ("responsible_group", "no group", "/responsible_group"),
    ],
)
def test_what_cannot_be_named_is_not_found(api, business, bo, field, value, pointer):
    before = unchanged()

    response = api.post("/returns/", {**asked(business, bo), field: value})

    assert pointers(problem(response, 404)) == {pointer: "not_found"}
    assert unchanged() == before


def test_more_than_was_shipped_is_refused_with_the_figures(api, business, bo, sale):
    line = sale.lines.get()
    ask_return(sale, "2")
    before = unchanged()

    entry = {"order_line": str(line.uuid), "quantity": "2"}
    body = problem(api.post("/returns/", asked(business, bo, entry)), 422)

    assert body["code"] == "exceeds_returnable"
    assert body["facts"]["lines"] == [
        {"order_line": str(line.uuid), "requested": "2", "returnable": "1"}
    ]
    assert unchanged() == before


def test_goods_of_another_customer_are_refused(api, business, cy, sale):
    entry = {"order_line": str(sale.lines.get().uuid), "quantity": "1"}

    body = problem(api.post("/returns/", asked(business, cy, entry)), 422)

    assert body["code"] == "wrong_customer"
    assert ReturnOrder.objects.count() == 0


def test_a_unit_that_the_customer_does_not_hold_is_refused(api, business, cy, unit):
    body = problem(api.post("/returns/", asked(business, cy, {"stock_item": "D-1"})), 422)

    assert body["code"] in {"not_held_by_customer", "wrong_customer"}
    assert ReturnOrder.objects.count() == 0


def test_the_same_reference_twice_is_a_conflict(api, business, bo):
    assert api.post("/returns/", asked(business, bo, reference="R-1")).status_code == 201

    response = api.post("/returns/", asked(business, bo, reference="r-1"))

    assert problem(response, 409)["code"] == "reference_exists"
    assert ReturnOrder.objects.count() == 1


def test_waived_goods_need_the_right_to_credit_without_goods(business, bo, sale, roles):
    agent = Caller(actor_with("Service agent").user)
    entry = {"order_line": str(sale.lines.get().uuid), "quantity": "0", "waived": "1"}

    response = agent.post("/returns/", asked(business, bo, entry))

    assert problem(response, 403)["code"] == "not_permitted"
    assert ReturnOrder.objects.count() == 0


def test_the_header_is_changed_by_its_version(api, sale):
    rma = ask_return(sale)
    path = f"/returns/{rma.uuid}/"

    missing = api.patch(path, {"note": "call first"})
    changed = api.patch(path, {"note": "call first", "target_date": "2026-05-01"}, If_Match='"1"')
    stale = api.patch(path, {"note": "too late"}, If_Match='"1"')

    assert problem(missing, 428)["code"] == "version_required"
    assert changed.json()["note"] == "call first"
    assert (changed.json()["version"], changed.headers["ETag"]) == (2, '"2"')
    assert problem(stale, 412)["code"] == "stale_version"
    rma.refresh_from_db()
    assert (rma.note, rma.version) == ("call first", 2)


def test_fields_that_never_change_are_unknown_to_a_change(api, sale):
    rma = ask_return(sale)

    response = api.patch(f"/returns/{rma.uuid}/", {"reference": "OTHER"}, If_Match='"1"')

    assert pointers(problem(response, 400)) == {"/reference": "unknown_field"}


def test_a_deleted_return_is_gone_and_the_repeat_gets_the_first_answer(api, sale):
    rma = ask_return(sale)
    path = f"/returns/{rma.uuid}/"
    assert problem(api.delete(path), 428)

    first = api.delete(path, If_Match='"1"', Idempotency_Key="del-1")
    again = api.delete(path, If_Match='"1"', Idempotency_Key="del-1")

    assert (first.status_code, again.status_code) == (204, 204)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert problem(api.get(path), 404)
    assert api.get("/returns/").json()["results"] == []
    assert sale.lines.get().claimed == 0


def test_a_repeated_key_replays_and_another_body_under_it_is_refused(api, business, bo, sale):
    entry = {"order_line": str(sale.lines.get().uuid), "quantity": "1"}
    body = asked(business, bo, entry)

    first = api.post("/returns/", body, Idempotency_Key="k-1")
    again = api.post("/returns/", body, Idempotency_Key="k-1")
    other = api.post("/returns/", {**body, "note": "other"}, Idempotency_Key="k-1")

    assert (again.status_code, again.content) == (201, first.content)
    assert problem(other, 422)["code"] == "idempotency_key_reused"
    assert ReturnOrder.objects.count() == 1
