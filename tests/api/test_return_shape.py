"""Returns are built by hand for speed: they must be what the schema says, at a constant cost."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework import serializers

from returns.api.outputs import (
    CommentOutput,
    ExtraLinePartOutput,
    ParcelPartOutput,
    ReceiptPartOutput,
    ReturnLinePartOutput,
    ReturnOutput,
)
from returns.models import ReturnOrder
from returns.services import LineInput, add_lines
from rmaproject.access.actors import SYSTEM
from rmaproject.rest.history import HistoryOutput
from tests.api.caller import Caller
from tests.factories import ask_return, goods, sell


def full_return(api: Caller, business: Any, bo: Any) -> ReturnOrder:
    """A return with something in every field."""
    sale = sell(business, bo, goods("TENT", "3", "50.00"), goods("D", "1", serials=("S-1",)))
    lines = [
        {"invoice_line": str(line.uuid), "quantity": "1", "reason": "other"}
        for line in sale.invoices.get().lines.filter(part__sku="TENT")
    ]
    made = api.post(
        "/returns/",
        {
            "business": "1000",
            "customer": "BO",
            "lines": [*lines, {"stock_item": "S-1"}],
            "reason": "defective",
            "target_date": "2026-05-01",
            "deadline": "2026-06-01",
            "responsible_user": "ada",
        },
    ).json()
    order = ReturnOrder.objects.get(uuid=made["id"])
    api.verb(order, "issue")
    path = f"/returns/{order.uuid}"
    extra = {"kind": "fee", "name": "Fee", "gross_unit_price": "-1"}
    assert api.post(f"{path}/extra-lines/", extra).status_code == 201
    parcel = {
        "carrier": "UPS",
        "expected_on": "2026-05-01",
        "location": business.returns_location.code,
    }
    assert api.post(f"{path}/parcels/", parcel).status_code == 201
    assert api.post(f"{path}/comments/", {"text": "hello"}).status_code == 201
    arrivals = [
        {"line": line["id"], "quantity": "1", "disposition": "restock"} for line in made["lines"]
    ]
    assert api.verb(order, "receive", {"parcel": 1, "lines": arrivals}).status_code == 200
    return order


def compare(shown: Any, described: serializers.BaseSerializer[Any], path: str = "") -> None:
    """Both sides name the same fields, and null stands only where the schema allows it."""
    if isinstance(described, serializers.ListSerializer):
        assert isinstance(shown, list), path
        for row in shown:
            compare(row, described.child, f"{path}[]")
        return
    fields = described.fields  # type: ignore[attr-defined]
    assert set(shown) == set(fields), path
    for name, field in fields.items():
        value, place = shown[name], f"{path}.{name}"
        if value is None:
            assert field.allow_null, place
        elif isinstance(field, serializers.BaseSerializer):
            compare(value, field, place)
        elif isinstance(field, serializers.ChoiceField):
            assert value in field.choices, place
        elif isinstance(field, serializers.BooleanField):
            assert isinstance(value, bool), place
        elif isinstance(field, serializers.IntegerField):
            assert isinstance(value, int), place
        elif isinstance(
            field, serializers.CharField | serializers.UUIDField | serializers.DecimalField
        ):
            assert isinstance(value, str), place


def test_what_is_shown_is_what_the_schema_says(api, business, bo):
    order = full_return(api, business, bo)
    path = f"/returns/{order.uuid}/"

    compare(api.get(path).json(), ReturnOutput())
    compare(api.get("/returns/").json()["results"], ReturnOutput(many=True))
    for part, output in {
        "lines": ReturnLinePartOutput,
        "extra-lines": ExtraLinePartOutput,
        "parcels": ParcelPartOutput,
        "receipts": ReceiptPartOutput,
        "comments": CommentOutput,
        "history": HistoryOutput,
    }.items():
        results = api.get(f"{path}{part}/").json()["results"]
        assert results, part
        compare(results, output(many=True))


def queries(api: Caller, path: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert api.get(path).status_code == 200
    return len(caught)


def test_a_list_costs_the_same_with_one_and_with_twelve_returns(api, business, bo):
    full_return(api, business, bo)
    one = queries(api, "/returns/")
    sale = sell(business, bo, goods("PEG", "50"))
    for _ in range(11):
        order = ask_return(sale, issued=True)
        line = {"line": str(order.lines.get().uuid), "quantity": "1", "disposition": "restock"}
        api.post(f"/returns/{order.uuid}/parcels/", {})
        api.verb(order, "receive", {"parcel": 1, "lines": [line]})

    assert queries(api, "/returns/") == one
    assert len(api.get("/returns/").json()["results"]) == 12
    assert one <= 15  # one of them is the watermark of X-Page-Generated


def test_a_return_costs_the_same_with_two_and_with_twelve_lines(api, business, bo):
    order = full_return(api, business, bo)
    two = queries(api, f"/returns/{order.uuid}/")
    part = order.lines.first().part
    add_lines(order.pk, [LineInput(part=part, quantity=1)] * 10, actor=SYSTEM)

    assert queries(api, f"/returns/{order.uuid}/") == two
    assert two <= 14
    assert queries(api, "/receipts/") == queries(api, "/receipts/?limit=1")
