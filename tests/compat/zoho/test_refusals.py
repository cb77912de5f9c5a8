"""Who may not, what cannot be read, what is not there: an honest status, and nothing changed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from returns.services import turn_returns
from rmaproject.access.actors import SYSTEM
from rmaproject.rest.rendering import MAX_BYTES
from sales.models import SalesOrder
from tests.compat.calling import body_of, nothing_changed
from tests.compat.zoho.client import ROOT, Zoho, item
from tests.compat.zoho.contract import require_valid
from tests.factories import BusinessFactory, CompanyFactory, actor_with, goods, sell

NOWHERE = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def made(zoho: Any, sale: Any) -> dict[str, Any]:
    found: dict[str, Any] = zoho.create(sale, item(sale, "TENT", 2))["salesreturn"]
    return found


@pytest.fixture
def came(zoho: Any, made: Any) -> str:
    line = made["line_items"][0]["line_item_id"]
    answer = zoho.receive(made["salesreturn_id"], {"line_item_id": line, "quantity": 1})
    return str(answer["salesreturn"]["receive_id"])


def calls(sale: SalesOrder, made: dict[str, Any], came: str) -> list[tuple[str, str, Any]]:
    """Every operation once, with a body that would be right."""
    line = made["line_items"][0]
    receive = {"line_items": [{"line_item_id": line["line_item_id"], "quantity": 1}]}
    ident = made["salesreturn_id"]
    create = {"salesorder_id": str(sale.uuid), "line_items": [item(sale, "PEG", 1)]}
    return [
        ("GET", "/salesreturns", None),
        ("POST", "/salesreturns", create),
        ("GET", f"/salesreturns/{ident}", None),
        ("PUT", f"/salesreturns/{ident}", {"line_items": [line, item(sale, "PEG", 1)]}),
        ("DELETE", f"/salesreturns/{ident}", None),
        ("POST", "/salesreturnreceives", {"salesreturn_id": ident, **receive}),
        ("DELETE", f"/salesreturnreceives/{came}", None),
    ]


def refused(answer: Any, status: int, code: int) -> dict[str, Any]:
    body: dict[str, Any] = body_of(answer, status)
    require_valid("any", body)
    assert body["code"] == code, body
    return body


def test_without_a_token_or_with_a_wrong_one_nothing_is_answered(zoho, sale, made, came):
    nobody, wrong = Zoho(), Zoho()
    wrong.headers["Authorization"] = "Zoho-oauthtoken nonsense"

    with nothing_changed():
        for caller in (nobody, wrong):
            for method, path, body in calls(sale, made, came):
                refused(caller.ask(method, path, body), 401, 14)


def test_a_token_of_ours_under_another_word_is_not_taken(zoho, ada):
    other = Zoho(ada)
    other.headers["Authorization"] = other.headers["Authorization"].replace("Zoho-oauth", "")

    refused(other.ask("GET", "/salesreturns"), 401, 14)


def test_who_only_sees_changes_nothing(zoho, sale, made, came, roles):
    viewer = Zoho(actor_with("Viewer"))

    with nothing_changed():
        for method, path, body in calls(sale, made, came):
            if method == "GET":
                assert body_of(viewer.ask(method, path))["code"] == 0
            else:
                refused(viewer.ask(method, path, body), 403, 57)


def test_who_may_not_see_credit_notes_is_not_told_of_them(zoho, made, roles):
    viewer = Zoho(actor_with("Viewer"))

    shown = viewer.retrieve(made["salesreturn_id"])["salesreturn"]

    assert "creditnotes" not in shown
    assert "refunded_amount" not in shown
    assert "refunded_amount" not in viewer.list()["salesreturns"][0]


def test_waiving_needs_its_right(sale, roles):
    agent = Zoho(actor_with("Service agent"))

    with nothing_changed():
        answer = agent.create(sale, item(sale, "TENT", 1, non_receive_quantity=1), status=403)

    assert answer["code"] == 57


def test_what_belongs_to_another_organization_is_not_there(zoho, ada, sale, made, came):
    BusinessFactory(code="2000")
    other = Zoho(ada, organization="2000")

    with nothing_changed():
        for method, path, body in calls(sale, made, came):
            if (method, path) == ("GET", "/salesreturns"):
                assert other.list()["salesreturns"] == []
            else:
                refused(other.ask(method, path, body), 404, 1002)


@pytest.mark.parametrize("organization", ["", "3000", "0", "\x00", NOWHERE, "1000 OR 1=1"])
def test_an_unknown_organization_has_its_own_number(ada, sale, made, came, organization):
    caller = Zoho(ada, organization=organization)

    with nothing_changed():
        for method, path, body in calls(sale, made, came):
            refused(caller.ask(method, path, body), 404, 6041)


def test_an_organization_is_named_by_its_id_too(zoho, ada, business, made):
    by_id = Zoho(ada, organization=str(business.uuid))

    assert len(by_id.list()["salesreturns"]) == 1


def test_while_returns_are_off_every_door_says_so(zoho, sale, made, came):
    turn_returns(on=False, actor=SYSTEM)

    with nothing_changed():
        for method, path, body in calls(sale, made, came):
            answer = refused(zoho.ask(method, path, body), 403, 900001)
            assert answer["error"] == "returns_disabled"


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/items",
        "/salesreturns/a/b",
        "/salesreturns//",
        "/salesreturnreceives/a/b",
        "/a%0Ab",
    ],
)
def test_addresses_that_lead_nowhere_say_so_in_the_envelope(zoho, path):
    refused(zoho.ask("GET", path), 404, 5)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PATCH", "/salesreturns"),
        ("DELETE", "/salesreturns"),
        ("PUT", "/salesreturns"),
        ("POST", f"/salesreturns/{NOWHERE}"),
        ("GET", "/salesreturnreceives"),
        ("GET", f"/salesreturnreceives/{NOWHERE}"),
        ("OPTIONS", "/salesreturns"),
    ],
)
def test_methods_that_an_address_does_not_know_are_named(zoho, method, path):
    answer = zoho.ask(method, path)

    refused(answer, 405, 6)
    assert answer.headers["Allow"]


def test_a_wrong_method_is_named_before_a_wrong_organization(ada):
    refused(Zoho(ada, organization="3000").ask("PATCH", "/salesreturns"), 405, 6)


@pytest.mark.parametrize("ident", [NOWHERE, "1", "%00", "x" * 300, "RMA-0001"])
def test_returns_and_receives_that_are_not_there(zoho, made, ident):
    refused(zoho.ask("GET", f"/salesreturns/{ident}"), 404, 1002)
    refused(zoho.ask("DELETE", f"/salesreturns/{ident}"), 404, 1002)
    refused(zoho.ask("DELETE", f"/salesreturnreceives/{ident}"), 404, 1002)


def test_a_receive_that_was_deleted_is_not_there_any_more(zoho, came):
    zoho.unreceive(came)

    with nothing_changed():
        assert zoho.unreceive(came, 404)["code"] == 1002


def test_a_create_names_its_sales_order_and_its_lines(zoho, sale):
    """Without them there is no customer to book to."""
    bodies = [{"line_items": [item(sale, "TENT", 1)]}, {}, {"line_items": []}]

    with nothing_changed():
        for body in bodies:
            refused(zoho.ask("POST", "/salesreturns", body), 400, 4)
        for lines in ([], [{"quantity": 1}], [{"item_id": item(sale, "TENT")["item_id"]}]):
            zoho.create(sale, *lines, status=400)


def test_a_sales_order_is_named_by_its_number_too(zoho, sale):
    body = {"line_items": [item(sale, "TENT", 1)], "salesorder_id": "so-00032"}

    assert body_of(zoho.ask("POST", "/salesreturns", body), 201)["code"] == 0


def test_the_line_of_another_sales_order_is_not_there(zoho, business, sale):
    other = sell(business, CompanyFactory(reference="CY"), goods("TENT", "1", "50.00"))

    with nothing_changed():
        answer = zoho.create(sale, item(other, "TENT", 1), status=404)

    assert answer["error_info"] == ["/line_items/0/salesorder_item_id"]


def test_an_item_is_the_one_of_its_sold_line(zoho, sale):
    mixed = {**item(sale, "TENT", 1), "item_id": item(sale, "PEG")["item_id"]}

    with nothing_changed():
        answer = zoho.create(sale, mixed, status=422)

    assert (answer["error"], answer["error_info"]) == ("wrong_part", ["/line_items/0/item_id"])


def test_more_than_was_shipped_is_refused_with_the_figures(zoho, sale):
    with nothing_changed():
        answer = zoho.create(sale, item(sale, "TENT", 4), status=422)

    assert (answer["code"], answer["error"]) == (900002, "exceeds_returnable")
    assert answer["message"] == "Only 3 of this line can be returned, not 4."


def test_more_than_is_expected_is_refused(zoho, made):
    line = {"line_item_id": made["line_items"][0]["line_item_id"], "quantity": 3}

    with nothing_changed():
        answer = zoho.receive(made["salesreturn_id"], line, status=422)

    assert (answer["error"], answer["error_info"]) == (
        "exceeds_expected",
        ["/line_items/0/quantity"],
    )


def test_goods_that_moved_on_keep_their_receive(zoho, sale, made, came):
    from stock.models import StockItem
    from stock.services import relocate
    from tests.factories import LocationFactory

    stock = StockItem.objects.get(part__sku="TENT", state="held")
    relocate(stock.pk, location=LocationFactory(), actor=SYSTEM)

    with nothing_changed():
        answer = zoho.unreceive(came, 409)

    assert (answer["code"], answer["error"]) == (900008, "stock_moved_on")


@pytest.mark.parametrize(
    "query", [{"page": "0"}, {"page": "x"}, {"per_page": "-1"}, {"page": "1e9"}]
)
def test_pages_are_whole_numbers_from_one(zoho, query):
    refused(zoho.ask("GET", "/salesreturns", **query), 400, 4)


WRONG = [
    {"quantity": "1"},
    {"quantity": True},
    {"quantity": -1},
    {"quantity": 1e300},
    {"quantity": 10**40},
    {"quantity": 0.000001},
    {"quantity": [1]},
    {"quantity": None},
    {"non_receive_quantity": {}},
    {"salesorder_item_id": 5},
    {"salesorder_item_id": "\x00"},
    {"location_id": ["x"]},
    {"mapped_items": "x"},
]


@pytest.mark.parametrize("values", WRONG, ids=str)
def test_values_of_another_type_or_range_are_named(zoho, sale, values):
    with nothing_changed():
        answer = zoho.create(sale, {**item(sale, "TENT", 1), **values}, status=400)

    assert answer["code"] == 4
    assert answer["error_info"] == [f"/line_items/0/{next(iter(values))}"]


@pytest.mark.parametrize(
    "date", ["yesterday", "2026-13-01", "20260101", 20260101, "2026-01-01T00:00"]
)
def test_days_are_days(zoho, sale, date):
    with nothing_changed():
        answer = zoho.create(sale, item(sale, "TENT", 1), date=date, status=400)

    assert answer["error_info"] == ["/date"]


def test_a_return_of_tomorrow_is_refused(zoho, sale):
    with nothing_changed():
        answer = zoho.create(sale, item(sale, "TENT", 1), date="2099-01-01", status=422)

    assert (answer["error"], answer["error_info"]) == ("invalid_date", ["/date"])


FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data; boundary=edge"
PART = b'--edge\r\nContent-Disposition: form-data; name="JSONString"\r\n\r\n'
DEEP = b'{"a":' * 60 + b"1" + b"}" * 60
UNREADABLE = [
    ("application/json", b"{", 400),
    ("application/json", b'{"a": 1, "a": 2}', 400),
    ("application/json", DEEP, 400),
    ("application/json", b"[" * 100_000, 400),
    ("application/json", b"\xff\xfe", 400),
    ("application/json", b'{"quantity": NaN}', 400),
    ("application/json", b"[]", 400),
    ("application/json", b"null", 400),
    ("application/json", b'"text"', 400),
    (FORM, b"JSONString=%7B", 400),
    (FORM, b"JSONString=%FF", 400),
    (FORM, b"JSONString=\xff", 400),
    (FORM, b"JSONString=%00", 400),
    (FORM, b"JSONString={}&JSONString={}", 400),
    (FORM, b"a=1&" * 100, 400),
    (FORM, b"other=1", 400),
    (FORM, b"JSONString=" + DEEP, 400),
    (FORM, b"JSONString=" + b"1" * (MAX_BYTES + 1), 413),
    (FORM, b"JSONString=" + b"1" * (3 * MAX_BYTES), 413),
    (PARTS, PART + b"1" * (3 * MAX_BYTES // 4 * 3), 413),
    (PARTS, PART + b"1" * (3 * MAX_BYTES), 413),
    (PARTS, b"--edge\r\nbroken", 400),
    (PARTS, b"", 400),
    ("multipart/form-data", b"x", 400),
    ("text/plain", b"{}", 415),
    ("application/xml", b"<a/>", 415),
]


@pytest.mark.parametrize(("kind", "body", "status"), UNREADABLE)
def test_bodies_that_cannot_be_read(zoho, sale, made, kind, body, status):
    addresses = [
        ("POST", f"/salesreturns?organization_id=1000&salesorder_id={sale.uuid}"),
        ("PUT", f"/salesreturns/{made['salesreturn_id']}?organization_id=1000"),
        (
            "POST",
            f"/salesreturnreceives?organization_id=1000&salesreturn_id={made['salesreturn_id']}",
        ),
    ]

    with nothing_changed():
        for method, path in addresses:
            answer = body_of(zoho.raw(method, ROOT + path, body, kind), status)
            assert answer["code"] not in (0, None)


WORDS = (
    "line_items line_item_id item_id salesorder_item_id quantity non_receive_quantity date notes "
    "mapped_items serial_numbers batches storages storage_id in_quantity custom_fields label value "
    "reason salesreturn_number location_id salesorder_id salesreturn_id batch_number api_name"
).split()
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(WORDS),
            inner,
            max_size=6,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(value=VALUES, line=VALUES)
def test_odd_bodies_break_nothing(zoho, sale, made, value, line):
    """Whatever JSON says, the answer is an honest refusal or a change, never a defect of ours."""
    ident = made["salesreturn_id"]
    own = {"line_item_id": made["line_items"][0]["line_item_id"], "quantity": 1}
    mixed = {**own, **(line if isinstance(line, dict) else {})}
    for body in (value, {"line_items": [line]}, {"line_items": [mixed, line]}):
        text = json.dumps(body)
        for method, path in (
            ("POST", f"/salesreturns?organization_id=1000&salesorder_id={sale.uuid}"),
            ("PUT", f"/salesreturns/{ident}?organization_id=1000"),
            ("POST", f"/salesreturnreceives?organization_id=1000&salesreturn_id={ident}"),
        ):
            answer = zoho.raw(method, ROOT + path, text.encode())
            assert answer.status_code < 500, (method, path, text)
            assert (answer.json()["code"] == 0) == (answer.status_code < 300)
