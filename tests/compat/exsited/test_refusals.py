"""What this door refuses: in its own envelope, with the honest status, and nothing is changed."""

from __future__ import annotations

import json
from functools import partial

import pytest
from django.contrib.auth.models import Permission

from returns.compat.exsited.showing import status_of
from returns.models import ReturnOrder
from returns.services import turn_returns
from returns.states import Goods, Status
from rmaproject.access.actors import SYSTEM
from tests.compat.calling import Caller, body_of, nothing_changed
from tests.compat.exsited.steps import MANY, ONE, RECEIVED, RMAS, arrival, codes
from tests.factories import BusinessFactory, actor_with, goods, sell

pytestmark = pytest.mark.django_db
FIRST = f"{MANY}.returns[0]"


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("goods_axis", Goods)
def test_every_status_has_a_word(status, goods_axis):
    over = {"complete", "cancelled", "rejected"}
    expected = "CLOSED" if status in over or goods_axis == "received" else "PENDING"

    assert status_of(status, goods_axis) == expected


def test_the_same_return_twice_is_one_and_other_content_a_conflict(desk):
    body = desk.asks(("TENT", "2"), id="RMA-1", date="2026-03-05", note="Bent.")
    first = body_of(desk.caller.post(desk.path(), body), 201)
    again = desk.asks(("TENT", "2.000"), id="rma-1", date="2026-03-05", note="Bent.")

    with nothing_changed():
        assert body_of(desk.caller.post(desk.path(), again)) == first
        other = desk.asks(("TENT", "1"), id="RMA-1")
        assert codes(desk.caller.post(desk.path(), other), 409) == {None: "reference_exists"}

    assert ReturnOrder.objects.count() == 1


def test_a_key_makes_repeats_of_what_has_no_number_one(desk):
    body, key = desk.asks(("TENT", "1")), {"Idempotency_Key": "k-1"}
    first = desk.caller.post(desk.path(), body, **key)
    again = desk.caller.post(desk.path(), body, **key)

    assert body_of(again, 201) == body_of(first, 201)
    rma = body_of(first, 201)["invoice"][ONE]
    came = body_of(desk.receive(rma, "1", Idempotency_Key="k-2"))
    assert body_of(desk.receive(rma, "1", Idempotency_Key="k-2")) == came
    assert ReturnOrder.objects.get().receipts.count() == 1
    other = desk.caller.post(desk.path(), desk.asks(("PEG", "1")), **key)
    assert codes(other, 422) == {None: "idempotency_key_reused"}


def test_who_is_nobody_is_told_to_get_a_token(desk):
    paths = [f"/api/v3/{RMAS}", desk.path(), desk.path("R", "receive")]
    for caller in (Caller(), Caller(Authorization="Bearer wrong"), Caller(Authorization="Basic x")):
        with nothing_changed():
            for path in paths:
                answer = caller.get(path)
                assert codes(answer, 401) == {None: "not_authenticated"}
                assert answer.headers["WWW-Authenticate"] == "Bearer"
            assert codes(caller.post(desk.path(), desk.asks()), 401) == {None: "not_authenticated"}


def test_who_lacks_the_right_is_refused_before_anything_else(desk):
    rma = desk.ask(("TENT", "2"))
    viewer = Caller(actor_with("Viewer", username="vi"), scheme="Bearer")
    warehouse = Caller(actor_with("Warehouse", username="wu"), scheme="Bearer")

    assert body_of(viewer.get(desk.path(rma["id"])))["invoice"][ONE] == rma
    with nothing_changed():
        for caller in (viewer, warehouse):
            assert codes(caller.post(desk.path(), desk.asks()), 403) == {None: "not_permitted"}
        assert codes(viewer.post(desk.path(rma["id"], "receive"), {}), 403) == {
            None: "not_permitted"
        }
    desk.caller = warehouse
    assert body_of(desk.receive(rma, "2"))[ONE]["customer_return_status"] == "CLOSED"


def test_what_is_out_of_sight_does_not_exist(desk, bo):
    rma = desk.ask(("TENT", "1"))
    stranger = actor_with(username="cy")
    names = ("view_return", "create_return", "issue_return", "receive_return")
    stranger.user.user_permissions.set(Permission.objects.filter(codename__in=names))
    blind = Caller(stranger, scheme="Bearer")

    with nothing_changed():
        for path in (desk.path(), desk.path(rma["id"]), f"/api/v3/{RMAS}/{rma['id']}"):
            assert codes(blind.get(path), 404) == {None: "not_found"}
        assert codes(blind.post(desk.path(), desk.asks()), 404) == {None: "not_found"}
        assert codes(blind.post(desk.path(rma["id"], "receive"), {}), 404) == {None: "not_found"}
    assert body_of(blind.get(f"/api/v3/{RMAS}"))["pagination"]["records"] == 0


def test_a_number_with_a_line_break_is_an_unknown_number(desk):
    for path in (f"/api/v3/invoices/I%0A1/{RMAS}", desk.path("R%0A1"), f"/api/v3/{RMAS}/R%0A1"):
        assert codes(desk.caller.get(path), 404) == {None: "not_found"}


def test_while_returns_are_off_everything_is_refused(desk):
    rma = desk.ask(("TENT", "1"))
    turn_returns(on=False, actor=SYSTEM)

    with nothing_changed():
        refused = [
            desk.caller.get(f"/api/v3/{RMAS}"),
            desk.caller.get(f"/api/v3/{RMAS}/{rma['id']}"),
            desk.caller.get(desk.path()),
            desk.caller.get(desk.path(rma["id"])),
            desk.caller.get(desk.path(rma["id"], "receive")),
            desk.caller.post(desk.path(), desk.asks()),
            desk.receive(rma, "1"),
        ]
    assert [codes(answer, 403) for answer in refused] == [{None: "returns_disabled"}] * 7


def test_an_invoice_number_of_two_businesses_is_ambiguous_and_its_id_is_not(desk, bo):
    other = BusinessFactory()
    sell(other, bo, goods("TENT", "1", "50.00"), reference="SO-1")
    number = desk.invoice.reference

    assert codes(desk.caller.get(desk.path()), 422) == {None: "ambiguous_reference"}
    path = desk.path().replace(number, str(desk.invoice.uuid))
    assert body_of(desk.caller.get(path))["invoice"][MANY] == []


def test_a_rule_that_is_broken_is_named_with_its_field(desk, business, bo):
    foreign = sell(business, bo, goods("LAMP", "1", "9.00")).invoices.get().lines.get()
    elsewhere = {"rma_quantity": "1", "uuid": str(foreign.uuid)}
    wrong = {"rma_quantity": "1", "uuid": str(desk.line().uuid), "item_uuid": str(foreign.uuid)}
    discount = desk.invoice.lines.get(kind="discount")
    with nothing_changed():
        post = partial(desk.caller.post, desk.path())
        many = codes(post(desk.asks(("TENT", "4"))), 422)
        assert many == {None: "exceeds_returnable"}
        assert codes(post({MANY: {"returns": [elsewhere]}}), 404) == {f"{FIRST}.uuid": "not_found"}
        assert codes(post({MANY: {"returns": [wrong]}}), 422) == {
            f"{FIRST}.item_uuid": "wrong_part"
        }
        told = {"rma_quantity": "1", "uuid": str(discount.uuid)}
        assert codes(post({MANY: {"returns": [told]}}), 422) == {f"{FIRST}.uuid": "not_goods"}


BODIES = [
    ({}, {MANY: "required"}),
    ({MANY: {}}, {f"{MANY}.returns": "required"}),
    ({MANY: None}, {MANY: "null"}),
    ({MANY: {"returns": []}}, {f"{MANY}.returns": "empty"}),
    ({MANY: {"returns": {}}}, {f"{MANY}.returns": "not_a_list"}),
    ({MANY: {"returns": ["x"]}}, {FIRST: "invalid"}),
    (
        {MANY: {"returns": [{"rma_quantity": "many", "uuid": "x", "colour": "red"}]}},
        {f"{FIRST}.colour": "unknown_field"},
    ),
    (
        {MANY: {"returns": [{"rma_quantity": "many", "uuid": "x"}]}},
        {f"{FIRST}.rma_quantity": "invalid", f"{FIRST}.uuid": "invalid"},
    ),
    ([], {None: "invalid"}),
    ("text", {None: "invalid"}),
]


@pytest.mark.parametrize(("body", "expected"), BODIES)
def test_what_cannot_be_read_is_malformed(desk, body, expected):
    with nothing_changed():
        assert codes(desk.caller.post(desk.path(), body), 400) == expected


@pytest.mark.parametrize(
    "quantity", ["0", "-1", "1e400", "NaN", "", None, True, "1_000", [], {}, "9" * 40, "0.000001"]
)
def test_a_quantity_is_a_number_above_nothing(desk, quantity):
    body = desk.asks()
    body[MANY]["returns"][0]["rma_quantity"] = quantity

    with nothing_changed():
        assert list(codes(desk.caller.post(desk.path(), body), 400)) == [f"{FIRST}.rma_quantity"]


@pytest.mark.parametrize("day", ["28-08-2024", "20240828", "2024-W35-3", "2024-02-30", 5, "", "x"])
def test_a_date_is_a_day_written_in_full(desk, day):
    with nothing_changed():
        answer = desk.caller.post(desk.path(), desk.asks(date=day))
        assert list(codes(answer, 400)) == [f"{MANY}.date"]


def test_a_body_that_is_no_json_or_of_another_kind_is_refused(desk):
    doubled = b'{"return_merchandise_authorisations": {}, "return_merchandise_authorisations": {}}'
    bomb = b'{"a":' * 60 + b"1" + b"}" * 60
    with nothing_changed():
        for raw in (b"{", b"\xff", doubled, bomb, b"[NaN]", b'{"a": "\\ud800"}'):
            assert codes(desk.caller.raw("POST", desk.path(), raw), 400) == {None: "malformed"}
        answer = desk.caller.raw("POST", desk.path(), b"a=1", "application/xml")
        assert codes(answer, 415) == {None: "unsupported_media_type"}
        answer = desk.caller.raw("POST", desk.path(), b"x" * 1_100_000)
        assert answer.status_code in (400, 413)
        assert list(body_of(answer, answer.status_code)) == ["errors"]


def test_methods_that_are_none_and_addresses_that_lead_nowhere_are_told_in_the_envelope(desk):
    answer = desk.caller.delete(desk.path())
    assert codes(answer, 405) == {None: "method_not_allowed"}
    assert answer.headers["Allow"] == "GET, POST, HEAD, OPTIONS"
    assert codes(desk.caller.get(f"/api/v3/{RMAS}", Accept="text/html"), 406) == {
        None: "not_acceptable"
    }
    for path in (
        "/api/v3",
        "/api/v2/",
        "/api/v3/orders/7",
        "/api/v3/orders/7/",
        "/invoices/7",
        "/api/v3//",
        f"/{RMAS}/%00",
        "/api/v3/invoices/%00/" + RMAS,
        "/api/v2/invoices/a%0Ab/" + RMAS,
        f"/api/v3/{RMAS}/" + "x" * 3000,
    ):
        assert codes(desk.caller.get(path), 404) == {None: "not_found"}, path


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ("limit=0", "limit", "invalid_parameter"),
        ("limit=201", "limit", "invalid_parameter"),
        ("limit=ten", "limit", "invalid_parameter"),
        ("limit=1&limit=2", "limit", "invalid_parameter"),
        ("offset=-1", "offset", "invalid_parameter"),
        ("offset=99999999999999999999", "offset", "invalid_parameter"),
        ("direction=up", "direction", "invalid_parameter"),
        ("order_by=version", "order_by", "invalid_parameter"),
        ("status=PENDING", "status", "unknown_parameter"),
    ],
)
def test_a_parameter_that_would_be_passed_over_is_refused(desk, query, field, code):
    for path in (f"/api/v3/{RMAS}", desk.path()):
        assert codes(desk.caller.get(f"{path}?{query}"), 400) == {field: code}


def test_a_slash_at_the_end_changes_nothing(desk):
    assert body_of(desk.caller.get(f"/api/v3/{RMAS}/"))["pagination"]["records"] == 0
    assert body_of(desk.caller.get(desk.path() + "/"))["invoice"][MANY] == []


def test_a_receipt_names_lines_of_its_own_return(desk):
    rma, other = desk.ask(("TENT", "1")), desk.ask(("PEG", "1"))
    foreign = {"rma_receive_quantity": "1", "uuid": other["returns"][0]["uuid"]}
    path = desk.path(rma["id"], "receive")
    with nothing_changed():
        field = f"{RECEIVED}s.receive_returns[0].uuid"
        assert codes(desk.caller.post(path, arrival(foreign)), 404) == {field: "not_found"}
        assert codes(desk.caller.post(path, arrival()), 400) == {
            f"{RECEIVED}s.receive_returns": "empty"
        }
        assert codes(desk.caller.post(path, json.loads("[]")), 400) == {None: "invalid"}
