"""What cannot be read, or is of no use: named with its place, and nothing changed."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rmaproject.rest.rendering import MAX_BYTES
from tests.compat.calling import body_of, nothing_changed
from tests.compat.zoho.client import ROOT, item, refused


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
